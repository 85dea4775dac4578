"""Which engine a command works with, and what it says about it before and after."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coach.document import Document
    from coach.engines import Engine
    from coach.engines.llm.client import Client, Usage
    from coach.engines.llm.endpoint import Endpoint
    from coach.engines.llm.engine import LlmEngine
    from coach.guide import Guide
    from coach.mapping import StepMap
    from coach.settings import Settings


@contextmanager
def opened(flags: Mapping[str, Any], *, moving: bool = True) -> Iterator[Engine]:
    """The engine that options and settings choose; the embedded one unless the user chose llm.

    ``moving`` says whether a line may move in the terminal while it works: not where one types.

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
    with _Meter(moving=moving) as meter:
        engine, client = _llm(settings, settings.endpoint(), progress=meter)
        endpoint = client.endpoint
        hidden = "names replaced by placeholders" if settings.pseudonyms else "names as they are"
        say(f"engine llm: {endpoint.model} at {endpoint.host} gets the text, {hidden}")
        stopped = False
        try:
            yield engine
        except KeyboardInterrupt:
            stopped = True
            raise
        finally:
            meter.stop()
            say(_told_cost(settings, client, stopped=stopped))


def tell_unread(document: Document, steps: StepMap) -> None:
    """Say which lines the embedded engine could not read, or set aside, by number.

    The llm engine says for itself what it sets aside, and reads other languages.
    """
    from coach.checks.language import foreign_lines
    from coach.cli.output import warn
    from coach.document import told_of_orders

    if steps.engine.name != "embedded":
        return
    if told := told_of_orders(document):
        warn(told)
    if foreign := foreign_lines(document):
        shown = ", ".join(f"L{number}" for number in foreign[:20])
        more = f" and {len(foreign) - 20} more" if len(foreign) > 20 else ""
        warn(
            f"not in English, which is all that the embedded model reads: {shown}{more}; what they "
            "say may be missing or misread, here and in the status of its step"
        )


def unasked(flags: Mapping[str, Any]) -> LlmEngine:
    """The llm engine as the settings have it, to see what it would ask; it needs no server."""
    from coach.engines.llm.endpoint import Endpoint
    from coach.settings import Settings

    settings = Settings.load({**flags, "engine": "llm"})
    if settings.base_url and settings.model:
        return _llm(settings, settings.endpoint(keyless=True))[0]
    nowhere = Endpoint(
        base_url="http://127.0.0.1/v1", model=settings.model or "any", context=128_000
    )
    return _llm(settings, nowhere)[0]


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
    engine, client = _llm(settings, settings.endpoint(keyless=True))
    endpoint = client.endpoint
    requests = engine.label_requests(document, guide)
    bodies = [client.body(one) for one in requests]
    sizes = [one.tokens or 0 for one in requests]
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
    settings: Settings, endpoint: Endpoint, *, progress: Any = None
) -> tuple[LlmEngine, Client]:
    from coach.cli.output import warn
    from coach.engines.llm.cache import AnswerCache
    from coach.engines.llm.client import Client
    from coach.engines.llm.engine import LlmEngine
    from coach.engines.llm.prices import known_context
    from coach.engines.llm.pseudonyms import people_of

    if endpoint.context is None and not endpoint.is_local:
        known = known_context(endpoint.model, endpoint.host)
        endpoint = endpoint.model_copy(update={"context": known})
    cache = AnswerCache(tell=warn) if settings.cache else None
    client = Client(endpoint, cache=cache, progress=progress)
    engine = LlmEngine(
        client,
        people=people_of(str(settings.people)) if settings.people else (),
        pseudonyms=settings.pseudonyms,
        language=settings.lang,
        tell=warn,
    )
    return engine, client


def _told_cost(settings: Settings, client: Client, *, stopped: bool) -> str:
    """What the answers took, in words; of what was stopped, what had come back by then."""
    usage = client.usage
    if not usage.prompt and not usage.completion:
        told = "no tokens were counted for finished answers; none are for kept ones"
    else:
        tokens = f"{usage.prompt:,} tokens in, {usage.completion:,} out"
        told = f"{tokens}; {price_of(settings, client, usage)}"
    if stopped:
        return (
            f"engine llm, until it was stopped: {told}; what was under way may be charged as well"
        )
    return f"engine llm: {told}"


def price_of(settings: Settings, client: Client, usage: Usage) -> str:
    """What this many tokens cost, in words; unknown is never free."""
    from coach.engines.llm.prices import cost

    endpoint = client.endpoint
    if endpoint.is_local:
        return "no price, since the server is on this machine"
    known = cost(endpoint.model, endpoint.host, usage, own=settings.prices)
    return "price unknown" if known is None else f"about ${known.usd:.4f} ({known.table})"


class _Meter:
    """Progress on standard error, a line that moves in a terminal and nothing elsewhere."""

    def __init__(self, *, moving: bool) -> None:
        self._moving = moving
        self._live: Any = None
        self._task: Any = None

    def __enter__(self) -> _Meter:
        from coach.cli.output import console

        shown = console()
        if self._moving and shown.is_terminal:
            from rich.progress import Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}"), TimeElapsedColumn())
            self._live = Progress(*columns, console=shown, transient=True)
            self._live.start()
            self._task = self._live.add_task("asking the model", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __call__(self, *, done: int, total: int, usage: Usage) -> None:
        """Told by the client after each answer."""
        if self._live is not None:
            told = f"{done} of {total} answers, {usage.prompt + usage.completion:,} tokens"
            self._live.update(self._task, description=told)

    def stop(self) -> None:
        """Take the moving line away."""
        if self._live is not None:
            self._live.stop()
            self._live = None
