"""Prompts: files of two messages, filled in at one go, every fault at its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from pydantic import BaseModel
from typer.testing import CliRunner

from coach.cli.boundary import Boundary
from coach.engines.llm.prompts import load_prompt, prompts
from coach.engines.llm.question import Question
from coach.errors import DataFileError, UsageError

GOOD = """\
---
name: sum
version: 1.2
about: "An example: what was agreed."
inputs: [guide, lines]
answer: summary
most_tokens: 900
---

You read notes. A $$ is a dollar, ${guide} is the guide.

Second paragraph of ${guide}s.

--- user ---

$lines
The end.

"""


@pytest.fixture
def own(home: Path) -> Path:
    """The folder of the user's own prompts."""
    (home / "prompts").mkdir()
    return home / "prompts"


@pytest.fixture
def write(own: Path) -> Callable[..., Path]:
    def write(text: str | bytes, name: str = "sum") -> Path:
        path = own / f"{name}.md"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_file_is_two_messages_and_what_they_need(write: Callable[..., Path]) -> None:
    path = write(GOOD)
    prompt = load_prompt("sum")
    assert (prompt.name, prompt.version, prompt.answer) == ("sum", "1.2", "summary")
    assert prompt.inputs == ("guide", "lines")
    assert prompt.about == "An example: what was agreed."
    assert prompt.most_tokens == 900
    assert prompt.where == str(path)
    assert prompt.render(guide="ISP", lines="L1: hi") == (
        "You read notes. A $ is a dollar, ISP is the guide.\n\nSecond paragraph of ISPs.",
        "L1: hi\nThe end.",
    )


@pytest.mark.parametrize("text", [GOOD.replace("\n", "\r\n"), "\ufeff" + GOOD])
def test_line_ends_and_byte_order_marks_make_no_difference(
    write: Callable[..., Path], text: str
) -> None:
    write(GOOD)
    plain = load_prompt("sum")
    write(text)
    assert load_prompt("sum") == plain


@pytest.mark.parametrize("hostile", ["$guide", "${guide}", "$$", "$nobody", "--- user ---", "$"])
def test_a_name_inside_an_input_is_only_text(write: Callable[..., Path], hostile: str) -> None:
    write(GOOD)
    _, user = load_prompt("sum").render(guide="SECRET", lines=hostile)
    assert user == f"{hostile}\nThe end."


def test_an_input_that_is_not_given_is_named(write: Callable[..., Path]) -> None:
    path = write(GOOD)
    with pytest.raises(DataFileError) as caught:
        load_prompt("sum").render(guide="ISP", more="x")
    assert caught.value.message == f"prompt 'sum' ({path}) needs an input 'lines'"
    assert caught.value.hint == "coach gives it guide, more; take the other out"


def test_another_text_or_version_has_another_fingerprint(write: Callable[..., Path]) -> None:
    changes = [("", ""), ("1.2", "1.3"), ("You read", "You see"), ("The end", "An end")]
    seen = set()
    for old, new in changes:
        write(GOOD.replace(old, new) if old else GOOD)
        seen.add(load_prompt("sum").fingerprint)
    write(GOOD.replace("what was agreed", "all of it"))
    seen.add(load_prompt("sum").fingerprint)
    assert len(seen) == len(changes)


