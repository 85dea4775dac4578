"""What a server really does with a request, found out with a few questions about nothing.

A server may take a parameter and ignore it, or cut a long prompt without a word. So each promise
is tried: an answer of a fixed form, the form against an order to write prose, a long prompt with
something to find at its start. All text is made up here; nothing of the user's is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from coach.engines.llm.client import Client
from coach.engines.llm.endpoint import Endpoint, Rung
from coach.engines.llm.failures import EndpointError
from coach.engines.llm.local_servers import list_models, loaded_context
from coach.engines.llm.prices import known_context
from coach.engines.llm.question import Question, Reply, T, Usage
from coach.engines.llm.schema import field_guide
from coach.engines.llm.tokens import count_tokens

LONG_PROMPT = 5_000
"""Tokens: more than the 4,096 that some servers cut to unless told otherwise."""
_SPARE = 1_200
"""Tokens kept free beside the long prompt: the answer, and the error of an estimate."""
_ANSWER = 1_000
_MARK = "heron"
_PLENTY = 30
"""Tokens of an answer from which a speed can be told."""

Clock = Callable[[], float]


class Trouble(BaseModel):
    """Why a question of the probe got no answer."""

    model_config = ConfigDict(frozen=True)

    kind: str
    message: str
    hint: str | None


class Probe(BaseModel):
    """What an endpoint was found to do. None: not found out."""

    model_config = ConfigDict(frozen=True)

    host: str
    model: str
    models: tuple[str, ...] = ()
    """That it lists."""
    answers: bool = False
    trouble: Trouble | None = None
    """Why it does not answer, or not every question."""
    rung: Rung | None = None
    """The strictest way to ask for the form of an answer that it takes."""
    binds: bool | None = None
    """Whether that form is forced on the model, and not only asked of it."""
    budget: str | None = None
    """What it calls the room for an answer."""
    temperature: bool | None = None
    """Whether it takes one."""
    context: int | None = None
    """Tokens it reads at most."""
    context_from: Literal["server", "price table"] | None = None
    long_prompt: int | None = None
    """Tokens of the long prompt, as estimated."""
    sees_start: bool | None = None
    """Whether the long prompt was read from its first line."""
    counts: bool = False
    """Whether it says how many tokens it read; without that a cut prompt goes unseen."""
    tokens_per_second: float | None = None
    """Written, on the way to a short answer."""
    usage: tuple[int, int] = (0, 0)
    """Tokens read and written by the probe."""


class _Numbers(BaseModel):
    """Numbers by their names. No field can hold more: some models never end a list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    one: Literal["1"]
    two: Literal["2"]
    three: Literal["3"]
    four: Literal["4"]
    five: Literal["5"]
    six: Literal["6"]
    seven: Literal["7"]
    eight: Literal["8"]


class _Trap(BaseModel):
    """A form that no sentence about the sea has."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: Literal["teal"]


class _Found(BaseModel):
    """What stands in the first line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    word: Literal["eagle", "finch", "goose", "heron", "magpie", "owl", "raven", "stork", "swan"]


def probe(
    endpoint: Endpoint, *, transport: Any | None = None, clock: Clock = time.monotonic
) -> Probe:
    """What this endpoint does, by three short questions and one long one; never raises for it.

    ``transport`` stands in for the network, as an httpx2 transport.
    """
    room = min(endpoint.answer_tokens, _ANSWER)
    at = endpoint.model_copy(update={"rung": None, "answer_tokens": room})
    listed = list_models(at, transport=transport)
    found = Probe(host=at.host, model=at.model, models=listed.names)
    client = Client(at, transport=transport)
    began = clock()
    first = _tried(client, _short())
    seconds = clock() - began
    if isinstance(first, EndpointError):
        return found.model_copy(update={"trouble": _trouble(first)})
    context = listed.context
    if context is None and listed.tells_more:
        context = loaded_context(at, transport=transport)
    found = found.model_copy(
        update={
            "answers": True,
            "rung": first.rung,
            "budget": client.dialect.budget,
            "temperature": None if at.temperature is None else _takes_temperature(client),
            "counts": first.usage.prompt > 0,
            "tokens_per_second": _speed(first, seconds),
            "usage": _both(first.usage),
            **_context(at, context),
        }
    )
    found = _with_binding(found, client)
    return _with_long_prompt(found, client)


