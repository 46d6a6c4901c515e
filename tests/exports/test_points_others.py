"""Each point that a check of files for Sage 300, of the generic CSV and of Xero's must assert: broken, it is found."""

import pytest

from tests.exports import csv_reader, sage300_reader, xero_reader
from tests.exports.harm import REFUSED, Harm, harmed, repacked
from tests.exports.writing import GOLDEN

pytestmark = pytest.mark.formats
FIRST = '"1","1","1","NORTHWIND","INV-1001"'
DETAIL = '"2","1","1","20","","Widget A (10 x 25.00)","250.00","4000"'
BATCH: list[tuple[int, Harm]] = [  # 3.11 of the specification
    (1, ("March services", "March\x00services")),
    (1, ('"NET30"', "NET30")),
    (1, ('"549.64"¶', '"549.64"\n')),
    (2, ('"RECTYPE","CNTBTCH","CNTITEM","OPTFIELD","VALUE"¶', "")),
    (2, (f"{FIRST}", f'"RECTYPE","A"¶{FIRST}')),
    (3, ('"ORDRNBR"', '"ORDERNO"')),
    (3, ('"ORDRNBR"', '"CUSTPO"')),
    (3, ('"20260312"', '""')),
    (4, (FIRST, FIRST.replace('"1"', '"7"', 1))),
    (5, (',"549.64"¶', ',"549.64",""¶')),
    (6, (DETAIL, DETAIL.replace('"1","20"', '"2","20"'))),
    (7, (FIRST, '"1","2","1","NORTHWIND","INV-1001"')),
    (8, (FIRST, '"1","1","3","NORTHWIND","INV-1001"')),
    (9, (DETAIL, DETAIL.replace('"20"', '"60"'))),
    (10, ('"NORTHWIND"', '"NORTHWIND-LTD"')),
    (10, ('"NET30"', '"NET 030"')),
    (10, ('"250.00","4000"', '"250.0","4000"')),
    (10, ('"5.00000"', '"5.00"')),
    (11, ('"20260312"', '"20260230"')),
    (11, ('"20260312"', '"2026-03-12"')),
    (12, ('"20260411","1"', '"20260211","1"')),
    (13, ('"INV-1001","1","12"', '"INV-1001","1","32"')),
    (13, ('"34.35","2"¶', '"34.35","1"¶')),
    (14, ('"250.00","4000"', '"250.00",""')),
    (17, ('"250.00","4000"', '"-950.00","4000"')),
    (18, ('"7.00000","12.50"', '"7.00000","12.54"')),
    (19, ('"24.54"', '"24.55"')),
    (20, ('"1","1","BC"', '"1","0","BC"')),
    (20, ('"1","1","BC","1"', '"1","1","","1"')),
    (20, ('"BC","1","1"', '"BC","","1"')),
    (20, ('"4000","1","1"', '"4000","11","1"')),
    (21, ('"549.64"', '"549.65"')),
    (21, ('"1","20260411"', '"2","20260411"')),
    (21, ('"1","20260411","549', '"1","20260412","549')),
    (22, ('"CN-1002"', '"inv-1001"')),
    (24, ('"March services",""', '"March services","INV-1"')),
    (25, ('"March services"', '"=1+1"')),
    (25, ('"March services"', '"March→services"')),
]
SOLD = '"h","10.00000","25.000000","250.00"'
ITEMS: list[tuple[int, Harm]] = [  # of a batch of items with quantity, unit and price
    (13, ('"INV-1001","1","15"', '"INV-1001","1","12"')),
    (14, ('"WIDGET-A"', '""')),
    (15, (SOLD, SOLD.replace('"h"', '""'))),
    (16, (SOLD, SOLD.replace("25.000000", "26.000000"))),
    (16, (SOLD, SOLD.replace("10.00000", "-10.00000").replace("25.000000", "-25.000000"))),
]
INVOICES, DETAILS, BOOK = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml"
WORKBOOK: list[tuple[str, Harm]] = [  # 2 and 26
    (BOOK, ('name="Invoice_Details"', 'name="Details"')),
    (BOOK, ("$A$1:$X$3", "$A$1:$X$1")),
    (DETAILS, ("<v>250.00</v>", "<f>1+1</f><v>250.00</v>")),
    (DETAILS, ("<v>250.00</v>", "<v>250.01</v>")),
    (INVOICES, ("March services", "@March")),
]
TAXED = "GST,5,12.50,PST,7,17.50,30.00,280.00,490.75,58.89,549.64"
GENERIC: list[tuple[str, Harm]] = [  # 4.1
    ("CRLF", (",549.64¶", ",549.64\n")),
    ("quotes", ('"Installation, ""on site"""', 'Installation, "on site"')),
    ("open quote", ('"Installation, ""on site"""', '"Installation, on site')),
    ("width", (TAXED, TAXED.replace(",58.89", ""))),
    ("comma at the end", (",549.64¶", ",549.64,¶")),
    ("order of columns", ("document_type,document_number", "document_number,document_type")),
    ("a byte order mark inside", ("Widget A,", "Wid\ufeffget A,")),
    ("together", ("INVOICE,INV-1001,", "INVOICE,INV-1003,")),
    ("equal columns", (",PO-7788,", ",PO-7789,")),
    ("line numbers", (",1,WIDGET-A", ",2,WIDGET-A")),
    ("required", (",Widget A,", ", ,")),
    ("required", (",CAD,NORTHWIND,Café Northwind Traders Ltd.", ",CAD,NORTHWIND,")),
    ("plain numbers", (",10,25.00,", ',"1,0",25.00,')),
    ("decimals", (",250.00,4000", ",250.0,4000")),
    ("quantity x price", (",10,25.00,", ",10,25.10,")),
    ("tax = rate x net", (TAXED, TAXED.replace("12.50", "12.53").replace("17.50", "17.47"))),
    ("parts = tax", (TAXED, TAXED.replace("17.50", "17.51"))),
    ("net + tax = gross", (TAXED, TAXED.replace("280.00", "280.01"))),
    ("a tax in part", (TAXED, TAXED.replace("PST,7", "PST,"))),
    ("apply-to only on credits", ("INVOICE,INV-1001,,", "INVOICE,INV-1001,INV-1,")),
    ("formula", (",Widget A,", ",=1+1,")),
    ("formula behind blanks", (",Widget A,", ",  @SUM(1),")),
    ("control", (",Widget A,", ",Wid\x07get A,")),
]
GENERIC_EVERYWHERE: list[tuple[str, Harm]] = [
    ("dates", ("2026-03-12", "12/03/2026")),
    ("due >= date", ("2026-04-11", "2026-02-11")),
    ("currency", (",CAD,", ",CA$,")),
    ("kind", ("INVOICE,", "QUOTE,")),
    ("sign", ("CREDIT_NOTE,CN-1002,INV-1001", "INVOICE,CN-1002,")),
    ("sums", ("490.75,58.89,549.64", "490.76,58.89,549.65")),
]
XERO: list[tuple[str, Harm]] = [  # 4.2
    ("order of columns", ("*ContactName,EmailAddress", "EmailAddress,*ContactName")),
    ("width", (",CAD,¶", ",CAD¶")),
    ("required", (",Widget A,", ",,")),
    ("required", (",200,", ",,")),
    ("quantity", (",10,25.00,", ",-10,25.00,")),
    ("price", (",10,25.00,", ",10,25,")),
    ("tax", (",30.00,", ",30,")),
    ("sign of tax", (",30.00,", ",-30.00,")),
    ("equal columns", (",PO-7788,", ",PO-7789,")),
    ("formula", (",Widget A,", ",=1,")),
    ("number twice", ("CN-1002,INV-1001", "inv-1001,INV-1001")),
    ("line break", (",Widget A,", ',"Widget\nA",')),
]
XERO_EVERYWHERE: list[tuple[str, Harm]] = [
    ("dates", ("12/03/2026", "2026-03-12")),
    ("due >= date", ("11/04/2026", "11/02/2026")),
    ("currency", (",CAD,", ",cad,")),
    ("columns left empty", ("11/04/2026,,", "11/04/2026,549.64,")),
]


