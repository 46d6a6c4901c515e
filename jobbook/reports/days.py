"""Days of the calendar."""

from datetime import date, timedelta


def month_end(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