# -- the questions ---------------------------------------------------------------------------------


def _short() -> Question[_Numbers]:
    return _question(_Numbers, "Give each number from one to eight its digit.")


def _with_binding(found: Probe, client: Client) -> Probe:
    """An order to write prose: only a form that is forced on the model holds against it."""
    if found.rung not in {"json_schema_strict", "json_schema"}:
        return found.model_copy(update={"binds": False})
    order = "You write plain English prose and never JSON."
    question = Question(
        prompt="probe",
        version="1",
        system=order,
        user="Describe the sea in one sentence.",
        answer=_Trap,
        check=_anything,
    )
    reply = _tried(client, question)
    if isinstance(reply, Reply):
        return _spent(found, reply).model_copy(update={"binds": reply.calls == 1})
    unbound = {"schema_ignored", "bad_json", "wrong_shape", "empty", "truncated"}
    return found.model_copy(update={"binds": False if reply.kind in unbound else None})


def _with_long_prompt(found: Probe, client: Client) -> Probe:
    wanted = min(LONG_PROMPT, (found.context or LONG_PROMPT + _SPARE) - _SPARE)
    if wanted < 500:
        return found
    question = _long(client.endpoint.model, wanted)
    found = found.model_copy(update={"long_prompt": question.tokens})
    reply = _tried(client, question)
    if isinstance(reply, EndpointError):
        seen = False if reply.kind in {"prompt_cut", "context_overflow"} else None
        return found.model_copy(update={"sees_start": seen, "trouble": _trouble(reply)})
    # a small model may read all and still not find the word: then its count has to do
    read_all = reply.usage.prompt * 2 > (question.tokens or 0) * reply.calls
    said = reply.value.word == _MARK
    return _spent(found, reply).model_copy(update={"sees_start": said or (read_all or None)})


def _long(model: str, tokens: int) -> Question[_Found]:
    lines = [f"The word of the day is {_MARK}."]
    each = max(count_tokens("\n".join(map(_filler, range(100, 200))), model).tokens // 100, 1)
    lines += map(_filler, range(100, 100 + tokens // each))
    lines.append("Which word is the word of the day? It stands in the first line.")
    question = _question(_Found, "\n".join(lines))
    counted = count_tokens(f"{question.system}\n{question.user}", model)
    return Question(**{**vars(question), "tokens": counted.tokens})


def _filler(number: int) -> str:
    return f"Shelf {number} holds {number * 7 % 90 + 10} boxes of plain paper and a green lamp."


def _question(answer: type[T], user: str) -> Question[T]:
    return Question(
        prompt="probe",
        version="1",
        system=f"You answer short questions.\n\n{field_guide(answer)}",
        user=user,
        answer=answer,
        check=_anything,
    )


def _anything(_answer: BaseModel) -> Sequence[str]:
    return ()


# -- reading the replies ---------------------------------------------------------------------------


def _tried(client: Client, question: Question[T]) -> Reply[T] | EndpointError:
    try:
        return client.ask(question)
    except EndpointError as error:
        return error


def _trouble(error: EndpointError) -> Trouble:
    return Trouble(kind=error.kind, message=error.message, hint=error.hint)


def _takes_temperature(client: Client) -> bool:
    return client.dialect.temperature is not None


def _speed(reply: Reply[_Numbers], seconds: float) -> float | None:
    if reply.usage.completion < _PLENTY or seconds <= 0:
        return None
    return round(reply.usage.completion / seconds, 1)


def _context(at: Endpoint, told: int | None) -> dict[str, Any]:
    if told:
        return {"context": told, "context_from": "server"}
    listed = known_context(at.model, at.host)
    return {"context": listed, "context_from": "price table"} if listed else {}


def _both(usage: Usage) -> tuple[int, int]:
    return usage.prompt, usage.completion


def _spent(found: Probe, reply: Reply[Any]) -> Probe:
    prompt, completion = found.usage
    usage = (prompt + reply.usage.prompt, completion + reply.usage.completion)
    return found.model_copy(update={"usage": usage})
