"""Datasets: a collection read and written down in the formats that people load."""
