"""Each rule that joins cells, rows or files, broken once: (file, passage, what it becomes, the problems)."""

from tests.transfer.bad_cells import Case

REFERENCES: dict[str, Case] = {
    "client of a job": ("jobs.csv", "26-3,C-2", "26-3,c-2", ['jobs.csv:4: client_number: there is no client "c-2"']),
    "manager of a job": (
        "jobs.csv",
        "admin@example.com",
        "boss@example.com",
        ['jobs.csv:4: project_manager: there is no user "boss@example.com"'],
    ),
    "office of a job": ("jobs.csv", "Edson", "edson", ['jobs.csv:2: office: there is no office "edson"']),
    "tax of a job": ("jobs.csv", "GST;PST", "GST;HST", ['jobs.csv:2: taxes: there is no tax "HST"']),
    "job of a DWR": ("dwrs.csv", "8002,26-1", "8002,26-9", ['dwrs.csv:3: job_number: there is no job "26-9"']),
    "approver of a DWR": (
        "dwrs.csv",
        "2026-10-30,admin@example.com",
        "2026-10-30,a@b.example",
        ['dwrs.csv:5: approved_by: there is no user "a@b.example"'],
    ),
    "DWR of a line": ("dwr_lines.csv", "8003,1", "8009,1", ['dwr_lines.csv:5: dwr_number: there is no dwr "8009"']),
    "item of a DWR line": (
        "dwr_lines.csv",
        "8003,1,labour,LAB",
        "8003,1,labour,lab",
        ['dwr_lines.csv:5: item_code: there is no item "lab"'],
    ),
    "job of an expense": ("expenses.csv", "3,26-1", "3,26-9", ['expenses.csv:4: job_number: there is no job "26-9"']),
    "job of an invoice": (
        "invoices.csv",
        "INV-5,26-2",
        "INV-5,26-9",
        ['invoices.csv:7: job_number: there is no job "26-9"'],
    ),
    "invoice of a credit note": (
        "invoices.csv",
        "credit_note,INV-1",
        "credit_note,INV-9",
        ['invoices.csv:3: credits: there is no invoice "INV-9"'],
    ),
    "invoice of a line": (
        "invoice_lines.csv",
        "INV-3,1",
        "INV-9,1",
        ['invoice_lines.csv:7: invoice_number: there is no invoice "INV-9"'],
    ),
    "item of an invoice line": (
        "invoice_lines.csv",
        "CN-1,1,labour,LAB",
        "CN-1,1,labour,LAB2",
        ['invoice_lines.csv:5: item_code: there is no item "LAB2"'],
    ),
    "tax of an invoice line": (
        "invoice_lines.csv",
        "-96.00,GST",
        "-96.00,HST",
        ['invoice_lines.csv:5: taxes: there is no tax "HST"'],
    ),
    "DWR of an invoice line": (
        "invoice_lines.csv",
        ",8004",
        ",8009",
        ['invoice_lines.csv:8: dwr_number: there is no dwr "8009"'],
    ),
    "e-mail in another case twice": (
        "users.csv",
        "tech@example.com",
        "ADMIN@example.com",
        [
            'users.csv:4: email: "ADMIN@example.com" stands in line 2 already',
            *(f'dwrs.csv:{n}: created_by: there is no user "tech@example.com"' for n in (2, 3, 4, 5)),
        ],
    ),
    "invoice number in another case twice": (
        "invoices.csv",
        "INV-4,",
        "inv-5,",
        [
            "invoices.csv:6: subtotal: 96.00 is not the sum of the lines, 50.00",
            "invoices.csv:6: tax: 0.00 is not the tax of the lines, 2.50",
            'invoices.csv:7: invoice_number: "INV-5" stands in line 6 already',
            'invoice_lines.csv:8: invoice_number: there is no invoice "INV-4"',
        ],
    ),
    "line twice": (
        "invoice_lines.csv",
        "INV-1,3,",
        "inv-1,2,",
        ['invoice_lines.csv:4: line_number: "inv-1" "2" stands in line 3 already'],
    ),
}

