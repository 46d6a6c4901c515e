"""The words of the demo firm: people, clients, jobs, items, what crews write on their records. No logic."""

COMPANY = {
    "name": "Northfork Field Services Ltd.",
    "currency": "CAD",
    "time_zone": "America/Edmonton",
    "address_1": "2210 Industrial Road",
    "city": "Edson",
    "region": "Alberta",
    "postal_code": "T7E 0A0",
    "country": "Canada",
    "phone": "780-555-0142",
    "email": "accounts@northfork.example",
    "tax_number": "12345 6789 RT0001",
    "printed_terms": (
        "Payment is due within 30 days of the invoice date unless agreed otherwise. Overdue balances bear interest at "
        "1.5% per month (18% per year). Labour, equipment and expenses are billed at the rates of the contract; "
        "materials at cost plus 10%.\n"
        "Questions about this invoice: write to accounts@northfork.example within 10 days and quote the invoice "
        "number.\n"
        "Remit by EFT to Transit 00000, Institution 000, Account 000-000-0, or by cheque to the address above."
    ),
}

# name, address 1, city, region, postal code, taxes of its jobs
OFFICES = [
    ("Edson", "2210 Industrial Road", "Edson", "Alberta", "T7E 0A0", "GST"),
    ("Calgary", "Unit 14, 6120 30 Street SE", "Calgary", "Alberta", "T2C 0A0", "GST"),
    ("Fort St. John", "9407 85 Avenue", "Fort St. John", "British Columbia", "V1J 0A0", "GST;PST"),
]

TAXES = [("GST", "GST", "5"), ("PST", "PST", "7")]

ADMINISTRATOR = "M. Tran"
MANAGERS = ["A. Beaulieu", "K. Osei", "S. Friesen"]
ACCOUNTANT = "R. Whitford"
TECHNICIANS = ["J. Lavoie", "B. Sorensen", "C. Dubois", "H. Nakamura", "P. Ironside", "T. Gill"]
HANDS = [
    "A. Mensah",
    "R. Cardinal",
    "D. Kowalchuk",
    "L. Moreau",
    "E. Yellowbird",
    "N. Singh",
    "O. Petrov",
    "G. Chartrand",
]

# code, name, section, unit, price, account
LABOUR = [
    ("FOR", "Foreman, regular", "h", "112", "4010"),
    ("FOR-OT", "Foreman, overtime", "h", "168", "4010"),
    ("JRN", "Journeyman, regular", "h", "96", "4010"),
    ("JRN-OT", "Journeyman, overtime", "h", "144", "4010"),
    ("APP", "Apprentice, 3rd year", "h", "68", "4010"),
    ("SUR", "Survey crew chief", "h", "124.5", "4015"),
    ("SAFE", "Safety watch", "h", "58.75", "4010"),
]
EQUIPMENT = [
    ("TRK1", "Crew truck, 1-ton", "day", "185", "4020"),
    ("RIG", "Welding rig, with consumables", "h", "62", "4020"),
    ("PICK", "Picker truck, 14-ton, operated", "h", "165", "4020"),
    ("COMP", "Air compressor, 185 cfm", "day", "145", "4020"),
    ("HYD", "Hydrotest pump and chart recorder", "day", "320", "4020"),
    ("GNSS", "GNSS survey set", "day", "210", "4020"),
]
MATERIALS = [
    ("PIPE2", "Pipe, 2 in. SCH 80 A106-B", "m", "34.5375", "4030"),
    ("ELB2", "Elbow, 2 in. 90° LR", "ea", "20.63", "4030"),
    ("FLG2", "Weld neck flange, 2 in. 600#", "ea", "58.85", "4030"),
    ("STUD2", "Stud and gasket kit, 2 in. 600#", "kit", "31.35", "4030"),
    ("GRAV", "Road crush, 20 mm", "t", "27.4125", "4030"),
    ("CONS", "Consumables and small tools", "lot", "148.6", "4090"),
]
TRAVEL = [
    ("SUBS", "Subsistence, out of town", "night", "175", "4040"),
    ("KM", "Mileage", "km", "0.72", "4040"),
]
EXEMPT = [("PERM", "Road use permit, at cost", "ea", "86", "4095")]  # no tax on it
FIXED_PRICE = [("LUMP", "Progress billing", "", "", "4050"), ("MOB", "Mobilization", "", "", "4055")]
FEES = [("ENV", "Environmental fee, 2%", "", "", "4080")]

