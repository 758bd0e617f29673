"""The report: what a collection holds, as one HTML file that opens from disk. Figures, charts, page; nothing fetched."""
