"""The options that commands share, in groups, and how a source is opened with them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

if TYPE_CHECKING:
    from coach import guide as framework
    from coach.document import Document

Source = Annotated[
    str, typer.Argument(metavar="SOURCE", help="Notes or transcript to read; - for standard input.")
]
Guide = Annotated[
    str | None,
    typer.Option(
        "--guide", "-g", help="A guide's name, or the path of a .yaml file.", show_default="isp"
    ),
]
Employee = Annotated[
    str | None,
    typer.Option(
        "--employee", "-e", help="The employee's name, or NAME=VOICE.", show_default=False
    ),
]
Manager = Annotated[
    str | None,
    typer.Option("--manager", "-m", help="The manager's name, or NAME=VOICE.", show_default=False),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        help="Read the text in this encoding instead of the one found.", show_default=False
    ),
]
Limit = Annotated[
    int,
    typer.Option(
        "--max-mb", envvar="COACH_MAX_MB", min=1, help="Refuse sources larger than this many MB."
    ),
]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask; say what is unknown.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")]

Engine = Annotated[
    str | None,
    typer.Option("--engine", help="embedded, which works offline, or llm.", show_default=False),
]
Model = Annotated[
    str | None, typer.Option("--model", help="llm: the model's name.", show_default=False)
]
BaseUrl = Annotated[
    str | None,
    typer.Option("--base-url", help="llm: the server, https://host/v1.", show_default=False),
]
Lang = Annotated[
    str | None,
    typer.Option("--lang", help="llm: language of what is written, de.", show_default=False),
]
People = Annotated[
    str | None,
    typer.Option("--people", help="llm: names to hide, or a file of them.", show_default=False),
]
Pseudonyms = Annotated[
    bool | None,
    typer.Option(
        "--pseudonyms/--no-pseudonyms", help="llm: hide names from the model.", show_default=False
    ),
]
Cache = Annotated[
    bool | None,
    typer.Option(
        "--cache/--no-cache", help="llm: keep answers for a second run.", show_default=False
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="llm: show what would be sent, send nothing.")
]

DEFAULT_LIMIT = 20
"""Megabytes."""


@dataclass(frozen=True)
class Reading:
    """How a source is read, and who is who in it."""

    employee: Employee = None
    manager: Manager = None
    encoding: Encoding = None
    max_mb: Limit = DEFAULT_LIMIT

    def read(self, source: str) -> Document:
        """The source as a document."""
        from coach.document import read

        return read(
            source,
            manager=self.manager,
            employee=self.employee,
            encoding=self.encoding,
            limit=self.max_mb * 1_000_000,
        )

    def open(self, source: str, *, ask: bool = False) -> Document:
        """The source as a document; where its roles are not plain, asked for in a terminal."""
        from coach.cli.output import say, warn

        if source == "-" and is_terminal():
            say("reading from the terminal: paste the notes, then end with Ctrl-D")
        document = self.read(source)
        if ask and source != "-" and _roles_open(document) and is_terminal():
            chosen = _asked_manager(document)
            if chosen:
                document = replace(self, manager=chosen).read(source)
        for warning in document.warnings:
            warn(warning)
        if document.roles_from and not (self.manager and self.employee):
            say(f"who is who: {document.roles_from}")
        return document


@dataclass(frozen=True)
class Answering:
    """Which engine answers, and how; each is a setting of the same name."""

    engine: Engine = None
    model: Model = None
    base_url: BaseUrl = None
    lang: Lang = None
    people: People = None
    pseudonyms: Pseudonyms = None
    cache: Cache = None

    @property
    def flags(self) -> dict[str, Any]:
        """As the settings take them: None where an option was not given."""
        return asdict(self)


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """The command with each group among its parameters spread into options of the command line."""
    hints = get_type_hints(command, include_extras=True)
    groups = {
        name: hint for name, hint in hints.items() if isinstance(hint, type) and is_dataclass(hint)
    }
    spread: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if name in groups:
            spread += _options_of(groups[name])
        else:
            spread.append(parameter.replace(annotation=hints[name]))

    @wraps(command)
    def spoken(**given: Any) -> None:
        made = {
            name: group(**{field.name: given.pop(field.name) for field in fields(group)})
            for name, group in groups.items()
        }
        command(**given, **made)

    kept = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in spread]
    spoken.__signature__ = inspect.Signature(kept)  # type: ignore[attr-defined]
    spoken.__annotations__ = {each.name: each.annotation for each in kept}
    return spoken


def _options_of(group: type) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    kind = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter(field.name, kind, default=field.default, annotation=hints[field.name])
        for field in fields(group)
    ]


def open_guide(name: str | None) -> framework.Guide:
    """The guide of this name, else the one that the settings name."""
    from coach.guide import load_guide
    from coach.settings import Settings

    return load_guide(name or Settings.load().guide)


def _roles_open(document: Document) -> bool:
    return document.kind == "transcript" and document.manager is None and len(document.speakers) > 1


def _asked_manager(document: Document) -> str | None:
    from coach.cli.output import say

    names = [speaker.name for speaker in document.speakers]
    say("which voice is the manager?")
    for place, name in enumerate(names, 1):
        say(f"  {place}. {name}")
    answer: str = typer.prompt("number, or Enter to leave it open", default="", err=True)
    return names[int(answer) - 1] if answer.isdecimal() and 1 <= int(answer) <= len(names) else None


def is_terminal() -> bool:
    """Whether a person is there to read a question and to answer it."""
    import sys

    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
