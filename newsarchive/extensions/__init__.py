"""Scrapy extensions: what listens to a crawl, keeps it and reports it."""
