"""The WIP Report: work and what was billed of it, for a range of days, as it stood on a day."""
