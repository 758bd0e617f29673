"""Tell people and programs how the crawls go: notifications, and figures for Prometheus."""
