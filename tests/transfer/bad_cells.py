"""Each rule about one file and its cells, broken once: (file, passage, what it becomes, the problems)."""

from tests.transfer.folders import SMALL

Case = tuple[str, str, str, list[str]]

FILES_AND_HEADERS: dict[str, Case] = {
    "unknown column": ("offices.csv", "name,city", "name,town", ['offices.csv:1: "town": unknown column']),
    "unknown column shown without control characters": (
        "offices.csv",
        "name,city",
        "name,\u202ecity",
        ['offices.csv:1: "\\u202ecity": unknown column'],
    ),
    "missing column": (
        "taxes.csv",
        "rate",
        "recoverable",
        [
            "taxes.csv:1: recoverable: this column stands there twice",
            "taxes.csv:1: rate: this column is missing",
            'taxes.csv:2: recoverable: "5" is neither yes nor no',
            'taxes.csv:3: recoverable: "7.125" is neither yes nor no',
            'taxes.csv:4: recoverable: "8" is neither yes nor no',
        ],
    ),
    "column twice": ("offices.csv", "name,city", "name,name", ["offices.csv:1: name: this column stands there twice"]),
    "too few values": ("offices.csv", "Edson,Edson", "Edson", ["offices.csv:2: row: 2 columns in the header, 1 here"]),
    "too many values": (
        "offices.csv",
        "Edson,Edson",
        "Edson,a,b",
        ["offices.csv:2: row: 2 columns in the header, 3 here"],
    ),
    "stray quote": (
        "offices.csv",
        "Edson,Edson",
        'Edson,Ed"son',
        [
            "offices.csv:2: row: a quote stands inside a value that is not quoted",
            'jobs.csv:2: office: there is no office "Edson"',
        ],
    ),
    "text after a quote": (
        "clients.csv",
        "C-2,Tallgrass County,",
        'C-2,"Tallgrass" County,',
        [
            "clients.csv:3: row: text stands after a closing quote",
            'jobs.csv:4: client_number: there is no client "C-2"',
        ],
    ),
    "quote never closed": (
        "taxes.csv",
        "NEW,Not used",
        'NEW,"Not used',
        ["taxes.csv:4: row: a quote is opened and never closed"],
    ),
    "no header": (
        "offices.csv",
        "name,city\nEdson,Edson\n",
        "",
        ["offices.csv:1: row: the header row is missing", 'jobs.csv:2: office: there is no office "Edson"'],
    ),
    "no company": (
        "company.csv",
        SMALL["company.csv"].split("\n")[1],
        "",
        ["company.csv:1: row: there is no row; there must be one"],
    ),
    "two companies": (
        "company.csv",
        "a4,20001,\n",
        "a4,20001,\nB,CAD,UTC,,,,,,,,,\n",
        ["company.csv:3: row: there must be one row only"],
    ),
    "same key twice": (
        "offices.csv",
        "Edson,Edson\n",
        "Edson,Edson\nEdson,\n",
        ['offices.csv:3: name: "Edson" stands in line 2 already'],
    ),
    "line of a file after a line break in quotes": (
        "expenses.csv",
        "Fuel,,2026",
        'Fuel,"a\nb\r\nc",2O26',
        [
            'expenses.csv:3: submitted_on: "2O26-10-28" is not a date (YYYY-MM-DD)',
        ],
    ),
}

