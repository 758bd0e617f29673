"""Work on a whole collection, without fetching anything."""
