"""The one place where an error becomes a message and an exit code."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from coach.cli.commands import Commands
from coach.errors import CoachError, OutputError


class Boundary(TyperGroup):
    """Runs a command; whatever it raises is told in one clear line, never as a traceback."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes | {"commands": None})
        self.commands = Commands()

    def invoke(self, ctx: Any) -> Any:
        """Run the command that the arguments name."""
        as_json = _wants_json([*ctx._protected_args, *ctx.args])
        try:
            return super().invoke(ctx)
        except CoachError as error:
            _tell(error.code, error.message, error.hint, as_json=as_json)
            raise typer.Exit(error.exit_code) from None
        except TyperException as error:
            # typer hands on the words of pydantic, which mean nothing to a user
            error.message = error.message.removeprefix("Value error, ")
            if not as_json or not hasattr(error, "format_message"):
                raise
            _tell("usage", error.format_message(), "see --help", as_json=True)
            raise typer.Exit(2) from None
        except BrokenPipeError:
            # the reader has gone (a pipe to `head`): not a failure, and nothing more can be said
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except OSError as error:
            if error.filename is not None or error.errno != errno.ENOSPC:
                raise _unknown(error, as_json=as_json) from None
            what = "the result could not be written: no space is left"
            _tell(OutputError.code, what, None, as_json=False)
            raise typer.Exit(OutputError.exit_code) from None
        except KeyboardInterrupt:
            _tell("interrupted", "stopped before it was done", None, as_json=as_json)
            raise typer.Exit(130) from None
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            raise _unknown(error, as_json=as_json) from None


def _unknown(error: Exception, *, as_json: bool) -> typer.Exit:
    """Tells of a fault of coach's own; the exit it comes to."""
    if os.environ.get("COACH_DEBUG"):
        raise error
    # the message of a foreign exception may hold the notes: only its type is told
    what = f"coach met a fault of its own ({type(error).__name__})"
    hint = "run again with COACH_DEBUG=1 for the details, which may hold text of your notes"
    _tell("internal", what, hint, as_json=as_json)
    return typer.Exit(4)


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether errors too are to be JSON: ``--json``, or what it is short for."""
    told = " ".join(arguments)
    return bool(re.search(r"(?:^| )(?:--json|(?:--format[ =]|-f ?)json)(?: |$)", told))


def _tell(code: str, message: str, hint: str | None, *, as_json: bool) -> None:
    from coach.render.visible import visible

    if as_json:
        error = {
            "code": code,
            "message": visible(message, lines=True),
            "hint": visible(hint, lines=True) if hint else None,
        }
        typer.echo(json.dumps({"error": error}, ensure_ascii=False))
        return
    typer.echo(f"coach: error: {visible(message, lines=True)}", err=True)
    if hint:
        typer.echo(f"hint: {visible(hint, lines=True)}", err=True)
