"""Each point that a check of files for Sage 50 must assert (1.10, 2.9 of the specification): broken, it is found."""

import pytest

from tests.exports import imp_reader, sage50us_reader
from tests.exports.harm import REFUSED, Harm, harmed, repacked
from tests.exports.writing import GOLDEN

pytestmark = pytest.mark.formats
PST = "FALSE,4,0,0,FALSE,0.00,,PST,23110-00,0.00,0,-34.35,,PST,1"
WIDGET = "FALSE,4,1,0,FALSE,10.00,,Widget A,40000-00,25.00,1,-250.00,J100,,1"
SALES: list[tuple[int, Harm]] = [
    (1, ("Widget A,", "Wid\x00get,")),
    (2, (",J100,,1¶", ",J100,,1\n")),
    (3, ('"Installation, on site"', "Installation, on site")),
    (3, ("Widget A,", 'Wid"get A,')),
    (4, ("Invoice/CM #,Apply to Invoice Number", "Apply to Invoice Number,Invoice/CM #")),
    (4, (",Job ID,", ",Amount,")),
    (4, ("Customer ID,", "Customer Name,")),
    (5, ("NORTHWIND,INV-1001", ",INV-1001")),
    (5, ("40000-00,25.00", ",25.00")),
    (6, ("NORTHWIND,CN-1002", "NORTHWIND,INV-1001")),
    (8, (",PO-7788,", ",PO-7789,")),
    (8, ("Net 30 Days", "Net 60 Days")),
    (8, (",,1¶", ",,2¶")),
    (9, (PST, PST.replace("FALSE,4", "FALSE,3"))),
    (12, ("FALSE,PO-7788", "No,PO-7788")),
    (13, (",-250.00,", ",-250.001,")),
    (13, (",-250.00,", ",(250.00),")),
    (14, (WIDGET, WIDGET.replace("25.00", "26.00"))),
    (16, (",-34.35,", ",34.35,")),
    (17, (PST, PST.replace("0.00,0,-34", "0.00,1,-34"))),
    (17, (WIDGET, WIDGET.replace("J100,,1", "J100,GST,1"))),
    (18, (PST, PST.replace("FALSE,4,0,0", "FALSE,4,1,0"))),
    (18, (PST, PST.replace(",PST,1", ",GST,1"))),
    (19, (WIDGET, WIDGET.replace("4,1,0", "4,2,0"))),
    (20, ("40000-00,25.00", "4000000000000000,25.00")),
    (20, ("Widget A,", f"{'x' * 161},")),
    (22, ("Widget A,", '"Widget ""A""",')),
    (24, (",J100,", ',"J,P,C",')),
    (24, (",J100,", f",{'x' * 21},")),
    (25, ("Widget A,", "=1+1,")),
    (25, ("Widget A,", '"Widget\nA",')),
]
SALES_EVERYWHERE: list[tuple[int, Harm]] = [
    (5, ("11000-00", "")),
    (11, ("03/12/26", "2026-03-12")),
    (11, ("03/12/26", "13/12/26")),
    (11, ("04/11/26", "02/11/26")),
    (12, ("0,FALSE,0.00", "0,NO,0.00")),
    (15, (",FALSE,03/12", ",TRUE,03/12")),
    (18, ("BCGSTPST", "")),
    (20, ("PO-7788", "x" * 21)),
    (20, ("BCGSTPST", "BCGSTPST9")),
    (21, ("NORTHWIND", "NORTH*")),
    (22, ("FALSE,,FALSE", "FALSE,,TRUE")),
    (23, ("INV-1001,,FALSE", "INV-1001,INV-1,FALSE")),
    (26, (",2¶", ",3¶")),
]
CUSTOMERS: list[tuple[str, Harm]] = [
    ("missing", ("NORTHWIND,Café Northwind", "SOUTHWIND,Café Northwind")),
    ("state", (",BC,", ",British Columbia,")),
    ("name", ("Café Northwind Traders Ltd.", "x" * 40)),
    ("width", (",FALSE,FALSE,", ",FALSE,")),
]
TAX = '"GST","0","1","5.00","12.50"'
IMP: list[tuple[int, Harm]] = [
    (1, ("WIDGET-A", "WIDGET→A")),
    (2, ("</Version>¶", "</Version>\n")),
    (3, ("</SalInvoice>¶<! CN", "<! CN")),
    (3, ("<customers>", "<vendors>")),
    (3, ("<! CN-1002¶", "<Version>¶")),
    (4, ('"12001","1"', '"12000","1"')),
    (4, ('"12001","1"', '"12001","2"')),
    (4, ('<Version>¶"12001","1"¶</Version>¶', "")),
    (5, ("<! CN-1002¶", '"A","1.0000","1.0000","1.00"¶')),
    (6, ('"WIDGET-A","10', "WIDGET-A,10")),
    (6, ('"WIDGET-A","10', '"WIDGET"A","10')),
    (7, ('"Canada","","",""', '"Canada","",""')),
    (8, ('"Suite 200"', f'"{"x" * 51}"')),
    (9, ('"V5K0A1"', '"V5K 0A1"')),
    (9, ('"Canada","",', '"Canada","604-555",')),
    (11, ('"549.64","0.00"', '"549.64"')),
    (12, ('"2","PO-7788"', '"3","PO-7788"')),
    (13, ('"INV-1001"', '""')),
    (13, ('"INV-1001"', f'"{"x" * 21}"')),
    (13, ('"CN-1002"', '"inv-1001"')),
    (14, ('"03-12-2026"', '"2026-03-12"')),
    (14, ('"03-12-2026"', '"02-30-2026"')),
    (15, ('"03-12-2026","0",""', '"03-12-2026","1",""')),
    (16, ('Ltd.","0"', 'Ltd.","1"')),
    (17, ('"10.0000"', '"10.0"')),
    (17, ('"250.00"', '"250"')),
    (18, ('"25.0000"', '"26.0000"')),
    (18, ('"-2.0000","25.0000"', '"2.0000","-25.0000"')),
    (19, (TAX, TAX.replace('"0","1"', '"2","1"'))),
    (19, (f',{TAX},"PST"', f',{TAX},"GST"')),
    (19, (TAX, TAX.removesuffix(',"12.50"'))),
    (20, (TAX, TAX.replace("12.50", "12.53"))),
    (20, (TAX, TAX.replace("12.50", "-12.50"))),
    (21, (TAX, TAX.replace('"0","1"', '"0","0"'))),
    (22, ('"549.64"', '"549.65"')),
    (22, ('"549.64","0.00"', '"549.64","1.00"')),
    (23, ('"-56.00"', '"56.00"')),
]


