"""Hypothesis strategies: text that breaks files, and documents made of it."""

from decimal import Decimal

from hypothesis import strategies as st

NASTY = st.sampled_from(list("=+-@'\"`,;:<>&|\\\t\n\r \u00a0ä\u0301\u202e\u200b€😀1an*?/%#!"))
TEXT = st.text(NASTY | st.characters(), max_size=12)
WORDS = TEXT.filter(lambda text: bool(text.strip()))
WINDOWS = st.text(st.sampled_from(list("=+-@'\"`,;:<>&|\\\t\n\r \u00a0äÉ€“”nabN019*?/%#!\x00\x7f")), max_size=12)
PLAIN = st.text(st.sampled_from(list("abcÉö€,.&'-/ 019")), min_size=1, max_size=12).filter(
    lambda text: text == text.strip() and text[0] not in "-'"
)
CENTS = st.integers(1, 10**7).map(lambda cents: Decimal(cents).scaleb(-2))
NUMBERS = st.integers(1, 10**7).map(lambda cents: Decimal(cents).scaleb(-4))
