"""Each point that a check of QuickBooks' files must assert (1.11 and 2.5 of the specification): broken, it is found."""

from decimal import Decimal

import pytest

from tests.exports import iif_reader, qbo_reader
from tests.exports.harm import REFUSED, Harm, harmed, repacked
from tests.exports.writing import GOLDEN

pytestmark = pytest.mark.formats
LONG, ADDRESS = "x" * 32, '"118 Harbour St., Suite 4"→Vic'
IIF: list[tuple[int, Harm]] = [
    (2, ("ENDTRNS¶TRNS", "ENDTRNS\nTRNS")),
    (3, ("March bookkeeping", "March\x0bbookkeeping")),
    (4, ("ENDTRNS¶TRNS", "ENDTRNS¶¶TRNS")),
    (4, ("ENDTRNS¶TRNS", "ENDTRNS¶; a comment¶TRNS")),
    (5, ("March bookkeeping", "March; bookkeeping")),
    (6, (ADDRESS, ADDRESS.replace('"', ""))),
    (6, (ADDRESS, ADDRESS.replace('4"', "4"))),
    (6, ("→Printed tax guide→N→-3", '→Printed "tax" guide→N→-3')),
    (7, ("→Printed tax guide→N→-3", "→ Printed tax guide→N→-3")),
    (8, ("PST BC collected→→→N¶ENDTRNS", "PST BC collected→→¶ENDTRNS")),
    (8, ("!TERMS→NAME→DUEDAYS→MINDAYS→DISCPER→DISCDAYS→TERMSTYPE¶", "")),
    (9, ("!TRNS→TRNSID", "!TRNS→NUMBER")),
    (9, ("→CLEAR→NAMEISTAXABLE", "→CLASS→NAMEISTAXABLE")),
    (10, ("!ENDTRNS¶", "!ENDTRNS¶!ENDTRNS¶")),
    (10, ("!ENDTRNS¶", "")),
    (11, ("ENDTRNS¶TRNS", "TRNS")),
    (11, ("ENDTRNS¶TRNS", "ENDTRNS¶ENDTRNS¶TRNS")),
    (11, ("!ENDTRNS¶TRNS", "!ENDTRNS¶SPL→→INVOICE→03/14/2025→A→→→0.00→→→N→→0.00→A→→→N¶TRNS")),
    (12, ("TRNS→→INVOICE", "TRNS→→CASH SALE")),
    (12, ("SPL→→INVOICE", "SPL→→CREDIT MEMO")),
    (13, ("TRNS→→INVOICE→03/14/2025", "TRNS→→INVOICE→3/14/2025")),
    (13, ("TRNS→→INVOICE→03/14/2025", "TRNS→→INVOICE→02/30/2025")),
    (13, ("SPL→→INVOICE→03/14/2025", "SPL→→INVOICE→03/15/2025")),
    (14, ("→04/13/2025→", "→02/13/2025→")),
    (14, ("→04/13/2025→", "→→")),
    (14, ("→Canada→→→→PO-77", "→Canada→→04/28/2025→→PO-77")),
    (15, ("→INV-2041→", "→→")),
    (15, ("→INV-2041→", "→INV-20410001→")),
    (15, ("→CN-0087→", "→inv-2041→")),
    (16, ("Accounts Receivable→Maple Ridge Café Ltd.→→1511", "Accounts Receivable→→→1511")),
    (16, ("→PO-77-1203→", f"→{'P' * 26}→")),
    (16, ("→Victoria BC  V8W 1N6→Canada→→04", f"→{'x' * 42}→Canada→→04")),
    (16, ("ACCNT→Product Income→INC", f"ACCNT→{LONG}→INC")),
    (16, ("TERMS→Net 30→30", f"TERMS→{LONG}→30")),
    (16, ("CUST→Maple", f"CUST→{'x' * 42}Maple")),
    (17, ("→1511.83→", "→1511.8→")),
    (17, ("→-1200.00→", "→-1200→")),
    (18, ("→1511.83→", "→-1511.83→")),
    (18, ("→1511.83→", "→0.00→")),
    (18, ("→-55.95→", "→55.95→")),
    (19, ("→-1200.00→", "→-1200.01→")),
    (20, ("→-10→120.00→", "→-10→121.00→")),
    (20, ("→-10→120.00→", "→10→-120.00→")),
    (20, ("→1→49.95→Tax guide", "→-1→49.95→Tax guide")),
    (21, ("→N→-3→", "→X→-3→")),
    (21, ("→PO-77-1203→→N", "→PO-77-1203→→")),
    (23, ("ACCNT→Product Income→INC", "ACCNT→Consulting income→INC")),
    (23, ("ACCNT→Product Income→INC", "ACCNT→Income:Product→INC")),
    (23, ("→INC¶", "→INCOME¶")),
    (23, ("→SERV→", "→WORK→")),
    (24, ("INVITEM→Tax guide→SERV", "INVITEM→Tax book→SERV")),
    (24, ("CUST→Maple", "CUST→Maples")),
    (24, ("TERMS→Net 30→30", "TERMS→Net 31→30")),
    (24, ("ACCNT→Product Income→INC", "ACCNT→Products→INC")),
]
AUTOSTAX: list[tuple[int, Harm]] = [
    (22, ("→-67.49→→→N→→5%→GST", "→-67.49→→→N→→6%→GST")),
    (22, ("→-67.49→→→N→→5%→GST", "→-67.49→→→N→→67.49→GST")),
    (22, ("→-67.49→→→N→→5%→GST", "→-67.49→→→N→-1→5%→GST")),
    (22, ("Receiver General→→-67.49", "→→-67.49")),
    (22, ("GST→→AUTOSTAX→N", "GST→→AUTOSTAX→Y")),
    (22, ("→0.00→→→N→→0%→GST/PST BC", "→0.00→→→N→→1%→GST/PST BC")),
    (23, ("→COMPTAX→GST 5%→Sales Tax Payable→5%→", "→COMPTAX→GST 5%→Sales Tax Payable→5.00→")),
    (23, ("→5%→N→Receiver General", "→5%→N→")),
    (24, ("VEND→Minister of Finance BC", "VEND→Maple Ridge Café Ltd.")),
    (24, ("VEND→Receiver General", "VEND→Receiver")),
]
HEAD = "2025-03-14,2025-04-13,Net 30"
OTHER = "INV-1,B,2025-03-14,2025-04-13,,,,A,,,,1.00,A,0.00,CAD,"
QBO: list[tuple[int, Harm]] = [
    (2, (',"Bookkeeping, March - 10 hours on site",', ",Bookkeeping, March - 10 hours on site,")),
    (2, ("Printed tax guide", 'Printed "tax" guide')),
    (3, ("*InvoiceNo,*Customer", "*Customer,*InvoiceNo")),
    (3, (",Location,", ",Place,")),
    (3, (",Location,", ",Terms,")),
    (4, (",*ItemAmount,", ",ItemAmount,")),
    (5, (",Currency,", ",Taxable,")),
    (6, (",CAD,¶INV", ",CAD¶INV")),
    (7, (",CAD,¶INV", f",CAD,¶{',' * 15}¶INV")),
    (10, ("INV-2041,Maple Ridge Café Ltd.", "INV-2041,")),
    (10, (HEAD, HEAD.replace("2025-04-13", ""))),
    (10, (",Consulting,", ",,")),
    (12, (",CAD,¶INV", f",CAD,¶{OTHER}¶INV")),
    (13, (HEAD, HEAD.replace("Net 30", "Net 31"))),
    (14, ("INV-2041,", "inv-2041,")),
    (15, (HEAD, HEAD.replace("03-14", "02-30"))),
    (16, (HEAD, HEAD.replace("2025-03-14", "03/14/2025"))),
    (18, (",1200.00,", ",1200.0,")),
    (18, (",144.00,", ",144,")),
    (19, (",144.00,", ",-144.00,")),
    (20, (",10,120.00,", ",10,121.00,")),
    (21, (",10,120.00,", ",10,,")),
    (22, ("GST/PST BC,144.00", ",144.00")),
    (22, ("GST/PST BC,144.00", "GST/PST BC,144.03")),
    (23, (",Consulting,", f",{'x' * 101},")),
    (23, (",Consulting,", ",Con:sulting,")),
    (23, ("Printed tax guide", '"Printed\ntax guide"')),
    (24, ("Printed tax guide", "=1+1")),
    (24, (",CAD,", ",cad,")),
]  # fmt: skip
EVERYWHERE: list[tuple[int, Harm]] = [
    (11, ("INV-2041", "x" * 22)),
    (11, ("INV-2041", 'INV""2041')),
    (17, ("2025-04-13", "2025-03-13")),
    (23, ("Maple Ridge Café Ltd.", "Maple: Café")),
]


