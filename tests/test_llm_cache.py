"""Answers kept on disk: found again, private, bounded, and never in the way of a run."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.engines.llm.cache import DAYS_KEPT, AnswerCache, answer_key, cache_file

DAY = 86_400.0
NOTE = "Priya signs off the pilot herself"

RunCoach = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cache(tmp_path: Path) -> AnswerCache:
    return AnswerCache(tmp_path / "cache" / "answers.sqlite")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("answer", ["{}", '{"content": "naïve – 計画"}', "\ud800", "x" * 200_000])
def test_an_answer_comes_back_as_it_was_put(cache: AnswerCache, answer: str) -> None:
    cache.put("a", answer)
    assert cache.get("a") == answer
    assert cache.get("b") is None
    assert AnswerCache(cache.path).get("a") == answer
    assert cache.trouble is None


def test_a_key_is_the_whole_request_and_the_server() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": NOTE}], "temperature": 0.0}
    key = answer_key("https://api.example.com/v1", body)
    assert key == answer_key("https://api.example.com/v1", dict(reversed(body.items())))
    others = [
        answer_key("https://other.example.com/v1", body),
        answer_key("https://api.example.com/v1", {**body, "model": "n"}),
        answer_key("https://api.example.com/v1", {**body, "temperature": 1.0}),
        answer_key("https://api.example.com/v1", {**body, "messages": []}),
    ]
    assert len({key, *others}) == 5
    assert len(key) == 64


def test_looking_up_makes_no_file(cache: AnswerCache) -> None:
    assert cache.get("a") is None
    assert cache.info().answers == 0
    assert not cache.path.parent.exists()


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_only_the_owner_can_read_it_whatever_the_umask(cache: AnswerCache) -> None:
    before = os.umask(0)
    try:
        cache.put("a", "{}")
        assert mode(cache.path) == 0o600
        assert mode(cache.path.parent) == 0o700
        cache.path.chmod(0o644)
        assert cache.get("a") == "{}"
        assert mode(cache.path) == 0o600
    finally:
        os.umask(before)


def test_an_answer_is_kept_for_its_days_and_then_is_gone_from_the_file(tmp_path: Path) -> None:
    now = [1_000_000_000.0]
    cache = AnswerCache(tmp_path / "answers.sqlite", clock=lambda: now[0])
    cache.put("a", json.dumps({"content": NOTE}))
    now[0] += (DAYS_KEPT - 1) * DAY
    assert cache.get("a")
    now[0] += 2 * DAY
    assert cache.get("a") is None
    assert NOTE.encode() not in cache.path.read_bytes()


def test_an_answer_from_a_clock_far_ahead_is_not_kept_for_ever(tmp_path: Path) -> None:
    now = [1_000_000_000.0]
    cache = AnswerCache(tmp_path / "answers.sqlite", clock=lambda: now[0])
    cache.put("a", "{}")
    now[0] -= 400 * DAY
    assert cache.get("a") is None


def test_the_oldest_answers_go_first_where_all_would_be_too_much(tmp_path: Path) -> None:
    now = [1_000_000_000.0]
    cache = AnswerCache(tmp_path / "a.sqlite", most_bytes=1000, clock=lambda: now[0])
    for name in "abcd":
        now[0] += 1
        cache.put(name, name * 300)
    assert [cache.get(name) is not None for name in "abcd"] == [False, True, True, True]
    cache.put("e", "e" * 1001)
    assert cache.get("e") is None


def test_a_flipped_bit_is_noticed(cache: AnswerCache) -> None:
    cache.put("a", json.dumps({"content": NOTE}))
    data = cache.path.read_bytes()
    cache.path.write_bytes(data.replace(b"Priya", b"Prixa"))
    assert cache.get("a") is None
    assert cache.info().answers == 0


def test_clearing_leaves_no_byte(cache: AnswerCache) -> None:
    cache.put("a", json.dumps({"content": NOTE}))
    assert NOTE.encode() in cache.path.read_bytes()
    cache.clear()
    assert list(cache.path.parent.iterdir()) == []
    cache.clear()
    cache.put("b", "{}")
    assert cache.get("b") == "{}"


def broken(path: Path) -> None:
    path.write_bytes(b"not a database" * 100)


def folder(path: Path) -> None:
    path.mkdir()


def link(path: Path) -> None:
    path.symlink_to(path.parent / "elsewhere")
    (path.parent / "elsewhere").write_bytes(b"")


def other_table(path: Path) -> None:
    rows = sqlite3.connect(path)
    rows.execute("CREATE TABLE answers (other TEXT)")
    rows.close()


@pytest.mark.parametrize("spoil", [broken, folder, link, other_table])
def test_a_file_that_cannot_be_used_is_told_once_and_fails_nothing(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    told: list[str] = []
    path = tmp_path / "answers.sqlite"
    spoil(path)
    cache = AnswerCache(path, tell=told.append)
    cache.put("a", NOTE)
    cache.put("b", NOTE)
    assert cache.get("a") is None
    (remark,) = told
    assert str(path) in remark
    assert "coach cache clear" in remark
    assert NOTE not in remark


def test_a_locked_file_is_told_and_fails_nothing(
    cache: AnswerCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.engines.llm.cache._WAIT", 0.05)
    cache.put("a", "{}")
    other = sqlite3.connect(cache.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    cache.put("b", "{}")
    other.close()
    assert cache.trouble is not None
    assert "held by another program" in cache.trouble
    assert AnswerCache(cache.path).get("a") == "{}"


WRITER = """
import sys
from pathlib import Path
from coach.engines.llm.cache import AnswerCache
cache = AnswerCache(Path(sys.argv[1]))
for number in range(25):
    cache.put(f"{sys.argv[2]}-{number}", "x" * 500)
assert cache.trouble is None, cache.trouble
"""


def test_processes_write_side_by_side_and_lose_nothing(cache: AnswerCache, root: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, cache.path, str(name)], cwd=root)
        for name in range(3)
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert cache.info().answers == 75


def test_the_file_stands_in_the_users_cache_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache_file() == home / "cache" / "answers.sqlite"
    monkeypatch.delenv("COACH_HOME")
    assert cache_file().name == "answers.sqlite"
    assert "coach" in cache_file().parts


def test_info_tells_how_much_and_since_when(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "answers.sqlite", clock=lambda: 1_700_000_000.0)
    cache.put("a", "{}")
    info = cache.info()
    assert (info.answers, info.oldest, info.trouble) == (1, 1_700_000_000.0, None)
    assert info.bytes >= cache.path.stat().st_size > 0
