"""The HTML report: whole without anything else, safe with any text, and usable in a browser."""

from __future__ import annotations

import re
import shutil
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from coach.document import Document
from coach.evaluation import (
    EmbeddedAnswers,
    Report,
    Run,
    RunHeader,
    compare,
    load_suite,
    report_of,
    run_suite,
)
from coach.evaluation.case import Label
from coach.evaluation.record import Check, Failure, Line, Outcome, StepOutcome
from coach.finding import Finding
from coach.guide import Guide
from coach.mapping import EngineInfo, LineLabel, StepMap, assemble
from coach.plan import Plan
from coach.render.evaluation_html import report_html

HOSTILE = "</script><img src=x onerror=alert(1)>&amp;\"'\x1b[2J\u202eevil"
SHOWN = "</script><img src=x onerror=alert(1)>&amp;\"'\\x1b[2J\\u202eevil"
MOST = 300_000


def outcome(case: str, text: str, **changes: Any) -> Outcome:
    """A case of one line, and of one step, that are not as wanted."""
    line = Line(
        line=1,
        text=text,
        wanted=Label(line=1, steps=("success",), items=("success.timeline",)),
        said=LineLabel(line=1, steps=("tasks",), tone="punitive", category="threat"),
        flagged=((0, 5),),
    )
    known: dict[str, Any] = {
        "case": case,
        "tags": ("short",),
        "task": "draft",
        "name": f"{case}.txt",
        "steps": (StepOutcome(id="success", wanted="partial", said="skipped"),),
        "truth": "lines",
        "lines": (line,),
        "size": 1,
    }
    return Outcome(**(known | changes))


def run_of(*outcomes: Outcome, **changes: Any) -> Run:
    header = RunHeader(
        suite="ours",
        suite_sha256="0",
        coach="0",
        engine="embedded",
        model="m",
        fingerprint="f",
        cases=tuple(one.case for one in outcomes),
    )
    return Run(header.model_copy(update=changes), outcomes)


def report(*outcomes: Outcome, **changes: Any) -> Report:
    return report_of(run_of(*outcomes, **changes), None)


def two_runs() -> tuple[Report, Report, Any]:
    """Two runs of three cases: one is repaired, one breaks, one stays as it was."""
    label = Label(line=1, steps=("success",), items=("success.timeline",))
    silent = Line(line=1, text="ready by May", wanted=label)
    fine = {"lines": (silent.model_copy(update={"said": label}),), "steps": ()}
    refused = Failure(cause="refusal", message="it would not")
    before = run_of(
        outcome("mended", "ready by May"),
        outcome("broken", "ready by May", **fine),
        outcome("same", "the <rota> is hers", tags=("long",)),
    )
    after = run_of(
        outcome("mended", "ready by May", **fine),
        outcome("broken", "ready by May", lines=(silent,), steps=(), failure=refused),
        outcome("same", "the <rota> is hers", tags=("long",)),
        model="n",
    )
    return report_of(before, None), report_of(after, None), compare(before, after)


