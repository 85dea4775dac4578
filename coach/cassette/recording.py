"""Cassette: the recorded exchanges of one case, and which of them answers a request."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Literal, NamedTuple

import httpx2

from coach.cassette.exchange import Exchange, match_key, read_exchanges, write_exchanges
from coach.errors import EngineError

Record = Literal["none", "new", "all"]
"""``none``: play only. ``new``: play what is there, record the rest. ``all``: record anew."""

_PASSING = frozenset({401, 403, 408, 409, 429})
"""With redirects and 5xx: what is true of the server at that moment, not of the question."""
_PLAIN_NAME = re.compile(r"[\w./@-]{1,60}", re.ASCII)


class CassetteMiss(EngineError):
    """A request that no recording answers. It is no transport error, so no SDK tries again."""

    code = "cassette-miss"


class Turn(NamedTuple):
    """A request's place among those of its case: files come out in the order of asking."""

    number: int


class Cassette:
    """The exchanges of one case; any number of threads and tasks may use it at once.

    Raises:
        DataFileError: the file is no cassette.
    """

    def __init__(self, path: Path, *, record: Record = "none") -> None:
        self.path = path
        self.record = record
        self.seconds = 0.0
        """What the replies given so far took when they were recorded."""
        self._lock = Lock()
        self._turns = map(Turn, count())
        self._asked: Counter[str] = Counter()
        self._fresh: dict[Turn, Exchange] = {}
        self._old = [] if record == "all" else read_exchanges(path)
        self._known: dict[str, list[Exchange]] = {}
        for exchange in self._old:
            self._known.setdefault(exchange.key, []).append(exchange)

    @property
    def unplayed(self) -> int:
        """How many exchanges of the file nothing has asked for."""
        with self._lock:
            return sum(max(0, len(all_) - self._asked[key]) for key, all_ in self._known.items())

    def play(self, request: httpx2.Request) -> Exchange | Turn:
        """The exchange that answers the request, or the request's turn if it may be recorded.

        The first of several equal requests gets the first reply, the second the second; the last
        reply is repeated. The request's body has to be read before.

        Raises:
            CassetteMiss: nothing answers it, and nothing may be recorded.
        """
        key = match_key(request)
        with self._lock:
            known = self._known.get(key)
            if known is None and self.record == "none":
                raise self._miss(request)
            if known is None:
                return next(self._turns)
            exchange = known[min(self._asked[key], len(known) - 1)]
            self._asked[key] += 1
            self.seconds += exchange.seconds or 0.0
            return exchange

    def keep(self, turn: Turn, exchange: Exchange) -> None:
        """Record this exchange, unless its status says nothing about the question."""
        code = exchange.response.status.code
        if code in _PASSING or 300 <= code < 400 or code >= 500:
            return
        with self._lock:
            self._fresh[turn] = exchange
            self.seconds += exchange.seconds or 0.0

    def save(self) -> None:
        """Write the file if anything was recorded.

        Raises:
            OutputError: it cannot be written; what stood there before is untouched.
        """
        with self._lock:
            fresh = [self._fresh[turn] for turn in sorted(self._fresh)]
        if fresh:
            write_exchanges(self.path, [*self._old, *fresh])

    def _miss(self, request: httpx2.Request) -> CassetteMiss:
        name, asked = str(self.path), _asked_by(request)
        if not self._old:
            return CassetteMiss(
                f"there is no recording {name!r} to answer {asked}",
                hint="record it with `--record new`, which asks the server",
            )
        return CassetteMiss(
            f"the recording {name!r} holds no answer to {asked}",
            hint="its text, the source, the model or a setting has changed since: record it again "
            "with `--record all`, which asks the server",
        )


_in_use: ContextVar[Cassette | None] = ContextVar("cassette", default=None)


@contextmanager
def use_cassette(path: Path, *, record: Record = "none") -> Iterator[Cassette]:
    """Let every ``CassetteTransport`` of this task or thread use this file.

    If the block fails, ``new`` still keeps what it recorded; ``all`` leaves the old file whole.

    Raises:
        DataFileError: the file is no cassette.
        OutputError: it cannot be written.
    """
    cassette = Cassette(path, record=record)
    token = _in_use.set(cassette)
    try:
        yield cassette
    except BaseException:
        if record == "new":
            cassette.save()
        raise
    else:
        cassette.save()
    finally:
        _in_use.reset(token)


def cassette_in_use(request: httpx2.Request) -> Cassette:
    """The cassette of this task or thread.

    Raises:
        CassetteMiss: there is none.
    """
    cassette = _in_use.get()
    if cassette is None:
        raise CassetteMiss(
            f"no recording is open to answer {_asked_by(request)}",
            hint="open one in the same task or thread: `with use_cassette(path):`",
        )
    return cassette


def _asked_by(request: httpx2.Request) -> str:
    """Which prompt asked: by the client's own word, else by the name of the answer's schema."""
    name = request.extensions.get("coach_prompt")
    if not name:
        try:
            name = json.loads(request.content)["response_format"]["json_schema"]["name"]
        except (ValueError, TypeError, LookupError, RecursionError):
            name = None
    plain = isinstance(name, str) and _PLAIN_NAME.fullmatch(name)
    return f"the prompt {name!r}" if plain else "this request"
