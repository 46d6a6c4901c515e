"""The people of the demo firm, and what was agreed with its clients: rate sheets, billable items, fees, contacts."""

from decimal import Decimal

from jobbook.jobs.models import (
    BillingType,
    Client,
    ClientAddress,
    ClientContact,
    Employee,
    Job,
    JobFee,
    JobItem,
    RateLine,
    RateSheet,
)
from jobbook.jobs.prices import prices_of
from jobbook.transfer.demo import names
from jobbook.transfer.demo.firm import Firm


def agree(firm: Firm) -> None:
    """Write it all, and tell the firm what each item costs on each current job."""
    _employees(firm)
    clients = {client.client_number: client for client in firm.clients}
    for name, number, prices in names.RATE_SHEETS:
        _rate_sheet(firm, name, clients[number], prices)
    for number, *contact in names.CONTACTS:
        ClientContact.objects.create(
            client=clients[number], **dict(zip(("name", "duty", "email", "phone"), contact, strict=True))
        )
    for number, label, street, city in names.FIELD_ADDRESSES:
        ClientAddress.objects.create(client=clients[number], label=label, address_1=street, city=city, region="AB")
    billed = [job for job in firm.jobs if job.billing_type == BillingType.TIME_AND_MATERIAL]
    for position, job in enumerate(billed):
        if position % 3 == 0:
            _budget(firm, job)
        if job.po_required:
            fee = firm.items["ENV"]
            JobFee.objects.create(job=job, item=fee, description=names.FEES[0][1], percent=Decimal(2), position=1)
    for job in firm.jobs:
        firm.prices[job.pk] = {pk: price.unit for pk, price in prices_of(job, firm.items.values()).items()}


def _employees(firm: Firm) -> None:
    users = {user.name: user for user in firm.people.everybody}
    workers = [*names.TECHNICIANS, *names.HANDS, *names.MANAGERS]
    trades = ["FOR", "JRN", "JRN", "APP"]
    for number, name in enumerate(workers):
        usual = firm.items["SUR"] if name in names.MANAGERS else firm.items[trades[number % len(trades)]]
        firm.employees.append(
            Employee.objects.create(name=name, employee_number=f"{101 + number}", user=users.get(name), item=usual)
        )


def _rate_sheet(firm: Firm, name: str, client: Client, prices: dict[str, str]) -> None:
    sheet = RateSheet.objects.create(name=name)
    for code, price in prices.items():
        hourly = Decimal(price) if firm.items[code].unit == "h" else None
        RateLine.objects.create(sheet=sheet, item=firm.items[code], unit_price=Decimal(price), hourly_price=hourly)
    Client.objects.filter(pk=client.pk).update(rate_sheet=sheet)
    client.rate_sheet = sheet
    for job in firm.jobs:
        if job.client_id == client.pk:
            job.client = client
    firm.rate_sheets.append(sheet)


def _budget(firm: Firm, job: Job) -> None:
    for position, (code, quantity) in enumerate(names.BUDGET, start=1):
        JobItem.objects.create(job=job, item=firm.items[code], budget_quantity=Decimal(quantity), position=position)
