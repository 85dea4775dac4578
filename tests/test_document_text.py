"""Plain text: the file as it is, line for line, and what each line is."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coach.document import Document, read_bytes
from coach.document.talk import _FRAME, is_frame
from coach.errors import InputError


def note(text: str, name: str = "notes.txt") -> Document:
    return read_bytes(text.encode(), name)


PIECES = st.sampled_from(
    ["Dana: ", "Sam:", "[10:12] ", "00:00:01", "**", "# ", "- ", "\n", "\r\n", "\n\n", "---\n",
     "-->", "WEBVTT\n", "{", "[", "Transcript\n", "Summary\n", "me: ok\n", " ", "é", "\u2028", "😀"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("Dana: hi\nSam: hello you")
@example("\ufeffa\r\nb")
@example("a\u2028b\x85c\x0cd")
@example("\x00")
def test_any_text_is_read_whole_or_refused(text: str) -> None:
    try:
        document = note(text)
    except InputError:
        return
    if "\x00" in text and (document.encoding or "").startswith("utf-16"):
        return  # every second byte a zero: nobody can tell it from UTF-16
    if document.format.startswith(("WebVTT", "Sub", "JSON", "Whisper", "HTML")):
        expected = document.text
    else:
        plain = text.removeprefix("\ufeff")
        expected = plain.replace("\r", "" if "\n" in plain else "\n")
    joined = "\n".join(line.text for line in document.lines)
    assert document.text == expected
    assert joined == expected.removesuffix("\n")
    for line in document.lines:
        assert document.text[line.start : line.end] == line.text
        assert 0 <= line.prefix <= len(line.text)
        assert (line.kind == "blank") == (not line.text.strip())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"\xef\xbb\xbfone\r\ntwo\r\n", "one\ntwo\n"),
        (b"one\rtwo", "one\ntwo"),
        (b"one\ntwo\x0bthree\x85", "one\ntwo\x0bthree…"),
        ("one\u2028two\n".encode(), "one\u2028two\n"),
    ],
)
def test_only_line_feeds_break_lines(raw: bytes, text: str) -> None:
    document = read_bytes(raw, "notes.txt")
    assert document.text == text
    assert len(document.lines) == text.removesuffix("\n").count("\n") + 1


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("# Autonomy", "heading"),
        ("## Autonomy: she signs off <2k", "note"),
        ("**Growth**", "heading"),
        ("**Growth:**", "heading"),
        ("Support:", "heading"),
        ("- **first thing**", "note"),
        ("Support: read access", "note"),
        ("- what she is carrying:", "note"),
        ("She told me plainly that the numbers are wrong:", "note"),
        ("---", "frame"),
        ("| --- | --- |", "frame"),
        ("```", "frame"),
        ("<!-- mine -->", "frame"),
        ("mailbox first", "note"),
        ("   ", "blank"),
    ],
)
def test_a_line_of_notes_is_what_it_looks_like(line: str, kind: str) -> None:
    assert note(f"some words\n{line}\nmore words").lines[1].kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "TODO: ring her\nGood: the audit\nQ4: second till\n",
        "Mailbox: first\nTriage: second\n",
        "Priorities:\n- mailbox\n- triage\nSuccess:\n- nothing over 24h\n",
        "Mon: stock\nTue: rota\nMon: stock again\nTue: rota again\n",
        "me: chase IT\nsent her the form\nshe wants the course\nlook again in May\n",
        "09:15 stand-up\n10:30 Priya rang about leave\n14:00 audit\n",
        "DK – damp is with solicitors. PR – nobody writes meanwhile\nDK – lift is out\n",
        "10:00 → 11:00 on the floor\n5 --> 10 percent by May\n",
        "[ ] order the chairs\n[ ] ask about cover\n",
        "{she said} numbers up\n",
        "1:1 prep\nDana - mailbox\nAsk: does she want the course?\nOffer: I can pay\n",
    ],
)
def test_notes_that_look_a_little_like_a_transcript_stay_notes(text: str) -> None:
    document = note(text)
    assert document.kind == "notes"
    assert all(line.speaker is None and line.role is None for line in document.lines)


@pytest.mark.parametrize(
    ("text", "voices"),
    [
        ("Dana: hi\nSam: hello", ["Dana", "Sam"]),
        ("me: how is it going\nher: fine\nme: really?\nher: yes", ["me", "her"]),
        ("Mgr: how is it going\nEmp: fine", ["Mgr", "Emp"]),
        ("Speaker 1: hello\nSpeaker 2: hi\n", ["Speaker 1", "Speaker 2"]),
        ("[18:31] Steve M: you're on mute\n[18:31] Kev: am I?", ["Steve M", "Kev"]),
        ("10:02:13 Jane: hello\n10:02:15 Ben: hi", ["Jane", "Ben"]),
        ("7:41 AM Dale: morning\n7:42 AM Mari: hey", ["Dale", "Mari"]),
        ("Jane Doe (00:12): hello\nBen Roe (00:14): hi", ["Jane Doe", "Ben Roe"]),
        (">> JANE: hello\n>> BEN: hi", ["JANE", "BEN"]),
        ("- **Jane:** hello\n- **Ben:** hi", ["Jane", "Ben"]),
        ("O'Neil, Jo: hello\nvan der Berg, Anna: hi you", ["O'Neil, Jo", "van der Berg, Anna"]),
        ("Jan: hi\nSam: hi you\nJan: ok\nSam: ok\nJan: so", ["Jan", "Sam"]),
        ("Émilie: bonjour you\nPaweł: hi\nÉmilie: ok", ["Émilie", "Paweł"]),
        ("14/05/2026, 10:12 - Jane: hello\n14/05/2026, 10:13 - Ben: hi", ["Jane", "Ben"]),
        ("Jane (00:03):\nhello there\n\nBen (00:05):\nhi\n\nJane (00:09):\nok", ["Jane", "Ben"]),
    ],
)  # fmt: skip
def test_turns_with_a_label_are_a_transcript(text: str, voices: list[str]) -> None:
    document = note(text)
    assert document.kind == "transcript"
    assert [voice.name for voice in document.speakers] == voices
    assert all(not line.content.startswith((":", "*", " ")) for line in document.lines)


def test_a_later_colon_is_no_second_speaker() -> None:
    document = note("Dana: Note: tell me after\nSam: Jane: that was her word\nDana: ok")
    assert [line.content for line in document.lines] == [
        "Note: tell me after",
        "Jane: that was her word",
        "ok",
    ]


def test_a_voice_from_the_side_is_not_put_into_anothers_mouth() -> None:
    document = note(
        "Dana: how is it going?\nSam: fine\nDelivery man: where do you want it?\nDana: there\n"
        "Sam: thanks\nDana: so\nSam: so\nDana: right\nSam: yes\nDana: ok\nSam: ok\n"
    )
    assert document.lines[2].speaker == "Delivery man"


def test_a_header_seen_once_is_not_put_into_anothers_mouth() -> None:
    document = note(
        "Dana Lee 0:03\nhi Sam\n\nSam Roe 0:05\nhello\n\nDana Lee 0:09\nso, how is it\n"
    )
    assert [(voice.name, voice.words) for voice in document.speakers] == [
        ("Dana Lee", 6),
        ("Sam Roe", 1),
    ]


def test_what_the_manager_wrote_under_a_transcript_is_a_note() -> None:
    document = note("Dana: hi\nSam: hello\nDana: ok then\nSam: bye\n\n- ring HR about the course\n")
    assert (document.lines[-1].kind, document.lines[-1].speaker) == ("note", None)


def test_times_without_names_are_speech_of_nobody() -> None:
    document = note("[00:00:03] hello there\n[00:00:05] can I ask something\n[00:00:09] yes\n")
    assert document.kind == "transcript"
    assert [line.content for line in document.lines] == [
        "hello there",
        "can I ask something",
        "yes",
    ]
    assert {line.speaker for line in document.lines} == {None}
    assert "names no speakers" in document.warnings[0]


def test_a_mails_head_is_frame_and_its_subject_a_heading() -> None:
    document = note("From: me\nTo: me\nSubject: Odile, before I forget\n\nshe wants the course\n")
    assert [line.kind for line in document.lines] == ["frame", "frame", "heading", "blank", "note"]


@pytest.mark.parametrize(
    ("title", "employee"),
    [
        ("1:1 Priya 14 Oct (40 min)", "Priya"),
        ("# 1-1 with Sam", "Sam"),
        ("Kōrero with Hollie, Friday, on the bench", "Hollie"),
        ("Tansy 1:1 – Thurs 3 July", "Tansy"),
        ("Bev T – supervision, Thurs 14 Nov", "Bev T"),
        ("1:1 Sneha / Raghav, Thurs 17 Oct", None),
        ("1:1 with Ana and Tom", None),
        ("DEV MGMT 1:1 RECORD (template v4)", None),
        ("Weekly 1:1", None),
        ("Clonmel depot – one to one, Thurs", None),
        ("notes on the audit", None),
    ],
)
def test_a_plain_title_names_the_employee(title: str, employee: str | None) -> None:
    document = note(f"{title}\nsome words\n")
    assert document.employee == employee
    assert document.roles_from == ("the title (line 1)" if employee else None)


def test_given_names_stand_in_notes_and_are_not_looked_for() -> None:
    document = read_bytes(b"1:1 Priya\nsome words", "n.txt", manager="Ann", employee="Priya Shah")
    assert (document.manager, document.employee) == ("Ann", "Priya Shah")
    assert document.roles_from == "--manager and --employee"
    assert all(line.role is None for line in document.lines)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(line=st.from_regex(re.compile(_FRAME.pattern, re.IGNORECASE)))
@example(line="RECORDİNG STOPPED")
@example(line="12m 3ſ")
def test_no_line_of_the_recorder_is_passed_over(line: str) -> None:
    line = line.replace("\n", " ")[:200]
    assert is_frame(line) or not _FRAME.match(line)
