"""The command line: one file a command; read, call, render, exit. Nothing slow is imported here."""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated

import typer

from coach.cli.boundary import Boundary

_GARBAGE = 200_000
"""Objects made before Python looks for those that hold each other: few here do, and a look at every
700, as usual, takes a tenth of the time of a check."""

app = typer.Typer(
    cls=Boundary,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Turn rough notes or a transcript of a talk with an employee into a draft plan.\n\n"
    "Works offline. SOURCE is a file, or - for standard input. Results go to standard output, "
    "everything else to standard error.",
    epilog="Exit codes: 0 done; 1 something flagged; 2 usage, configuration or unreadable input; "
    "3 incomplete; 4 engine; 130 interrupted.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"coach {version('conversation-coach')}")
        raise typer.Exit


@app.callback()
def _coach(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Never called for itself: holds the options before a command."""


def main() -> None:
    """The console script. Everything it prints is UTF-8, whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # what validates notes is nobody else's to watch, and looking for who would takes a while
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "1"
    gc.set_threshold(_GARBAGE)
    app(prog_name="coach")