WORK: dict[str, Case] = {
    "DWR approved, not submitted": (
        "dwrs.csv",
        "2026-10-29,2026-10-30",
        ",2026-10-30",
        ["dwrs.csv:5: approved_on: it was never submitted: submitted_on is empty"],
    ),
    "DWR approved by nobody": (
        "dwrs.csv",
        "2026-10-30,admin@example.com",
        "2026-10-30,",
        ["dwrs.csv:5: approved_by: is empty, but it is approved"],
    ),
    "DWR approved on no day": (
        "dwrs.csv",
        "2026-10-30,admin@example.com",
        ",admin@example.com",
        [
            "dwrs.csv:5: approved_on: is empty, but somebody approved it",
            'invoice_lines.csv:8: dwr_number: DWR "8004" is not approved',
        ],
    ),
    "DWR line without quantity": (
        "dwr_lines.csv",
        "J. Lavoie,8,,,",
        "J. Lavoie,,,,",
        ["dwr_lines.csv:4: quantity: is empty, and so are the hours"],
    ),
    "DWR line without price": (
        "dwr_lines.csv",
        "8002,1,labour,LAB",
        "8002,1,equipment,FREE",
        ["dwr_lines.csv:4: unit_price: is empty, and the item has no price"],
    ),
    "DWR line beyond": (
        "dwr_lines.csv",
        "2,2,100",
        "2,100000000000,100",
        ["dwr_lines.csv:5: quantity: quantity x unit price is beyond 100,000,000,000"],
    ),
    "expense approved, not submitted": (
        "expenses.csv",
        ",2026-10-28,2026-10-29,\n",
        ",,2026-10-29,\n",
        ["expenses.csv:3: approved_on: it was never submitted: submitted_on is empty"],
    ),
    "expense processed, not approved": (
        "expenses.csv",
        "2026-10-27,2026-10-28,2026-10-29",
        "2026-10-27,,2026-10-29",
        ["expenses.csv:2: processed_on: it was never approved: approved_on is empty"],
    ),
}

AMOUNTS: dict[str, Case] = {
    "amount": (
        "invoice_lines.csv",
        "50,50.00",
        "50,50.01",
        [
            "invoice_lines.csv:9: amount: 50.01 is not quantity x unit price, 50.00",
        ],
    ),
    "quantity without price": (
        "invoice_lines.csv",
        "ea,50,",
        "ea,,",
        ["invoice_lines.csv:9: unit_price: is empty; quantity and unit price stand together or not at all"],
    ),
    "price without quantity": (
        "invoice_lines.csv",
        "Extra,1,",
        "Extra,,",
        ["invoice_lines.csv:9: quantity: is empty; quantity and unit price stand together or not at all"],
    ),
    "unpriced line with an amount": (
        "invoice_lines.csv",
        "Client's own crane,,,,0.00,,",
        "Client's own crane,,,,1.00,,",
        [
            "invoice_lines.csv:4: amount: 1.00 on an unpriced line; it must be 0.00",
        ],
    ),
    "subtotal": (
        "invoices.csv",
        "50.00,2.50,52.50,2026",
        "49.00,3.50,52.50,2026",
        [
            "invoices.csv:7: subtotal: 49.00 is not the sum of the lines, 50.00",
            "invoices.csv:7: tax: 3.50 is not the tax of the lines, 2.50",
        ],
    ),
    "tax": (
        "invoices.csv",
        "50.00,2.50,52.50,2026",
        "50.00,2.51,52.51,2026",
        ["invoices.csv:7: tax: 2.51 is not the tax of the lines, 2.50"],
    ),
    "total": (
        "invoices.csv",
        "50.00,2.50,52.50,2026",
        "50.00,2.50,52.51,2026",
        ["invoices.csv:7: total: 52.51 is not subtotal + tax, 52.50"],
    ),
    "positive credit note": (
        "invoices.csv",
        "INV-5,26-2,2026-11-06,",
        "INV-5,26-2,2026-11-06,credit_note",
        ["invoices.csv:7: total: 52.50 is positive; a credit note has a negative total"],
    ),
    "negative invoice": (
        "invoices.csv",
        "credit_note,INV-1",
        "invoice,",
        ["invoices.csv:3: total: -100.80 is negative; that is a credit note"],
    ),
    "invoice that credits": (
        "invoices.csv",
        "INV-5,26-2,2026-11-06,,,",
        "INV-5,26-2,2026-11-06,,INV-2,",
        ["invoices.csv:7: credits: only a credit note credits an invoice"],
    ),
    "credit note of a credit note": (
        "invoices.csv",
        "credit_note,INV-1",
        "credit_note,CN-1",
        ['invoices.csv:3: credits: "CN-1" is a credit note, not an invoice'],
    ),
    "credit note of another client's invoice": (
        "invoices.csv",
        "credit_note,INV-1",
        "credit_note,INV-4",
        [
            'invoices.csv:3: credits: "INV-4" is of client "C-2", this is of "C-1"',
        ],
    ),
    "credit beyond the invoice": (
        "invoices.csv",
        "credit_note,INV-1",
        "credit_note,INV-5",
        ['invoices.csv:3: credits: the credit notes of "INV-5" come to 100.80, more than its 52.50'],
    ),
}

