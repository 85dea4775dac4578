"""Fixes: what can safely be written into a file, and how it is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.checks.fixes import Fix, apply, diff, fixes
from coach.checks.ignores import without_ignores
from coach.checks.whole import whole_checks
from coach.document import Document, read_bytes
from coach.errors import InputError
from coach.finding import Finding
from coach.tone import load_rules, scan

RULES = load_rules()
STORY = "The Leeds account comes first, end of story."
MENDED = "The Leeds account comes first. How does that sit with you?"


def checked(text: str, name: str = "mail.md") -> tuple[Document, tuple[Finding, ...]]:
    document = read_bytes(text.encode(), name)
    wording = without_ignores(document)
    findings = scan(wording, RULES)
    return document, (*findings, *whole_checks(wording, findings))


def mended(text: str, name: str = "mail.md") -> str:
    return apply(text, fixes(*checked(text, name)))


def with_wording(text: str, wording: str) -> tuple[Document, tuple[Finding, ...]]:
    """The text as if a model had suggested this wording."""
    document, findings = checked(text)
    return document, tuple(f.model_copy(update={"suggestion": wording}) for f in findings)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"Hi Dana,\n- {STORY}\nAna", f"Hi Dana,\n- {MENDED}\nAna"),
        (f"\ufeffHi 😀\r\n{STORY}\r\nAna\r\n", f"\ufeffHi 😀\r\n{MENDED}\r\nAna\r\n"),
        (f"Hi\r{STORY}\rAna", f"Hi\r{MENDED}\rAna"),
        (f"Hi\n    {STORY}  \n", f"Hi\n    {MENDED}  \n"),
        (f"1. {STORY}\n2. {STORY}\n", f"1. {MENDED}\n2. {MENDED}\n"),
        (f"{STORY} <!-- coach: ignore pip: x -->", f"{MENDED} <!-- coach: ignore pip: x -->"),
    ],
)
def test_a_fix_changes_the_line_and_not_a_byte_besides(before: str, after: str) -> None:
    assert mended(before) == after


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f'As he put it: "{STORY}"\n', "a quote"),
        (f"> {STORY}\n", "a block quote"),
        (f"```\n{STORY}\n```\n", "code"),
        (f"| a | {STORY} |\n", "a table"),
        ("We begin with\nspare me the story about the trains.\n", "its sentence begins above"),
        (f"{STORY[:-1]}\nand the rest can wait.\n", "its sentence goes on below"),
        (f"Hello,\n{STORY}\nOne more late cash-up and HR takes it from here. "
         "Your accuracy is below the required standard. You have until 14 June.\n", "formal"),
    ],
)  # fmt: skip
def test_what_is_not_ours_to_change_stays(text: str, why: str) -> None:
    assert mended(text) == text, why


def test_a_transcript_is_a_record_and_never_changed() -> None:
    talk = f"Ana: How was it?\nBo: Fine.\nAna: {STORY}\nBo: Ok.\nAna: Good.\nBo: Bye.\n"
    document, findings = checked(talk, "talk.txt")
    assert any(finding.suggestion for finding in findings)
    assert fixes(document, findings) == ()


@pytest.mark.parametrize(
    ("wording", "why"),
    [
        ("The account comes first. What do you think?", "the name is gone"),
        ("You never listen about the Leeds account anyway.", "it lands badly itself"),
        ("Leeds?", "the request is gone"),
        ("The Leeds account comes first.\nPlease.", "it is two lines"),
        (STORY, "nothing changes"),
        ("  ", "it is empty"),
    ],
)
def test_a_wording_of_a_model_is_written_only_if_it_is_safe(wording: str, why: str) -> None:
    assert fixes(*with_wording(STORY, wording)) == (), why


def test_a_good_wording_of_a_model_is_written() -> None:
    wording = "I'd like the Leeds account to come first. What do you think?"
    (fix,) = fixes(*with_wording(STORY, wording))
    assert apply(STORY, [fix]) == wording


def test_a_line_with_another_flagged_place_that_would_remain_is_left_alone() -> None:
    document, (finding,) = checked(STORY)
    other = finding.model_copy(
        update={"category": "label", "rule": "tone.label", "found_by": "model", "suggestion": None,
                "start": 4, "end": 9, "quote": "Leeds"}
    )  # fmt: skip
    assert fixes(document, [finding]) != ()
    assert fixes(document, [finding, other]) == ()


def test_a_file_that_changed_meanwhile_is_not_written() -> None:
    found = fixes(*checked(f"Hi\n{STORY}\n"))
    with pytest.raises(InputError, match="no longer the text"):
        apply(f"Hello\n{STORY}\n", found)
    with pytest.raises(InputError, match="no longer the text"):
        apply("", found)


def test_two_fixes_of_one_place_are_refused() -> None:
    (fix,) = fixes(*checked(STORY))
    with pytest.raises(InputError):
        apply(STORY, [fix, fix])


LINES = [STORY, f"- {STORY}", "The belt runs.", "", "You always leave the hard ones for Ana.",
         "Spare me the story about the trains.", "😀 ok", "Ünïcode"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_after_the_fixes_nothing_that_had_one_is_flagged(
    lines: list[str], end: str, marked: bool
) -> None:
    text = ("\ufeff" if marked else "") + end.join(["Hello", *lines]) + end
    found = fixes(*checked(text))
    after = apply(text, found)
    assert after.count(end) == text.count(end)
    assert after.startswith("\ufeff") == marked
    flagged = {finding.line for finding in checked(after)[1]}
    assert flagged.isdisjoint({fix.line for fix in found})
    assert apply(after, fixes(*checked(after))) == after


@pytest.mark.parametrize("text", [f"Hi\r\n{STORY}\r\n", f"Hi\n{STORY}", f"\ufeff{STORY}\n"])
def test_a_diff_is_taken_by_git(tmp_path: Path, text: str) -> None:
    after = mended(text)
    path = tmp_path / "mail.md"
    path.write_bytes(text.encode())
    patch = diff("mail.md", text, after)
    subprocess.run(
        ["git", "apply", "-"], cwd=tmp_path, input=patch.encode(), check=True, capture_output=True
    )
    assert path.read_bytes() == after.encode()


def test_no_change_is_an_empty_diff() -> None:
    assert diff("mail.md", STORY, STORY) == ""


def test_a_fix_says_which_line_becomes_what() -> None:
    (fix,) = fixes(*checked(f"Hi\n- {STORY}\n"))
    assert isinstance(fix, Fix)
    assert (fix.line, fix.start, fix.before, fix.after) == (2, 5, STORY, MENDED)