# number | name | address 1 | city | region | postal code | contact | terms | days | accounting ID | how often billed
# Tamarack has no address yet; some are not known to accounting.
CLIENTS = [
    row.split("|")
    for row in (
        "C-1007|Birchline Energy Ltd.|2100, 350 7 Avenue SW|Calgary|AB|T2P 0A0|N. Roy|Net 30|30|BIRCH01|12",
        "C-1011|Kestrel Midstream Inc.|1400, 555 4 Avenue SW|Calgary|AB|T2P 0A0|D. Okafor|Net 30|30|KESTREL|11",
        "C-1015|Prairie Lantern Power|88 Substation Road|Medicine Hat|AB|T1A 0A0|W. Hughes|Net 45|45|PRLANT|8",
        "C-1019|Stonebow Resources|900, 10020 101A Avenue NW|Edmonton|AB|T5J 0A0|V. Lindqvist|Net 30|30|STONEB|7",
        "C-1023|Tallgrass County|1 Administration Way|Whitecourt|AB|T7S 0A0|Public Works|Net 60|60|TALLGR|5",
        "C-1027|Whitemud Aggregates|Pit 4, Range Road 172|Edson|AB|T7E 0A0|F. Haugen|Net 30|30|WHITEM|4",
        "C-1031|Muskeg Pipelines LP|300, 9909 102 Street|Grande Prairie|AB|T8V 0A0|I. Novak|Net 30|30|MUSKEG|4",
        "C-1035|Peace River Timber Co-op|7 Mill Road|Fort St. John|BC|V1J 0A0|S. Lavallee|Net 30|30|PRTIMB|4",
        "C-1039|Halfway Gas Processing Ltd.|Mile 73, Alaska Highway|Fort St. John|BC|V1J 0A0|B. Antoine|Net 45|45||3",
        "C-1043|Ridgeback Drilling Corp.|410 Nisku Avenue|Nisku|AB|T9E 0A0|M. Kaur|Due on receipt|0|RIDGEB|2",
        "C-1047|Tamarack Ventures||||||Net 30|30||2",
        "C-1051|Foothills Water Commission|55 Reservoir Drive|Okotoks|AB|T1S 0A0|Operations|Net 45|45|FRWC|2",
        "C-1055|Coldstream & Sons Ltd.|RR 2|Hinton|AB|T7V 0A0|J. Coldstream|Net 15|15|COLDST|1",
        "C-1059|Bélanger Géomatique inc.|1250, rue du Barrage|Québec|QC|G1K 0A0|É. Bélanger|Net 30|30||1",
        "C-1063|Lone Pine Solar Partnership|600, 12 Avenue S|Lethbridge|AB|T1J 0A0|A. Weiss|Net 30|30|LONEP|1",
    )
]

# name, client, unit prices that differ from the items' own
RATE_SHEETS = [
    ("Kestrel Midstream 2026", "C-1011", {"FOR": "108", "JRN": "92.5", "APP": "65", "TRK1": "180", "PICK": "158"}),
    ("Tallgrass County 2026", "C-1023", {"FOR": "104.5", "JRN": "89", "TRK1": "172.5", "GRAV": "26.9"}),
]
# client, name, duty, e-mail, telephone
CONTACTS = [
    ("C-1007", "L. Amundsen", "Accounts payable", "payables@birchline.example", "403-555-0117"),
    ("C-1011", "T. Okonkwo", "Site supervisor", "t.okonkwo@kestrel.example", "780-555-0166"),
]
FIELD_ADDRESSES = [("C-1007", "Field office", "Box 12, Range Road 185", "Fox Creek")]  # client, label, street, city
BUDGET = [("FOR", "160"), ("JRN", "480"), ("APP", "240"), ("TRK1", "40")]  # of some jobs: item, quantity

