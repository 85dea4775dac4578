"""Client: asks questions of one endpoint, several at a time, behind a plain synchronous face."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic

from coach.engines.llm.cache import Cache, answer_key
from coach.engines.llm.complaint import complaint
from coach.engines.llm.dialect import Dialect
from coach.engines.llm.endpoint import Endpoint, Rung
from coach.engines.llm.exchange import Body, Exchange, RefusedError, Send
from coach.engines.llm.failures import EndpointError, FailureKind
from coach.engines.llm.lookup import new_loop
from coach.engines.llm.question import Progress, Question, Reply, T, Usage

if TYPE_CHECKING:
    import openai

__all__ = ["Client", "Progress", "Question", "Reply", "Usage", "payload"]

_RETRIES = 2
"""By the SDK, the only layer that retries."""
_PATIENCE = 1.0
"""Seconds for the first question to learn how to ask: what a server refuses, it refuses at once."""


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

    def body(self, question: Question[T], *, rung: Rung | None = None) -> Body:
        """The JSON body of the question's first request, as it stands before anything was asked.

        Neither key nor network is needed; ``payload`` gives its bytes.
        """
        dialect = Dialect.of(self.endpoint)
        if rung is not None:
            dialect = replace(dialect, rung=rung)
        return Exchange(question, endpoint=self.endpoint, dialect=dialect).body()

    def ask(self, question: Question[T]) -> Reply[T]:
        """The answer to one question.

        Raises:
            EndpointError: there is none that could be used.
        """
        (result,) = self.ask_all([question])
        if isinstance(result, EndpointError):
            raise result
        return result

    def ask_all(self, questions: Sequence[Question[T]]) -> list[Reply[T] | EndpointError]:
        """The answers, or why there is none, in the order of the questions.

        After a failure that every question would meet, those not yet sent are ``cancelled``.

        Raises:
            KeyboardInterrupt: the user stopped it; what was answered is in the cache.
        """
        run = _Run(self, questions)
        if run.open:
            import openai  # noqa: F401  slow: before any deadline runs

            with asyncio.Runner(loop_factory=new_loop) as runner:
                runner.run(run.all())
        return run.ended()


class _Run(Generic[T]):
    """The questions of one ``ask_all``."""

    def __init__(self, client: Client, questions: Sequence[Question[T]]) -> None:
        self._client = client
        self._questions = questions
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
        async with _opened(client.endpoint, client._transport) as send:
            tasks = []
            if not client._settled:
                tasks.append(asyncio.ensure_future(self._settle(self.open.pop(0), send)))
                await asyncio.wait(tasks, timeout=_PATIENCE)
            await asyncio.gather(*tasks, *(self._one(at, send) for at in self.open))

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


@asynccontextmanager
async def _opened(endpoint: Endpoint, transport: Any | None) -> AsyncIterator[Send]:
    """How to send a body to the endpoint; whatever goes wrong is a failure of a known kind."""
    import openai
    from openai.types.chat import ChatCompletion

    from coach.engines.llm.transport import open_client

    http = open_client(endpoint, transport)
    sdk = openai.AsyncOpenAI(
        # All is given, if only as nothing, so that the SDK takes none of it from the environment.
        # The key itself is set where the request leaves.
        api_key="unused",
        admin_api_key="unused",
        organization="",
        project="",
        webhook_secret="",
        base_url=endpoint.base_url,
        max_retries=_RETRIES,
        timeout=http.timeout,
        default_query={"api-version": endpoint.api_version} if endpoint.api_version else None,
        http_client=http,
    )
    sdk._platform = "Unknown"  # else a thread looks it up each time, for a header that never leaves

    async def send(body: Body) -> object:
        try:  # not by `create`, which copies the body value by value to look for names to change
            completion = await sdk.post("/chat/completions", cast_to=ChatCompletion, body=body)
        except openai.APIStatusError as error:
            raise RefusedError(complaint(error.status_code, error.body)) from None
        except openai.APIConnectionError as error:
            raise EndpointError(_connection_failure(error), endpoint) from None
        except (ValueError, RecursionError, TypeError, AttributeError):
            # The SDK reads a reply without checking its shape first.
            raise EndpointError("bad_envelope", endpoint) from None
        _refuse_error_in(completion)
        return completion

    async with sdk:
        yield send


def _connection_failure(error: openai.APIConnectionError) -> FailureKind:
    import ssl

    import httpx2

    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    kinds: list[tuple[type[BaseException], FailureKind]] = [
        (ssl.SSLError, "tls"),
        (httpx2.ProxyError, "proxy"),
        (httpx2.ConnectTimeout, "unreachable"),
        (httpx2.TimeoutException, "timeout"),
        (httpx2.ConnectError, "unreachable"),
        (httpx2.TransportError, "cut_off"),
    ]
    for cls, kind in kinds:
        if any(isinstance(one, cls) for one in causes):
            return kind
    return "unreachable"


def _refuse_error_in(completion: object) -> None:
    """Some routers send an error with status 200."""
    told = getattr(completion, "error", None)
    if isinstance(told, dict) and not getattr(completion, "choices", None):
        code = told.get("code")
        status = code if isinstance(code, int) and 400 <= code < 600 else 500
        raise RefusedError(complaint(status, told))
