"""The hostile web: a server that gives every row of the table its answer, and what a crawl makes of them."""