# -- faults ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("$lines", "$lnes",
         ["16:1: $lnes is not among the inputs, did you mean $lines? (inputs: guide, lines)"]),
        ("$lines\n", "", ["5:17: inputs.1: the text never uses $lines; use it, or take it out"]),
        ("lines]", "Lines]", ["5:17: inputs.1: must be lower-case letters, digits and _, a letter "
         "first: 'my_lines'"]),
        ("The end.", "Yours, $line",
         ["17:8: $line is not among the inputs, did you mean $lines? (inputs: guide, lines)"]),
        ("The end.", "${else}",
         ["17:1: $else is not among the inputs (inputs: guide, lines)"]),
        ("The end.", "for $5 or 5$",
         ["17:5: a lone $; write $$ for a dollar, $name or ${name} for an input",
          "17:12: a lone $; write $$ for a dollar, $name or ${name} for an input"]),
        ("[guide, lines]", "[guide, lines, guide]",
         ["5:24: inputs.2: 'guide' stands above already; keep one"]),
        ("[guide, lines]", "[guide, lines, notes]",
         ["5:24: inputs.2: the text never uses $notes; use it, or take it out"]),
        ("[guide, lines]", "guide",
         ["5:9: inputs: must be a list: [one, two], or a '- ' in front of each"]),
        ("name: sum", "name: map", ["2:7: name: must be 'sum', as the file is called"]),
        ("answer: summary\n", "", ["2:1: answer: is missing"]),
        ("answer: summary", "anwser: summary", ["2:1: answer: is missing", "6:1: anwser: unknown "
         "key, did you mean 'answer'? (known here: name, version, inputs, answer, about, "
         "most_tokens)"]),
        ("version: 1.2", "version: one two",
         ["3:10: version: must be short, of letters, digits, dots and dashes: '1' or '1.2'"]),
        ("900", "many", ["7:14: most_tokens: input should be a valid integer, unable to parse "
         "string as an integer"]),
        ("--- user ---", "--- USER ---", ["19:1: no line '--- user ---': it parts the system "
         "message from the user message"]),
        ("The end.", "--- user ---", ["17:1: a second line '--- user ---'; keep one"]),
        ("---\nname", "name", ["1:1: no front matter: the file must start with '---', "
         "'key: value' lines and '---'"]),
        ("900\n---", "900", ["1:1: no front matter: the file must start with '---', "
         "'key: value' lines and '---'"]),
        (GOOD[GOOD.index("\nYou"):GOOD.index("--- user")], "", ["5:10: inputs.0: the text never "
         "uses $guide; use it, or take it out"]),
        ("summary", "[", ["7:17: a bracket is not closed, or a comma is missing"]),
    ],
)  # fmt: skip
def test_every_fault_is_told_at_its_place(
    write: Callable[..., Path], old: str, new: str, told: list[str]
) -> None:
    assert old in GOOD
    path = write(GOOD.replace(old, new))
    with pytest.raises(DataFileError) as caught:
        load_prompt("sum")
    lines = [line.removeprefix(f"{path}:") for line in caught.value.message.split("\n")]
    assert lines == told


def test_an_empty_message_is_a_fault(write: Callable[..., Path]) -> None:
    head = "---\nname: sum\nversion: 1\nanswer: summary\n---\n"
    path = write(f"{head}\n--- user ---\n")
    with pytest.raises(DataFileError) as caught:
        load_prompt("sum")
    assert caught.value.message.split("\n") == [
        f"{path}:6:1: the system message is empty; write what the model is to know",
        f"{path}:8:1: the user message is empty; write what the model is to know",
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"---\nname: s\xe9\n---\n", "2:1: it is not UTF-8 text; save it as UTF-8"),
        (b"x" * 300_000, "1:1: it is larger than 200,000 bytes; shorten it"),
        (b"", "1:1: no front matter: the file must start with '---', 'key: value' lines and '---'"),
    ],
)
def test_what_is_no_prompt_at_all_is_refused(
    write: Callable[..., Path], data: bytes, told: str
) -> None:
    path = write(data)
    with pytest.raises(DataFileError) as caught:
        load_prompt("sum")
    assert caught.value.message == f"{path}:{told}"


def test_the_caller_says_what_it_can_give_and_read(write: Callable[..., Path]) -> None:
    path = write(GOOD)
    load_prompt("sum", answers={"summary"}, given={"guide", "lines"}, needed=["lines"])
    with pytest.raises(DataFileError) as caught:
        load_prompt("sum", answers={"map", "draft"}, given={"lines"}, needed=["lines", "names"])
    assert caught.value.message.split("\n") == [
        f"{path}:5:9: inputs: 'names' is missing; without it nothing could be answered",
        f"{path}:5:10: inputs.0: coach gives no 'guide' here; it gives lines",
        f"{path}:6:9: answer: 'summary' is not known; the answers are draft, map",
    ]


@pytest.mark.parametrize("name", ["nothing", "README", "../guides/isp", "", "a/b", "sum.md"])
def test_a_name_that_no_prompt_has_is_refused(own: Path, name: str) -> None:
    with pytest.raises(UsageError, match="among the prompts"):
        load_prompt(name)