CELLS: dict[str, Case] = {
    "required cell empty": ("clients.csv", "C-1,Kestrel Inc.,", "C-1,,", ["clients.csv:2: name: must not be empty"]),
    "required cell blank": ("clients.csv", "C-1,Kestrel Inc.,", "C-1,  ,", ["clients.csv:2: name: must not be empty"]),
    "too long": (
        "clients.csv",
        "Kestrel Inc.",
        "K" * 201,
        ["clients.csv:2: name: is longer than 200 characters (201)"],
    ),
    "tab": ("clients.csv", "Kestrel Inc.", "Kestrel\tInc.", ["clients.csv:2: name: has a control character (U+0009)"]),
    "null": ("invoices.csv", "Thank you", "Thank\0you", ["invoices.csv:2: memo: has a control character (U+0000)"]),
    "next line": (
        "invoices.csv",
        "Thank you",
        "Thank\x85you",
        ["invoices.csv:2: memo: has a control character (U+0085)"],
    ),
    "line break in a name": (
        "clients.csv",
        "Kestrel Inc.",
        '"Kestrel\nInc."',
        ["clients.csv:2: name: has a control character (U+000A)"],
    ),
    "no such day": (
        "invoices.csv",
        "INV-5,26-2,2026-11-06",
        "INV-5,26-2,2026-02-30",
        ['invoices.csv:7: invoice_date: "2026-02-30" is not a date (YYYY-MM-DD)'],
    ),
    "date of another form": (
        "invoices.csv",
        "INV-5,26-2,2026-11-06",
        "INV-5,26-2,6/11/2026",
        ['invoices.csv:7: invoice_date: "6/11/2026" is not a date (YYYY-MM-DD)'],
    ),
    "date of digits of another script": (
        "invoices.csv",
        "2026-11-30",
        "2026-11-３0",
        ['invoices.csv:7: due_date: "2026-11-３0" is not a date (YYYY-MM-DD)'],
    ),
    "three decimals of money": (
        "expenses.csv",
        "42.50",
        "42.505",
        ['expenses.csv:2: amount: "42.505" is not an amount (digits, a point, at most 2 decimals)'],
    ),
    "comma in money": (
        "expenses.csv",
        "42.50",
        '"1,042.50"',
        ['expenses.csv:2: amount: "1,042.50" is not an amount (digits, a point, at most 2 decimals)'],
    ),
    "money with a blank": (
        "expenses.csv",
        "42.50",
        " 42.50",
        ['expenses.csv:2: amount: " 42.50" is not an amount (digits, a point, at most 2 decimals)'],
    ),
    "full-width digits": (
        "expenses.csv",
        "42.50",
        "４２",
        ['expenses.csv:2: amount: "４２" is not an amount (digits, a point, at most 2 decimals)'],
    ),
    "exponent": (
        "expenses.csv",
        "42.50",
        "1e3",
        ['expenses.csv:2: amount: "1e3" is not an amount (digits, a point, at most 2 decimals)'],
    ),
    "not a number": (
        "expenses.csv",
        "42.50",
        "NaN",
        ['expenses.csv:2: amount: "NaN" is not an amount (digits, a point, at most 2 decimals)'],
    ),
    "money beyond": (
        "expenses.csv",
        "42.50",
        "100000000000.01",
        ['expenses.csv:2: amount: "100000000000.01" is beyond 100,000,000,000'],
    ),
    "negative purchase order": ("jobs.csv", "1000.50", "-1", ['jobs.csv:2: po_amount: "-1" is negative']),
    "five decimals of a price": (
        "items.csv",
        "185.50",
        "185.50001",
        ['items.csv:3: unit_price: "185.50001" is not a number (digits, a point, at most 4 decimals)'],
    ),
    "negative rate": (
        "taxes.csv",
        "7.125",
        "-7",
        ['taxes.csv:3: rate: "-7" is negative'],
    ),
    "semicolon in a tax code": ("taxes.csv", "NEW", "N;W", ["taxes.csv:4: code: a tax code has no semicolon"]),
    "tick": ("items.csv", "no,4010,yes", "no,4010,Yes", ['items.csv:2: active: "Yes" is neither yes nor no']),
    "word of a list": ("company.csv", "a4", "A4", ['company.csv:2: paper: "A4" is not one of: letter, a4']),
    "role": (
        "users.csv",
        "T. Tech,technician",
        "T. Tech,boss",
        ['users.csv:4: role: "boss" is not one of: administrator, project_manager, accounting, technician'],
    ),
    "section of an item": (
        "items.csv",
        "FREE,No price,equipment",
        "FREE,No price,fee",
        ['items.csv:4: section: "fee" is not one of: labour, equipment, fixed_price'],
    ),
    "section of a DWR line": (
        "dwr_lines.csv",
        "8004,1,labour",
        "8004,1,fixed_price",
        ['dwr_lines.csv:6: section: "fixed_price" is not one of: labour, equipment'],
    ),
    "section of an invoice line": (
        "invoice_lines.csv",
        "INV-4,1,labour",
        "INV-4,1,travel",
        ['invoice_lines.csv:8: section: "travel" is not one of: labour, equipment, fixed_price, fee, unpriced'],
    ),
    "billing type": (
        "jobs.csv",
        "Tie-in,fixed_price",
        "Tie-in,lump_sum",
        [
            'jobs.csv:3: billing_type: "lump_sum" is not one of: '
            "time_and_material, fixed_price, non_chargeable, overhead"
        ],
    ),
    "e-mail": (
        "users.csv",
        "tech@example.com",
        "tech",
        [
            'users.csv:4: email: "tech" is not an e-mail address',
            *(f'dwrs.csv:{n}: created_by: there is no user "tech@example.com"' for n in (2, 3, 4, 5)),
        ],
    ),
    "time zone": (
        "company.csv",
        "America/Edmonton",
        "Edmonton",
        ['company.csv:2: time_zone: "Edmonton" is not a time zone'],
    ),
    "currency": (
        "company.csv",
        "CAD",
        "Cad",
        ['company.csv:2: currency: "Cad" is not a currency (three capital letters)'],
    ),
    "currency without cents": (
        "company.csv",
        "CAD",
        "JPY",
        ["company.csv:2: currency: JPY does not have two decimals"],
    ),
    "format": (
        "company.csv",
        "paper,",
        "default_format,",
        [
            'company.csv:2: default_format: "a4" is not one of: quickbooks-desktop, quickbooks-online, sage-50-us, '
            "sage-50-ca, sage-300, csv, xero"
        ],
    ),
    "next number": (
        "company.csv",
        "20001",
        "0",
        ['company.csv:2: next_invoice_number: "0" is not a whole number from 1 to 1000000000000000'],
    ),
    "days": (
        "clients.csv",
        "Net 60,60",
        "Net 60,-1",
        ['clients.csv:3: terms_days: "-1" is not a whole number from 0 to 32767'],
    ),
    "line number": (
        "dwr_lines.csv",
        "8004,1,",
        "8004,0,",
        ['dwr_lines.csv:6: line_number: "0" is not a whole number from 1 to 2147483647'],
    ),
    "empty tax code": ("jobs.csv", "GST;PST", "GST;", ["jobs.csv:2: taxes: an empty code stands between semicolons"]),
    "tax code twice": ("jobs.csv", "GST;PST", "GST;GST", ['jobs.csv:2: taxes: "GST" is named twice']),
}
