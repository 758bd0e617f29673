"""Scrapy commands that this project has a word in; the others are Scrapy's own."""
