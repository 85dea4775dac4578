"""Client: asks questions of one endpoint, several at a time, behind a plain synchronous face."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Generic

from coach.engines.llm.cache import Cache, answer_key
from coach.engines.llm.dialect import Dialect
from coach.engines.llm.endpoint import Endpoint, Rung
from coach.engines.llm.exchange import Body, Exchange, RefusedError, Send
from coach.engines.llm.failures import EndpointError, FailureKind
from coach.engines.llm.lookup import new_loop
from coach.engines.llm.question import Progress, Question, Reply, T, Usage
from coach.engines.llm.sending import Hear, Sender, opened

__all__ = ["Client", "Progress", "Question", "Reply", "Usage", "payload"]

_PATIENCE = 1.0
"""Seconds for the first question to learn how to ask: what a server refuses, it refuses at once."""
_NOT_HEARD: frozenset[FailureKind] = frozenset(
    ("bad_request", "server_error", "bad_envelope", "cut_off")
)
"""Failures of an answer in pieces that the server may not have with one that comes at once."""


class Client:
    """Questions to one endpoint.

    The first question finds out what the server takes, unless the endpoint's rung is given, and
    the client remembers it. The others wait a moment for that, so that their requests do not
    depend on which is answered first.

    Args:
        endpoint: whom to ask.
        cache: where answers are looked up before, and put after.
        transport: stands in for the network, as an httpx2 transport.
        progress: told after each question.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        cache: Cache | None = None,
        transport: Any | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.endpoint = endpoint
        self._cache = cache
        self._transport = transport
        self._progress = progress
        self.usage = Usage()
        """Tokens of all that was asked so far, answered or not."""
        self.dialect = Dialect.of(endpoint)
        """What the server was found to take; the next question starts with it."""
        self._settled = endpoint.rung is not None
        self._streams = True
        """Whether the server is taken to give answers in pieces."""

    def body(self, question: Question[T], *, rung: Rung | None = None) -> Body:
        """The JSON body of the question's first request, as it stands before anything was asked.

        Neither key nor network is needed; ``payload`` gives its bytes.
        """
        dialect = Dialect.of(self.endpoint)
        if rung is not None:
            dialect = replace(dialect, rung=rung)
        return Exchange(question, endpoint=self.endpoint, dialect=dialect).body()

    def ask(self, question: Question[T], *, hear: Hear | None = None) -> Reply[T]:
        """The answer to one question; ``hear`` is told it while it is written, if it has to be.

        Raises:
            EndpointError: there is none that could be used.
        """
        (result,) = self._run([question], hear)
        if isinstance(result, EndpointError):
            raise result
        return result

    def ask_all(self, questions: Sequence[Question[T]]) -> list[Reply[T] | EndpointError]:
        """The answers, or why there is none, in the order of the questions.

        After a failure that every question would meet, those not yet sent are ``cancelled``.

        Raises:
            KeyboardInterrupt: the user stopped it; what was answered is in the cache.
        """
        return self._run(questions)

    def _run(
        self, questions: Sequence[Question[T]], hear: Hear | None = None
    ) -> list[Reply[T] | EndpointError]:
        run = _Run(self, questions, hear)
        if run.open:
            import openai  # noqa: F401  slow: before any deadline runs

            with asyncio.Runner(loop_factory=new_loop) as runner:
                runner.run(run.all())
        return run.ended()