# The jobs of each client: project name, kind. tm, ticket, fixed, free (non-chargeable).
# "po" after the kind: a PO is required; "sum": billed summarized.
JOBS = [
    [
        ("Pad 7 well tie-in", "tm po"),
        ("Separator skid swap", "tm"),
        ("Lease road winter prep", "tm sum"),
        ("Flare stack inspection", "tm po"),
    ],
    [("Station 14 piping tie-in", "tm"), ("Compressor overhaul B", "ticket"), ("Meter run replacement", "tm po")],
    [("Substation civil works", "fixed"), ("Line 3 brushing", "tm sum"), ("Transformer pad survey", "ticket")],
    [("Tank farm containment", "tm"), ("Battery 02-18 turnaround", "tm po")],
    [("Culvert replacement TWP 520", "fixed"), ("Bridge deck repair", "tm")],
    [("Pit 4 volume survey", "tm"), ("Crusher relocation", "fixed")],
    [("Leak repair KP 41", "ticket"), ("Right-of-way reclamation", "tm sum")],
    [("Mill yard drainage", "tm"), ("Log deck survey", "ticket")],
    [("Inlet separator rebuild", "tm po"), ("Amine skid warranty", "free")],
    [("Rig move support", "tm")],
    [("Site access and staking", "tm")],
    [("Reservoir liner repair", "fixed"), ("Valve chamber upgrade", "tm")],
    [("Quarry haul road", "tm")],
    [("Levé topographique, parc éolien", "tm")],
    [("Array grading, phase 1", "fixed")],
]
OWN_JOBS = ["Yard and shop", "Training and safety meetings"]  # overhead, for the firm itself
OLD_PROJECTS = [
    "Well tie-in", "Lease construction", "Turnaround support", "Pipeline integrity dig", "Access road repair",
    "Foundation work", "Valve replacement", "As-built survey", "Tank cleaning", "Brushing and clearing",
]  # fmt: skip
OLD_CLIENTS = ["Aspen", "Caribou", "Driftwood", "Elbow", "Fescue", "Grizzly", "Heron", "Juniper", "Larch", "Marten"]
OLD_KINDS = ["Oilfield Rentals Ltd.", "Energy Inc.", "Construction Ltd.", "Municipal District", "Holdings"]

WORK = [
    "Isolated and drained header, cut out spool.",
    "Fit-up and root pass on three spools.",
    "Hydrotest witnessed by client, line returned to service.",
    "Hauled and placed road crush, graded approach.",
    "Set control points, staked centreline.",
    "Removed old supports, set new skid, grouted.",
    "Excavated to depth, hand exposed line, backfilled.",
    "Standby for client permit, then torqued flanges.",
    "Clean-up and demobilization of small tools.",
    "Installed geotextile and placed riprap.",
]
SHIFTS = [
    "Day shift, 07:00–17:30.",
    "Day shift, 06:30–17:00.",
    "Short shift, 07:00–13:00.",
    "Night shift, 18:00–04:30.",
]
UNPRICED = ["Photographs and test charts are attached to the daily work records.", "Torque log left with operations."]
MILESTONES = ["Design and permits", "Site preparation", "Foundations", "Installation", "Commissioning and hand-over"]
EXPENSES = [
    ("Hotel", "139"),
    ("Fuel, rental unit", "88.4"),
    ("Hardware store", "42.15"),
    ("Meals, out of town", "61.7"),
]
RELEASES = ["Project manager on leave, hours confirmed by e-mail", "Signed paper copy is in the job folder"]
