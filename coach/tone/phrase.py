"""Phrase: how a tone rule writes down what it looks for, and how that is found fast.

    word            that word; apostrophe and hyphen may be missing in the text (dont, login)
    (a|b c)         one of these; nothing between two bars is an empty choice
    word?  (a|b)?   may be missing
    {name}          a list of words: shared (guides/tone/words.yaml) or of the rule's own file
    that 's         short forms, where they may be one of several: (is|'s|was)
    {person}        who the talk is about: you, he, she, they, or the employee's name
    {peer}          a name that is not the employee's
    {number}        a number in digits or words
    ..              a few words of the same sentence, at most eight
    _               any one word
    ^  $            where a sentence starts, where it ends

There is no other repetition, so no phrase can take more than a fixed effort at any place of a
text: a rule of the user's own cannot make a check hang.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

EMPLOYEE = "ꙮ"
"""Each letter of the employee's name in a masked text."""
PEER = "ꙁ"
"""Each letter of another person's name in a masked text."""

_GLUE = r"[^\w.!?\n]{0,4}"
_GAP = r"(?:\w{1,30}[^\w.!?\n]{1,4}){0,8}?"
_NUMBER = (
    r"\b(?:\d{1,6}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty"
    r"|forty|fifty|sixty|ninety)\b"
)
_MARKS = {
    "..": _GAP,
    "_": r"\b\w[\w'-]{0,30}" + _GLUE,
    "^": r"(?:^|(?<=[.!?;:\n\"“”‘(…–—])|(?<=[.!?;:…–—] ))[^\w.!?\n]{0,4}",
    "$": r"(?=[^\w.!?\n]{0,4}(?:[.!?\n]|$))",
}
_BUILT_IN = {
    "employee": rf"\b{EMPLOYEE}{{1,40}}(?:'s)?\b{_GLUE}",
    "peer": rf"\b{PEER}{{1,40}}(?:'s)?\b{_GLUE}",
    "number": _NUMBER + _GLUE,
}
_TOKENS = re.compile(r"\{[a-z_]+\}|\.\.|[()|?^$]|_(?!\w)|[\w'&/-]+|\S")
_COMMON = frozenset(
    "a about again all always an and any are as at be been by can can't do does don't else for from"
    " get go had has have he he's her his how i i'll i'm if in is isn't it it's like me more my"
    " never no not of off on one or out she she's so that that's the their them there they this"
    " to too up was we what when who will with you you're your".split()
)
_MAX_GAPS = 2
_MAX_DEPTH = 8


class PhraseFault(ValueError):
    """A phrase that cannot be read."""


class Node(NamedTuple):
    """A piece of a phrase, read."""

    pattern: str
    keys: frozenset[str] | None = None
    """Words of which a text that holds it must hold one; None where that is not known."""
    empty: bool = False
    """Whether it may be missing."""
    needs: tuple[frozenset[str], ...] = ()
    """Sets of words of each of which a text that holds it must hold one."""


@dataclass(frozen=True)
class Phrase:
    """One phrase, read: its pattern and the words without which it cannot be there."""

    text: str
    pattern: str
    keys: frozenset[str] | None
    """A text without any of these cannot hold the phrase; None where that is not known."""
    needs: tuple[frozenset[str], ...] = ()
    """All such sets, the rarest words among them those of ``keys``."""

    @property
    def names(self) -> bool:
        """Whether it speaks of other people by name."""
        return PEER in self.pattern

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern compiled, when it is first needed: most phrases never are."""
        return re.compile(self.pattern)


class Lists:
    """Lists of words by name, each read once."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._read: dict[str, Node] = {name: Node(text) for name, text in _BUILT_IN.items()}
        self._open: list[str] = []

    def node(self, name: str) -> Node:
        """The list as a choice."""
        if name not in self._read:
            if name not in self._words:
                raise PhraseFault(f"there is no list of words called {name!r}")
            if name in self._open:
                raise PhraseFault(f"the list {name!r} holds itself")
            self._open.append(name)
            pattern, keys, empty, _ = _Reader(self._words[name], self).read()
            self._open.pop()
            self._read[name] = Node(f"(?:{pattern})", keys, empty)
        return self._read[name]