def test_the_example_of_the_readme_is_a_valid_prompt(
    root: Path, write: Callable[..., Path]
) -> None:
    text = (root / "prompts" / "README.md").read_text(encoding="utf-8")
    write(text.partition("```markdown\n")[2].partition("```")[0], "example")
    system, user = load_prompt("example").render(guide="GUIDE", lines="LINES")
    assert "GUIDE" in system
    assert user == "LINES"


def test_every_bundled_prompt_is_valid() -> None:
    assert [known.fault for known in prompts() if known.fault] == []


# -- the command -----------------------------------------------------------------------------------


@pytest.fixture
def command() -> Callable[..., Any]:
    """``coach prompt`` by itself: command("sum", "notes.md")."""
    from coach.cli.prompt import prompt

    app = typer.Typer(cls=Boundary, pretty_exceptions_enable=False)
    app.command()(prompt)
    app.callback()(lambda: None)
    return lambda *arguments: CliRunner().invoke(app, ["prompt", *map(str, arguments)])


def test_the_command_lists_prompts_with_what_is_wrong_with_them(
    command: Callable[..., Any], write: Callable[..., Path]
) -> None:
    good, bad = write(GOOD), write("x", "bad")
    lines = command().stdout.splitlines()
    assert f"sum 1.2: An example: what was agreed. [{good}]" in lines
    (told,) = [line for line in lines if line.startswith("bad ")]
    assert told.startswith(f"bad not valid: {bad}:1:1: no front matter")
    listed = {known["name"]: known for known in json.loads(command("--json").stdout)["prompts"]}
    assert listed["sum"]["version"] == "1.2"
    assert listed["bad"]["fault"].startswith(str(bad))
    assert "README" not in listed


def test_the_command_shows_a_prompt_as_written(
    command: Callable[..., Any], write: Callable[..., Path]
) -> None:
    path = write(GOOD)
    assert command("sum").stdout == (
        f"sum 1.2 ({path}), answer: summary\ninputs: guide, lines\n\n--- system ---\n"
        "You read notes. A $$ is a dollar, ${guide} is the guide.\n\n"
        "Second paragraph of ${guide}s.\n\n--- user ---\n$lines\nThe end.\n"
    )
    assert json.loads(command("sum", "--json").stdout)["user"] == "$lines\nThe end."


def test_the_command_tells_a_fault_in_one_line_and_exits_with_2(
    command: Callable[..., Any], write: Callable[..., Path]
) -> None:
    path = write(GOOD.replace("The end.", "$x"))
    done = command("sum")
    assert done.exit_code == 2
    assert f"coach: error: {path}:17:1: $x is not among" in done.stderr
    assert done.stdout == ""


class Nothing(BaseModel):
    """An answer that says nothing."""


@pytest.fixture
def rendering(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The engine's rendering, replaced: two requests whatever the document is."""
    from coach.engines.llm import rendering

    def two(name: str, document: Any, guide: Any, *, engine: Any) -> list[Question[Nothing]]:
        said = [line.content for line in document.content_lines]
        return [
            Question(
                prompt=name,
                version="7",
                system=f"guide {guide.id}\x1b[2J",
                user=said[at],
                answer=Nothing,
                check=lambda _: (),
                tokens=(None, 1234)[at],
            )
            for at in (0, 1)
        ]

    monkeypatch.setattr(rendering, "render_prompt", two)
    return rendering


def test_the_command_shows_every_request_about_a_source(
    command: Callable[..., Any], rendering: ModuleType, tmp_path: Path
) -> None:
    source = tmp_path / "notes.md"
    source.write_text("- first thing agreed\n- second thing agreed\n", encoding="utf-8")
    done = command("sum", source)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == (
        "--- system ---\nguide isp\\x1b[2J\n\n--- user ---\n- first thing agreed\n"
        "--- system ---\nguide isp\\x1b[2J\n\n--- user ---\n- second thing agreed\n"
    )
    assert "request 1 of 2: sum 7, ~" in done.stderr
    assert "request 2 of 2: sum 7, ~1,234 tokens" in done.stderr
    requests = json.loads(command("sum", source, "--json").stdout)["requests"]
    assert [request["user"] for request in requests] == [
        "- first thing agreed", "- second thing agreed",
    ]  # fmt: skip
    assert requests[0]["system"] == "guide isp\x1b[2J"
    assert requests[1]["tokens"] == 1234
