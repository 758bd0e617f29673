"""The report: what a collection holds and lacks, as one HTML file that opens from disk and fetches nothing."""