class _Run(Generic[T]):
    """The questions of one ``ask_all``; ``hear`` is for a question alone."""

    def __init__(self, client: Client, questions: Sequence[Question[T]], hear: Hear | None) -> None:
        self._client = client
        self._questions = questions
        self._hear = hear
        self._results: list[Reply[T] | EndpointError | None] = [
            self._known(question) for question in questions
        ]
        self.open = [at for at, result in enumerate(self._results) if result is None]
        self._stopped: EndpointError | None = None
        self._slots = asyncio.Semaphore(client.endpoint.concurrency)
        if len(self.open) < len(questions):
            self._tell()

    def ended(self) -> list[Reply[T] | EndpointError]:
        """The results, once all have one."""
        return [result for result in self._results if result is not None]

    async def all(self) -> None:
        """Ask what is open; the first gets a head start where it has to settle how to ask."""
        client = self._client
        async with opened(client.endpoint, client._transport) as sender:
            send = sender.send if self._hear is None else partial(self._heard, sender, self._hear)
            tasks = []
            if not client._settled:
                tasks.append(asyncio.ensure_future(self._settle(self.open.pop(0), send)))
                await asyncio.wait(tasks, timeout=_PATIENCE)
            await asyncio.gather(*tasks, *(self._one(at, send) for at in self.open))

    async def _heard(self, sender: Sender, hear: Hear, body: Body) -> object:
        """The completion in pieces, or at once from a server that has no other way."""
        client = self._client
        if client._streams:
            try:
                return await sender.stream(body, hear)
            except (RefusedError, EndpointError) as error:
                kind = error.complaint.kind if isinstance(error, RefusedError) else error.kind
                if kind not in _NOT_HEARD:
                    raise
        completion = await sender.send(body)
        client._streams = False
        return completion

    async def _settle(self, at: int, send: Send) -> None:
        client = self._client
        client.dialect = await self._one(at, send)
        client._settled = isinstance(self._results[at], Reply)

    async def _one(self, at: int, send: Send) -> Dialect:
        client, question = self._client, self._questions[at]
        async with self._slots:
            exchange = Exchange(question, endpoint=client.endpoint, dialect=client.dialect)
            try:
                if self._stopped is not None:
                    raise EndpointError("cancelled", client.endpoint) from self._stopped
                reply = await _in_time(exchange, send)
            except EndpointError as error:
                self._results[at] = error
                if error.whole_server and self._stopped is None:
                    self._stopped = error
            else:
                self._results[at] = reply
                self._keep(exchange, reply)
            finally:  # also where the user stops it: what was answered so far is paid for
                client.usage += exchange.usage
        self._tell()
        return exchange.dialect

    def _tell(self) -> None:
        client = self._client
        if client._progress is not None:
            done = sum(result is not None for result in self._results)
            client._progress(done=done, total=len(self._results), usage=client.usage)

    # -- the cache ---------------------------------------------------------------------------------

    def _key(self, question: Question[T]) -> str:
        return answer_key(self._client.endpoint.base_url, self._client.body(question))

    def _keep(self, exchange: Exchange[T], reply: Reply[T]) -> None:
        if self._client._cache is not None:
            kept = {
                "content": exchange.content,
                "usage": vars(reply.usage),
                "rung": reply.rung,
                "imperfect": reply.imperfect,
            }
            self._client._cache.put(self._key(exchange.question), json.dumps(kept))

    def _known(self, question: Question[T]) -> Reply[T] | None:
        """An answer from before, if it still passes the question's checks as it did then."""
        client = self._client
        kept = client._cache.get(self._key(question)) if client._cache is not None else None
        if kept is None:
            return None
        try:
            told = json.loads(kept)
            content, imperfect = str(told["content"]), told.get("imperfect") is True
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        exchange = Exchange(question, endpoint=client.endpoint, dialect=client.dialect)
        return exchange.known(content, imperfect=imperfect)


async def _in_time(exchange: Exchange[T], send: Send) -> Reply[T]:
    from coach.engines.llm.transport import prompt_name

    name = prompt_name.set(f"{exchange.question.prompt}@{exchange.question.version}")
    try:
        async with asyncio.timeout(exchange.endpoint.deadline):
            return await exchange.run(send)
    except TimeoutError:
        raise EndpointError("timeout", exchange.endpoint) from None
    finally:
        prompt_name.reset(name)


def payload(body: Body) -> bytes:
    """The bytes in which a body is sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
