"""What holds of the figures of any WIP Report: they are the oracle's, both accounts balance, rows add up to figures."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from invoices.models import Queue
from jobbook.jobs.models import Job
from jobbook.reports.wip.billed import billed_by_job
from jobbook.reports.wip.figures import AGES, ON_INVOICES, UNBILLED, Part, Place
from jobbook.reports.wip.fixed_price import fixed_price
from jobbook.reports.wip.lines import job_lines, total_billed, total_work
from jobbook.reports.wip.rows import invoice_rows, work_rows
from jobbook.reports.wip.scope import Scope
from jobbook.reports.wip.work import ages, work_by_item, work_by_job
from tests.reports.wip_oracle import ZERO, Oracle, added

Figure = tuple[int | None, Any]  # a job's id, None for all jobs; what is asked
Some = Callable[[list[Figure]], list[Figure]]


def check(scope: Scope, jobs: QuerySet[Job], *, some: Some = list) -> None:
    """some: picks the figures whose rows are looked at; else the rows of every figure of each job and of all jobs."""
    oracle = Oracle(scope, jobs)
    check_work(scope, jobs, oracle)
    check_invoices(scope, jobs, oracle)
    check_lines(scope, jobs, oracle)
    check_fixed_price(scope, jobs, oracle)
    each = [None, *oracle.jobs]
    for job, (places, narrowed) in some([(job, figure) for job in each for figure in work_figures(oracle)]):
        check_work_rows(scope, jobs, oracle, job, places, narrowed)
    for job, asked in some([(job, figure) for job in each for figure in INVOICE_FIGURES]):
        check_invoice_rows(scope, jobs, oracle, job, asked)


def check_work(scope: Scope, jobs: QuerySet[Job], oracle: Oracle) -> None:
    by_job = work_by_job(scope, jobs)
    found = {(job, place): amount for job, work in by_job.items() for place, amount in work.amounts.items()}
    assert found == added(((row.job, row.place), row.amount) for row in oracle.work)
    for job, work in by_job.items():
        recorded = sum((row.amount for row in oracle.work if row.job == job), ZERO)
        assert recorded == work.recorded == work.of("draft", "submitted", "approved") + work.of(*Queue.values)
        assert work.unbilled == work.of(*UNBILLED)
        assert work.on_invoices == work.of(*ON_INVOICES)
    by_item = work_by_item(scope, jobs)
    assert {
        (line.job_id, line.item_id, place): amount
        for lines in by_item.values()
        for line in lines
        for place, amount in line.work.amounts.items()
    } == added(((row.job, row.item, row.place), row.amount) for row in oracle.work)
    assert {job: total_work(line.work for line in lines) for job, lines in by_item.items()} == by_job
    found_ages = {(age.least, age.most): age.amount for age in ages(scope, jobs)}
    unbilled = [row for row in oracle.work if row.place in UNBILLED]
    assert found_ages == {
        (least, most): sum((row.amount for row in unbilled if aged(row.age, least, most)), ZERO) for least, most in AGES
    }
    assert sum(found_ages.values()) == total_work(by_job.values()).unbilled


def aged(age: int, least: int, most: int | None) -> bool:
    return age >= least and (most is None or age <= most)


def check_invoices(scope: Scope, jobs: QuerySet[Job], oracle: Oracle) -> None:
    by_job = billed_by_job(scope, jobs)
    assert set(by_job) == {row.job for row in oracle.invoices}
    for job, billed in by_job.items():
        mine = [row for row in oracle.invoices if row.job == job]
        assert billed.queues == added((row.queue, row.subtotal) for row in mine)
        parts = added((part, amount) for row in mine for part, amount in row.parts.items())
        assert billed.parts == {part: parts.get(part.value, ZERO) for part in Part}
        invoiced = sum((row.subtotal for row in mine), ZERO)
        assert invoiced == billed.invoiced == sum(billed.queues.values())


def check_lines(scope: Scope, jobs: QuerySet[Job], oracle: Oracle) -> None:
    lines = job_lines(scope, jobs)
    there = {row.job for row in oracle.work} | {row.job for row in oracle.invoices}
    assert [line.job_id for line in lines] == sorted(there, key=lambda pk: oracle.jobs[pk].job_number)
    for line in lines:
        job = oracle.jobs[line.job_id]
        assert (line.job_number, line.project_name, line.client_name) == (
            *(job.job_number, job.project_name, job.client.name),
        )
    work, billed = total_work(line.work for line in lines), total_billed(line.billed for line in lines)
    assert work.recorded == sum((row.amount for row in oracle.work), ZERO)
    assert billed.invoiced == sum(billed.queues.values(), ZERO) == sum((row.subtotal for row in oracle.invoices), ZERO)


def check_fixed_price(scope: Scope, jobs: QuerySet[Job], oracle: Oracle) -> None:
    expected = oracle.fixed_price()
    lines = fixed_price(scope, jobs)
    for line in lines:
        contract, percent, billed = expected[line.job_id]
        assert (line.contract, line.percent, line.billed) == (contract, percent, billed)
        known = contract is not None and percent is not None
        assert line.earned == (earned(contract, percent) if known else None)
        assert line.over == (line.billed - line.earned if line.earned is not None else None)
        assert invoice_rows(scope.to_date, jobs, job=line.job_id).sum == line.billed
    active = {pk for pk in expected if oracle.jobs[pk].active}
    assert active <= {line.job_id for line in lines}


def earned(contract: Decimal, percent: Decimal) -> Decimal:
    """In whole cents: half a cent and more is one more."""
    ten_thousandths_of_cents, one = int(contract * 100) * int(percent * 10_000), 1_000_000
    return Decimal((ten_thousandths_of_cents * 2 + one) // (2 * one)).scaleb(-2)


def work_figures(oracle: Oracle) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    """The places and what else narrows them."""
    whole: list[tuple[str, ...]] = [tuple(Place), UNBILLED, ON_INVOICES, *((place,) for place in Place)]
    by_age = [(UNBILLED, {"age": age}) for age in AGES]
    by_item = [(tuple(Place), {"item": item}) for item in sorted({row.item for row in oracle.work})]
    return [*((places, {}) for places in whole), *by_age, *by_item]


INVOICE_FIGURES: list[dict[str, str]] = [
    {},
    *({"queue": queue} for queue in Queue.values),
    *({"part": part.value} for part in Part),
]


def check_work_rows(
    scope: Scope,
    jobs: QuerySet[Job],
    oracle: Oracle,
    job: int | None,
    places: tuple[str, ...],
    narrowed: dict[str, Any],
) -> None:
    expected = {
        row.line: (row.amount, row.place, row.invoice)
        for row in oracle.work
        if job in (None, row.job)
        and row.place in places
        and aged(row.age, *narrowed.get("age", (0, None)))
        and row.item == narrowed.get("item", row.item)
    }
    found = work_rows(scope, jobs, places, job=job, **narrowed)
    read = list(found.rows)
    assert {row.id: (row.amount, row.place, row.invoice_number) for row in read} == expected
    assert len(read) == len(expected)  # none twice
    assert found.sum == sum((amount for amount, *_ in expected.values()), ZERO)


def check_invoice_rows(
    scope: Scope, jobs: QuerySet[Job], oracle: Oracle, job: int | None, asked: dict[str, str]
) -> None:
    queue, part = asked.get("queue"), asked.get("part")
    expected = {
        row.id: (row.queue, row.parts[part] if part else row.subtotal)
        for row in oracle.invoices
        if job in (None, row.job) and queue in (None, row.queue) and (part is None or part in row.parts)
    }
    found = invoice_rows(scope, jobs, job=job, **asked)
    read = list(found.rows)
    assert {row.id: (row.place, row.counted) for row in read} == expected
    assert len(read) == len(expected)
    assert found.sum == sum((counted for _, counted in expected.values()), ZERO)
    for row in read:
        assert row.subtotal == row.part_work + row.part_changed + row.part_by_hand + row.part_fees + row.part_credits
