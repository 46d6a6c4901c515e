"""Printing: HTML of our own templates to PDF, with one font, one style sheet, and nothing else that may be loaded."""
