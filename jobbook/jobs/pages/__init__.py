"""Pages of clients, jobs and rate sheets."""
