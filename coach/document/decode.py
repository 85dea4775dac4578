"""Text from bytes: which encoding it is, and what was done to read it."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from coach.document.source import shown
from coach.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Not text as people save it; some take quadratic time.
_NOT_FOR_FILES = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"}
_USUAL = re.compile(r"[\x00-\x7f‘’‚“”„–—…•·€£§°«»±×½¼¾²³™©®´\xa0\xad\u200b\u200d\ufeff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_ANOTHER = "save it again as UTF-8, or name its encoding with --encoding"


class Decoded(NamedTuple):
    """The text of a file, the encoding it was read with, and what to tell about that."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, name: str, encoding: str | None = None) -> Decoded:
    """The text of some bytes: as told, else by byte-order mark, NUL pattern, UTF-8, cp1252.

    Raises ``InputError`` for what is not text and for an encoding that is unknown or wrong.
    """
    found = _as_told(data, name, encoding) if encoding else _by_looking(data, name)
    if "\x00" in found.text:
        raise _nul(name)
    controls = len(_CONTROL.findall(found.text[:200_000]))
    if controls > 0.1 * min(len(found.text), 200_000):
        raise InputError(
            f"{shown(name)}: it looks like binary data, not text",
            hint="give a text, Word, PDF or transcript file",
        )
    return found._replace(text=storable(found.text))


def storable(text: str) -> str:
    """The text with lone surrogates and NUL, which no output could hold, shown as U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def one_break(text: str) -> str:
    """The text with LF as its only line break: CR dropped, or turned where it stands alone."""
    text = text.removeprefix("\ufeff")
    return text.replace("\r", "") if "\n" in text else text.replace("\r", "\n")


def _as_told(data: bytes, name: str, encoding: str) -> Decoded:
    try:
        known = codecs.lookup(encoding).name.replace("_", "-")
    except (LookupError, ValueError):
        known = ""
    if not known or known in _NOT_FOR_FILES:
        raise _no_such(name, encoding)
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        raise InputError(
            f"{shown(name)}: it is not text in the encoding {encoding!r}",
            hint="leave --encoding out, or name the one the file was saved with",
        ) from error
    except LookupError as error:  # a codec that does not give text
        raise _no_such(name, encoding) from error
    return Decoded(one_break(text), known)


def _nul(name: str) -> InputError:
    return InputError(
        f"{shown(name)}: it holds NUL bytes, so it is not a text file",
        hint="give a text, Word or PDF file; if it is text, " + _ANOTHER,
    )


def _no_such(name: str, encoding: str) -> InputError:
    return InputError(
        f"{shown(name)}: there is no text encoding {encoding!r}",
        hint="try utf-8, utf-16, cp1252 or cp1251",
    )


def _by_looking(data: bytes, name: str) -> Decoded:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], encoding)
    if (unmarked := _utf16_by_nuls(data)) is not None:
        return _lenient(data, unmarked)
    try:
        return Decoded(one_break(data.decode("utf-8")), "utf-8")
    except UnicodeDecodeError:
        pass
    if b"\x00" in data:
        raise _nul(name)
    nearly = _lenient(data, "utf-8")
    bad = nearly.text.count("\ufffd")
    good = sum(len(run) for run in re.findall(r"[^\x00-\x7f\ufffd]+", nearly.text))
    # Accented cp1252 hardly ever forms valid UTF-8 sequences; cut or patched UTF-8 mostly does.
    if good > 4 * bad or (bad == 1 and good and nearly.text.rstrip().endswith("\ufffd")):
        return nearly
    return _cp1252(data, name)


def _lenient(data: bytes, encoding: str) -> Decoded:
    text = one_break(data.decode(encoding, "replace"))
    bad = text.count("\ufffd") - data.count("\ufffd".encode(encoding))
    if bad <= 0:
        return Decoded(text, encoding)
    return Decoded(
        text, encoding, (f"{bad} places are not valid {encoding} and are shown as \ufffd",)
    )


_FEW = 4
"""Pairs of bytes below which zeros among them tell nothing."""


def _utf16_by_nuls(data: bytes) -> str | None:
    head = data[:2000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    pairs = len(head) // 2
    if pairs < _FEW:
        return None
    if odd > 0.4 * pairs and even <= 0.05 * pairs:
        return "utf-16-le"
    if even > 0.4 * pairs and odd <= 0.05 * pairs:
        return "utf-16-be"
    return None


def _cp1252(data: bytes, name: str) -> Decoded:
    text = one_break(data.decode("cp1252", "replace"))
    odd = len(_USUAL.sub("", text))
    letters = odd + sum(map(str.isalpha, "".join(_USUAL.findall(text[:500_000]))))
    if odd >= 6 and odd > 0.3 * letters:
        raise InputError(
            f"{shown(name)}: its text is neither UTF-8 nor western European",
            hint=_ANOTHER,
        )
    return Decoded(
        text,
        "cp1252",
        ("not UTF-8: read as cp1252 (western European); --encoding names another",),
    )
