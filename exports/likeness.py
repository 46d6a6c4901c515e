"""Which name of a package's list is most like one of ours. It is only ever offered: somebody accepts it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

LEAST = 70  # percent; what is less alike is not offered
_WORD = re.compile(r"[^\W_]+")
_COMPANY = frozenset(
    {"co", "company", "corp", "corporation", "inc", "incorporated", "limited", "llc", "llp", "lp", "ltd", "plc", "the"}
)


@dataclass(frozen=True)
class Suggestion:
    """A name of the list, how the list describes it, and how like it is, in whole percent."""

    name: str
    words: str
    percent: int


class Likeness:
    """A list, prepared for many questions. 100 percent: the same words, whatever case, accents, order, Ltd. or Inc."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._names = list(names)
        self._texts: list[str] = []
        self._owners: list[int] = []
        self._exact: dict[str, int] = {}
        for owner, text in self._plain_texts():
            self._exact.setdefault(text, owner)
            self._texts.append(text)
            self._owners.append(owner)

    def _plain_texts(self) -> Iterator[tuple[int, str]]:
        for owner, pair in enumerate(self._names):
            yield from ((owner, text) for part in pair if (text := _plain(part)))

    def best(self, *ours: str, least: int = LEAST) -> Suggestion | None:
        """What is most like one of our names or codes, the earlier in the list first; None below `least` percent."""
        questions = [text for each in ours if (text := _plain(each))]
        for text in questions:
            if text in self._exact:
                return self._suggestion(self._exact[text], 100)
        found = [self._nearest(text, least) for text in questions]
        best = max(filter(None, found), key=lambda each: each[0], default=None)
        return self._suggestion(best[1], best[0]) if best else None

    def _nearest(self, text: str, least: int) -> tuple[int, int] | None:
        """Percent and owner. Only what is the same is 100 percent."""
        found = process.extractOne(text, self._texts, scorer=fuzz.ratio, processor=None, score_cutoff=least)
        return (min(int(found[1]), 99), self._owners[found[2]]) if found else None

    def _suggestion(self, owner: int, percent: int) -> Suggestion:
        name, words = self._names[owner]
        return Suggestion(name, words, percent)


def _plain(text: str) -> str:
    """Letters and digits without accents and case, the words in order, without what says only that it is a company."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    words = _WORD.findall(bare.casefold())
    return " ".join(sorted(word for word in words if word not in _COMPANY) or sorted(words))