@pytest.mark.parametrize(("point", "harm"), BATCH)
def test_batch(point: int, harm: Harm) -> None:
    with pytest.raises((*REFUSED, IndexError)):
        sage300_reader.read_csv(harmed((GOLDEN / "sage-300.csv").read_bytes(), harm))


@pytest.mark.parametrize(("point", "harm"), ITEMS)
def test_batch_of_items(point: int, harm: Harm) -> None:
    with pytest.raises(REFUSED):
        sage300_reader.read_csv(harmed((GOLDEN / "many" / "sage-300.csv").read_bytes(), harm))


def test_batch_as_a_whole() -> None:
    """1: a byte order mark, not ended; UTF-8 where Windows letters are expected."""
    data = (GOLDEN / "sage-300.csv").read_bytes()
    accents = data.replace(b"March services", "Entretien d'été".encode("cp1252"))
    sage300_reader.read_csv(accents)
    for each in (b"\xef\xbb\xbf" + data, data[:-2], accents.decode("cp1252").encode()):
        with pytest.raises(REFUSED):
            sage300_reader.read_csv(each)


@pytest.mark.parametrize(("part", "harm"), WORKBOOK)
def test_workbook(part: str, harm: Harm) -> None:
    data = (GOLDEN / "sage-300.xlsx").read_bytes()
    with pytest.raises(REFUSED):
        sage300_reader.read_xlsx(repacked(data, lambda xml: harmed(xml, harm, "utf-8"), part))


