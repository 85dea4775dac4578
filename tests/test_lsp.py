"""The language server, asked by a real client over standard input and output."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pygls")

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

THREAT = "If that happens again you're out."
FORMAL = (
    "Your accuracy is below the required standard. You have thirty days, until 14 June. "
    "Failure to improve may result in disciplinary action."
)
VEILED = """Most people your age have worked this out by now.
A grown adult should not need telling twice.
Maybe this job is simply too big for you.
Honestly, I expected a lot more from somebody at your level.
You clearly don't take this place seriously.
"""
"""Lines of which the model sees at least one, and no rule that one."""


class Editor:
    """What an editor does: opens and changes texts, and shows what it is told."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.published: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()
        self.said: list[str] = []

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _published(told: lsp.PublishDiagnosticsParams) -> None:
            self.published.put_nowait(told)

        client.feature(lsp.WINDOW_SHOW_MESSAGE)(lambda one: self.said.append(one.message))
        client.feature(lsp.WINDOW_LOG_MESSAGE)(lambda one: self.said.append(one.message))

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, text: str, name: str = "notes.md", *, language: str = "markdown") -> None:
        item = lsp.TextDocumentItem(self.uri(name), language, 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def change(self, text: str, version: int, name: str = "notes.md") -> None:
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(version, self.uri(name)),
                [lsp.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    async def told(self) -> lsp.PublishDiagnosticsParams:
        return await asyncio.wait_for(self.published.get(), 30)

    async def settled(self) -> list[lsp.Diagnostic]:
        """What is underlined when the rules and then the model have looked."""
        await self.told()
        return list((await self.told()).diagnostics)

    async def hover(self, line: int, character: int) -> str | None:
        found = await self.client.text_document_hover_async(
            lsp.HoverParams(
                lsp.TextDocumentIdentifier(self.uri("notes.md")), lsp.Position(line, character)
            )
        )
        return found.contents.value if found else None  # type: ignore[union-attr]

    async def actions(self, where: lsp.Range, name: str = "notes.md") -> dict[str, lsp.TextEdit]:
        found = await self.client.text_document_code_action_async(
            lsp.CodeActionParams(
                lsp.TextDocumentIdentifier(self.uri(name)), where, lsp.CodeActionContext([])
            )
        )
        edits = {}
        for action in found or []:
            assert isinstance(action, lsp.CodeAction)
            assert action.edit is not None
            ((_, (edit,)),) = (action.edit.changes or {}).items()
            edits[action.title] = edit
        return edits


def applied(text: str, edit: Any) -> str:
    """The text after an edit within one line, of ASCII text."""
    lines = text.split("\n")
    row = edit.range.start.line
    begin, end = edit.range.start.character, edit.range.end.character
    lines[row] = lines[row][:begin] + edit.new_text + lines[row][end:]
    return "\n".join(lines)


def talk(folder: Path, script: Callable[[Editor], Awaitable[None]]) -> Editor:
    """Run a script of an editor against a server of its own, from greeting to goodbye."""

    async def whole() -> Editor:
        client = LanguageClient("editor", "1")
        editor = Editor(client, folder)
        await client.start_io(sys.executable, "-m", "coach", "lsp", cwd=folder)
        capabilities = lsp.ClientCapabilities()
        await client.initialize_async(lsp.InitializeParams(capabilities, root_uri=folder.as_uri()))
        client.initialized(lsp.InitializedParams())
        await asyncio.wait_for(script(editor), 60)
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()
        return editor

    return asyncio.run(whole())


def test_what_lands_badly_is_underlined_exactly(tmp_path: Path) -> None:
    text = f"# Talk\n\n- fine, thanks 🙂🙂 {THREAT}\n"

    async def script(editor: Editor) -> None:
        editor.open(text)
        first = await editor.told()
        (one,) = first.diagnostics
        assert (first.version, one.code, one.source) == (1, "tone.threat", "coach")
        assert one.severity == lsp.DiagnosticSeverity.Error
        line = text.split("\n")[one.range.start.line].encode("utf-16-le")
        shown = line[2 * one.range.start.character : 2 * one.range.end.character]
        assert shown.decode("utf-16-le") == "happens again you're out"

    talk(tmp_path, script)


def test_only_the_last_of_many_changes_is_checked(tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        editor.open("")
        assert list((await editor.told()).diagnostics) == []
        for version in range(2, 30):
            editor.change(THREAT[:version], version)
        editor.change(THREAT, 30)
        told = await editor.told()
        assert (told.version, len(told.diagnostics)) == (30, 1)

    talk(tmp_path, script)


def test_hover_says_why_and_what_to_do(tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        editor.open(f"All well.\n{THREAT}\n")
        await editor.settled()
        shown = await editor.hover(1, 15)
        assert shown is not None
        assert "tone.threat" in shown
        assert "consequence" in shown
        assert "HR" in shown
        assert await editor.hover(0, 2) is None

    talk(tmp_path, script)


@pytest.mark.parametrize("name", ["notes.md", "notes.txt"])
def test_an_ignore_can_be_taken_and_wants_a_reason(tmp_path: Path, name: str) -> None:
    async def script(editor: Editor) -> None:
        text = f"All well.\n{THREAT}\n"
        editor.open(text, name)
        (one,) = await editor.settled()
        edits = await editor.actions(one.range, name)
        text = applied(text, edits["Ignore tone.threat here, and say why"])
        editor.change(text, 2, name)
        (one,) = await editor.settled()
        assert one.code == "tone.ignore"
        assert "gives no reason" in one.message
        editor.change(text.replace("threat:", "threat: the title of a play"), 3, name)
        assert await editor.settled() == []
        editor.change(text.replace(THREAT, "All well."), 4, name)
        (one,) = await editor.settled()
        assert "sets nothing aside" in one.message
        edits = await editor.actions(one.range, name)
        text = applied(text.replace(THREAT, "All well."), edits["Take this ignore out"])
        assert text.split() == ["All", "well.", "All", "well."]

    talk(tmp_path, script)


def test_another_wording_is_offered_where_one_is_sure(tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        text = "Well.\nFrom today every quote over 500 goes through me, end of story.\n"
        editor.open(text)
        (one,) = await editor.settled()
        edits = await editor.actions(one.range)
        offered = next(title for title in edits if title.startswith("Say instead: "))
        text = applied(text, edits[offered])
        assert "every quote over 500" in text
        assert "end of story" not in text
        editor.change(text, 2)
        assert await editor.settled() == []

    talk(tmp_path, script)


def test_formal_discipline_can_not_be_ignored_away(tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        editor.open(f"{FORMAL}\n")
        found = [one for one in await editor.settled() if "formal" in str(one.code)]
        assert found
        edits = await editor.actions(found[0].range)
        assert not any("formal" in title for title in edits)

    talk(tmp_path, script)


def test_settings_of_the_folder_are_followed_and_named(tmp_path: Path) -> None:
    (tmp_path / "coach.toml").write_text("[tone]\nfine = ['you’re out']\n", encoding="utf-8")

    async def script(editor: Editor) -> None:
        editor.open(f"{THREAT}\n")
        assert await editor.settled() == []
        (tmp_path / "coach.toml").write_text("[tone]\nfine = 3\n", encoding="utf-8")
        editor.change(f"{THREAT} \n", 2)
        (one,) = await editor.settled()
        assert one.code == "tone.threat"

    said = talk(tmp_path, script).said
    assert any("coach.toml is followed" in text for text in said)
    assert any("tone.fine: must be" in text for text in said)


def test_a_text_that_the_settings_leave_out_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "coach.toml").write_text("[tone]\nignore = ['archive/']\n", encoding="utf-8")

    async def script(editor: Editor) -> None:
        editor.open(THREAT, "archive/old.md")
        assert list((await editor.told()).diagnostics) == []
        editor.open(THREAT, "new.md")
        assert len(await editor.settled()) == 1

    talk(tmp_path, script)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty.md", ""),
        ("blank.md", " \n\n"),
        ("talk.vtt", f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n{THREAT}\n"),
        ("nul.md", "\x00\x01\x02"),
    ],
)
def test_what_cannot_be_checked_as_it_stands_is_left_alone(
    tmp_path: Path, name: str, text: str
) -> None:
    async def script(editor: Editor) -> None:
        editor.open(text, name)
        assert list((await editor.told()).diagnostics) == []
        assert await editor.actions(lsp.Range(lsp.Position(0, 0), lsp.Position(9, 0)), name) == {}

    talk(tmp_path, script)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_the_editor(tmp_path: Path, end: str) -> None:
    async def script(editor: Editor) -> None:
        editor.open(end.join(["One\x0b\x0cline\u2028here.", "", THREAT]), "notes.txt")
        (one,) = await editor.settled()
        assert one.range.start == lsp.Position(2, 8)

    talk(tmp_path, script)


def test_a_text_that_was_never_saved_is_checked_and_a_closed_one_forgotten(tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        item = lsp.TextDocumentItem("untitled:Untitled-1", "plaintext", 1, THREAT)
        editor.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        assert len(await editor.settled()) == 1
        closed = lsp.TextDocumentIdentifier("untitled:Untitled-1")
        editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(closed))
        assert list((await editor.told()).diagnostics) == []

    talk(tmp_path, script)


def test_what_the_model_saw_stays_while_other_lines_are_typed(tmp_path: Path) -> None:
    def by_model(told: lsp.PublishDiagnosticsParams) -> list[int]:
        return [one.range.start.line for one in told.diagnostics if "model" in one.message]

    async def script(editor: Editor) -> None:
        editor.open(f"All well.\n\n{VEILED}")
        assert by_model(await editor.told()) == []
        seen = by_model(await editor.told())
        assert seen
        editor.change(f"All well.\n\nA new line.\n\n{VEILED}", 2)
        assert by_model(await editor.told()) == [line + 2 for line in seen]
        editor.change("All well.\n", 3)
        assert by_model(await editor.told()) == []

    talk(tmp_path, script)
