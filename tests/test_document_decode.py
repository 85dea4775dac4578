"""Encodings: what bytes are read as, and what is said about it."""

from __future__ import annotations

import codecs

import pytest

from coach.document import read_bytes
from coach.document.decode import decode
from coach.errors import InputError

WORDS = "café “ok” – naïve £50, she signs off\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (WORDS.encode(), "utf-8"),
        (codecs.BOM_UTF8 + WORDS.encode(), "utf-8"),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), "utf-16-be"),
        (WORDS.encode("utf-16-le"), "utf-16-le"),
        (WORDS.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"), "utf-32-le"),
    ],
)
def test_unicode_is_read_without_a_word(data: bytes, encoding: str) -> None:
    assert decode(data, "n.txt") == (WORDS, encoding, ())


def test_western_european_is_read_with_a_warning() -> None:
    found = decode(WORDS.encode("cp1252"), "n.txt")
    assert (found.text, found.encoding) == (WORDS, "cp1252")
    assert "cp1252" in found.warnings[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Привет, давай поговорим о работе", "cp1251"),
        ("你好，我们今天谈谈你的工作和目标", "gb18030"),
        ("Καλημέρα, πώς πάει η δουλειά", "cp1253"),
    ],
)
def test_other_scripts_are_refused_not_garbled_and_read_when_named(
    text: str, encoding: str
) -> None:
    data = text.encode(encoding)
    with pytest.raises(InputError, match="neither UTF-8 nor western") as refused:
        decode(data, "n.txt")
    assert "--encoding" in (refused.value.hint or "")
    assert decode(data, "n.txt", encoding).text == text


def test_utf8_cut_in_the_middle_of_a_letter_stays_utf8() -> None:
    found = decode("she said café, naïve, é".encode()[:-1], "n.txt")
    assert found.encoding == "utf-8"
    assert found.text.endswith("naïve, \ufffd")
    assert "not valid utf-8" in found.warnings[0]


@pytest.mark.parametrize(
    "encoding", ["no-such", "rot13", "hex", "punycode", "idna", "a\0b", "../x"]
)
def test_an_encoding_that_is_none_is_refused(encoding: str) -> None:
    with pytest.raises(InputError, match="no text encoding"):
        decode(b"hello", "n.txt", encoding)


def test_a_wrong_encoding_is_refused_not_guessed() -> None:
    with pytest.raises(InputError, match="not text in the encoding 'ascii'"):
        decode("é".encode(), "n.txt", "ascii")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"hello\x00there, this is text", "NUL bytes"),
        (bytes(range(1, 32)) * 20, "binary data"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "an image"),
        (bytes(range(256)) * 20, "NUL bytes"),
    ],
)
def test_binary_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_bytes(data, "n.txt")


def test_control_characters_and_lone_surrogates_never_crash() -> None:
    document = read_bytes(b"\x1b[2Jhello there\nsecond \x07line of notes", "n.txt")
    assert document.lines[0].text == "\x1b[2Jhello there"
    surrogate = b'[{"speaker": "A", "text": "hi \\ud800 \\u0000"}]'
    assert read_bytes(surrogate, "n.json").text == "Speaker A: hi \ufffd \ufffd"
