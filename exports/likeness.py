"""Which name of a package's list is most like one of ours. It is only ever offered: somebody accepts it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

LEAST = 70  # percent; what is less alike is not offered
MOST_COMPARED = 20_000_000  # some 4 s: 2,000 of ours with 10,000 of theirs
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
    """A list, prepared for many questions. 100 percent: the same words, whatever case, accents, order, Ltd. or Inc.

    least: percent below which nothing is offered. After MOST_COMPARED comparisons only what is the same is found.
    """

    def __init__(self, names: Iterable[tuple[str, str]], least: int = LEAST) -> None:
        self._names, self._least, self._left = list(names), least, MOST_COMPARED
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

    def best(self, key: str, name: str) -> Suggestion | None:
        """What is most like one of ours, the earlier in the list first. A code is the same or not: C-1 is no C-2."""
        for text in (_plain(key), _plain(name)):
            if text in self._exact:
                return self._suggestion(self._exact[text], 100)
        return self._nearest(_plain(name)) if self._least < 100 else None

    def _nearest(self, text: str) -> Suggestion | None:
        """Only what is the same is 100 percent."""
        self._left -= len(self._texts)
        if not text or self.is_spent:
            return None
        found = process.extractOne(text, self._texts, scorer=fuzz.ratio, processor=None, score_cutoff=self._least)
        return self._suggestion(self._owners[found[2]], min(int(found[1]), 99)) if found else None

    @property
    def is_spent(self) -> bool:
        """Whether some of ours were compared with nothing but what is the same."""
        return self._left < 0

    def _suggestion(self, owner: int, percent: int) -> Suggestion:
        name, words = self._names[owner]
        return Suggestion(name, words, percent)


def _plain(text: str) -> str:
    """Letters and digits without accents and case, the words in order, without what says only that it is a company."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    words = _WORD.findall(bare.casefold())
    return " ".join(sorted(word for word in words if word not in _COMPANY) or sorted(words))
