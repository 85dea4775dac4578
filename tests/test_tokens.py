"""Token counts: exact with a verified table, an estimate without, and never a fetch unasked."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from coach.cli.boundary import Boundary
from coach.engines.llm import token_tables, tokens
from coach.engines.llm.token_tables import TABLES, Table, find_table, folders, own_folder
from coach.engines.llm.tokens import TokenCount, count_tokens, estimate
from coach.errors import UsageError

TINY = b"".join(base64.b64encode(bytes([i])) + f" {i}\n".encode() for i in range(256))
"""A table in which every byte is a token."""
TINY_SHA = hashlib.sha256(TINY).hexdigest()


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> tuple[Table, ...]:
    """The tables coach knows, with tiny contents."""
    known = tuple(table._replace(sha256=TINY_SHA) for table in TABLES)
    monkeypatch.setattr(tokens, "TABLES", known)
    monkeypatch.setattr(token_tables, "TABLES", known)
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR", raising=False)
    return known


def put(folder: Path, table: Table, data: bytes = TINY) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / table.file).write_bytes(data)
    return folder / table.file


def told(path: Path) -> tuple[int, ...]:
    """What changes when a file is changed, and not when it is only read."""
    state = path.lstat()
    return state.st_ino, state.st_mode, state.st_size, state.st_mtime_ns


# -- counting --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "exact"),
    [
        ("gpt-5.2", True),
        ("gpt-4o-2024-08-06", True),
        ("openai/gpt-4.1-mini", True),
        ("gpt-4", True),
        ("gpt-oss-20b", True),
        ("gpt-oss:20b", False),
        ("llama3.1:8b", False),
        ("qwen3", False),
        ("davinci", False),
        ("", False),
    ],
)
def test_a_verified_table_counts_and_is_exact_only_for_its_models(
    tiny: tuple[Table, ...], model: str, exact: bool
) -> None:
    for table in tiny:
        put(own_folder(), table)
    assert count_tokens("naïve  talk", model) == TokenCount(12, exact)


def test_what_looks_like_a_control_token_is_counted_as_text(tiny: tuple[Table, ...]) -> None:
    put(own_folder(), tiny[1])
    assert count_tokens("<|endoftext|>\ud800", "gpt-5") == TokenCount(16, exact=True)


def test_a_model_whose_table_is_missing_is_counted_by_the_other(tiny: tuple[Table, ...]) -> None:
    put(own_folder(), tiny[1])
    assert count_tokens("hello", "gpt-4") == TokenCount(5, exact=False)


def test_the_folder_that_tiktoken_is_told_of_counts_too(
    tiny: tuple[Table, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "given", tiny[1])
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path / "given"))
    assert folders() == (tmp_path / "given", own_folder())
    assert count_tokens("hello", "gpt-5") == TokenCount(5, exact=True)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(TINY[:-9]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"x" * 11_000_000),
        lambda path: path.unlink(),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.unlink(), os.mkfifo(path)),
    ],
    ids=["cut", "empty", "large", "missing", "folder", "pipe"],
)
def test_a_table_that_is_not_whole_is_left_alone_and_an_estimate_counts(
    tiny: tuple[Table, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], object],
) -> None:
    path = put(tmp_path, tiny[1])
    spoil(path)
    before = {file.name: told(file) for file in tmp_path.iterdir()}
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    assert count_tokens("hello there", "gpt-5") == TokenCount(estimate("hello there"), False)
    assert {file.name: told(file) for file in tmp_path.iterdir()} == before


def test_counting_writes_nothing_and_changes_no_setting(
    tiny: tuple[Table, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, tiny[1])
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    before = (told(path), dict(os.environ))
    from tiktoken import load

    reader = load.read_file_cached
    assert count_tokens("hello", "gpt-5").exact
    assert (told(path), dict(os.environ)) == before
    assert list(tmp_path.iterdir()) == [path]
    assert load.read_file_cached is reader


def test_a_tiktoken_that_cannot_load_a_table_leaves_an_estimate(
    tiny: tuple[Table, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = hashlib.sha256(b"no table").hexdigest()
    known = tuple(table._replace(sha256=broken) for table in tiny)
    monkeypatch.setattr(tokens, "TABLES", known)
    put(own_folder(), known[1], b"no table")
    assert count_tokens("hello there", "gpt-5") == TokenCount(estimate("hello there"), False)


def test_very_long_text_is_estimated(tiny: tuple[Table, ...]) -> None:
    put(own_folder(), tiny[1])
    assert count_tokens("a" * 1_000_001, "gpt-5") == TokenCount(285_715, exact=False)


def test_without_a_table_tiktoken_is_not_even_imported(root: Path) -> None:
    program = (
        "import sys; from coach.engines.llm.tokens import count_tokens\n"
        "assert count_tokens('hello', 'gpt-5') == (2, False)\n"
        "assert not {'tiktoken', 'requests', 'openai', 'platformdirs'} & set(sys.modules)"
    )
    env = {name: value for name, value in os.environ.items() if name != "TIKTOKEN_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("a", 1, 1),
        ("Dana agreed to own the pricing of the pilot by the end of March.", 15, 19),
        ("Heute haben wir über die Ziele gesprochen.", 8, 13),
        ("今日は来期の目標について話し合いました。", 12, 18),
        ("00:01:02.500 --> 00:01:04.000", 16, 20),
        ('{"line": 12, "steps": ["success"]}', 13, 18),
        ("\ud800", 1, 1),
    ],
)
def test_an_estimate_is_near_and_rather_too_high(text: str, least: int, most: int) -> None:
    """``least`` is what o200k_base makes of it."""
    assert least <= estimate(text) <= most


def test_the_tables_are_where_tiktoken_looks_for_them() -> None:
    import inspect

    from tiktoken_ext import openai_public

    source = inspect.getsource(openai_public)
    assert [table.file for table in TABLES] == [
        "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "fb374d419588a4632f3f557e76b4b70aebbca790",
    ]
    for table in TABLES:
        assert f'"{table.url}"' in source
        assert f'"{table.sha256}"' in source


# -- fetching: against a server on this machine, in a process that may open sockets ----------------

SCRIPT = """
import http.server, json, os, sys, threading, time
from pathlib import Path
from coach.engines.llm.token_tables import Table, fetch_tables
from coach.errors import CoachError