class Tags(HTMLParser):
    """Every tag and attribute of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, set[str]] = {}
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


HOSTILES: dict[str, dict[str, Any]] = {
    "line": {"text": HOSTILE},
    "label": {"lines": (Line(line=1, text="a", wanted=Label(line=1, steps=(HOSTILE,))),)},
    "check": {"checks": (Check(name=HOSTILE, passed=False),)},
    "what a check found": {"checks": (Check(name="plan holds", passed=False, found=HOSTILE),)},
    "message": {"failure": Failure(cause="refusal", message=HOSTILE)},
    "cause": {"failure": Failure(cause=HOSTILE, message="no")},
    "tag": {"tags": (HOSTILE,)},
    "case": {"case": HOSTILE},
    "step": {"steps": (StepOutcome(id=HOSTILE, wanted="covered"),)},
}


# -- any text --------------------------------------------------------------------------------------


@pytest.mark.parametrize("hostile", HOSTILES.values(), ids=HOSTILES)
def test_text_of_notes_models_and_suites_stays_text(hostile: dict[str, Any]) -> None:
    known = {"case": "one", "text": "plain"} | hostile
    made = report(outcome(known.pop("case"), known.pop("text"), **known))
    other = made.model_copy(update={"run": made.run.model_copy(update={"model": HOSTILE})})
    plain = Tags(report_html(report(outcome("one", "plain"))))
    for page in (report_html(made), report_html(made, other, None)):
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", page)
        found = Tags(page)
        assert "img" not in found.tags
        assert found.tags.count("script") == 1
        assert not [name for name in found.attributes if name.startswith("on")]
        assert SHOWN in found.text
        assert plain.attributes["http-equiv"] == found.attributes["http-equiv"]
    assert SHOWN in Tags(report_html(made, other, None)).text


def test_flagged_words_are_marked_where_they_stand_whatever_is_written_out() -> None:
    text = "\u202ayou <never> listen"
    line = outcome("one", text).lines[0].model_copy(update={"flagged": ((1, 12),)})
    page = report_html(report(outcome("one", text, lines=(line,))))
    assert r"\u202a<mark>you &lt;never&gt;</mark> listen" in page


def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else() -> None:
    page = report_html(report(outcome("one", "plain")))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none';")
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    found = Tags(page)
    assert "style" not in found.attributes
    assert "src" not in found.attributes
    assert found.attributes["href"] == {"data:,", "#cases"}


# -- what it tells ---------------------------------------------------------------------------------


def test_what_is_wrong_of_a_line_is_emphasised_and_what_is_right_is_not() -> None:
    page = report_html(report(outcome("one", "ready by May")))
    assert "<td><b>success</b> <b>.timeline</b></td>" in page
    assert "<td><b>tasks</b>, <b>punitive</b> <b>.threat</b></td>" in page
    assert "success <b>skipped, partial wanted</b><b> and not asked for</b>" in page


def test_of_a_case_with_labels_of_tone_only_tone_is_judged() -> None:
    line = Line(line=1, text="fine", wanted=Label(line=1), said=LineLabel(line=1, steps=("tasks",)))
    page = report_html(report(outcome("one", "", truth="tone", lines=(line,), steps=())))
    assert "<td>not punitive</td><td>tasks</td>" in page
    assert "as wanted" in page


def test_two_runs_stand_side_by_side_with_verdicts() -> None:
    page = report_html(*two_runs())
    text = Tags(page).text
    assert "no result, refusal" in text
    assert page.count('class="repaired"') == page.count('class="broken"') == 1
    assert page.index('id="case-broken"') < page.index('id="case-mended"')
    assert page.count('<span class="pill unsure">cannot tell</span>') > 3
    assert page.count("2 repaired, 0 broken") == 1


def test_a_case_that_one_run_has_not_got_is_neither_wrong_nor_changed_there() -> None:
    label = Label(line=1, steps=("success",))
    right = Line(line=1, text="ready by May", wanted=label, said=LineLabel(**label.model_dump()))
    alone = outcome("alone", "ready by May", lines=(right,), steps=())
    runs = run_of(alone, outcome("both", "x")), run_of(outcome("both", "x"))
    page = report_html(*(report_of(run, None) for run in runs), compare(*runs))
    case = page.partition('id="case-alone"')[2].partition("</details>")[0]
    assert "in one run only" in case
    assert "as wanted" in case
    assert "differ" not in case
    assert "no answer" not in case


def test_an_interval_is_drawn_as_that_of_the_run_it_belongs_to() -> None:
    said = {"checks": (Check(name="x", passed=True),)}
    runs = run_of(outcome("one", "x")), run_of(outcome("one", "x", **said))
    page = report_html(*(report_of(run, None) for run in runs), compare(*runs))
    row = page.partition("expectations that hold")[2].partition("</tr>")[0]
    assert "<path" in row
    assert 'class="before"' not in row


def test_a_case_that_fails_in_a_later_repeat_counts_as_failed() -> None:
    again = outcome("one", "x", repeat=2, failure=Failure(cause="truncated", message="cut"))
    made = report_of(Run(run_of(outcome("one", "x")).header, (outcome("one", "x"), again)), None)
    page = report_html(made)
    assert 'data-is="failed wrong"' in page
    assert "<b>repeat 2: </b>no result, truncated" in page


class Silent:
    """Says nothing of any line, so that all that is labelled is missed."""

    def label(self, document: Document, guide: Guide) -> StepMap:
        info = EngineInfo(name="embedded", model="silent")
        return assemble(document, guide, labels=[], engine=info)

    def listen(self, document: Document) -> tuple[Finding, ...]:
        return ()

    def weigh(self, document: Document, findings: Sequence[Finding]) -> Sequence[Finding]:
        return findings

    def draft(self, document: Document, guide: Guide, steps: StepMap) -> Plan:
        return Plan(guide=guide.id, sections=())


def test_the_core_suite_fits_in_300_kb_even_where_every_line_is_wrong() -> None:
    core = load_suite("core")
    run = run_suite(core, core.suite.cases, EmbeddedAnswers(Silent()))  # type: ignore[arg-type]
    made = report_of(run, core)
    for page in (report_html(made), report_html(made, made, compare(run, run))):
        assert MOST / 2 < len(page.encode()) < MOST
        assert page.count("<details class=") == len(core.suite.cases)
        assert re.search(r"\d+ lines are not shown\.", page)
    assert report_html(made) == report_html(made)


# -- in a browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium that is installed on this machine."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    program = next(filter(None, map(shutil.which, names)), None)
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if program is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(report_html(*two_runs()), encoding="utf-8")
    return path


def opened(browser: Any, path: Path, **settings: Any) -> tuple[Any, list[str]]:
    """The page in a browser, and all it complains about or asks for beside itself."""
    page = browser.new_page(**settings)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url))
    page.goto(path.as_uri())
    assert told.pop(0) == path.as_uri()
    return page, told


def names(page: Any) -> list[str]:
    found: list[str] = page.locator("details.case:visible summary strong").all_inner_texts()
    return found


def test_filters_and_keys_find_cases_and_nothing_is_asked_for(browser: Any, saved: Path) -> None:
    page, told = opened(browser, saved)
    assert names(page) == ["broken", "same", "mended"]
    page.get_by_text("failed 1").click()
    assert names(page) == ["broken"]
    assert page.locator("#found").inner_text() == "1 of 3 cases"
    page.get_by_text("changed 2").click()
    assert names(page) == ["broken", "mended"]
    page.get_by_text("all 3").click()
    page.get_by_label("tag").select_option("long")
    assert names(page) == ["same"]
    page.get_by_label("tag").select_option("")
    page.locator("body").press("/")
    page.keyboard.type("<ROTA> hers")
    assert names(page) == ["same"]
    page.keyboard.press("Escape")
    assert len(names(page)) == 3
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    assert page.locator("details.case[open] summary strong").all_inner_texts() == ["same"]
    assert page.locator("#case-same mark").inner_text() == "the <"
    page.get_by_role("link", name="broken").click()
    page.locator("#case-broken[open]").wait_for()
    assert told == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_told_from_the_page_in_light_and_dark(
    browser: Any, saved: Path, scheme: str
) -> None:
    page, told = opened(browser, saved, color_scheme=scheme)
    page.get_by_role("button", name="open or close all").click()
    low: list[str] = page.evaluate(CONTRAST)
    assert low == []
    assert told == []


def test_without_its_script_everything_can_be_read(browser: Any, saved: Path) -> None:
    page, told = opened(browser, saved, java_script_enabled=False)
    assert page.locator("#filters").is_hidden()
    page.locator("#case-same summary").click()
    assert page.get_by_text("the <rota> is hers").is_visible()
    assert told == []


def test_a_narrow_window_scrolls_only_up_and_down(browser: Any, saved: Path) -> None:
    page, _ = opened(browser, saved, viewport={"width": 400, "height": 800})
    page.get_by_role("button", name="open or close all").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


CONTRAST = """() => {
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const numbers = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = (c) => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const c = getComputedStyle(at).backgroundColor;
      if (c.startsWith("rgb") && numbers(c)[3] !== 0) return numbers(c);
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const one of document.querySelectorAll("body *")) {
    const own = [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !one.checkVisibility()) continue;
    const [a, b] = [light(numbers(getComputedStyle(one).color)), light(behind(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push(`${one.tagName} ${one.className}: ${ratio.toFixed(2)}`);
  }
  return low;
}"""
"""Every element with text of its own whose contrast is below 4.5 to 1, which WCAG 2.2 asks for."""
