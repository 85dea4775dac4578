"""Data files: found by name or path, read as YAML of text, every fault at its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from coach.errors import DataFileError, UsageError
from coach.guide import Guide
from coach.resources import (
    Fault,
    bundled,
    find,
    is_path,
    load_model,
    named,
    parsed,
    root,
    user_folder,
)


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    size: int = 1
    kind: Literal["soft", "hard"] = "soft"
    tags: tuple[str, ...] = ()


class Thing(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    note: str = ""
    done: bool = False
    parts: tuple[Part, ...] = Field(default=(), max_length=60_000)


@pytest.fixture
def own(home: Path) -> Path:
    """The folder of the user's own guides."""
    (home / "guides").mkdir()
    return home / "guides"


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "thing.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(tmp_path: Path, text: str | bytes) -> list[str]:
    path = written(tmp_path, text)
    with pytest.raises(DataFileError) as caught:
        load_model(path, Thing)
    return [line.removeprefix(f"{path}:") for line in caught.value.message.split("\n")]


def test_the_data_folders_stand_under_the_root() -> None:
    assert root().joinpath("guides", "isp.yaml").is_file()
    assert "isp.yaml" in [file.name for file in bundled("guides")]
    assert bundled("no-such-folder") == ()


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("isp", False),
        ("isp.v2", False),
        ("my guide", False),
        ("isp.yaml", True),
        ("isp.YML", True),
        ("./isp", True),
        ("guides/isp", True),
        ("", False),
    ],
)
def test_a_path_ends_in_yaml_or_holds_a_separator(given: str, path: bool) -> None:
    assert is_path(given) is path


def test_a_path_is_taken_as_it_stands_even_if_a_name_would_fit() -> None:
    assert find("guides", "isp.yaml") == Path("isp.yaml")


def test_the_users_own_file_wins_by_name(own: Path) -> None:
    assert str(find("guides", "isp")) == str(root().joinpath("guides", "isp.yaml"))
    (own / "isp.yaml").write_text("id: isp")
    assert find("guides", "isp") == own / "isp.yaml"
    assert named("guides")["isp"] == own / "isp.yaml"


def test_a_file_in_the_folder_one_stands_in_is_not_found_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.yaml").write_text("id: mine")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="no 'mine'"):
        find("guides", "mine")


def test_an_unknown_name_names_what_is_near_and_what_is_known() -> None:
    with pytest.raises(UsageError) as caught:
        find("guides", "ips")
    assert "'ips' among the guides" in caught.value.message
    assert "did you mean 'isp'?" in str(caught.value.hint)


def test_without_coach_home_the_platform_says_where_the_users_files_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("COACH_HOME", raising=False)
    assert user_folder("guides").parts[-2:] == ("coach", "guides")


def test_values_stay_text_unless_the_model_types_them(tmp_path: Path) -> None:
    text = (
        "id: no\nnote: 12:30\ndone: true\nparts:\n  - {id: on, size: 3, tags: [yes, 0123, 1e3]}\n"
    )
    thing = load_model(written(tmp_path, text), Thing)
    assert (thing.id, thing.note, thing.done) == ("no", "12:30", True)
    assert thing.parts[0] == Part(id="on", size=3, tags=("yes", "0123", "1e3"))


def test_byte_order_mark_and_windows_line_ends_are_no_matter(tmp_path: Path) -> None:
    thing = load_model(written(tmp_path, "\ufeffid: a\r\nnote: >-\r\n  b\r\n  c\r\n"), Thing)
    assert (thing.id, thing.note) == ("a", "b c")


