"""Import folders for the tests: the real one, and a small firm in which every file says something."""

from collections.abc import Mapping
from pathlib import Path

from jobbook.common.audit import CommandLine
from jobbook.transfer.importing import ImportResult, run_import

REAL = Path(__file__).resolve().parent.parent / "data" / "online-retail"

SMALL = {
    "company.csv": """\
name,currency,time_zone,address_1,city,postal_code,phone,email,tax_number,paper,next_invoice_number,books_closed_through
Northfork Ltd.,CAD,America/Edmonton,2210 Industrial Road,Edson,T7E 0A0,780-555-0142,ar@northfork.example,R1,a4,20001,
""",
    "offices.csv": """\
name,city
Edson,Edson
""",
    "users.csv": """\
email,name,role,active
admin@example.com,A. Admin,administrator,yes
Manager@example.com,R. Manager,project_manager,yes
tech@example.com,T. Tech,technician,no
""",
    "taxes.csv": """\
code,name,rate,recoverable
GST,Goods and services tax,5,yes
PST,Provincial sales tax,7.125,no
NEW,Not used yet,8,no
""",
    "items.csv": """\
code,name,section,unit,unit_price,hourly_price,tax_exempt,account_code,active
LAB,Labour,labour,h,96,96,no,4010,yes
TRUCK,Truck,equipment,day,185.50,23.1875,no,4020,yes
FREE,No price,equipment,ea,,,yes,,no
""",
    "clients.csv": """\
client_number,name,email,terms,terms_days,accounting_id,address_1,city,country
C-1,Kestrel Inc.,ap@kestrel.example,Net 30,30,KES,555 4 Avenue,Calgary,Canada
C-2,Tallgrass County,,Net 60,60,,,,
""",
    "jobs.csv": """\
job_number,client_number,project_name,billing_type,project_manager,office,invoice_type,po_amount,po_required,taxes
26-1,C-1,Station 14,time_and_material,manager@example.com,Edson,invoice,1000.50,yes,GST;PST
26-2,C-1,Tie-in,fixed_price,manager@example.com,,ticket_invoice,,no,GST
26-3,C-2,Road,time_and_material,admin@example.com,,invoice,,no,
""",
    "dwrs.csv": """\
dwr_number,job_number,date,created_by,submitted_on,approved_on,approved_by,description,signed_by
8001,26-1,2026-10-27,tech@example.com,2026-10-27,2026-10-28,manager@example.com,Cut out spool,D. Okafor
8002,26-1,2026-10-28,tech@example.com,2026-10-28,,,,
8003,26-1,2026-10-29,tech@example.com,,,,,
8004,26-3,2026-10-29,tech@example.com,2026-10-29,2026-10-30,admin@example.com,,
""",
    "dwr_lines.csv": """\
dwr_number,line_number,section,item_code,employee,hours,quantity,unit_price,description
8001,1,labour,LAB,J. Lavoie,8.5,8.5,96,
8001,2,equipment,TRUCK,,8,,,By the hour
8002,1,labour,LAB,J. Lavoie,8,,,
8003,1,labour,LAB,J. Lavoie,2,2,100,
8004,1,labour,LAB,J. Lavoie,1,1,96,
""",
    "expenses.csv": """\
expense_number,job_number,date,employee,amount,item,description,submitted_on,approved_on,processed_on
1,26-1,2026-10-27,J. Lavoie,42.50,Meals,,2026-10-27,2026-10-28,2026-10-29
2,26-1,2026-10-28,J. Lavoie,10,Fuel,,2026-10-28,2026-10-29,
3,26-1,2026-10-29,J. Lavoie,-5.25,Refund,,,,
""",
    "invoices.csv": """\
invoice_number,job_number,invoice_date,kind,credits,memo,signed_by,signed_on,client_approved_on,released_by,released_on,release_reason,processed_on,paid_on,accounting_reference,subtotal,tax,total,due_date,currency
INV-1,26-1,2026-10-30,invoice,,Thank you,D. Okafor,2026-10-30,,,,,,,,1001.50,121.44,1122.94,,
CN-1,26-1,2026-10-31,credit_note,INV-1,,D. Okafor,2026-10-31,,,,,,,,-96.00,-4.80,-100.80,,
INV-2,26-2,2026-10-31,,,,D. Okafor,2026-10-31,2026-11-02,,,,2026-11-03,2026-11-20,QB-77,500.00,25.00,525.00,,
INV-3,26-2,2026-11-05,,,,,,,A. Admin,2026-11-06,Client is away,2026-11-07,,,0.00,0.00,0.00,,
INV-4,26-3,2026-11-05,,,,,,,,,,,,,96.00,0.00,96.00,,
INV-5,26-2,2026-11-06,,,,D. Okafor,2026-11-06,,,,,,,,50.00,2.50,52.50,2026-11-30,CAD
""",
    "invoice_lines.csv": """\
invoice_number,line_number,section,item_code,description,quantity,unit,unit_price,amount,taxes,account_code,service_date,dwr_number
INV-1,1,labour,LAB,Labour,8.5,h,96,816.00,GST;PST,4010,2026-10-27,8001
INV-1,2,equipment,TRUCK,Truck,1,day,185.50,185.50,GST;PST,4020,2026-10-27,8001
INV-1,3,unpriced,,Client's own crane,,,,0.00,,,,
CN-1,1,labour,LAB,One hour less,-1,h,96,-96.00,GST,4010,,
INV-2,1,fixed_price,,Tie-in,,,,500.00,GST,4030,,
INV-3,1,fixed_price,,Nothing,1,ea,0,0.00,GST,,,
INV-4,1,labour,LAB,Labour,1,h,96,96.00,,4010,,8004
INV-5,1,fixed_price,,Extra,1,ea,50,50.00,GST,4030,,
""",
}

