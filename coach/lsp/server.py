"""serve: the language server over standard input and output."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from coach.checks.report import CheckedFile
from coach.document import Document
from coach.lsp.checking import Checker, News
from coach.lsp.open_text import OpenText, read_open, still_standing
from coach.render.visible import visible

RULES_AFTER = 0.1
MODEL_AFTER = 0.4
"""Seconds without a change before the rules look, and after these the model."""


class CoachServer(LanguageServer):
    """The texts that are open, and what was found in them."""

    def __init__(self) -> None:
        # whole texts: pieces would be counted by line breaks that editors do not know
        full = lsp.TextDocumentSyncKind.Full
        super().__init__("coach", _version(), text_document_sync_kind=full)
        self._checked: dict[str, OpenText] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._checker = Checker()
        self._turn = threading.Lock()

    def at(self, uri: str) -> OpenText | None:
        """The text as it was last checked; None where it has changed since."""
        found = self._checked.get(uri)
        now = self.workspace.get_text_document(uri).version
        return found if found and found.version == now else None

    def watch(self, uri: str, *, wait: float) -> None:
        """Check this text soon; a check that is under way for it is dropped."""
        self.drop(uri)
        self._running[uri] = asyncio.create_task(self._check(uri, wait))

    def drop(self, uri: str) -> None:
        """Forget the check that is under way."""
        if task := self._running.pop(uri, None):
            task.cancel()

    def clear(self, uri: str) -> None:
        """Forget a text, and take its underlines away."""
        self.drop(uri)
        self._checked.pop(uri, None)
        self._publish(uri, [])

    async def _check(self, uri: str, wait: float) -> None:
        await asyncio.sleep(wait)
        if await self._look(uri, quick=True):
            await asyncio.sleep(MODEL_AFTER)
            await self._look(uri, quick=False)

    async def _look(self, uri: str, *, quick: bool) -> bool:
        """Check and publish; whether there was something to check."""
        text = self.workspace.get_text_document(uri)
        path = _path(text)
        document = await asyncio.to_thread(read_open, text.source, path.name)
        file = None
        if document:
            task = asyncio.current_task()
            file = await asyncio.to_thread(self._judged, path, document, task, quick=quick)
        for news in self._checker.news():
            self._tell(news)
        if file is None and not quick:
            return False  # what the rules found stays
        if document is None or file is None:
            self._checked.pop(uri, None)
            self._publish(uri, [], text.version)
            return False
        before = self._checked.get(uri)
        if quick and before:
            file = still_standing(before, document, file)
        units = self.workspace.position_codec.client_num_units
        found = OpenText(uri, text.version, document=document, file=file, units=units)
        self._checked[uri] = found
        self._publish(uri, found.diagnostics(), text.version)
        return True

    def _judged(
        self, path: Path, document: Document, task: asyncio.Task[None] | None, *, quick: bool
    ) -> CheckedFile | None:
        """In a thread of its own, one at a time; nothing where the text has changed meanwhile."""
        with self._turn:
            if task is None or task.cancelling():
                return None
            return self._checker.check(path, document, quick=quick)

    def _publish(self, uri: str, found: list[lsp.Diagnostic], version: int | None = None) -> None:
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=version)
        )

    def _tell(self, news: News) -> None:
        """Shown where something is wrong, else only written down."""
        text = visible(f"coach: {news.text}")
        if news.wrong:
            self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, text))
        else:
            self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Info, text))


def make_server() -> CoachServer:
    """The server with all that it answers to."""
    server = CoachServer()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def _opened(params: lsp.DidOpenTextDocumentParams) -> None:
        server.watch(params.text_document.uri, wait=0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def _changed(params: lsp.DidChangeTextDocumentParams) -> None:
        server.watch(params.text_document.uri, wait=RULES_AFTER)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def _saved(params: lsp.DidSaveTextDocumentParams) -> None:
        server.watch(params.text_document.uri, wait=0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def _closed(params: lsp.DidCloseTextDocumentParams) -> None:
        server.clear(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def _hover(params: lsp.HoverParams) -> lsp.Hover | None:
        found = server.at(params.text_document.uri)
        return found.hover(params.position) if found else None

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]),
    )
    def _actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        found = server.at(params.text_document.uri)
        return list(found.actions(params.range)) if found else []

    return server


def serve() -> None:
    """Answer an editor over standard input and output until it says goodbye."""
    make_server().start_io()


def _version() -> str:
    with suppress(PackageNotFoundError):
        return version("conversation-coach")
    return "from a checkout"


def _path(text: TextDocument) -> Path:
    """Where the text stands, or would: one that was never saved, in the working folder."""
    path = to_fs_path(text.uri) if text.uri.startswith("file:") else None
    if path:
        return Path(path)
    ending = ".md" if text.language_id == "markdown" else ".txt"
    return Path.cwd() / f"untitled{ending}"
