"""The roster: files and options that name people."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.engines.llm.pseudonyms import Person, load_people, people_of
from coach.errors import DataFileError, UsageError


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plain_file_names_one_person_a_line(tmp_path: Path) -> None:
    text = (
        "# the team\nDana Whitlock <dana@example.org> (Dee, DW)  # lead\n\n  Priya Raman\nAsh, Jo\n"
    )
    assert load_people(write(tmp_path, "team.txt", text)) == (
        Person(name="Dana Whitlock", email="dana@example.org", aliases=("Dee", "DW")),
        Person(name="Priya Raman"),
        Person(name="Ash, Jo"),
    )


def test_a_yaml_file_holds_names_or_blocks(tmp_path: Path) -> None:
    text = (
        "people:\n  - Priya Raman\n  - name: Dana Whitlock\n    pronouns: she/her\n    id: 0042\n"
    )
    assert load_people(write(tmp_path, "team.yaml", text)) == (
        Person(name="Priya Raman"),
        Person(name="Dana Whitlock", pronouns="she/her", id="0042"),
    )


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("team.yaml", "people:\n  - nam: Dana\n", "team.yaml:2:5: people.0.nam: unknown key"),
        (
            "team.yaml",
            "people:\n  - name: '12'\n",
            "team.yaml:2:11: people.0.name: must hold a letter",
        ),
        ("team.txt", "Dana\n  <dana@example.org>\n", "team.txt:2:3: is not 'Name'"),
        ("team.txt", "Dana\n12 34\n", "team.txt:2:1: is not 'Name'"),
        ("team.txt", "# nobody\n", "team.txt:1:1: names nobody"),
    ],
)
def test_a_fault_is_told_at_its_place(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(DataFileError) as caught:
        load_people(write(tmp_path, name, text))
    assert told in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="there is no such file"):
        load_people(tmp_path / "none.txt")
    path = tmp_path / "latin.txt"
    path.write_bytes(b"Dana\nJos\xe9\n")
    with pytest.raises(DataFileError, match=r"latin\.txt:2:1: it is not UTF-8"):
        load_people(path)


@pytest.mark.parametrize(
    ("told", "people"),
    [
        ("Dana Okafor", [Person(name="Dana Okafor")]),
        ("Dana Okafor, Raj", [Person(name="Dana Okafor"), Person(name="Raj")]),
        (
            "Dana Whitlock <dana@example.org> (Dee, DW),Raj",
            [
                Person(name="Dana Whitlock", email="dana@example.org", aliases=("Dee", "DW")),
                Person(name="Raj"),
            ],
        ),
        ("Sean O'Brien", [Person(name="Sean O'Brien")]),
    ],
)
def test_an_option_may_name_people(told: str, people: list[Person]) -> None:
    assert people_of(told) == tuple(people)


def test_what_has_an_ending_or_a_slash_is_a_file_and_nothing_is_guessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "team.txt", "Priya Raman\n")
    write(tmp_path, "team", "Priya Raman\n")
    for told in ("team.txt", str(tmp_path / "team")):
        assert people_of(told) == (Person(name="Priya Raman"),)
    with pytest.raises(DataFileError, match="there is no such file"):
        people_of("crew.yaml")
    with pytest.raises(UsageError, match="may be a name or the file") as caught:
        people_of("team")
    assert ".txt" in (caught.value.hint or "")


@pytest.mark.parametrize("told", ["42", "Dana,", ", Raj"])
def test_an_option_without_a_name_is_refused(told: str) -> None:
    with pytest.raises(UsageError, match="--people"):
        people_of(told)
