"""Template filters of the WIP Report."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jobbook.common.templatetags.jobbook import money
from jobbook.reports.wip.links import Figure

register = template.Library()


@register.filter
def figure(value: Figure) -> SafeString:
    """An amount that opens the rows behind it; without any a quiet 0.00."""
    if not value.url:
        return format_html('<span class="zero">{}</span>', money(value.amount))
    return format_html('<a href="{}">{}</a>', value.url, money(value.amount))
