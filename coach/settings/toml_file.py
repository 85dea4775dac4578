"""A settings file: its values, and the line and column of every key in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from coach.errors import DataFileError

MOST_BYTES = 100_000

Place = tuple[int, int]
"""Line and column, from 1."""

_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|'
    r"'''.*?'{3,5}|"
    r'"(?:\\.|[^"\\\n])*"|'
    r"'[^'\n]*'|#[^\n]*|[\[\]{}]|\n|[^\"'#\[\]{}\n]+",
    re.DOTALL,
)
"""A text, a remark, a bracket, the end of a line, or what stands between those."""
_PART = re.compile(r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'|[A-Za-z0-9_-]+")
_KEY = re.compile(rf"(?:{_PART.pattern})(?:[ \t]*\.[ \t]*(?:{_PART.pattern}))*")
_START = re.compile(r"([ \t]*)(\[{0,2})[ \t]*")


class SettingsFile(NamedTuple):
    """What one file says about coach."""

    path: Path
    values: dict[str, Any]
    places: dict[tuple[str, ...], Place]

    def at(self, *key: str) -> str:
        """``path:line:column`` of a key, or of the nearest one around it."""
        for length in range(len(key), 0, -1):
            if key[:length] in self.places:
                line, column = self.places[key[:length]]
                return f"{self.path}:{line}:{column}"
        return str(self.path)


def read_file(path: Path, *, table: tuple[str, ...] = ()) -> SettingsFile | None:
    """The file's values at this table, or None where it has no such table.

    A file that is not coach's own (``table`` is given) and that cannot be read or parsed is no
    error unless it names the table: another tool will say so.

    Raises:
        DataFileError: the file cannot be read, is too large, or is not TOML.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            if table:
                return None
            raise _refused(path, f"is larger than {MOST_BYTES // 1000} kB")
        text = data.decode("utf-8-sig")
        values = tomllib.loads(text)
    except OSError as error:
        if table:
            return None
        raise _refused(path, f"cannot be read: {(error.strerror or 'refused').lower()}") from None
    except UnicodeDecodeError:
        if table:
            return None
        raise _refused(path, "is not UTF-8 text") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        if table and f"[{'.'.join(table)}" not in text:
            return None
        found = _AT.search(str(error))
        where = f"{path}:{found[1]}:{found[2]}" if found else str(path)
        what = _AT.sub("", str(error)).strip() if found else "it ends in the middle of a value"
        raise DataFileError(
            f"{where}: is not valid TOML: {what[:1].lower()}{what[1:]}",
            hint='write one "key = value" a line, text in quotes',
        ) from None
    return _table(path, values, table=table, places=_places(text))


def _table(
    path: Path,
    values: dict[str, Any],
    *,
    table: tuple[str, ...],
    places: dict[tuple[str, ...], Place],
) -> SettingsFile | None:
    inner: Any = values
    for name in table:
        inner = inner.get(name) if isinstance(inner, dict) else None
    if not isinstance(inner, dict):
        return None
    depth = len(table)
    inside = {key[depth:]: at for key, at in places.items() if key[:depth] == table}
    return SettingsFile(path, inner, inside)


def _refused(path: Path, what: str) -> DataFileError:
    return DataFileError(f"{path}: {what}", hint="mend the file, or move it away")


def _places(text: str) -> dict[tuple[str, ...], Place]:
    """Where each key stands, in a text that is known to be valid TOML; tomllib gives no places."""
    places: dict[tuple[str, ...], Place] = {}
    header: tuple[str, ...] = ()
    for row, line in _statements(text.replace("\r\n", "\n")):
        start = _START.match(line)
        key = _KEY.match(line, start.end()) if start else None
        if start is None or key is None:
            continue
        keys = tuple(_plain(part[0]) for part in _PART.finditer(key[0]))
        if start[2]:
            header = keys
        else:
            keys = header + keys
        for end in range(1, len(keys) + 1):
            places.setdefault(keys[:end], (row, len(start[1]) + 1))
    return places


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """The first row of each statement, from 1, and the statement's text."""
    row, depth, first, began = 1, 0, 1, 0
    for token in _TOKEN.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        row += token[0].count("\n")
        if token[0] == "\n" and depth == 0:
            yield first, text[began : token.start()]
            first, began = row, token.end()
    yield first, text[began:]


def _plain(part: str) -> str:
    """A part of a key without its quotes."""
    (name,) = tomllib.loads(f"{part} = 0")
    return name
