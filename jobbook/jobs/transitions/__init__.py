"""The commands that move daily work records and expenses between their states."""
