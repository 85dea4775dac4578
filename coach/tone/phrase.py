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
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from coach.tone.keys import EMPLOYEE, Keys, either, neighbours, often_any, rarest

PEER = "ꙁ"
"""Each letter of another person's name in a masked text."""

_GLUE = r"[^\w.!?\n]{0,4}"
_GAP = r"(?:\w{1,30}[^\w.!?\n]{1,4}){0,8}?"
_MARKS = {
    "..": _GAP,
    "_": r"\b\w[\w'-]{0,30}" + _GLUE,
    "^": r"(?:^|(?<=[.!?;:\n\"“”‘(…–—])|(?<=[.!?;:…–—] ))[^\w.!?\n]{0,4}",
    "$": r"(?=[^\w.!?\n]{0,4}(?:[.!?\n]|$))",
}
_BUILT_IN = {
    "employee": rf"{EMPLOYEE}{{1,40}}(?:'s)?",
    "peer": rf"{PEER}{{1,40}}(?:'s)?",
    "number": r"(?:\d{1,6}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen"
    r"|twenty|thirty|forty|fifty|sixty|ninety)",
}
_TOKENS = re.compile(r"\{[a-z_]+\}|\.\.|[()|?^$]|_(?!\w)|[\w'&/-]+|\S")
_MAX_GAPS = 2
_MAX_DEPTH = 8


class PhraseFault(ValueError):
    """A phrase that cannot be read."""


class Node(NamedTuple):
    """A piece of a phrase, read."""

    pattern: str
    keys: Keys | None = None
    """Of which a text that holds it must hold one; None where that is not known."""
    empty: bool = False
    """Whether it may be missing."""
    needs: tuple[Keys, ...] = ()
    """Sets of each of which a text that holds it must hold one."""
    core: str | None = None
    """The pattern without its edges, where it is words from edge to edge."""
    firsts: Keys | None = None
    """The words it may start with; None where that is not known."""
    lasts: Keys | None = None
    """The words it may end with."""


@dataclass(frozen=True)
class Phrase:
    """One phrase, read: its pattern and the words without which it cannot be there."""

    text: str
    pattern: str
    held: str = ""
    """What ``needs`` says, a line a set and a bar between keys: made into sets when asked for."""

    @property
    def keys(self) -> Sequence[str]:
        """A text without any of these cannot hold the phrase; empty where that is not known."""
        return self.held.partition("\n")[0].split("|") if self.held else ()

    @cached_property
    def needs(self) -> tuple[Keys, ...]:
        """All such sets, the rarest first."""
        return tuple(frozenset(need.split("|")) for need in self.held.splitlines())

    def is_out_of(self, words: Set[str]) -> bool:
        """Whether a text with just these words (``keys.text_words``) cannot hold the phrase."""
        return any(map(words.isdisjoint, self.needs))

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
        self._read = {name: Node(_edged(core), core=core) for name, core in _BUILT_IN.items()}
        name = frozenset({EMPLOYEE})
        self._read["employee"] = self._read["employee"]._replace(keys=name, firsts=name, lasts=name)
        self._open: list[str] = []

    def node(self, name: str) -> Node:
        """The list as a choice."""
        if name not in self._read:
            if name not in self._words:
                raise PhraseFault(f"there is no list of words called {name!r}")
            if name in self._open:
                raise PhraseFault(f"the list {name!r} holds itself")
            self._open.append(name)
            self._read[name] = _grouped(_Reader(self._words[name], self).read())
            self._open.pop()
        return self._read[name]