def read_qbo(data: bytes) -> None:
    qbo_reader.read(data, rates={"GST/PST BC": Decimal(12)})


@pytest.mark.parametrize(("point", "harm"), IIF)
def test_iif(point: int, harm: Harm) -> None:
    with pytest.raises(REFUSED):
        iif_reader.read(harmed((GOLDEN / "quickbooks-all.iif").read_bytes(), harm))


@pytest.mark.parametrize(("point", "harm"), AUTOSTAX)
def test_iif_of_the_us_edition(point: int, harm: Harm) -> None:
    with pytest.raises(REFUSED):
        iif_reader.read(harmed((GOLDEN / "quickbooks-autostax.iif").read_bytes(), harm))


def test_iif_as_a_whole() -> None:
    """1, 2 and 11: empty, with a byte order mark, UTF-8, not ended, ended inside a transaction."""
    data = (GOLDEN / "quickbooks-all.iif").read_bytes()
    utf_8 = data.decode("cp1252").encode()
    for each in (b"", b"\xef\xbb\xbf" + data, utf_8, data[:-2], data.removesuffix(b"ENDTRNS\r\n")):
        with pytest.raises(REFUSED):
            iif_reader.read(each)


@pytest.mark.parametrize(("point", "harm"), QBO)
def test_qbo(point: int, harm: Harm) -> None:
    data = (GOLDEN / "quickbooks-online.zip").read_bytes()
    with pytest.raises(REFUSED):
        read_qbo(repacked(data, lambda part: harmed(part, harm, "utf-8")))


