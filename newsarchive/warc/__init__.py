"""Preservation: HTTP exchanges as WARC 1.1 records, and the proof that they are whole."""
