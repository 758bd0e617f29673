"""A collection on disk, and the one owner of a commit."""