def read_phrase(text: str, lists: Lists) -> Phrase:
    """The phrase that stands written here.

    Raises:
        PhraseFault: it does not follow the grammar above; the message says where.
    """
    reader = _Reader(text, lists)
    node = reader.read()
    if node.pattern.count(_GAP) > _MAX_GAPS:
        raise PhraseFault(f"more than {_MAX_GAPS} gaps ('..')")
    if node.empty:
        raise PhraseFault("every word of it may be missing, so it would match anything")
    if reader.edges & {".."}:
        raise PhraseFault("a phrase must start and end with words, not with a gap")
    needs = sorted(node.needs, key=often_any) if node.needs else [node.keys] if node.keys else []
    return Phrase(text, node.pattern, "\n".join("|".join(sorted(need)) for need in needs))


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
        words = self._plain_words()
        if words:
            return _any_word(words)
        branches = [self._sequence(depth)]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._sequence(depth))
        return _any_of(branches)

    def _plain_words(self) -> tuple[str, ...]:
        """The words of a choice, where it is of single words only, as most are; else nothing."""
        found = []
        for at in range(self._at, len(self._pieces), 2):
            after = self._pieces[at + 1] if at + 1 < len(self._pieces) else ")"
            if after not in {"|", ")"} or not _PLAIN_WORD.fullmatch(self._pieces[at]):
                return ()
            found.append(self._pieces[at].lower())
            if after == ")":
                self._at = at + 1
                return tuple(found)
        return ()

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while (piece := self._peek()) is not None and piece not in {"|", ")"}:
            self._at += 1
            part = self._node(piece, depth)
            if self._peek() == "?":
                self._at += 1
                part = Node(f"(?:{part.pattern})?", None, True, firsts=part.firsts)
            parts.append(part)
        if len(parts) == 1:
            return parts[0]
        cores = [part.core for part in parts if part.core is not None]
        core = rf"\b{_GLUE}\b".join(cores) if cores and len(cores) == len(parts) else None
        pairs = neighbours([(part.firsts, part.lasts, part.empty) for part in parts])
        needs = (*(part.keys for part in parts if part.keys), *pairs)
        words = [part for part in parts if part.pattern not in _PLACES]
        return Node(
            "".join(part.pattern for part in parts),
            rarest(needs),
            all(part.empty for part in parts),
            needs,
            core,
            words[0].firsts if words and not words[0].empty else None,
            words[-1].lasts if words else None,
        )

    def _node(self, piece: str, depth: int) -> Node:
        if piece == "(":
            node = self._choice(depth + 1)
            if self._peek() != ")":
                raise PhraseFault("a bracket is not closed")
            self._at += 1
            return _grouped(node)
        if piece in _MARKS:
            return Node(_MARKS[piece], None, piece != "_")
        if piece.startswith("{"):
            return self._lists.node(piece[1:-1])
        if piece[0] == "'" and piece[1:].isalpha():
            core = _letters(piece.lower())
            return Node(_edged(core), core=core)
        if not piece[0].isalnum():
            raise PhraseFault(f"{piece!r} means nothing here")
        return _word(piece.lower())

    def _peek(self) -> str | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None


_PIECES = re.compile(r"\{[a-z_]+\}|\.\.|[()|?^$]|_(?!\w)|[\w'&/-]+|\S")


_PLAIN_WORD = re.compile(r"[^\W_][\w'&/-]*")
_PLACES = (_MARKS["^"], _MARKS["$"])


def _edged(core: str) -> str:
    return rf"\b{core}\b{_GLUE}"


def _any_of(branches: Sequence[Node]) -> Node:
    if len(branches) == 1:
        return branches[0]
    cores = [branch.core for branch in branches if branch.core is not None]
    core = f"(?:{'|'.join(cores)})" if len(cores) == len(branches) else None
    return Node(
        _edged(core) if core else f"(?:{'|'.join(branch.pattern for branch in branches)})",
        either([branch.keys for branch in branches]),
        any(branch.empty for branch in branches),
        core=core,
        firsts=either([branch.firsts for branch in branches]),
        lasts=either([branch.lasts for branch in branches]),
    )


@lru_cache(maxsize=2048)
def _any_word(words: tuple[str, ...]) -> Node:
    return _any_of([_word(word) for word in words])


def _grouped(node: Node) -> Node:
    """The node as one piece of others; what it needs is asked for by its keys alone."""
    core = f"(?:{node.core})" if node.core else None
    return node._replace(
        pattern=_edged(core) if core else f"(?:{node.pattern})", core=core, needs=()
    )


def _letters(word: str) -> str:
    return re.escape(word).replace("'", "'?").replace(r"\-", "[- ]?")


@lru_cache(maxsize=8192)
def _word(word: str) -> Node:
    core = _letters(word)
    if not word.isascii() or set(word) & set("/&"):
        return Node(_edged(core), core=core)
    parts = word.replace("'", "").split("-")
    whole = "".join(parts)
    keys = frozenset({whole, " ".join(parts[:2])})
    return Node(
        _edged(core),
        keys,
        core=core,
        firsts=frozenset({whole, parts[0]}) if len(parts) < 3 else None,
        lasts=frozenset({whole, parts[-1]}) if len(parts) < 3 else None,
    )
