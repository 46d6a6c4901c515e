"""The rows of each part of the site, with the objects they need: ROWS, and `make(world)` that answers them by name.

`world` is the World made so far: its people, and the invoices of tests/access/world.py.
"""

from tests.access.areas import (
    accounting,
    active_jobs,
    clients,
    expenses,
    format_help,
    imports,
    invoicing,
    news,
    progress,
    records,
    setup,
    wip,
    work_backlogs,
    work_reports,
)

AREAS = (
    setup,
    accounting,
    clients,
    records,
    expenses,
    work_backlogs,
    invoicing,
    imports,
    news,
    format_help,
    progress,
    wip,
    work_reports,
    active_jobs,
)
