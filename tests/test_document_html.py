"""Mails and pages as HTML: what a reader of them sees."""

from __future__ import annotations

import time

import pytest

from coach.document import Document, read_bytes
from coach.errors import EmptyError

MAIL = """\
From: Kim <kim@example.org>
Subject: The count

<html><head><title>Mail</title><style>p { color: red }</style></head><body>
<h2>The   count</h2>
<p>It isn&#39;t done,&nbsp;is <b>it</b>?
Ask&amp;tell.</p>
<blockquote type="cite"><div>You always do this.</div></blockquote>
<ul><li>one<li>two</ul>
<table><tr><td>May</td><td>12</td></tr></table>
<script>if (a < b) { say("<p>no</p>") }</script>
<!-- a remark -->run <code>kill -9</code><br>Bye
</body></html>
"""


def lines(text: str, name: str = "mail.html") -> list[str]:
    return [line.text for line in read(text, name).lines]


def read(text: str, name: str = "mail.html") -> Document:
    return read_bytes(text.encode(), name)


def test_a_mail_is_read_block_by_block() -> None:
    document = read(MAIL)
    assert document.format == "HTML mail"
    assert not document.verbatim
    assert [line.text for line in document.lines] == [
        "From: Kim <kim@example.org>",
        "Subject: The count",
        "# The count",
        "It isn't done, is it? Ask&tell.",
        "> You always do this.",
        "- one",
        "- two",
        "May 12",
        "run `kill -9`",
        "Bye",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<p>one</p><p>two</p>", "-"),
        ("<div dir=ltr>one<br>two</div>", "mail.txt"),
        ("<!DOCTYPE html>\n<title>x</title>one<p>two", "page"),
        ("\n  <span>one</span>\n<div>two</div>", "a.htm"),
    ],
)
def test_the_content_says_that_it_is_html(text: str, name: str) -> None:
    assert lines(text, name) == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<p align=center>Coach</p>\n\nOne.\nTwo.\nThree.\n", "README"),
        ("<p>one</p>", "README.md"),
        ("a <b>word</b>\n", "notes.txt"),
        ("<dana> said hello\n", "notes.txt"),
    ],
)
def test_a_text_that_only_holds_tags_stays_as_it_is(text: str, name: str) -> None:
    document = read(text, name)
    assert document.verbatim
    assert document.text == text


def test_line_breaks_count_where_the_page_keeps_them() -> None:
    assert lines("<div><pre>one\n  two\n</pre><p>a\nb</p></div>") == ["one", "two", "a b"]


def test_a_transcript_on_a_page_is_one() -> None:
    turns = "".join(f"<p>{name}: what about the list we made?</p>" for name in ("Dana", "Kim") * 4)
    assert read(turns).kind == "transcript"


def test_a_page_without_words_holds_nothing() -> None:
    with pytest.raises(EmptyError):
        read("<html><script>words()</script></html>")


@pytest.mark.parametrize(
    "unit", ["<p>", "<!--", '<a href="', "</", "<![CDATA[", "<?", "<p x=", "&#", "<b>a "]
)
def test_time_grows_no_faster_than_the_page(unit: str) -> None:
    def seconds(size: int) -> float:
        page = ("<html>words " + unit * (size // len(unit))).encode()
        start = time.process_time()
        read_bytes(page, "-")
        return max(time.process_time() - start, 0.05)

    assert seconds(400_000) < 8 * seconds(100_000)