folder, tiny, sha = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), sys.argv[3]
asked, elsewhere = [], []


class Quiet(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass


class Faults(Quiet):
    def do_GET(self):
        asked.append([self.path, self.headers.get("Accept-Encoding")])
        getattr(self, self.path[1:])()

    def head(self, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def good(self):
        self.head()
        self.wfile.write(tiny)

    def other(self):
        self.head()
        self.wfile.write(tiny[:-1])

    def missing(self):
        self.head(404)

    def moved(self):
        self.head(302, Location=f"http://127.0.0.1:{second.server_port}/good")

    def endless(self):
        self.head()
        while True:
            self.wfile.write(b"x" * 65536)

    def short(self):
        self.head(**{"Content-Length": str(len(tiny))})
        self.wfile.write(tiny[:-5])

    def drip(self):
        self.head()
        for _ in range(100):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def slow_head(self):
        self.wfile.write(b"HTTP/1.1 200 OK\\r\\nX-Wait: ")
        for _ in range(100):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def silent(self):
        time.sleep(4)

    def babble(self):
        self.wfile.write(b"what?\\r\\n\\r\\n")


class Second(Quiet):
    def do_GET(self):
        elsewhere.append(self.requestline)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(tiny)

    def do_CONNECT(self):
        elsewhere.append(self.requestline)
        self.send_error(403)


def serve(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


first, second = serve(Faults), serve(Second)
for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
    os.environ[name] = f"http://127.0.0.1:{second.server_port}"


def table(path, base=f"http://127.0.0.1:{first.server_port}"):
    return Table("tiny", f"{base}/{path}", sha)


def attempt(place, one, **options):
    begun = time.monotonic()
    try:
        told = [[done.encoding, str(done.path), done.fresh]
                for done in fetch_tables(place, tables=[one], **options)]
    except CoachError as error:
        told = [type(error).__name__, error.message, error.exit_code]
    files = {file.name: [oct(file.stat().st_mode & 0o777), file.stat().st_size]
             for file in place.iterdir()} if place.is_dir() else None
    return {"told": told, "seconds": time.monotonic() - begun, "files": files}


os.umask(0)
results = {"good": attempt(folder / "a" / "b", table("good"))}
results["folder"] = oct((folder / "a" / "b").stat().st_mode & 0o777)
results["again"] = attempt(folder / "a" / "b", table("good"))
results["asked"] = list(asked)
for name in ("other", "missing", "moved", "short", "babble", "drip", "slow_head", "silent"):
    results[name] = attempt(folder / name, table(name), deadline=0.8)
results["endless"] = attempt(folder / "endless", table("endless"), most=300_000)
old = folder / "old"
old.mkdir()
(old / table("other").file).write_bytes(b"what was there")
results["old"] = attempt(old, table("other"))
results["blocked"] = attempt(folder / "old" / table("other").file, table("good"))
results["elsewhere"] = list(elsewhere)
closed = serve(Second)
closed.shutdown()
closed.server_close()
results["refused"] = attempt(folder / "refused", table("good", f"http://127.0.0.1:{closed.server_port}"))
by = f"http://127.0.0.1:{second.server_port}"
results["proxy"] = attempt(folder / "proxy", table("x", "https://tables.example:8443"), proxy=by)
results["by_proxy"] = list(elsewhere)
print(json.dumps(results))
"""


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of every attempt."""
    folder = tmp_path_factory.mktemp("fetch")
    (folder / "tiny").write_bytes(TINY)
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, folder, folder / "tiny", TINY_SHA],
        env={**os.environ, "PYTHONPATH": str(root)},  # without the guard against sockets
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_table_is_fetched_once_and_is_the_users_alone(fetched: dict[str, Any]) -> None:
    (name, path, fresh) = fetched["good"]["told"][0]
    assert (name, fresh) == ("tiny", True)
    assert fetched["good"]["files"] == {Path(path).name: ["0o600", len(TINY)]}
    assert fetched["folder"] == "0o700"
    assert fetched["again"]["told"] == [["tiny", path, False]]
    assert fetched["asked"] == [["/good", "identity"]]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("other", "what came is not the table: its sha256 is another"),
        ("missing", "the host answered 404"),
        ("moved", "the host answered 302"),
        ("short", "what came is not the table: its sha256 is another"),
        ("babble", "the connection failed (BadStatusLine)"),
        ("drip", "no answer in time"),
        ("slow_head", "no answer in time"),
        ("silent", "no answer in time"),
        ("endless", "what came is larger than 300,000 bytes"),
        ("refused", "the connection failed (ConnectionRefusedError)"),
    ],
)
def test_a_fetch_that_fails_says_why_in_time_and_leaves_nothing(
    fetched: dict[str, Any], name: str, what: str
) -> None:
    kind, message, code = fetched[name]["told"]
    assert (kind, code) == ("EngineError", 4)
    assert message.startswith("could not fetch the table 'tiny' from 127.0.0.1:")
    assert message.endswith(f": {what}")
    assert fetched[name]["seconds"] < 0.8 + 1
    assert not fetched[name]["files"]


