"""Token tables: the files from which OpenAI's tokenizer counts. Found, verified, and fetched once.

tiktoken itself would fetch a missing table without asking and without a time limit, and delete one
that does not fit. Here a table is only read, whole and by its sha256, and only ``fetch_tables``
opens a connection: for ``coach tokens fetch``, on the user's word.
"""

from __future__ import annotations

import hashlib
import os
import socket
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from coach.errors import EngineError, OutputError, UsageError

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

MOST_BYTES = 10_000_000
_CHUNK = 65_536
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_HOST = "https://openaipublic.blob.core.windows.net/encodings"


class Table(NamedTuple):
    """One tokenizer's table: where its maker publishes it, and what it must be."""

    encoding: str
    url: str
    sha256: str

    @property
    def file(self) -> str:
        """The name that tiktoken gives the file in a cache folder."""
        return hashlib.sha1(self.url.encode(), usedforsecurity=False).hexdigest()

    @property
    def host(self) -> str:
        """Whom a download asks."""
        return urlsplit(self.url).netloc


TABLES = (
    Table(
        "cl100k_base",
        f"{_HOST}/cl100k_base.tiktoken",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
    Table(
        "o200k_base",
        f"{_HOST}/o200k_base.tiktoken",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
)


class Fetched(NamedTuple):
    """A table that is at hand now."""

    encoding: str
    path: Path
    fresh: bool
    """Whether it was fetched just now."""


def own_folder() -> Path:
    """Where coach keeps tables: below ``$COACH_HOME``, else in the platform's cache folder."""
    home = os.environ.get("COACH_HOME")
    if home:
        return Path(home).expanduser() / "cache" / "tiktoken"
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("coach", appauthor=False)) / "tiktoken"


def folders() -> tuple[Path, ...]:
    """Where tables are looked for: ``$TIKTOKEN_CACHE_DIR``, then coach's own folder."""
    given = os.environ.get("TIKTOKEN_CACHE_DIR")
    return (Path(given), own_folder()) if given else (own_folder(),)


def find_table(table: Table, places: Sequence[Path]) -> Path | None:
    """The table's file in the first of these folders that holds it unharmed."""
    return next((place / table.file for place in places if _verified(table, place)), None)


def read_table(table: Table, places: Sequence[Path]) -> bytes | None:
    """What the table holds, from the first of these folders that has it unharmed."""
    return next((data for place in places if (data := _verified(table, place))), None)


def fetch_tables(
    folder: Path,
    *,
    tables: Sequence[Table] = TABLES,
    deadline: float = 120.0,
    most: int = MOST_BYTES,
    proxy: str | None = None,
) -> tuple[Fetched, ...]:
    """The tables, in this folder: those that are not there yet are fetched, each from its host.

    Seconds of ``deadline`` and bytes of ``most`` are those of one table. No redirect is followed
    and no proxy used but ``proxy``, whatever the environment says. What does not have the sha256
    it must have is thrown away; what was there stays until the new file is whole.

    Raises:
        UsageError: an address is not https.
        EngineError: a host does not answer, or not with the table.
        OutputError: the folder cannot be written.
    """
    done = []
    for table in tables:
        path = folder / table.file
        fresh = _verified(table, folder) is None
        if fresh:
            data = _download(table, deadline=deadline, most=most, proxy=proxy)
            if hashlib.sha256(data).hexdigest() != table.sha256:
                raise _failure(table, "what came is not the table: its sha256 is another")
            _write(path, data)
        done.append(Fetched(table.encoding, path, fresh))
    return tuple(done)


def _verified(table: Table, folder: Path) -> bytes | None:
    path = folder / table.file
    try:
        if not path.is_file():  # nor a pipe, on which reading would hang
            return None
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == table.sha256 else None


def _download(table: Table, *, deadline: float, most: int, proxy: str | None) -> bytes:
    from http.client import HTTPException

    ends = time.monotonic() + deadline
    connection = _connection(table, proxy, timeout=min(10.0, deadline))
    watch = None
    try:
        connection.connect()
        connection.sock.settimeout(deadline)
        # a read times out only when nothing at all comes; this also ends what comes byte by byte
        watch = threading.Timer(ends - time.monotonic(), _cut, (connection.sock,))
        watch.daemon = True
        watch.start()
        connection.request("GET", urlsplit(table.url).path)
        data = _body(table, connection.getresponse(), most)
    except (OSError, HTTPException, ValueError) as error:
        if time.monotonic() >= ends or isinstance(error, TimeoutError):
            raise _failure(table, "no answer in time") from None
        raise _failure(table, f"the connection failed ({type(error).__name__})") from None
    finally:
        if watch is not None:
            watch.cancel()
        connection.close()
    if time.monotonic() >= ends:
        raise _failure(table, "no answer in time")
    return data


def _connection(table: Table, proxy: str | None, *, timeout: float) -> HTTPConnection:
    from http.client import HTTPConnection, HTTPSConnection

    to = urlsplit(table.url)
    host = to.hostname or ""
    if to.scheme == "http" and host in _LOOPBACK:
        return HTTPConnection(host, to.port, timeout=timeout)
    if to.scheme != "https":
        raise UsageError(
            f"the table {table.encoding!r} is fetched only over https",
            hint="plain http is for this machine alone",
        )
    if proxy is None:
        return HTTPSConnection(host, to.port, timeout=timeout)
    by = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if by.scheme != "http" or not by.hostname:
        raise UsageError("the proxy must be http://host:port", hint="--proxy http://10.0.0.1:3128")
    connection = HTTPSConnection(by.hostname, by.port or 3128, timeout=timeout)
    connection.set_tunnel(host, to.port)
    return connection


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # a TLS socket's own would wait


def _body(table: Table, response: HTTPResponse, most: int) -> bytes:
    if response.status != 200:
        raise _failure(table, f"the host answered {response.status}")
    parts = []
    size = 0
    while chunk := response.read1(_CHUNK):
        parts.append(chunk)
        size += len(chunk)
        if size > most:
            raise _failure(table, f"what came is larger than {most:,} bytes")
    return b"".join(parts)


def _write(path: Path, data: bytes) -> None:
    temporary = ""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".table-")  # mode 0600
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise OutputError(
            f"could not write {path}: {why}", hint="counts stay estimates until it is there"
        ) from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _failure(table: Table, what: str) -> EngineError:
    return EngineError(
        f"could not fetch the table {table.encoding!r} from {table.host}: {what}",
        hint=f"try again later, or put the file into {own_folder()} as {table.file}; "
        "until then counts are estimates",
    )
