"""The typed records: what a page says, what is kept of it, what happened to a URL."""
