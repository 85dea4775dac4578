"""Answers kept on disk, so that the same question to the same server is not paid for twice.

One SQLite file, readable by its owner only. It holds what the model answered (line numbers,
labels, drafted entries in placeholders), never the question: of that only a hash. An answer is
kept for 30 days, and the oldest go first when the file would grow past its cap. A cache that
cannot be used never fails a run: it says so once, and the question is asked again.
"""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from coach.errors import OutputError

DAYS_KEPT = 30
MOST_BYTES = 50_000_000
"""Of all answers together."""
LONGEST_ANSWER = 1_000_000
"""Bytes; a longer one is not kept."""

_DAY = 86_400
_WAIT = 2.0
"""Seconds to wait for another process that writes."""
_BESIDE = ("-journal", "-wal", "-shm")
_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, kept REAL NOT NULL, size INTEGER NOT NULL,
    sha256 TEXT NOT NULL, answer BLOB NOT NULL
) WITHOUT ROWID"""
_INDEX = "CREATE INDEX IF NOT EXISTS by_age ON answers (kept, size)"


class Cache(Protocol):
    """Where a client looks an answer up before it asks, and puts it after."""

    def get(self, key: str) -> str | None:
        """The answer under this key, or None."""
        ...

    def put(self, key: str, answer: str) -> None:
        """Keep the answer under this key."""
        ...


class CacheInfo(BaseModel):
    """What a cache holds, in figures."""

    model_config = ConfigDict(frozen=True)

    path: str
    answers: int
    bytes: int
    """Of the file, journal included."""
    oldest: float | None = None
    """Seconds since 1970."""
    days_kept: int = DAYS_KEPT
    trouble: str | None = None
    """Why it cannot be read, where it cannot."""


def answer_key(base_url: str, body: Mapping[str, Any]) -> str:
    """The name of an answer: a hash over the server's address and the whole request body."""
    whole = json.dumps([base_url, body], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def cache_file() -> Path:
    """Where the answers are kept.

    ``answers.sqlite`` in ``$COACH_HOME/cache``, else in the platform's cache folder for coach.
    """
    home = os.environ.get("COACH_HOME")
    if home:
        return Path(home).expanduser() / "cache" / "answers.sqlite"
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("coach", appauthor=False)) / "answers.sqlite"


class AnswerCache:
    """A ``Cache`` in an SQLite file; any number of threads and processes may share it.

    ``tell`` hears once, in a sentence without any text of the notes, if the file cannot be used.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        tell: Callable[[str], None] | None = None,
        most_bytes: int = MOST_BYTES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.path = path or cache_file()
        self.trouble: str | None = None
        self._tell = tell
        self._most_bytes = most_bytes
        self._clock = clock

    def get(self, key: str) -> str | None:
        """The answer under this key, if it is not too old and still what was put there."""
        if self.trouble or not self.path.exists():
            return None
        with self._usable(), self._open() as rows:
            self._drop_old(rows)
            found = rows.execute(
                "SELECT answer, sha256 FROM answers WHERE key = ?", (key,)
            ).fetchone()
            if found and sha256(found[0]).hexdigest() == found[1]:
                return bytes(found[0]).decode("utf-8", "surrogatepass")
            if found:  # a bit has flipped on the disk: ask again rather than trust it
                rows.execute("DELETE FROM answers WHERE key = ?", (key,))
        return None

    def put(self, key: str, answer: str) -> None:
        """Keep the answer; what is too old goes, and the oldest where all would be too much."""
        data = answer.encode("utf-8", "surrogatepass")
        if self.trouble or len(data) > min(LONGEST_ANSWER, self._most_bytes):
            return
        with self._usable():
            _make_private(self.path)
            with self._open() as rows, rows:
                rows.execute("BEGIN IMMEDIATE")
                rows.execute(
                    "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)",
                    (key, self._clock(), len(data), sha256(data).hexdigest(), data),
                )
                self._drop_old(rows)
                self._drop_most(rows)

    def clear(self) -> None:
        """Delete the file and what SQLite keeps beside it.

        Raises:
            OutputError: the file could not be deleted.
        """
        try:
            for ending in ("", *_BESIDE):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(
                f"could not delete {self.path}: {(error.strerror or 'refused').lower()}",
                hint="end other runs of coach that may use it, or delete the file yourself",
            ) from None

    def info(self) -> CacheInfo:
        """How many answers it holds, and since when."""
        count, oldest = 0, None
        if self.path.exists():
            with self._usable(), self._open() as rows:
                count, oldest = rows.execute("SELECT COUNT(*), MIN(kept) FROM answers").fetchone()
        files = [self.path.with_name(self.path.name + ending) for ending in ("", *_BESIDE)]
        return CacheInfo(
            path=str(self.path),
            answers=count,
            bytes=sum(file.stat().st_size for file in files if file.is_file()),
            oldest=oldest,
            trouble=self.trouble,
        )

    def _drop_old(self, rows: sqlite3.Connection) -> None:
        """What is past its days, or from a clock that ran a day and more ahead."""
        bounds = (self._clock() - DAYS_KEPT * _DAY, self._clock() + _DAY)
        old = "FROM answers WHERE kept < ? OR kept > ?"
        if rows.execute(f"SELECT 1 {old} LIMIT 1", bounds).fetchone():
            rows.execute(f"DELETE {old}", bounds)

    def _drop_most(self, rows: sqlite3.Connection) -> None:
        (total,) = rows.execute("SELECT COALESCE(SUM(size), 0) FROM answers").fetchone()
        if total <= self._most_bytes:
            return
        aged = rows.execute("SELECT key, size FROM answers ORDER BY kept").fetchall()
        for key, size in aged:
            if total <= self._most_bytes:
                break
            rows.execute("DELETE FROM answers WHERE key = ?", (key,))
            total -= size

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        _check_private(self.path)
        rows = sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)
        try:
            rows.execute("PRAGMA secure_delete = ON")
            rows.execute("PRAGMA journal_mode = DELETE")
            rows.execute(_TABLE)
            rows.execute(_INDEX)
            yield rows
        finally:
            rows.close()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Turns whatever is wrong with the file into one remark, and the cache off."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            self.trouble = (
                f"answers are not kept in this run: {self.path} {_told(error)}; "
                "coach cache clear deletes it"
            )
            if self._tell:
                self._tell(self.trouble)


class _NotOursError(OSError):
    """A file that is not a plain file of the user's own."""


def _told(error: sqlite3.Error | OSError) -> str:
    if isinstance(error, _NotOursError):
        return str(error)
    if isinstance(error, OSError):
        return f"cannot be used: {(error.strerror or 'refused').lower()}"
    busy = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    is_busy = getattr(error, "sqlite_errorcode", None) in busy
    return "is held by another program" if is_busy else "cannot be read or written"


def _make_private(path: Path) -> None:
    """The folder as 0700 and an empty file as 0600, whatever the umask says."""
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.chmod(0o700)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _check_private(path: Path) -> None:
    """Take the rights of others away; refuse a file that is not the user's own."""
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise _NotOursError("is not a plain file")
    if os.name == "nt":
        return
    if found.st_uid != os.getuid():
        raise _NotOursError("belongs to somebody else")
    if stat.S_IMODE(found.st_mode) & 0o077:
        path.chmod(0o600)
