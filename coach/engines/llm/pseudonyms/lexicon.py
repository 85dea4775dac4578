"""Word lists: given and family names, their short forms, and words that are nobody's name."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})


class Lexicon(NamedTuple):
    """What is known of words, all folded to plain lower-case letters."""

    given: frozenset[str]
    family: frozenset[str]
    wordy: frozenset[str]
    """Names that are everyday words as well (Mark, Grace), or places and brands (Austin)."""
    places: frozenset[str]
    words: frozenset[str]
    capitals: frozenset[str]
    """Written with a capital, and nobody: days, months, languages, teams, products."""
    short: dict[str, tuple[str, ...]]
    """The other forms of a given name: of daniel, dan and danny."""

    def is_word(self, folded: str) -> bool:
        """Whether this is an everyday word, so that only a capital can make it a name."""
        return folded in self.words or folded in self.wordy or len(folded) == 1

    def is_name(self, folded: str) -> bool:
        """Whether this is on the lists of given and family names."""
        return folded in self.given or folded in self.family

    def is_plain(self, folded: str) -> bool:
        """Whether this is a word or capital that names nobody, as far as is known."""
        if self.is_name(folded):
            return folded in self.capitals and folded not in self.wordy
        return folded in self.capitals or folded in self.words or self._inflected(folded)

    def _inflected(self, folded: str) -> bool:
        for ending in ("s", "es", "d", "ed", "ing", "ly", "er", "ers"):
            stem = folded.removesuffix(ending)
            if (
                stem != folded
                and len(stem) > 2
                and (stem in self.words or stem + "e" in self.words)
            ):
                return True
        return False


@cache
def lexicon() -> Lexicon:
    """The lists that come with coach, read once."""
    names, words = _sections("names.txt"), _sections("words.txt")
    short: dict[str, tuple[str, ...]] = {}
    for line in _lines("nicknames.txt"):
        group = line.split()
        for name in group:
            # A short form leads to the long ones of its lines, not to each other's short forms.
            others = group[1:] if name == group[0] else group[:1]
            known = short.get(name, ())
            short[name] = (*known, *(other for other in others if other not in known))
    listed = frozenset(names["given"]) | frozenset(short)
    plain = frozenset(words["words"])
    places = frozenset(names["places"])
    wordy = frozenset(names["words"]) | places | (listed & plain) | frozenset(("pen", "memo"))
    return Lexicon(
        given=listed | wordy,
        family=frozenset(names["family"]),
        wordy=wordy | (frozenset(names["family"]) & plain),
        places=places,
        words=plain,
        capitals=frozenset(words["capitals"]),
        short=short,
    )


def fold(text: str) -> str:
    """The text in plain lower-case letters: no accents, no ligatures, no invisible characters."""
    if text.isascii():
        return text.lower()
    flat = unicodedata.normalize("NFKD", text.casefold().translate(_INVISIBLE))
    return "".join(c for c in flat if not unicodedata.combining(c)).translate(_LETTERS)


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _sections(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _lines(name):
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        else:
            current += line.split()
    return found
