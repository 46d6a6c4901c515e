"""The firm of the machine: five jobs of every kind, seven people; as rows, and as the model's plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import BillingType, InvoiceType, Item, JobFee, JobItem, LineItemType, Section
from jobbook.jobs.models import Job as JobRow
from tests.factories import make_client, make_company, make_item, make_job, make_tax, make_user
from tests.model.arithmetic import EQUIPMENT, LABOUR, Goods, Tax
from tests.model.facts import Job, Person

PEOPLE = {
    "M. Tran": Role.ADMINISTRATOR,
    "K. Osei": Role.ADMINISTRATOR,
    "P. Lind": Role.PROJECT_MANAGER,
    "R. Roy": Role.PROJECT_MANAGER,
    "T. Ek": Role.TECHNICIAN,
    "B. Singh": Role.TECHNICIAN,
    "C. Abe": Role.ACCOUNTING,
}
GST, PST, QST = Tax("GST", Fraction(5)), Tax("PST", Fraction("7.125")), Tax("QST", Fraction("9.975"))
LAB = Goods("LAB", LABOUR, Fraction("96.35"))
CREW = Goods("CREW", LABOUR, Fraction("811.1"), Fraction("95.5555"))
TRUCK = Goods("TRUCK", EQUIPMENT, Fraction("45.125"))
MAT = Goods("MAT", EQUIPMENT, Fraction("12.3456"), exempt=True)
GOODS = {goods.code: goods for goods in (LAB, CREW, TRUCK, MAT)}
KINDS = {"tm": BillingType.TIME_AND_MATERIAL, "fixed": BillingType.FIXED_PRICE, "none": BillingType.NON_CHARGEABLE}


@dataclass(frozen=True)
class World:
    users: dict[str, User]
    people: tuple[Person, ...]
    rows: dict[str, JobRow]

    def user(self, person: Person) -> User:
        return self.users[person.name]


def jobs() -> list[Job]:
    """The model's jobs, new ones each time: their prices change."""
    agreed: dict[str, tuple[Fraction, Fraction | None]] = {"LAB": (Fraction("97.7777"), None)}
    return [
        Job("26-1", "tm", "P. Lind", (GST, PST), fee=Fraction("3.5"), prices=agreed),
        Job("26-2", "tm", "P. Lind", (QST,), is_ticket=True, summarized=True),
        Job("26-3", "tm", "R. Roy", (GST,), fee=Fraction("2.25"), summarized=True),
        Job("26-4", "fixed", "P. Lind", (GST, PST), is_ticket=True),
        Job("26-5", "none", "R. Roy", (GST,)),
    ]


def make_world() -> World:
    make_company()
    users = {name: make_user(role, name=name) for name, role in PEOPLE.items()}
    people = tuple(Person(name, str(role)) for name, role in PEOPLE.items())
    for goods in GOODS.values():
        make_item(
            goods.code,
            section=goods.section,
            unit_price=exact(goods.unit),
            hourly_price=None if goods.hourly is None else exact(goods.hourly),
            tax_exempt=goods.exempt,
        )
    client = make_client()
    rows = {job.number: _row(job, users[job.manager], client=client) for job in jobs()}
    return World(users, people, rows)


def _row(job: Job, manager: User, **fields: object) -> JobRow:
    row = make_job(
        taxes=[make_tax(tax.code, str(exact(tax.rate))) for tax in job.taxes],
        job_number=job.number,
        billing_type=KINDS[job.kind],
        project_manager=manager,
        invoice_type=InvoiceType.TICKET_INVOICE if job.is_ticket else InvoiceType.INVOICE,
        line_item_type=LineItemType.SUMMARIZED if job.summarized else LineItemType.DETAILED,
        **fields,
    )
    if job.fee is not None:
        item = make_item("FEE", section=Section.EQUIPMENT)
        JobFee.objects.create(job=row, item=item, description="Fuel", percent=exact(job.fee), position=1)
    for code, price in job.prices.items():
        agree(row, code, price)
    return row


def agree(row: JobRow, code: str, price: tuple[Fraction, Fraction | None]) -> None:
    """Prices of goods on a job."""
    unit, hourly = price
    values = {"unit_price": exact(unit), "hourly_price": None if hourly is None else exact(hourly)}
    position = [*GOODS].index(code) + 1
    JobItem.objects.update_or_create(
        job=row, item=Item.objects.get(code=code), defaults={**values, "position": position}
    )


def exact(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def administrators(people: Iterable[Person]) -> list[Person]:
    return [person for person in people if person.is_administrator]


def day_of(text: str) -> date:
    return date.fromisoformat(text)
