"""Scrapy's spiders: one for each site file."""
