"""The firm itself: company, offices, taxes, items, people, clients and jobs. Few rows, written one by one.

What was agreed with the clients is in rates.py.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from jobbook.accounts.models import User
from jobbook.accounts.roles import Role
from jobbook.jobs.models import (
    BillingType,
    Client,
    Company,
    Employee,
    InvoiceType,
    Item,
    Job,
    JobTax,
    LineItemType,
    Office,
    RateSheet,
    Section,
    Tax,
)
from jobbook.transfer.demo import names

_FIRST_JOB = 1100
_OLD_JOBS_PER_CLIENT = 40
_BILLING = {
    "tm": BillingType.TIME_AND_MATERIAL,
    "ticket": BillingType.TIME_AND_MATERIAL,
    "fixed": BillingType.FIXED_PRICE,
    "free": BillingType.NON_CHARGEABLE,
    "own": BillingType.OVERHEAD,
}


@dataclass
class People:
    administrator: User
    accountant: User
    managers: list[User]
    technicians: list[User]

    @property
    def with_login(self) -> list[User]:
        """One of each role: the demo log-ins."""
        return [self.administrator, self.managers[0], self.accountant, self.technicians[0]]

    @property
    def everybody(self) -> list[User]:
        return [self.administrator, self.accountant, *self.managers, *self.technicians]


@dataclass
class Firm:
    company: Company
    people: People
    offices: list[Office]
    taxes: dict[str, Tax]
    items: dict[str, Item]
    clients: list[Client] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)  # current ones, by hand
    old_jobs: list[Job] = field(default_factory=list)  # closed, for the bulk of a large database
    job_taxes: dict[int, tuple[Tax, ...]] = field(default_factory=dict)
    weights: dict[int, int] = field(default_factory=dict)  # job: how often it is billed
    employees: list[Employee] = field(default_factory=list)
    rate_sheets: list[RateSheet] = field(default_factory=list)
    prices: dict[int, dict[int, Decimal]] = field(default_factory=dict)  # job: unit price of each item

    def price(self, job: Job, item: Item) -> Decimal:
        """What an item costs on a current job."""
        return self.prices[job.pk].get(item.pk, Decimal(0))

    def taxes_of(self, job: Job) -> tuple[Tax, ...]:
        return self.job_taxes[job.pk]

    def billed(self, *kinds: str) -> list[Job]:
        """The current jobs of these billing types."""
        return [job for job in self.jobs if job.billing_type in kinds]


def make_firm(rng: random.Random, today: date, old_jobs: int) -> Firm:
    """Write the firm; `old_jobs` more jobs are closed ones of former clients."""
    offices = [
        Office.objects.create(name=name, address_1=street, city=city, region=region, postal_code=code, country="Canada")
        for name, street, city, region, code, _ in names.OFFICES
    ]
    taxes = {code: Tax.objects.create(code=code, name=name, rate=Decimal(rate)) for code, name, rate in names.TAXES}
    company = Company.objects.create(**names.COMPANY)
    firm = Firm(company, _people(today), offices, taxes, _items())
    for number, client in enumerate(_clients()):
        firm.clients.append(client)
        for project, kind in names.JOBS[number]:
            _add_job(firm, rng, today, client, project, kind)
    _own_jobs(firm, rng, today)
    _old_jobs(firm, rng, today, old_jobs)
    return firm


def _people(today: date) -> People:
    def user(name: str, role: str) -> User:
        address = name.lower().replace(". ", ".") + "@northfork.example"
        return User.objects.create_user(address, name=name, role=role)

    return People(
        user(names.ADMINISTRATOR, Role.ADMINISTRATOR),
        user(names.ACCOUNTANT, Role.ACCOUNTING),
        [user(name, Role.PROJECT_MANAGER) for name in names.MANAGERS],
        [user(name, Role.TECHNICIAN) for name in names.TECHNICIANS],
    )


def _items() -> dict[str, Item]:
    sections = (
        (Section.LABOUR, names.LABOUR),
        (Section.EQUIPMENT, names.EQUIPMENT + names.MATERIALS + names.TRAVEL + names.EXEMPT),
        (Section.FIXED_PRICE, names.FIXED_PRICE + names.FEES),
    )
    exempt = {code for code, *_ in names.EXEMPT}
    return {
        code: Item.objects.create(
            code=code,
            name=name,
            section=section,
            unit=unit,
            unit_price=Decimal(price) if price else None,
            hourly_price=Decimal(price) if unit == "h" else None,
            tax_exempt=code in exempt,
            account_code=account,
        )
        for section, rows in sections
        for code, name, unit, price, account in rows
    }


def _clients() -> list[Client]:
    return [
        Client.objects.create(
            client_number=number,
            name=name,
            email=f"ap@{name.split()[0].lower().replace('é', 'e')}.example",
            contact=contact,
            terms=terms,
            terms_days=int(days),
            accounting_id=accounting_id,
            address_1=street,
            city=city,
            region=region,
            postal_code=code,
            country="Canada" if street else "",
        )
        for number, name, street, city, region, code, contact, terms, days, accounting_id, _ in names.CLIENTS
    ]


def _add_job(firm: Firm, rng: random.Random, today: date, client: Client, project: str, kind: str) -> Job:
    number = len(firm.jobs)
    words = kind.split()
    taxed = {row[0]: row[5] for row in names.OFFICES}
    office = firm.offices[2] if client.region == "BC" else firm.offices[number % 2]
    start = today - timedelta(days=rng.randrange(280, 330))
    job = Job.objects.create(
        job_number=f"{today:%y}-{_FIRST_JOB + 7 * number}",
        client=client,
        project_name=project,
        billing_type=_BILLING[words[0]],
        project_manager=firm.people.managers[number % len(firm.people.managers)],
        office=office,
        status="In progress",
        invoice_type=InvoiceType.TICKET_INVOICE if words[0] == "ticket" else InvoiceType.INVOICE,
        line_item_type=LineItemType.SUMMARIZED if "sum" in words else LineItemType.DETAILED,
        po_number=str(rng.randrange(4500000000, 4600000000)) if words[0] in {"tm", "fixed"} else "",
        po_amount=Decimal(rng.randrange(20, 60)) * 10_000 if "po" in words else None,
        po_required="po" in words,
        contract_amount=Decimal(rng.randrange(30, 90)) * 5_000 if words[0] == "fixed" else None,
        client_project_number=f"AFE {today:%y}-{rng.randrange(1000, 9999)}" if number % 3 == 0 else "",
        order_date=start,
        due_date=today + timedelta(days=rng.randrange(20, 200)),
    )
    _tax_job(firm, job, taxed[office.name])
    firm.jobs.append(job)
    firm.weights[job.pk] = next((int(row[10]) for row in names.CLIENTS if row[0] == client.client_number), 1)
    return job


def _tax_job(firm: Firm, job: Job, codes: str) -> None:
    taxes = tuple(firm.taxes[code] for code in codes.split(";"))
    JobTax.objects.bulk_create(JobTax(job=job, tax=tax, position=n) for n, tax in enumerate(taxes, start=1))
    firm.job_taxes[job.pk] = taxes


def _own_jobs(firm: Firm, rng: random.Random, today: date) -> None:
    company = firm.company
    own = Client.objects.create(
        client_number="C-0001", name=company.name, address_1=company.address_1, city=company.city
    )
    firm.clients.append(own)
    for project in names.OWN_JOBS:
        _add_job(firm, rng, today, own, project, "own")


def _old_jobs(firm: Firm, rng: random.Random, today: date, count: int) -> None:
    client = firm.clients[0]
    for number in range(count):
        if number % _OLD_JOBS_PER_CLIENT == 0:
            client = _old_client(firm, number // _OLD_JOBS_PER_CLIENT)
        office = firm.offices[number % len(firm.offices)]
        start = today - timedelta(days=rng.randrange(400, 900))
        job = Job.objects.create(
            job_number=f"{start:%y}-{5000 + number}",
            client=client,
            project_name=f"{rng.choice(names.OLD_PROJECTS)} {number + 1}",
            billing_type=BillingType.TIME_AND_MATERIAL,
            project_manager=firm.people.managers[number % len(firm.people.managers)],
            office=office,
            status="Closed",
            po_number=str(rng.randrange(4300000000, 4400000000)),
            order_date=start,
            active=False,
        )
        _tax_job(firm, job, names.OFFICES[number % len(firm.offices)][5])
        firm.old_jobs.append(job)


def _old_client(firm: Firm, number: int) -> Client:
    name = names.OLD_CLIENTS[number % len(names.OLD_CLIENTS)]
    kind = names.OLD_KINDS[number // len(names.OLD_CLIENTS) % len(names.OLD_KINDS)]
    client = Client.objects.create(
        client_number=f"C-{2001 + number}",
        name=f"{name} {kind}",
        terms="Net 30",
        terms_days=30,
        accounting_id=f"OLD{number + 1:04}",
        address_1=f"{100 + number} Main Street",
        city="Edmonton",
        region="Alberta",
        postal_code="T5J 0A0",
        country="Canada",
        active=False,
    )
    firm.clients.append(client)
    return client
