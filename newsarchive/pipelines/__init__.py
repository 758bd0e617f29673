"""Item pipelines: each turns one article into the next, or drops it with a reason."""
