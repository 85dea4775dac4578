"""Support: whether the words of an entry stand in the lines it points to. Pure, no model.

Numbers and names must be there, to the letter; of the other words that say something, most. An
entry that brings a number or a name of its own is an invention, however well it reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from coach.engines.embedded.stems import is_informative, stems
from coach.plan import Provenance

STATED = 0.6
"""Share of an entry's telling words that must stand in its lines for it to count as stated."""
INFERRED = 0.3
"""Below this share it is not the notes' own matter."""

_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_NAME = re.compile(r"(?<![.!?\"“'(\[]\s)(?<!^)(?<![\w'’-])[A-Z][\w'’-]*")
_PLACEHOLDER = re.compile(r"\[([A-Z]+(?:_\d{1,9})?)(?:_[A-Z]{1,9})?\]")
"""A name's placeholder; the last letters tell how the person was written."""
_SPELT = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
_VALUE = {word: str(at if at < 20 else 10 * (at - 18)) for at, word in enumerate(_SPELT)}
_VALUE |= {"half": "0.5", "hundred": "100", "thousand": "1000", "dozen": "12", "couple": "2"}
_VALUE |= {"once": "1", "twice": "2", "first": "1", "second": "2", "third": "3", "fourth": "4"}
_ALWAYS = frozenset({"I", "I'm", "I'll", "I'd", "I've"})


def unsupported(text: str, source: Sequence[str]) -> tuple[str, ...]:
    """The numbers, names and placeholders of the text that stand in none of these lines."""
    told = " ".join(source)
    numbers, words = _numbers(told), {word.casefold() for word in _words(told)}
    missing = [number for number in _plain_numbers(text) if not _same_number(number, numbers)]
    marks = {found[1] for found in _PLACEHOLDER.finditer(told)}
    missing += [found[0] for found in _PLACEHOLDER.finditer(text) if found[1] not in marks]
    bare = _PLACEHOLDER.sub(" ", text)
    for found in _NAME.finditer(bare):
        name = found.group().removesuffix("'s").removesuffix("’s")
        if name not in _ALWAYS and name.casefold() not in words:
            missing.append(name)
    return tuple(dict.fromkeys(missing))


def provenance_of(text: str, source: Sequence[str]) -> Provenance | None:
    """``stated`` where the words are the lines' own, ``inferred`` where fewer are, else None."""
    wanted = [stem for stem in stems(_PLACEHOLDER.sub(" ", text)) if is_informative(stem)]
    if not wanted:
        return "stated"
    known = _stems_of(" ".join(source))
    share = sum(stem in known or _spelt(stem) in known for stem in wanted) / len(wanted)
    if share >= STATED:
        return "stated"
    return "inferred" if share >= INFERRED else None


@lru_cache(maxsize=512)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _spelt(stem: str) -> str:
    return _VALUE.get(stem, stem)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:['’-][^\W_]+)*|[^\W_]+", text) + re.findall(r"[^\W_]+", text)


def _plain_numbers(text: str) -> list[str]:
    return _NUMBER.findall(_PLACEHOLDER.sub(" ", text))


def _numbers(text: str) -> set[str]:
    """Every number of the text, digits and words, in plain digits; thousands written out too."""
    found = set()
    for number in _NUMBER.findall(text):
        found |= {number, number.replace(",", "")}
        found |= set(re.split(r"[.,:/]", number))
    for digits in re.findall(r"(\d+(?:[.,]\d+)?)\s?k\b", text, re.IGNORECASE):
        found.add(f"{float(digits.replace(',', '.')) * 1000:g}")
    found |= {_VALUE[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _VALUE}
    return found


def _same_number(number: str, known: set[str]) -> bool:
    return number in known or number.replace(",", "") in known
