"""An evaluation as JUnit XML: a test case for each case, and one for each gate."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from coach.evaluation.record import Outcome, Report
from coach.render.evaluation_figures import check_text, gate_name
from coach.render.visible import visible


def report_junit(report: Report) -> str:
    """The file: expectations that do not hold are failures, cases without a result errors.

    Wrong labels are no failures: how many there may be is what gates say. Times are those of the
    server, as the run recorded them: nothing else takes the same time twice.
    """
    root = Element("testsuites")
    cases = SubElement(root, "testsuite", name=visible(report.run.suite))
    for outcome in report.outcomes:
        _case(cases, outcome, repeats=report.run.repeats)
    gates = SubElement(root, "testsuite", name=f"{visible(report.run.suite)} gates")
    for result in report.gates:
        one = SubElement(gates, "testcase", classname="gates", name=visible(gate_name(result)))
        if not result.passed:
            SubElement(one, "failure", message=visible(result.why))
    for suite in (cases, gates):
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(len(suite.findall("testcase[failure]"))))
        suite.set("errors", str(len(suite.findall("testcase[error]"))))
    spent = [outcome.spent.seconds for outcome in report.outcomes if outcome.spent]
    if spent:
        cases.set("time", f"{sum(spent):.3f}")
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, outcome: Outcome, *, repeats: int) -> None:
    name = outcome.case if repeats == 1 else f"{outcome.case} [{outcome.repeat}]"
    one = SubElement(suite, "testcase", classname=visible(suite.get("name", "")), name=name)
    if outcome.spent:
        one.set("time", f"{outcome.spent.seconds:.3f}")
    if outcome.failure:
        SubElement(
            one, "error", type=outcome.failure.cause, message=visible(outcome.failure.message)
        )
        return
    wrong = [check for check in outcome.checks if not check.passed]
    if wrong:
        failure = SubElement(one, "failure", message=visible(wrong[0].name))
        failure.text = "\n".join(visible(check_text(check)) for check in wrong)
