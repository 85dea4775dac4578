"""The baseline: old findings do not count, new ones do, and no word of a text is kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coach import tone
from coach.checks.baseline import Baseline, Found
from coach.document import Document, read_bytes
from coach.errors import DataFileError
from coach.finding import Finding

OLD = "If that happens again you're out."
OTHER = "You're simply not a detail person."
FORMAL = (
    "Your accuracy is below the required standard. You have thirty days, until 14 June. "
    "Failure to improve may result in disciplinary action."
)


def checked(text: str) -> tuple[Document, tuple[Finding, ...]]:
    document = read_bytes(text.encode(), "notes.md")
    return document, tone.scan(document, tone.load_rules())


def written(folder: Path, text: str, name: str = "notes.md") -> Path:
    path = folder / "baseline.json"
    found = Found(str(folder / name), *checked(text))
    path.write_text(Baseline.of([found], folder=folder).text(), encoding="utf-8")
    return path


def new(path: Path, text: str, name: str = "notes.md") -> list[tuple[str, int]]:
    kept, _ = Baseline.read(path).split(str(path.parent / name), *checked(text))
    return [(finding.rule, finding.line) for finding in kept]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OLD, []),
        (f"# Notes\n\nAll well.\n\n{OLD}\n", []),
        (f"  {OLD.upper()}", []),
        (f"{OLD}\n{OTHER}", [("tone.label", 2)]),
        (f"{OLD}\nAll well.\n{OLD}", [("tone.threat", 3)]),
        (OLD.replace("again", "once more"), [("tone.threat", 1)]),
    ],
)
def test_what_was_there_is_known_again_and_what_is_new_counts(
    tmp_path: Path, text: str, expected: list[tuple[str, int]]
) -> None:
    assert new(written(tmp_path, OLD), text) == expected


def test_what_is_known_is_set_aside_and_not_lost(tmp_path: Path) -> None:
    path = written(tmp_path, f"{OLD}\n{OTHER}")
    kept, known = Baseline.read(path).split(str(tmp_path / "notes.md"), *checked(OLD))
    assert kept == ()
    assert [(one.finding.rule, one.by, one.reason) for one in known] == [
        ("tone.threat", "baseline", None)
    ]


def test_duplicates_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path, f"{OLD}\n{OLD}")
    assert new(path, f"{OLD}\n\n{OLD}") == []
    assert new(path, f"{OLD}\n{OLD}\n{OLD}") == [("tone.threat", 3)]


def test_a_finding_belongs_to_its_file_wherever_the_user_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, OLD)
    assert new(path, OLD, "other.md") == [("tone.threat", 1)]
    (tmp_path / "deeper").mkdir()
    for folder, name in ((tmp_path, "notes.md"), (tmp_path / "deeper", "../notes.md")):
        monkeypatch.chdir(folder)
        where = Path(os.path.relpath(path))
        assert Baseline.read(where).split(name, *checked(OLD))[0] == ()


def test_standard_input_has_a_place_of_its_own(tmp_path: Path) -> None:
    found = Found("<stdin>", *checked(OLD))
    baseline = Baseline.of([found], folder=tmp_path)
    assert baseline.split("-", *checked(OLD))[0] == ()


def test_no_word_of_a_text_and_no_name_of_a_file_is_kept(tmp_path: Path) -> None:
    text = written(tmp_path, f"{OLD}\n{OTHER}", "dana.md").read_text(encoding="utf-8")
    for word in ("happens", "detail", "out", "dana", "tone."):
        assert word not in text.replace("coach.baseline/1", "")
    assert text == written(tmp_path, f"{OTHER}\n\n{OLD}", "dana.md").read_text(encoding="utf-8")


def test_formal_discipline_is_never_accepted(tmp_path: Path) -> None:
    assert "tone.formal" in [rule for rule, _ in new(written(tmp_path, FORMAL), FORMAL)]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (None, "there is no such baseline"),
        (b"", "is not a baseline"),
        (b"{", "is not a baseline"),
        (b"[]", "is not a baseline"),
        (b"{}", "is not a baseline"),
        (b'{"schema": "coach.baseline/2"}', "is not a baseline"),
        (b'{"schema": "coach.baseline/1", "accepted": {"secret words": 1}}', "is not a baseline"),
        (b'{"schema": "coach.baseline/1", "accepted": {"%s": 0}}' % (b"0" * 32), "is not a"),
    ],
)
def test_what_is_no_baseline_is_refused_without_repeating_it(
    tmp_path: Path, data: bytes | None, what: str
) -> None:
    path = tmp_path / "baseline.json"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(DataFileError, match=what) as caught:
        Baseline.read(path)
    assert "--write-baseline" in str(caught.value.hint)
    assert "secret" not in caught.value.message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_in_the_place_of_a_baseline_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "baseline.json")
    with pytest.raises(DataFileError):
        Baseline.read(tmp_path / "baseline.json")
