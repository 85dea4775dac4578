"""Which engine a command works with, and what it says about it before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coach.document import Document
    from coach.engines import Engine
    from coach.engines.llm.client import Client, Usage
    from coach.engines.llm.engine import LlmEngine
    from coach.guide import Guide
    from coach.settings import Settings


@contextmanager
def opened(flags: Mapping[str, Any]) -> Iterator[Engine]:
    """The engine that options and settings choose; the embedded one unless the user chose llm.

    Before the first byte leaves, standard error says which server gets the text; afterwards what
    it took.
    """
    from coach.cli.output import say
    from coach.engines import open_engine
    from coach.settings import Settings

    settings = Settings.load(flags)
    if settings.engine == "embedded":
        yield open_engine()
        return
    with _Meter() as meter:
        engine, client = _llm(settings, progress=meter)
        endpoint = client.endpoint
        hidden = "names replaced by placeholders" if settings.pseudonyms else "names as they are"
        say(f"engine llm: {endpoint.model} at {endpoint.host} gets the text, {hidden}")
        try:
            yield engine
        finally:
            meter.stop()
            _tell_cost(settings, client, meter.usage)


def show_requests(
    flags: Mapping[str, Any], document: Document, guide: Guide, *, as_json: bool
) -> None:
    """What the llm engine would send to label the document, byte for byte; nothing is sent.

    The request for the draft, and those for rewordings, follow from the answers.
    """
    import json

    from coach.cli.output import emit, say
    from coach.engines.llm.client import Usage, payload
    from coach.settings import Settings

    settings = Settings.load({**flags, "engine": "llm"})
    engine, client = _llm(settings, keyless=True)
    endpoint = client.endpoint
    bodies = [client.body(one) for one in engine.label_requests(document, guide)]
    sizes = [one.tokens or 0 for one in engine.label_requests(document, guide)]
    cost = price_of(settings, client, Usage(prompt=sum(sizes)))
    if as_json:
        told = {
            "schema": "coach.requests/1",
            "url": f"{endpoint.base_url}/chat/completions",
            "tokens": sum(sizes),
            "cost": cost,
            "requests": bodies,
        }
        emit(json.dumps(told, ensure_ascii=False))
    else:
        emit("\n".join(payload(body).decode() for body in bodies))
    say(f"to be sent: {len(bodies)} to {endpoint.base_url}/chat/completions, none sent")
    say(f"~{sum(sizes):,} tokens in for these; {cost}")
    say("the draft, rewordings and repairs follow from the answers and send such lines again")
    left = engine.reading(document).left
    if settings.pseudonyms and left:
        shown = ", ".join(left[:20]) + (" ..." if len(left) > 20 else "")
        say(f"capitalised words that stay as they are: {shown}; names among them go into --people")


def _llm(
    settings: Settings, *, progress: Any = None, keyless: bool = False
) -> tuple[LlmEngine, Client]:
    from coach.cli.output import warn
    from coach.engines.llm.cache import AnswerCache
    from coach.engines.llm.client import Client
    from coach.engines.llm.engine import LlmEngine
    from coach.engines.llm.prices import known_context
    from coach.engines.llm.pseudonyms import load_people

    endpoint = settings.endpoint(keyless=keyless)
    if endpoint.context is None and not endpoint.is_local:
        known = known_context(endpoint.model, endpoint.host)
        endpoint = endpoint.model_copy(update={"context": known})
    cache = AnswerCache(tell=warn) if settings.cache and not keyless else None
    client = Client(endpoint, cache=cache, progress=progress)
    people = load_people(settings.people) if settings.people else ()
    engine = LlmEngine(
        client, people=people, pseudonyms=settings.pseudonyms, language=settings.lang
    )
    return engine, client


def _tell_cost(settings: Settings, client: Client, usage: Usage) -> None:
    from coach.cli.output import say

    if not usage.prompt and not usage.completion:
        say("engine llm: no tokens were counted for finished answers; none are for kept ones")
        return
    told = f"{usage.prompt:,} tokens in, {usage.completion:,} out"
    say(f"engine llm: {told}; {price_of(settings, client, usage)}")


def price_of(settings: Settings, client: Client, usage: Usage) -> str:
    """What this many tokens cost, in words; unknown is never free."""
    from coach.engines.llm.prices import cost

    endpoint = client.endpoint
    if endpoint.is_local:
        return "your own machine"
    known = cost(endpoint.model, endpoint.host, usage, own=settings.prices)
    return "price unknown" if known is None else f"about ${known.usd:.4f} ({known.table})"


class _Meter:
    """Progress on standard error, a line that moves in a terminal and nothing elsewhere."""

    def __init__(self) -> None:
        self._live: Any = None
        self._task: Any = None
        self._before: Sequence[Usage] = ()
        self._now: Usage | None = None

    def __enter__(self) -> _Meter:
        from coach.cli.output import console

        shown = console()
        if shown.is_terminal:
            from rich.progress import Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}"), TimeElapsedColumn())
            self._live = Progress(*columns, console=shown, transient=True)
            self._live.start()
            self._task = self._live.add_task("asking the model", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __call__(self, *, done: int, total: int, usage: Usage) -> None:
        """Told by the client after each answer; counts start anew with each round of questions."""
        if done == 1 and self._now is not None:
            self._before = (*self._before, self._now)
        self._now = usage
        if self._live is not None:
            told = (
                f"{done} of {total} answers, {self.usage.prompt + self.usage.completion:,} tokens"
            )
            self._live.update(self._task, description=told)

    def stop(self) -> None:
        """Take the moving line away."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    @property
    def usage(self) -> Usage:
        """Tokens so far, over all rounds."""
        from coach.engines.llm.question import Usage

        return sum((*self._before, self._now or Usage()), Usage())