# What goes with SMALL when a firm also brings its people, its agreed prices and all its contacts.
RATES = {
    "employees.csv": """\
name,employee_number,email,item_code,active
J. Lavoie,17,tech@example.com,LAB,yes
M. Roy,,,,no
""",
    "rate_sheets.csv": """\
name,active
Standard 2026,yes
Kestrel 2026,yes
""",
    "rate_lines.csv": """\
rate_sheet,item_code,unit_price,hourly_price
Kestrel 2026,LAB,92.5,92.5
Kestrel 2026,TRUCK,180,22.5
Standard 2026,LAB,99,
""",
    "client_contacts.csv": """\
client_number,name,duty,email,phone
C-1,B. Ames,Accounts payable,b@kestrel.example,1
C-1,A. Zed,,,
""",
    "client_addresses.csv": """\
client_number,label,address_1,city
C-1,Field office,12 Well Road,Hinton
C-2,Field office,1 Gravel Road,Edson
""",
    "clients.csv": """\
client_number,name,rate_sheet
C-1,Kestrel Inc.,Kestrel 2026
""",
    "jobs.csv": """\
job_number,client_number,project_name,billing_type,project_manager,location,billing_address,rate_sheet
26-1,C-1,Station 14,time_and_material,manager@example.com,LSD 4-12-53-18,Field office,Standard 2026
""",
    "job_items.csv": """\
job_number,item_code,unit_price,hourly_price,budget_quantity
26-1,TRUCK,175,,40
26-1,LAB,,,120.5
""",
    "job_fees.csv": """\
job_number,position,item_code,description,percent
26-1,1,FREE,Environmental fee,2.5
""",
}


def real_files() -> dict[str, bytes | Path]:
    """The files of the real data, by name."""
    return {path.name: path for path in sorted(REAL.glob("*.csv"))}


def replaced(text: str, old: str, new: str) -> str:
    """`text` with one passage replaced; the passage must stand there once."""
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    return text.replace(old, new)


def files_of(texts: Mapping[str, str]) -> dict[str, bytes | Path]:
    return {name: text.encode() for name, text in texts.items()}


def import_texts(texts: Mapping[str, str], *, dry_run: bool = False) -> ImportResult:
    return run_import(files_of(texts), by=CommandLine(), dry_run=dry_run)


def problems_of(texts: Mapping[str, str]) -> list[str]:
    return [str(problem) for problem in import_texts(texts).problems]


def write_folder(folder: Path, texts: Mapping[str, str]) -> Path:
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    return folder