def read_phrase(text: str, lists: Lists) -> Phrase:
    """The phrase that stands written here.

    Raises:
        PhraseFault: it does not follow the grammar above; the message says where.
    """
    reader = _Reader(text, lists)
    pattern, keys, empty, needs = reader.read()
    if pattern.count(_GAP) > _MAX_GAPS:
        raise PhraseFault(f"more than {_MAX_GAPS} gaps ('..')")
    if empty:
        raise PhraseFault("every word of it may be missing, so it would match anything")
    if reader.edges & {".."}:
        raise PhraseFault("a phrase must start and end with words, not with a gap")
    return Phrase(text, pattern, keys, needs)


def text_words(masked: str) -> set[str]:
    """The words of a masked text as phrases' keys know them: no apostrophe, parts and whole."""
    found: set[str] = set()
    for word in _WORD.findall(masked):
        found.add(word.replace("-", "").replace("'", ""))
        found.update(_JOINT.split(word))
    return found


_WORD = re.compile(r"\w+(?:['-]\w+)*")
_JOINT = re.compile(r"['-]")


class _Reader:
    def __init__(self, text: str, lists: Lists) -> None:
        self._lists = lists
        self._pieces = _PIECES.findall(text)
        self._at = 0

    @property
    def edges(self) -> set[str]:
        """Its first and its last piece, where a sentence starts and ends not counted."""
        inner = [piece for piece in self._pieces if piece not in {"^", "$"}]
        return {inner[0], inner[-1]} if inner else set()

    def read(self) -> Node:
        node = self._choice(0)
        if self._at < len(self._pieces):
            raise PhraseFault(f"{self._pieces[self._at]!r} has no partner")
        return node

    def _choice(self, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise PhraseFault("brackets nested too deep")
        branches = [self._sequence(depth)]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._sequence(depth))
        if len(branches) == 1:
            return branches[0]
        pattern = "(?:" + "|".join(branch.pattern for branch in branches) + ")"
        return Node(pattern, _either(branches), any(branch.empty for branch in branches))

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while (piece := self._peek()) is not None and piece not in {"|", ")"}:
            self._at += 1
            part = self._node(piece, depth)
            if self._peek() == "?":
                self._at += 1
                part = Node(f"(?:{part.pattern})?", None, True)
            parts.append(part)
        pattern = "".join(part.pattern for part in parts)
        needs = tuple(part.keys for part in parts if part.keys)
        return Node(pattern, _rarest(needs), all(part.empty for part in parts), needs)

    def _node(self, piece: str, depth: int) -> Node:
        if piece == "(":
            pattern, keys, empty, _ = self._choice(depth + 1)
            if self._peek() != ")":
                raise PhraseFault("a bracket is not closed")
            self._at += 1
            return Node(f"(?:{pattern})", keys, empty)
        if piece in _MARKS:
            return Node(_MARKS[piece], None, piece != "_")
        if piece.startswith("{"):
            return self._lists.node(piece[1:-1])
        if piece[0] == "'" and piece[1:].isalpha():
            return Node(_word(piece[1:].lower()).pattern)
        if not piece[0].isalnum():
            raise PhraseFault(f"{piece!r} means nothing here")
        return _word(piece.lower())

    def _peek(self) -> str | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None


_PIECES = re.compile(r"\{[a-z_]+\}|\.\.|[()|?^$]|_(?!\w)|[\w'&/-]+|\S")


def _word(word: str) -> Node:
    letters = re.escape(word).replace("'", "'?").replace(r"\-", "[- ]?")
    known = word.isascii() and not set(word) & set("/&")
    key = frozenset({word.replace("'", "").replace("-", "")}) if known else None
    return Node(rf"\b{letters}\b{_GLUE}", key)


def _either(branches: Iterable[Node]) -> frozenset[str] | None:
    """The words of all branches; None if one of them can be there without a known word."""
    found: set[str] = set()
    for branch in branches:
        if branch.keys is None:
            return None
        found |= branch.keys
    return frozenset(found)


def _rarest(needs: Iterable[frozenset[str]]) -> frozenset[str] | None:
    """Of the sets that must all be met, the one that fewest texts meet."""
    return min(needs, key=lambda keys: sum(40 if k in _PLAIN else 1 for k in keys), default=None)


_PLAIN = frozenset(word.replace("'", "") for word in _COMMON)