def test_every_fault_is_told_with_line_column_and_place(tmp_path: Path) -> None:
    text = """\
id: a
id: b
nota: x
parts:
  - id: p
    kind: firm
    tags: one
  - size: many
    id:
  - [x]
"""
    assert refusal(tmp_path, text) == [
        "2:1: id: stands twice in its block; keep one",
        "3:1: nota: unknown key, did you mean 'note'? (known here: id, note, done, parts)",
        "6:11: parts.p.kind: must be 'soft' or 'hard', not 'firm'",
        "7:11: parts.p.tags: must be a list: [one, two], or a '- ' in front of each",
        "8:11: parts.1.size: input should be a valid integer, unable to parse string as an integer",
        "9:5: parts.1.id: is empty; write a value, or take the key out",
        "10:5: parts.2: must be a block of 'key: value' lines",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1:1: is empty"),
        ("# nothing\n", "1:1: is empty"),
        ("a word", "1:1: must be a block"),
        ("- a\n- b\n", "1:1: must be a block"),
        ("note: x\n", "1:1: id: is missing"),
        ("id: a\nnote: see: this\n", "2:10: a second colon on the line"),
        ("id: a\n\tnote: b\n", "2:1: this character cannot start a value"),
        ("id: a\nnote: gate #3\n", "2:11: all after ' #' would be lost"),
        ("id: a\nnote: 'b\n", "2:7: a quote is opened and not closed"),
        ("id: [a\n", "a bracket is not closed"),
        ("id: &x a\nnote: *x\n", "1:5: anchors"),
        ("id: a\nnote: *x\n", "2:7: anchors"),
        ("id: !!python/object:os.system a\n", "1:5: tags"),
        ("id: a\n---\nid: b\n", "2:1: a second document"),
        ("? [a]\n: b\n", "1:3: a key must be a word"),
        ("id: " + "[" * 500, "nested more than 20 deep"),
        ("- " * 500, "nested more than 20 deep"),
        ("id: a\nnote: \x07\n", "2:7: a control character"),
        (b"id: caf\xe9\n", "1:1: it is not UTF-8"),
        (b"id: a\n" + b"#" * 1_000_001, "1:1: it is larger than 1,000,000 bytes"),
        ("parts: [" + "a, " * 60_000 + "]", "more than 50,000 values"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_at_its_place(
    tmp_path: Path, text: str | bytes, told: str
) -> None:
    (line,) = refusal(tmp_path, text)
    assert told in line


def test_a_comment_after_a_blank_is_a_comment(tmp_path: Path) -> None:
    thing = load_model(written(tmp_path, "id: a # the first\nnote: 'gate #3' #4\n"), Thing)
    assert (thing.id, thing.note) == ("a", "gate #3")


def test_faults_that_no_field_shows_are_told_together_with_the_others(tmp_path: Path) -> None:
    def check(value: Any) -> Iterable[Fault]:
        if value["id"] == "a":
            yield Fault(("parts", 0, "id"), "is not to my taste")

    path = written(tmp_path, "id: a\nparts:\n  - id: p\n    sise: 1\n")
    with pytest.raises(DataFileError) as caught:
        load_model(path, Thing, check=check)
    assert caught.value.message.split("\n") == [
        f"{path}:3:9: parts.p.id: is not to my taste",
        f"{path}:4:5: parts.p.sise: unknown key, did you mean 'size'? "
        "(known here: id, size, kind, tags)",
    ]


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo"])
def test_what_is_no_readable_file_is_said_at_once(tmp_path: Path, kind: str) -> None:
    import os

    path = tmp_path / "x.yaml"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        if not hasattr(os, "mkfifo"):
            pytest.skip("no FIFOs on this system")
        os.mkfifo(path)
    with pytest.raises(DataFileError) as caught:
        load_model(path, Thing)
    assert caught.value.message.startswith(f"{path}: ")
    assert caught.value.hint


# -- values kept from one run to the next ----------------------------------------------------------


@pytest.fixture
def values(home: Path) -> Iterator[Path]:
    """Where they are kept; what this process knows of them is forgotten before and after."""
    forget()
    yield home / "cache" / "data-files.json"
    forget()


def forget() -> None:
    parsed._values.cache_clear()


def isp() -> Guide:
    return load_model(root().joinpath("guides", "isp.yaml"), Guide)


def test_a_file_that_comes_with_coach_is_parsed_once(
    values: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = isp()
    assert values.stat().st_mode & 0o777 == 0o600
    forget()
    monkeypatch.setattr("coach.resources.yaml_text.parse", None)
    assert isp() == first


@pytest.mark.parametrize("damage", [b"", b"not what was kept", b"[]"])
def test_values_that_were_damaged_are_as_good_as_none(values: Path, damage: bytes) -> None:
    first = isp()
    values.write_bytes(damage)
    forget()
    assert isp() == first


def test_nothing_of_the_users_own_files_is_kept(values: Path, tmp_path: Path) -> None:
    load_model(written(tmp_path, "id: secret-thing\n"), Thing)
    isp()
    assert b"secret-thing" not in values.read_bytes()