def test_a_fetch_that_fails_leaves_what_was_there(fetched: dict[str, Any]) -> None:
    assert fetched["old"]["told"][0] == "EngineError"
    assert [size for _, size in fetched["old"]["files"].values()] == [len(b"what was there")]


def test_a_folder_that_cannot_be_written_is_told(fetched: dict[str, Any]) -> None:
    kind, message, code = fetched["blocked"]["told"]
    assert (kind, code) == ("OutputError", 2)
    assert "could not write" in message


def test_neither_redirect_nor_environment_leads_elsewhere(fetched: dict[str, Any]) -> None:
    assert fetched["elsewhere"] == []


def test_a_proxy_that_is_given_is_used_and_told_the_host_alone(fetched: dict[str, Any]) -> None:
    assert len(fetched["by_proxy"]) == 1
    assert fetched["by_proxy"][0].startswith("CONNECT tables.example:8443 HTTP/1.")
    assert fetched["proxy"]["told"][1].endswith("the connection failed (OSError)")


@pytest.mark.parametrize("url", ["http://tables.example/x", "ftp://tables.example/x", "file:///x"])
def test_only_https_is_asked_for_tables(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError, match="only over https"):
        token_tables.fetch_tables(tmp_path, tables=[Table("tiny", url, TINY_SHA)])


@pytest.mark.parametrize("proxy", ["https://p:1", "socks5://p:1", "http://", ""])
def test_a_proxy_of_another_kind_is_refused(tmp_path: Path, proxy: str) -> None:
    with pytest.raises(UsageError, match="the proxy must be"):
        token_tables.fetch_tables(tmp_path, proxy=proxy)


# -- the command -----------------------------------------------------------------------------------


@pytest.fixture
def command() -> Callable[..., Any]:
    """``coach tokens`` by itself: command("fetch")."""
    from coach.cli.tokens import tokens

    app = typer.Typer(cls=Boundary, pretty_exceptions_enable=False)
    app.command()(tokens)
    app.callback()(lambda: None)
    return lambda *arguments: CliRunner().invoke(app, ["tokens", *arguments])


def test_the_command_shows_what_is_at_hand(
    command: Callable[..., Any], tiny: tuple[Table, ...]
) -> None:
    path = put(own_folder(), tiny[1])
    done = command()
    assert done.exit_code == 0
    assert done.stdout == (f"cl100k_base: not at hand, counts are estimates\no200k_base: {path}\n")
    assert f"coach tokens fetch puts the missing ones into {own_folder()}" in done.stderr
    assert json.loads(command("--json").stdout) == {
        "schema": "coach.tokens/1",
        "tiktoken": True,
        "tables": [
            {"encoding": "cl100k_base", "path": None},
            {"encoding": "o200k_base", "path": str(path)},
        ],
    }


def test_the_command_fetches_only_what_is_missing_and_says_whom_it_asks(
    command: Callable[..., Any], tiny: tuple[Table, ...]
) -> None:
    for table in tiny:
        put(own_folder(), table)
    done = command("fetch")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.startswith("asking openaipublic.blob.core.windows.net for what is missing")
    assert "o200k_base: was there already" in done.stderr
    assert done.stdout.count(str(own_folder())) == 2


def test_the_own_folder_stands_under_the_users_home(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert own_folder() == home / "cache" / "tiktoken"
    monkeypatch.delenv("COACH_HOME")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert own_folder().name == "tiktoken"
    assert own_folder().parent.name.lower() in {"coach", "cache"}


def test_a_table_is_read_by_its_owner_alone_and_found_again(
    tiny: tuple[Table, ...], tmp_path: Path
) -> None:
    path = put(tmp_path / "second", tiny[0])
    path.chmod(0o400)
    assert find_table(tiny[0], (tmp_path / "first", tmp_path / "second")) == path
    assert find_table(tiny[1], (tmp_path / "first", tmp_path / "second")) is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
