"""``coach tokens``: whether tokens are counted exactly, and how to have them so."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from coach.cli import options


def tokens(
    action: Annotated[
        Literal["show", "fetch"],
        typer.Argument(
            help="show: which token tables are at hand; fetch: get those that are not, once."
        ),
    ] = "show",
    proxy: Annotated[
        str | None,
        typer.Option(
            help="Fetch by this proxy, http://host:port; none is taken from the environment.",
            show_default=False,
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Show or fetch the tables from which the llm engine counts tokens exactly.

    Without them counts are estimates, shown with a ~, and everything works all the same. Only
    fetch opens a connection, to the maker of the tables; nothing of yours is sent.
    """
    from coach.engines.llm.token_tables import TABLES, find_table, folders, own_folder

    if action == "fetch":
        _fetch(proxy)
    places = folders()
    found = {table.encoding: find_table(table, places) for table in TABLES}
    _tell({name: str(path) if path else None for name, path in found.items()}, as_json=as_json)
    if not as_json and None in found.values():
        from coach.cli.output import say

        say(f"coach tokens fetch puts the missing ones into {own_folder()}")


def _fetch(proxy: str | None) -> None:
    from coach.cli.output import say
    from coach.engines.llm.token_tables import TABLES, fetch_tables, own_folder

    hosts = ", ".join(sorted({table.host for table in TABLES}))
    say(f"asking {hosts} for what is missing, 5.3 MB in all; nothing of yours is sent")
    for done in fetch_tables(own_folder(), tables=TABLES, proxy=proxy):
        say(f"{done.encoding}: {'fetched and verified' if done.fresh else 'was there already'}")


def _tell(found: dict[str, str | None], *, as_json: bool) -> None:
    from importlib.util import find_spec

    from coach.cli.output import emit
    from coach.render.visible import visible

    library = find_spec("tiktoken") is not None
    if as_json:
        tables = [{"encoding": name, "path": path} for name, path in found.items()]
        emit(json.dumps({"schema": "coach.tokens/1", "tiktoken": library, "tables": tables}))
        return
    for name, path in found.items():
        emit(visible(f"{name}: {path or 'not at hand, counts are estimates'}"))
    if not library:
        emit("tiktoken is not installed: counts are estimates")