def test_codes_of_the_workbook_are_text_and_amounts_are_numbers() -> None:
    data = (GOLDEN / "sage-300.xlsx").read_bytes()
    number, text = b'<c r="F2"><v>250.00</v>', b'<c r="F2" t="inlineStr"><is><t>250.00</t></is>'
    for old, new in ((b' t="inlineStr"', b""), (number, text)):
        changed = repacked(data, lambda xml, old=old, new=new: xml.replace(old, new), DETAILS)  # type: ignore[misc]
        assert changed != data
        with pytest.raises(REFUSED):
            sage300_reader.read_xlsx(changed)


@pytest.mark.parametrize(("point", "harm"), GENERIC)
def test_generic_csv(point: str, harm: Harm) -> None:
    with pytest.raises(REFUSED):
        csv_reader.read(harmed((GOLDEN / "generic.csv").read_bytes(), harm, "utf-8"))


@pytest.mark.parametrize(("point", "harm"), GENERIC_EVERYWHERE)
def test_generic_csv_on_each_row(point: str, harm: Harm) -> None:
    with pytest.raises(REFUSED):
        csv_reader.read(harmed((GOLDEN / "generic.csv").read_bytes(), harm, "utf-8", everywhere=True))


def test_generic_csv_as_a_whole() -> None:
    """UTF-8, with a byte order mark where it is not ASCII, ended."""
    data = (GOLDEN / "generic.csv").read_bytes()
    for each in (data[3:], data[3:].decode().encode("cp1252"), data[:-2]):
        with pytest.raises(REFUSED):
            csv_reader.read(each)


@pytest.mark.parametrize(("point", "harm"), XERO)
def test_xero(point: str, harm: Harm) -> None:
    data = (GOLDEN / "xero.zip").read_bytes()
    with pytest.raises(REFUSED):
        xero_reader.read(repacked(data, lambda part: harmed(part, harm, "utf-8")))


@pytest.mark.parametrize(("point", "harm"), XERO_EVERYWHERE)
def test_xero_on_each_row(point: str, harm: Harm) -> None:
    data = (GOLDEN / "xero.zip").read_bytes()
    with pytest.raises(REFUSED):
        xero_reader.read(repacked(data, lambda part: harmed(part, harm, "utf-8", everywhere=True)))