@pytest.mark.parametrize(("point", "harm"), SALES)
def test_sales_journal(point: int, harm: Harm) -> None:
    with pytest.raises(REFUSED):
        sage50us_reader.read(repacked(us(), lambda part: harmed(part, harm)))


@pytest.mark.parametrize(("point", "harm"), SALES_EVERYWHERE)
def test_sales_journal_on_each_row(point: int, harm: Harm) -> None:
    with pytest.raises(REFUSED):
        sage50us_reader.read(repacked(us(), lambda part: harmed(part, harm, everywhere=True)))


@pytest.mark.parametrize(("point", "harm"), CUSTOMERS)
def test_customer_list(point: str, harm: Harm) -> None:
    with pytest.raises(REFUSED):
        sage50us_reader.read(repacked(us(), lambda part: harmed(part, harm), "CUSTOMER.CSV"))


def test_sales_journal_as_a_whole() -> None:
    """1, 2 and 10: a byte order mark, not ended, a customer in UTF-8, 155 rows."""
    sage50us_reader.read(repacked(us(), lambda part: many_rows(part, 154)))
    for name, change in (
        ("SALES.CSV", lambda part: b"\xef\xbb\xbf" + part),
        ("SALES.CSV", lambda part: part[:-2]),
        ("CUSTOMER.CSV", lambda part: part.decode("cp1252").encode()),
        ("SALES.CSV", lambda part: many_rows(part, 155)),
    ):
        with pytest.raises(REFUSED):
            sage50us_reader.read(repacked(us(), change, name))


@pytest.mark.parametrize(("point", "harm"), IMP)
def test_imp(point: int, harm: Harm) -> None:
    with pytest.raises(REFUSED):
        imp_reader.read(harmed((GOLDEN / "sage-50-ca.imp").read_bytes(), harm))


def test_imp_as_a_whole() -> None:
    """1, 2, 10 and 23: a byte order mark, UTF-8, not ended, a customer twice, a credit note that sells."""
    data = (GOLDEN / "sage-50-ca.imp").read_bytes()
    card = data.split(b"<customers>\r\n")[1].split(b"</customers>")[0]
    sold = data.replace(b'"-2.0000"', b'"2.0000"').replace(b'"-50.00"', b'"50.00"')
    sold = sold.replace(b'"-2.50"', b'"2.50"').replace(b'"-3.50"', b'"3.50"')
    for each in (
        b"\xef\xbb\xbf" + data,
        data.decode("cp1252").encode(),
        data[:-2],
        data.replace(card, card + card, 1),
        sold,
    ):
        with pytest.raises(REFUSED):
            imp_reader.read(each)


def us() -> bytes:
    return (GOLDEN / "sage-50-us.zip").read_bytes()


def many_rows(part: bytes, count: int) -> bytes:
    """The heading and one document of so many rows."""
    head = f"NORTHWIND,INV-1,,FALSE,03/12/26,FALSE,,04/11/26,0.00,03/12/26,,11000,,,FALSE,,FALSE,{count}"
    rows = [f"{head},{at},0,FALSE,1.00,,A,40000,1.00,1,-1.00,,,1" for at in range(1, count + 1)]
    return "".join(f"{row}\r\n" for row in [part.decode("cp1252").split("\r\n")[0], *rows]).encode()
