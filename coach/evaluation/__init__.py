"""Evaluation: suites of examples, what an engine makes of them, and what that says.

A ``Suite`` (evals/NAME/suite.yaml) holds cases: a source, what is known about it line by line, what
has to hold of the result. ``run_suite`` puts them to an engine, ``report_of`` counts, ``compare``
puts two runs side by side. What is counted is told in docs/evaluation.md.
"""

from coach.evaluation.answering import Answers, EmbeddedAnswers, LlmAnswers
from coach.evaluation.baseline import Baseline, read_baseline
from coach.evaluation.checking import check_suite
from coach.evaluation.comparison import compare
from coach.evaluation.record import Comparison, Outcome, Report, RunHeader, Score
from coach.evaluation.recorded import RecordedModel, read_recorded
from coach.evaluation.run_file import Run, read_run
from coach.evaluation.running import run_suite
from coach.evaluation.scoring import report_of
from coach.evaluation.suite import Suite, SuiteFolder, load_suite, suites

__all__ = [
    "Answers",
    "Baseline",
    "Comparison",
    "EmbeddedAnswers",
    "LlmAnswers",
    "Outcome",
    "RecordedModel",
    "Report",
    "Run",
    "RunHeader",
    "Score",
    "Suite",
    "SuiteFolder",
    "check_suite",
    "compare",
    "load_suite",
    "read_baseline",
    "read_recorded",
    "read_run",
    "report_of",
    "run_suite",
    "suites",
]