FACTS: dict[str, Case] = {
    "another currency": (
        "invoices.csv",
        ",CAD",
        ",USD",
        ["invoices.csv:7: currency: USD is not the company's currency, CAD"],
    ),
    "signed by nobody": (
        "invoices.csv",
        "D. Okafor,2026-11-06",
        ",2026-11-06",
        ["invoices.csv:7: signed_by: is empty; signed_by and signed_on stand together"],
    ),
    "signed on no day": (
        "invoices.csv",
        "D. Okafor,2026-11-06",
        "D. Okafor,",
        ["invoices.csv:7: signed_on: is empty; signed_by and signed_on stand together"],
    ),
    "released without reason": (
        "invoices.csv",
        "Client is away",
        "",
        ["invoices.csv:5: release_reason: is empty; released_by, released_on and release_reason stand together"],
    ),
    "client approved before the signature": (
        "invoices.csv",
        "INV-4,26-3,2026-11-05,,,,,,,",
        "INV-4,26-3,2026-11-05,,,,,,2026-11-05,",
        ["invoices.csv:6: client_approved_on: neither signed nor released before"],
    ),
    "processed unsigned": (
        "invoices.csv",
        "INV-4,26-3,2026-11-05,,,,,,,,,,,",
        "INV-4,26-3,2026-11-05,,,,,,,,,,2026-11-05,",
        ["invoices.csv:6: processed_on: neither signed nor released before"],
    ),
    "processed ticket that the client did not approve": (
        "invoices.csv",
        "2026-10-31,2026-11-02",
        "2026-10-31,",
        ["invoices.csv:4: processed_on: the client did not approve the ticket before"],
    ),
    "paid, not processed": (
        "invoices.csv",
        "2026-11-03,2026-11-20",
        ",2026-11-20",
        ["invoices.csv:4: paid_on: it was never processed: processed_on is empty"],
    ),
    "due before its date": (
        "invoices.csv",
        "2026-11-30",
        "2026-11-05",
        ["invoices.csv:7: due_date: 2026-11-05 is before the invoice date, 2026-11-06"],
    ),
    "DWR that is not approved": (
        "invoice_lines.csv",
        "2026-10-27,8001\nINV-1,2",
        "2026-10-27,8002\nINV-1,2",
        ['invoice_lines.csv:2: dwr_number: DWR "8002" is not approved'],
    ),
    "DWR of another job": (
        "invoice_lines.csv",
        "GST,4030,,\nINV-3",
        "GST,4030,,8001\nINV-3",
        ['invoice_lines.csv:6: dwr_number: DWR "8001" is on "INV-1" already'],
    ),
    "DWR of another job, on no invoice": (
        "invoice_lines.csv",
        ",8004\nINV-5,1,fixed_price,,Extra,1,ea,50,50.00,GST,4030,,",
        ",\nINV-5,1,fixed_price,,Extra,1,ea,50,50.00,GST,4030,,8004",
        ['invoice_lines.csv:9: dwr_number: DWR "8004" is of job "26-3", the invoice of "26-2"'],
    ),
}
