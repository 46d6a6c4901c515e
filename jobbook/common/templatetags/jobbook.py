"""Template tags and filters of every page: money, quantities, dates, icons."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jobbook.common.drawing import BadDrawing, svg_path
from jobbook.common.money import format_hours, format_money, format_quantity

register = template.Library()

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@register.filter
def money_text(value: Decimal | None) -> str:
    """1234.5 -> '1,234.50', -3 -> '(3.00)', None -> '—'. Text without marks, for titles and files."""
    if value is None:
        return "—"
    return f"({format_money(-value)})" if value < 0 else format_money(value)


@register.filter
def money(value: Decimal | None) -> SafeString | str:
    """As `money_text`, with the words a screen reader needs: 'minus' before parentheses, 'none' for a dash."""
    if value is None:
        return _none()
    if value < 0:
        return format_html('<span class="neg"><span class="vh">minus </span>{}</span>', money_text(value))
    return format_money(value)


@register.filter(name="svg_path")
def drawn(drawing: str) -> str:
    """The path of a drawn signature; nothing for text that is no drawing."""
    try:
        return svg_path(drawing)
    except BadDrawing:
        return ""


@register.filter
def grouped(value: int) -> str:
    """A count: 12345 -> '12,345'."""
    return f"{value:,}"


@register.filter
def quantity(value: Decimal | None) -> SafeString | str:
    """Up to four decimals: 2.5000 -> '2.5', None -> '—'."""
    return _none() if value is None else format_quantity(value)


@register.filter
def hours(value: Decimal) -> str:
    """A number of hours: 8 -> '8.00', 7.3333 -> '7.3333'."""
    return format_hours(value)


@register.filter
def rate(value: Decimal | None) -> SafeString | str:
    """A unit price: two decimals at least, four at most: 0.0725 -> '0.0725', 96 -> '96.00', None -> '—'."""
    if value is None:
        return _none()
    whole = f"{value:,.4f}"
    return whole.removesuffix("00") if whole.endswith("00") else whole.rstrip("0")


@register.filter
def dash(value: Any) -> Any:
    """`value`, or a dash that is read as "none" when there is none."""
    return _none() if value is None or value == "" else value


def _none() -> SafeString:
    return format_html('<span aria-hidden="true">{}</span><span class="vh">none</span>', "—")


@register.filter
def day(value: date | None) -> SafeString:
    """A date in a column: 2026-11-17."""
    if value is None:
        return _none()
    shown = _date(value).isoformat()
    return format_html('<time datetime="{}">{}</time>', shown, shown)


@register.filter
def day_text(value: date | None) -> SafeString:
    """A date in a sentence: 17 Nov 2026."""
    if value is None:
        return _none()
    local = _date(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), day_words(local))


@register.filter
def moment(value: datetime | None) -> SafeString:
    """A point in time in the company's zone: 18 Nov 14:05, with the year when it is another than this one."""
    if value is None:
        return _none()
    local = timezone.localtime(value)
    words = day_words(local, year=local.year != timezone.localdate().year)
    return format_html('<time datetime="{}">{} {}</time>', local.isoformat(timespec="seconds"), words, f"{local:%H:%M}")


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A symbol of static/icons.svg. It is hidden from screen readers: the text beside it says what it means."""
    classes = f"icon {extra}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>', classes, static("icons.svg"), name
    )


def _date(value: date) -> date:
    """The day of a date, or of a moment in the company's zone."""
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def day_words(value: date, *, year: bool = True) -> str:
    """17 Nov 2026."""
    words = f"{value.day} {MONTHS[value.month - 1]}"
    return f"{words} {value.year}" if year else words
