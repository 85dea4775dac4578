"""Support: whether the words of an entry stand in the lines it points to. Pure, no model.

Numbers and names must be there, to the letter; of the other words that say something, most. An
entry that brings a number or a name of its own is an invention, however well it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from coach.engines.embedded.stems import is_informative, stems
from coach.engines.llm.pseudonyms.lexicon import fold, lexicon
from coach.plan import Provenance

STATED = 0.6
"""Share of an entry's telling words that must stand in its lines for it to count as stated."""
INFERRED = 0.3
"""Below this share it is not the notes' own matter."""

_NUMBER = re.compile(r"(\d+(?:[.,:/]\d+)*)(?:\s?(k|%|per ?cent|percent)(?![a-z]))?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LINK = re.compile(r"https?://\S+|www\.\S+|\]\(\S*|<\w+", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\[([A-Z]+(?:_\d{1,9})?)(?:_[A-Z]{1,9})?\]")
"""A name's placeholder; the last letters tell how the person was written."""
_SPELT = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
_VALUE = {word: str(at if at < 20 else 10 * (at - 18)) for at, word in enumerate(_SPELT)}
_ALSO = {"half": "0.5", "hundred": "100", "thousand": "1000", "dozen": "12", "couple": "2"}
_ALSO |= {"once": "1", "twice": "2", "first": "1", "second": "2", "third": "3", "fourth": "4"}
"""What a source may say for a number."""
_COUNTED = _VALUE | _ALSO
_NO_NUMBER = frozenset({"zero", "one"})
"""Words for numbers that mostly count nothing ("one of them")."""
_CAPITALS = 0.2
"""Share of words inside sentences with a capital from which on capitals are no sign of a name."""


def unsupported(text: str, source: Sequence[str]) -> tuple[str, ...]:
    """The numbers, names, placeholders and links of the text that stand in none of these lines."""
    return _unsupported(text, " ".join(source))


@lru_cache(maxsize=2048)
def _unsupported(text: str, told: str) -> tuple[str, ...]:
    """Kept, since a wording is judged with its answer and again on its way into the plan."""
    marks = {found[1] for found in _PLACEHOLDER.finditer(told)}
    missing = [found[0] for found in _PLACEHOLDER.finditer(text) if found[1] not in marks]
    missing += [link for link in _LINK.findall(text) if link not in told]
    bare = _PLACEHOLDER.sub(" ", text)
    numbers = _numbers(told)
    missing += [said for said, value in _said_numbers(bare) if value not in numbers]
    missing += _strange_names(bare, told)
    return tuple(dict.fromkeys(missing))


def _strange_names(text: str, told: str) -> Iterator[str]:
    """Capitalised words of the text that the source does not have.

    Where a sentence begins, and where every noun has a capital (German), only those known as names.
    """
    words = _words(told)
    stemmed = _stems_of(told)
    known = lexicon()
    nouns = _capitals(told) > _CAPITALS
    for found in _WORD.finditer(text):
        name = found.group()
        plain = re.sub(r"['’]s$", "", name)
        if not name[0].isupper() or plain.casefold() in words or name in _ALWAYS:
            continue
        begins = not re.search(r"[^\W_]\W{0,2}$", text[: found.start()]) or bool(
            re.search(r"[.!?:]\W*$", text[: found.start()])
        )
        folded = fold(plain)
        listed = folded in known.given or folded in known.family
        if (begins or nouns) and not listed and not (plain.isupper() and len(plain) > 1):
            continue
        if begins and (known.is_plain(folded) or set(stems(plain)) & stemmed):
            continue
        yield plain


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    words = (*_WORD.findall(text), *re.findall(r"[^\W\d_]+", text))
    return frozenset(word.casefold() for word in words)


@lru_cache(maxsize=64)
def _capitals(text: str) -> float:
    """Share of the words inside sentences that have a capital."""
    inside = re.findall(r"(?<=[^\W\d_] )[^\W\d_]{3,}", text)
    return sum(word[0].isupper() for word in inside) / len(inside) if len(inside) > 20 else 0.0


_ALWAYS = frozenset({"I", "I'm", "I'll", "I'd", "I've"})


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


def _said_numbers(text: str) -> Iterator[tuple[str, str]]:
    """Each number of an entry as written, and its value."""
    for found in _NUMBER.finditer(text):
        yield found[0], _value(found)
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _VALUE and word not in _NO_NUMBER:
            yield word, _VALUE[word]


@lru_cache(maxsize=512)
def _numbers(text: str) -> frozenset[str]:
    """The value of every number of the source, digits and words."""
    found = {_value(number) for number in _NUMBER.finditer(text)}
    words = re.findall(r"[a-z]+", text.lower())
    return frozenset(found | {_COUNTED[word] for word in words if word in _COUNTED})


def _value(number: re.Match[str]) -> str:
    """Thousands written out, a share marked as one; dates and clock times as they stand."""
    digits = re.sub(r"[,.](?=\d{3}(?!\d))", "", number[1])
    unit = (number[2] or "").lower()
    if unit == "k":
        plain = digits.replace(",", ".")
        return f"{float(plain) * 1000:g}" if re.fullmatch(r"\d+(\.\d+)?", plain) else digits
    return f"{digits}%" if unit else digits
