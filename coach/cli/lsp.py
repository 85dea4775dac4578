"""``coach lsp``: the language server, for editors."""

from __future__ import annotations

from coach.errors import UsageError


def lsp() -> None:
    """Serve an editor over standard input and output: it underlines what lands badly, as you type.

    The editor starts this; docs/tone.md says how. Rules and the embedded model only, nothing is
    sent.
    """
    from importlib.util import find_spec

    if find_spec("pygls") is None:
        raise UsageError(
            "the language server needs pygls, which is not installed",
            hint="pip install 'conversation-coach[lsp]'",
        )
    import sys

    from coach.cli.output import say
    from coach.lsp.server import serve

    if sys.stdin.isatty():
        say("this is for editors, and now waits for one to speak; end it with Ctrl-C")
    serve()