@pytest.mark.parametrize(("point", "harm"), EVERYWHERE)
def test_qbo_on_each_row(point: int, harm: Harm) -> None:
    data = (GOLDEN / "quickbooks-online.zip").read_bytes()
    with pytest.raises(REFUSED):
        read_qbo(repacked(data, lambda part: harmed(part, harm, "utf-8", everywhere=True)))


def test_qbo_as_a_whole() -> None:
    """1, 8 and 9: empty, with a byte order mark, not UTF-8, over 2 MB, over 100 invoices, over 1,000 rows."""
    data = (GOLDEN / "quickbooks-online.zip").read_bytes()

    def repeated(part: bytes, documents: int, rows: int) -> bytes:
        heading, first, *_ = part.decode().split("\r\n")
        lines = [first.replace("INV-2041", f"INV-{number}") for number in range(documents) for _ in range(rows)]
        return "".join(f"{line}\r\n" for line in [heading, *lines]).encode()

    read_qbo(repacked(data, lambda part: repeated(part, 100, 9)))
    for change in (
        lambda part: b"",
        lambda part: b"\xef\xbb\xbf" + part,
        lambda part: part.decode().encode("cp1252"),
        lambda part: part[:-2],
        lambda part: part.replace(b"Printed tax guide", b"x" * 2_000_001),
        lambda part: repeated(part, 101, 1),
        lambda part: repeated(part, 100, 10),
    ):
        with pytest.raises(REFUSED):
            read_qbo(repacked(data, change))
