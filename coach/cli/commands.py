"""Commands: every command by its name, imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer

_WHERE = {
    "draft": "draft",
    "map": "map:map_",
    "tone": "tone",
    "inspect": "inspect",
    "guide": "guide",
    "demo": "demo",
    "schema": "schema",
    "prompt": "prompt",
    "tokens": "tokens",
    "doctor": "doctor",
    "lsp": "lsp",
    "cache": "cache",
    "rehearse": "rehearse",
    "script": "script",
    "eval": "evaluate:app",
}
"""The module of each in this package, and its function or ``Typer`` where that has another name.
In the order of ``coach --help``."""


class Commands(MutableMapping[str, Any]):
    """What a group of commands holds: a run pays for the command that it names, not for all."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = dict.fromkeys(_WHERE)

    def __getitem__(self, name: str) -> Any:
        if self._made[name] is None:
            self._made[name] = _command(name)
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __contains__(self, name: object) -> bool:
        return name in self._made


def _command(name: str) -> Any:
    module, _, attribute = _WHERE[name].partition(":")
    found = getattr(import_module(f"coach.cli.{module}"), attribute or module)
    if not isinstance(found, typer.Typer):
        found, function = typer.Typer(add_completion=False, rich_markup_mode=None), found
        found.command(name)(function)
    found.info.name = name
    return typer.main.get_command(found)
