"""A plan as Markdown that can be shared: front matter, sections in guide order, open questions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence

from coach.guide import Guide, Range
from coach.plan import (
    Decision,
    Draft,
    Entry,
    Feedback,
    Goal,
    Lesson,
    Need,
    Plan,
    Responsibility,
    Section,
    Statement,
    Strength,
    SuccessDefinition,
)
from coach.render.review import nothing_found
from coach.render.visible import in_markdown

_PLAIN = re.compile(r"[\w][\w .,/'()&+-]*")


def plan_markdown(draft: Draft, guide: Guide) -> str:
    """The whole plan, ready to be edited and sent."""
    plan = draft.plan
    parts = [_front_matter(draft), _title(plan, guide)]
    if plan.empty and all(step.status == "skipped" for step in draft.steps):
        return "\n\n".join([*parts, _sentence(nothing_found(draft))]) + "\n"
    for section in plan.sections:
        parts.append(f"## {in_markdown(section.title)}\n\n{_body(section, plan, guide)}")
    if plan.open_questions:
        titles = {step.id: step.title.partition(":")[0] for step in guide.steps}
        asked = "\n".join(
            f"- {in_markdown(titles[question.step])}: {in_markdown(question.question)}"
            + (" (planned, not yet discussed)" if question.planned else "")
            for question in plan.open_questions
        )
        parts.append(f"## Still to agree\n\n{asked}")
    if plan.next_checkpoint:
        parts.append(f"Next look together: {in_markdown(plan.next_checkpoint)}")
    return "\n\n".join(parts) + "\n"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _front_matter(draft: Draft) -> str:
    plan = draft.plan
    known = {
        "guide": plan.guide,
        "employee": plan.employee,
        "manager": plan.manager,
        "date": plan.date,
        "period": plan.period,
        "engine": f"{draft.engine.name} {draft.engine.model}",
        "source": f"{draft.source.name} sha256:{draft.source.sha256}",
    }
    rows = [f"{key}: {_yaml(value)}" for key, value in known.items() if value]
    return "\n".join(["---", "coach: 1", *rows, "---"])


def _yaml(value: str) -> str:
    return value if _PLAIN.fullmatch(value) and not _ODD.fullmatch(value) else json.dumps(value)


_ODD = re.compile(r"[\d.,:_+-]+|true|false|null|yes|no|on|off", re.IGNORECASE)


def _title(plan: Plan, guide: Guide) -> str:
    who = [part for part in (plan.employee, plan.period) if part]
    return f"# {in_markdown(guide.plan_title)}" + (
        f": {in_markdown(', '.join(who))}" if who else ""
    )


def _body(section: Section, plan: Plan, guide: Guide) -> str:
    if not section.entries:
        return "_Nothing found in these notes yet; see the open questions._"
    blocks: list[str] = []
    for kinds, view in _VIEWS:
        entries = [entry for entry in section.entries if isinstance(entry, kinds)]
        if entries:
            blocks.append(view(entries, plan, guide))
    return "\n\n".join(blocks)


def _ref(entry: Entry) -> str:
    mark = "" if entry.provenance == "stated" else f"{entry.provenance}; "
    return f"({mark}{', '.join(f'L{number}' for number in entry.lines)})"


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _statements(entries: Sequence[Statement], _plan: Plan, _guide: Guide) -> str:
    return _bullets(f"{in_markdown(entry.text)} {_ref(entry)}" for entry in entries)


def _responsibilities(entries: Sequence[Responsibility], _plan: Plan, _guide: Guide) -> str:
    lead = {"first": "First: ", "later": "May wait: ", None: ""}
    return _bullets(
        f"{lead[entry.priority]}{in_markdown(entry.text)}"
        f"{' (new)' if entry.new else ''} {_ref(entry)}"
        for entry in entries
    )


def _success(entries: Sequence[SuccessDefinition], _plan: Plan, _guide: Guide) -> str:
    return _table(
        ("What", "How we will know", "When"),
        (
            (
                in_markdown(entry.text),
                "; ".join(
                    f"{in_markdown(sign.text)} ({sign.kind})"
                    for sign in entry.indicators
                    if sign.text != entry.text
                ),
                " ".join(part for part in (_when(entry), _ref(entry)) if part),
            )
            for entry in entries
        ),
    )


def _when(entry: SuccessDefinition) -> str:
    if not entry.due:
        return ""
    same = entry.due_date is None or entry.due_date == entry.due
    return in_markdown(entry.due) if same else f"{in_markdown(entry.due)} ({entry.due_date})"


def _decisions(entries: Sequence[Decision], _plan: Plan, guide: Guide) -> str:
    return _table(
        ("Decision", "Range", "Notes"),
        (
            (in_markdown(entry.text), _range(guide, entry.range), _terms(entry, guide))
            for entry in entries
        ),
    )


def _range(guide: Guide, range_: Range) -> str:
    return in_markdown(guide.range_label(range_))


def _terms(entry: Decision, guide: Guide) -> str:
    views = "; ".join(
        f"{in_markdown(view.who)}: {_range(guide, view.range).lower()} (L{view.line})"
        for view in entry.views
    )
    told = (
        "two views" if len({view.who for view in entry.views}) > 1 else "first said, then changed"
    )
    parts = [
        in_markdown(entry.terms) if entry.terms else "",
        f"why: {in_markdown(entry.reason)}" if entry.reason else "",
        f"{told}: {views}" if views else "",
        f"way to more: {in_markdown(entry.path)}" if entry.path else "",
    ]
    return f"{'; '.join(part for part in parts if part)} {_ref(entry)}".strip()


def _labelled(label: str) -> Callable[[Sequence[Strength | Lesson], Plan, Guide], str]:
    def view(entries: Sequence[Strength | Lesson], _plan: Plan, _guide: Guide) -> str:
        return "\n".join(f"- {label}: {in_markdown(entry.text)} {_ref(entry)}" for entry in entries)

    return view


def _goals(entries: Sequence[Goal], _plan: Plan, _guide: Guide) -> str:
    chosen = [entry for entry in entries if entry.chosen]
    rows = [f"{place}. {_goal(entry)}" for place, entry in enumerate(chosen, 1)]
    rows += [
        f"- Also named, beyond the first three: {_goal(entry)}"
        for entry in entries
        if not entry.chosen
    ]
    return "\n".join(rows)


def _goal(entry: Goal) -> str:
    backing = "; ".join(in_markdown(text) for text in entry.resources)
    return f"{in_markdown(entry.text)}{f'. Support: {backing}' if backing else ''} {_ref(entry)}"


def _needs(entries: Sequence[Need], plan: Plan, _guide: Guide) -> str:
    name = {
        "employee": f"{plan.employee or 'The employee'} needs",
        "manager": f"{plan.manager or 'The manager'} needs",
    }
    ordered = sorted(entries, key=lambda entry: entry.who == "manager")
    return "\n".join(f"- {in_markdown(name[entry.who])}: {_answered(entry)}" for entry in ordered)


def _feedback(entries: Sequence[Feedback], _plan: Plan, _guide: Guide) -> str:
    return "\n".join(f"- About being led: {_answered(entry)}" for entry in entries)


def _answered(entry: Need | Feedback) -> str:
    answer = f" → {in_markdown(entry.response)}" if entry.response else ""
    return f"{in_markdown(entry.text)}{answer} {_ref(entry)}"


_VIEWS: tuple[tuple[type, Callable[..., str]], ...] = (
    (Statement, _statements),
    (Responsibility, _responsibilities),
    (SuccessDefinition, _success),
    (Decision, _decisions),
    (Strength, _labelled("Strength")),
    (Lesson, _labelled("Learned")),
    (Goal, _goals),
    (Need, _needs),
    (Feedback, _feedback),
)
