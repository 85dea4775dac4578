"""YAML 1.2 read as plain text values, each with its place. Hides the parser.

A strict part of YAML, the part people write by hand: blocks, lists, text. No anchors, aliases or
tags, no second document, no key twice, a cap on size, depth and number of values. Every value is
text, an empty one is None: a model gives types, the file does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.reader import ReaderError

MAX_DEPTH = 20
MAX_VALUES = 50_000

Place = tuple[str | int, ...]
Mark = tuple[int, int]
"""Line and column, both from 1."""

_SKIPPED = (DocumentStartEvent, MappingEndEvent, SequenceEndEvent)
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
_CUT = re.compile(r"[ \t]*#[^\s#]")
_PROBLEMS = {
    "found character": "this character cannot start a value: indent with spaces, not tabs, and "
    "put text that starts with a sign in quotes",
    "mapping values are not allowed": "a second colon on the line: put the text in quotes",
    "could not find expected ':'": "a key without its colon, or text that runs on over the line: "
    "indent it more than its key, or put it in quotes",
    "expected <block end>": "this does not fit the lines above: check indent and quotes",
    "expected the node content": "a value is missing here, or a bracket is not closed",
    "expected ',' or": "a bracket is not closed, or a comma is missing",
    "while scanning a quoted scalar": "a quote is opened and not closed",
    "found unexpected end of stream": "a quote is opened and not closed",
}


class YamlFault(Exception):
    """Text that is no YAML, or not the part of it that is read here."""

    def __init__(self, what: str, mark: Mark = (1, 1)) -> None:
        super().__init__(what)
        self.what = what
        self.mark = mark


class YamlText(NamedTuple):
    """The values of a file, and where each of them stands."""

    value: Any
    """Dicts, lists, text and None, nested."""
    marks: dict[Place, Mark]
    """Where each value starts."""
    keys: dict[Place, Mark]
    """Where the key of each value in a block starts."""
    twice: tuple[tuple[Place, Mark], ...]
    """Keys that stand a second time in their block."""

    def place(self, loc: Place) -> Place:
        """The part of a validator's location that stands in the file."""
        at: Place = ()
        for step in loc:
            if (*at, step) in self.marks:
                at = (*at, step)
        return at

    def mark(self, at: Place) -> Mark:
        """Where this value stands; what holds it, where there is no such value."""
        while at and at not in self.marks:
            at = at[:-1]
        empty = _reach(self.value, at) is None
        return self.keys[at] if empty and at in self.keys else self.marks.get(at, (1, 1))

    def name(self, at: Place) -> str:
        """The place for people, ``steps.review.items``: an id for a number where there is one."""
        parts = []
        here = self.value
        for step in at:
            here = _inside(here, step)
            known = here.get("id") if isinstance(step, int) and isinstance(here, dict) else None
            parts.append(known if isinstance(known, str) else str(step))
        return ".".join(parts)


def parse(data: bytes) -> YamlText:
    """The values of YAML text, UTF-8, with their places.

    Raises:
        YamlFault: it is not UTF-8, not YAML, too large, or uses what is not read here.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise YamlFault("it is not UTF-8 text; save it as UTF-8", (line, 1)) from None
    try:
        return _built(text, _QUICK)
    except (YAMLError, RecursionError, ValueError):
        return _told_by_python(text)


_QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml, ten times as fast, where PyYAML was built with it."""


def _built(text: str, loader: Any) -> YamlText:
    return _Builder(yaml.parse(text, Loader=loader), text.split("\n")).build()


def _told_by_python(text: str) -> YamlText:
    """The same by the parser whose faults are worded and placed for people."""
    try:
        return _built(text, yaml.SafeLoader)
    except MarkedYAMLError as error:
        opened = "quoted scalar" in (error.context or "")
        mark = error.context_mark if opened else error.problem_mark
        here = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise YamlFault(_in_words(error), here) from None
    except ReaderError as error:
        before = text[: error.position]
        here = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise YamlFault("a control character that no text file should hold", here) from None
    except (YAMLError, RecursionError, ValueError):
        raise YamlFault("this is not YAML") from None


class _Builder:
    """Turns the parser's events into values, and notes where each stands."""

    def __init__(self, events: Iterator[Event], lines: list[str]) -> None:
        self._lines = lines
        self._events = (event for event in events if isinstance(event, (NodeEvent, *_SKIPPED)))
        self._marks: dict[Place, Mark] = {}
        self._keys: dict[Place, Mark] = {}
        self._twice: list[tuple[Place, Mark]] = []
        self._count = 0

    def build(self) -> YamlText:
        """All values; an empty file is None."""
        value = None
        if next(self._events, None) is not None:
            value = self._value(next(self._events), ())
            again = next(self._events, None)
            if again is not None:
                raise YamlFault("a second document; '---' may stand only at the top", _mark(again))
        return YamlText(value, self._marks, self._keys, tuple(self._twice))

    def _value(self, event: Event, at: Place) -> Any:
        self._admit(event, at)
        self._marks[at] = _mark(event)
        if isinstance(event, SequenceStartEvent):
            return self._list(at)
        if isinstance(event, MappingStartEvent):
            return self._block(at)
        assert isinstance(event, ScalarEvent)  # noqa: S101 - no other node is left
        if event.style:
            return str(event.value)
        self._admit_comment(event)
        return None if event.value in _EMPTY else str(event.value)

    def _admit_comment(self, event: ScalarEvent) -> None:
        """Refuse a value such as ``gate #3``, of which YAML would silently drop the end."""
        rest = self._lines[event.end_mark.line : event.end_mark.line + 1]
        if event.value and rest and _CUT.match(rest[0], event.end_mark.column):
            raise YamlFault(
                "all after ' #' would be lost; put the text in quotes, or a blank after the #",
                (event.end_mark.line + 1, event.end_mark.column + 1),
            )

    def _admit(self, event: Event, at: Place) -> None:
        self._count += 1
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            raise YamlFault(
                "anchors (&) and aliases (*) are not read; put text that starts so in quotes",
                _mark(event),
            )
        if getattr(event, "tag", None) is not None:
            raise YamlFault(
                "tags (!) are not read; put text that starts so in quotes", _mark(event)
            )
        if len(at) > MAX_DEPTH:
            raise YamlFault(f"nested more than {MAX_DEPTH} deep", _mark(event))
        if self._count > MAX_VALUES:
            raise YamlFault(f"it holds more than {MAX_VALUES:,} values; split it up", _mark(event))

    def _list(self, at: Place) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            values.append(self._value(event, (*at, len(values))))
        return values

    def _block(self, at: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            self._admit(event, at)
            if not isinstance(event, ScalarEvent):
                raise YamlFault("a key must be a word, not a block or a list", _mark(event))
            key = str(event.value)
            if key in values:
                self._twice.append(((*at, key), _mark(event)))
                self._value(next(self._events), (*at, key, "again"))
                continue
            self._keys[(*at, key)] = _mark(event)
            values[key] = self._value(next(self._events), (*at, key))
        return values


def _mark(event: Event) -> Mark:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _reach(value: Any, at: Place) -> Any:
    for step in at:
        value = _inside(value, step)
    return value


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _in_words(error: MarkedYAMLError) -> str:
    told = f"{error.context or ''} {error.problem or ''}"
    known = next((words for sign, words in _PROBLEMS.items() if sign in told), None)
    return known or (error.problem or "this is not YAML").strip()
