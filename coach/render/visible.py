"""Text from notes and models, made safe to show."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_SUSPECT = re.compile(r"[^\t\n -~]")
_MARKDOWN = re.compile(r"[\\`*\[\]<|]|~(?=~)|&(?=#?\w+;)|(?<!\w)_|_(?!\w)")
_LINE_START = re.compile(r"^(\s*)([#>+-]|\d+[.)])(?=\s)")


def visible(text: str, *, lines: bool = False) -> str:
    r"""The text with control, format and private characters written out (``\x1b``).

    So no note can move the cursor, set a colour, or turn the writing direction. Joiners inside
    words and emoji stay. Line breaks stay only with ``lines``; tabs become blanks.
    """
    text = text.replace("\t", " ")
    if not lines:
        text = text.replace("\n", " ")
    return _SUSPECT.sub(_shown, text) if _SUSPECT.search(text) else text


def _shown(match: re.Match[str]) -> str:
    char = match.group()
    if unicodedata.category(char) not in _HIDDEN or char in "\u200c\u200d\u00ad":
        return char
    code = ord(char)
    return (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )


def in_markdown(text: str) -> str:
    """The text as Markdown shows it letter for letter: no tag, table cell or emphasis."""
    text = _MARKDOWN.sub(lambda found: "\\" + found.group(), visible(text))
    return _LINE_START.sub(r"\1\\\2", text)
