"""Where bytes come from: files and standard input, never a thing that blocks."""

from __future__ import annotations

import hashlib
import io
import os
import sys
from pathlib import Path

import pytest

from coach.document import read
from coach.errors import InputError

POSIX = pytest.mark.skipif(os.name != "posix", reason="FIFOs and permissions as on POSIX")


def refused(source: str | Path, **options: int) -> InputError:
    with pytest.raises(InputError) as caught:
        read(source, **options)
    assert caught.value.hint
    assert "\n" not in caught.value.message
    return caught.value


def test_a_file_is_read_and_hashed_as_it_is(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfmailbox first\r\n"
    (tmp_path / "notes.txt").write_bytes(data)
    document = read(tmp_path / "notes.txt")
    assert (document.name, document.text) == ("notes.txt", "mailbox first\n")
    assert document.sha256 == hashlib.sha256(data).hexdigest()


def test_standard_input_is_named_by_a_dash() -> None:
    document = read("-", stdin=io.BytesIO(b"mailbox first"))
    assert (document.name, document.format) == ("-", "plain text")


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"---\n\n---\n"])
def test_nothing_to_read_is_one_clear_line(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^standard input: it ") as caught:
        read("-", stdin=io.BytesIO(data))
    assert caught.value.exit_code == 2


def test_standard_input_that_is_closed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert "closed" in refused("-").message


class Endless(io.RawIOBase):
    """Gives letters for ever, and counts them."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        assert 0 < size <= 1 << 20
        self.given += size
        return b"a" * size


def test_more_than_the_limit_is_never_read(tmp_path: Path) -> None:
    endless = Endless()
    with pytest.raises(InputError, match=r"larger than the limit of 0\.01 MB"):
        read("-", stdin=endless, limit=10_000)  # type: ignore[arg-type]
    assert endless.given <= 10_001
    (tmp_path / "big.txt").write_bytes(b"a" * 10_001)
    assert "limit" in refused(tmp_path / "big.txt", limit=10_000).message
    (tmp_path / "big.txt").write_bytes(b"a " * 5_000)
    assert read(tmp_path / "big.txt", limit=10_000).kind == "notes"


def test_what_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path / "no.txt").message == "no.txt: there is no such file"
    assert refused(tmp_path).message == f"{tmp_path.name}: it is a folder"
    assert "no such file" in refused(tmp_path / "no" / "n.txt").message
    assert "cannot be opened" in refused("bad\0name").message
    assert refused("a" * 5000).message.endswith(")")


@POSIX
def test_a_pipe_or_a_device_never_blocks(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "a pipe or a device" in refused(tmp_path / "pipe").message
    assert "a pipe or a device" in refused("/dev/zero").message
    assert "a pipe or a device" in refused("/dev/null").message


@POSIX
def test_links_to_files_are_followed(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mailbox first")
    (tmp_path / "link.txt").symlink_to(tmp_path / "notes.txt")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert read(tmp_path / "link.txt").name == "link.txt"
    assert "cannot be opened" in refused(tmp_path / "loop").message


@POSIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read anything")
def test_a_file_one_may_not_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mailbox first")
    (tmp_path / "notes.txt").chmod(0)
    assert "may not be read" in refused(tmp_path / "notes.txt").message


@POSIX
def test_a_name_that_is_not_text_is_shown_escaped(tmp_path: Path) -> None:
    strange = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b[2J.txt")
    Path(strange).write_text("mailbox first")
    document = read(strange)
    assert document.name.isprintable()
    assert refused(strange + "x").message.isprintable()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{\\rtf1 hello}", "a rich text"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(40), "a recording"),
        (b"\x1f\x8b\x08" + bytes(40), "a compressed file"),
    ],
)
def test_foreign_files_are_named_for_what_they_are(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read("-", stdin=io.BytesIO(data))
    assert caught.value.hint
