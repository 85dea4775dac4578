"""The two passes, trained: linear heads over n-grams, then small networks over their scores."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
from corpus import STEPS, Gold, Labelled, without_roles
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GroupKFold
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC

from coach.document import Line
from coach.engines.embedded.context import context
from coach.engines.embedded.features import BLOCKS, Features, features, seen_lines
from coach.engines.embedded.scoring import Network, values

ITEMS = (
    "purpose.mission purpose.team_goals purpose.initiatives purpose.role_connection "
    "tasks.core_responsibilities tasks.current_projects tasks.new_responsibilities "
    "tasks.most_critical tasks.deferrable tasks.learning_goal "
    "success.outcomes_ongoing success.outcomes_projects success.quality success.measurable "
    "success.behaviours success.communication success.timeline "
    "autonomy.categorised autonomy.reasoning autonomy.increase autonomy.documented "
    "development.strengths development.misses development.growth development.goals "
    "development.resources "
    "support.employee_needs support.leadership_feedback support.manager_needs"
).split()
RANGES = ("do", "do_then_tell", "consult_then_do", "ask_first")
CATEGORIES = "threat blame command label comparison pip surveillance dismissal".split()
SEVERITIES = ("low", "medium", "high")

CORE = (*STEPS, "tone.punitive", "tone.supportive", *(f"range.{r}" for r in RANGES), "planned")
"""Heads whose scores the second pass sees of the lines around, too."""
OWN = (*(f"about.{step}" for step in STEPS), *ITEMS)
"""Heads whose scores the second pass sees of the line alone."""
MANNER = (*(f"category.{c}" for c in CATEGORIES), *(f"severity.{s}" for s in SEVERITIES))
"""Heads of punitive lines, trained on those alone and used as they are."""
FIRST = (*CORE, *OWN, *MANNER)
SECOND = CORE

OF_THE_LINE = ("word", "pair", "char", "cue")
"""Blocks of features that need no neighbours and no place."""

FOLDS = 6
RARE = 3
"""A feature must stand in this many lines to be kept."""
COST = 0.2
LOOSE_WEIGHT = 0.3
SEEDS = 8
SHORT = (5, 16)
"""Lines of an excerpt, least and most."""
EXCERPTS = 3
SHORT_SEED = 5
HIDDEN = 48


@dataclass(frozen=True)
class Sample:
    """The lines of one document as trained on, their labels, and how much they count."""

    lines: tuple[Line, ...]
    gold: tuple[Gold, ...]
    author: str
    weight: float = 1.0
    alone: bool = False
    """Whether the line has no neighbours to speak of."""
    blind: bool = False
    """Whether this is the copy of a transcript without the speakers' roles."""


def samples_of(documents: list[Labelled]) -> list[Sample]:
    """The documents, transcripts twice: with the roles of the speakers and without."""
    found = []
    for one in documents:
        lines = seen_lines(one.document)
        if one.document.kind == "notes":
            found.append(Sample(lines, one.gold, one.author))
            continue
        unknown = seen_lines(without_roles(one.document))
        found.append(Sample(lines, one.gold, one.author, 0.6))
        found.append(Sample(unknown, one.gold, one.author, 0.4, blind=True))
    return found


def loose_samples(loose: list[tuple[Line, Gold]]) -> list[Sample]:
    """The loose lines, each a sample of its own."""
    return [Sample((line,), (gold,), "loose", LOOSE_WEIGHT, True) for line, gold in loose]


def truth(gold: Gold) -> list[bool]:
    """Which heads of ``FIRST`` this line should raise."""
    marks = {*gold.steps, *gold.items, f"tone.{gold.tone}"}
    marks |= {f"about.{step}" for step in (*gold.steps, *gold.planned)}
    marks |= {f"range.{gold.range}", f"category.{gold.category}", f"severity.{gold.severity}"}
    if gold.planned:
        marks.add("planned")
    return [head in marks for head in FIRST]


@dataclass(frozen=True)
class Table:
    """The samples as numbers: one row a line."""

    matrix: sparse.csr_matrix
    truth: np.ndarray
    weight: np.ndarray
    author: np.ndarray
    starts: np.ndarray
    """First row of each sample, and the end."""


def found_in(samples: list[Sample]) -> list[Features]:
    """The features of each sample."""
    found = []
    for sample in samples:
        one = features(sample.lines)
        if sample.alone:
            kept = np.isin(one.blocks, [BLOCKS.index(block) for block in OF_THE_LINE])
            one = Features(*(part[kept] for part in one[:4]), size=one.size)
        found.append(one)
    return found


def vocabulary(found: list[Features]) -> tuple[np.ndarray, np.ndarray]:
    """The keys that stand in enough lines, and how rare each is."""
    keys, counts = np.unique(np.concatenate([one.keys for one in found]), return_counts=True)
    total = sum(one.size for one in found)
    kept = counts >= RARE
    rarity = np.log((1.0 + total) / (1.0 + counts[kept])) + 1.0
    return keys[kept].astype(np.uint32), rarity.astype(np.float16)


def table_of(samples: list[Sample], keys: np.ndarray, rarity: np.ndarray) -> Table:
    """The samples as one table over this vocabulary."""
    blocks = []
    for one in found_in(samples):
        rows, columns, value = values(one, keys, rarity.astype(np.float32))
        blocks.append(sparse.csr_matrix((value, (rows, columns)), (one.size, len(keys))))
    sizes = [len(sample.lines) for sample in samples]
    return Table(
        matrix=sparse.vstack(blocks).tocsr(),
        truth=np.array([truth(gold) for sample in samples for gold in sample.gold]),
        weight=np.repeat([sample.weight for sample in samples], sizes),
        author=np.repeat([sample.author for sample in samples], sizes),
        starts=np.concatenate([[0], np.cumsum(sizes)]),
    )


def fit_linear(table: Table, rows: np.ndarray, jobs: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Weights (feature by head) and bias of every head, trained on these rows."""
    punitive = table.truth[:, FIRST.index("tone.punitive")]
    fits = Parallel(jobs)(
        delayed(_fit_head)(table, rows[punitive[rows]] if head in MANNER else rows, at)
        for at, head in enumerate(FIRST)
    )
    return np.column_stack([w for w, _ in fits]), np.array([b for _, b in fits])


def _fit_head(table: Table, rows: np.ndarray, at: int) -> tuple[np.ndarray, float]:
    wanted = table.truth[rows, at]
    if not wanted.any():
        return np.zeros(table.matrix.shape[1]), -1.0
    model = LinearSVC(C=COST, tol=1e-2, max_iter=500, random_state=7)
    weight = table.weight[rows]
    if FIRST[at] in MANNER:
        weight = np.maximum(weight, 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(table.matrix[rows], wanted, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


def folds_of(table: Table) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rows to train on and rows to judge, no author on both sides; loose lines always train."""
    placed = np.flatnonzero(table.author != "loose")
    loose = np.flatnonzero(table.author == "loose")
    split = GroupKFold(FOLDS).split(placed, groups=table.author[placed])
    return [(np.concatenate([placed[train], loose]), placed[held]) for train, held in split]


def held_out_scores(table: Table) -> np.ndarray:
    """The first pass's scores of every line, from models that never saw its author."""
    scores = np.zeros(table.truth.shape)
    for train, held in folds_of(table):
        weights, bias = fit_linear(table, train)
        scores[held] = table.matrix[held] @ weights + bias
    return scores


@dataclass(frozen=True)
class Seen:
    """What the second pass sees: one view a row, and the row of the table it is a view of."""

    view: np.ndarray
    rows: np.ndarray

    def of(self, rows: np.ndarray) -> Seen:
        """The views of these rows only."""
        kept = np.isin(self.rows, rows)
        return Seen(self.view[kept], self.rows[kept])


def views(samples: list[Sample], table: Table, scores: np.ndarray) -> Seen:
    """What the second pass sees of each line of whole documents; loose lines are left out."""
    spans = list(zip(samples, table.starts[:-1], table.starts[1:], strict=True))
    return _seen([(sample.lines, start) for sample, start, _ in spans if not sample.alone], scores)


def cut_short(samples: list[Sample]) -> list[Sample]:
    """A few runs of lines from each sample, as if each were a whole short note."""
    draw = np.random.default_rng(SHORT_SEED)
    found = []
    for sample in samples:
        for _ in range(EXCERPTS if len(sample.lines) > SHORT[1] else 0):
            length = int(draw.integers(*SHORT, endpoint=True))
            first = int(draw.integers(0, len(sample.lines) - length, endpoint=True))
            run = slice(first, first + length)
            found.append(replace(sample, lines=sample.lines[run], gold=sample.gold[run]))
    return found


def excerpts(samples: list[Sample], table: Table, scores: np.ndarray) -> Seen:
    """What it sees of short notes: from each document a few runs of lines, as if that were all."""
    draw = np.random.default_rng(SHORT_SEED)
    found = []
    for sample, start in zip(samples, table.starts[:-1], strict=True):
        size = len(sample.lines)
        for _ in range(0 if sample.alone or size <= SHORT[1] else EXCERPTS):
            length = int(draw.integers(*SHORT, endpoint=True))
            first = int(draw.integers(0, size - length, endpoint=True))
            found.append((sample.lines[first : first + length], start + first))
    return _seen(found, scores)


def _seen(runs: list[tuple[tuple[Line, ...], int]], scores: np.ndarray) -> Seen:
    own = [FIRST.index(head) for head in OWN]
    core = [FIRST.index(head) for head in CORE]
    parts, rows = [], []
    for lines, start in runs:
        part = scores[start : start + len(lines)]
        parts.append(context(part[:, own], part[:, core], lines))
        rows.append(np.arange(start, start + len(lines)))
    return Seen(np.concatenate(parts), np.concatenate(rows))


@dataclass(frozen=True)
class SecondPass:
    """The trained second pass."""

    mean: np.ndarray
    spread: np.ndarray
    networks: tuple[Network, ...]

    def scaled(self, seen: np.ndarray) -> np.ndarray:
        """The view as the networks take it."""
        return np.clip((seen - self.mean) / self.spread, -6.0, 6.0)

    def rounded(self) -> SecondPass:
        """The same in the precision of the file."""
        networks = tuple(
            Network(*(part.astype(np.float16).astype(np.float64) for part in one))
            for one in self.networks
        )
        return replace(self, networks=networks)


def fit_second(whole: Seen, short: Seen, table: Table) -> SecondPass:
    """Networks of ``SEEDS`` seeds, trained on these views of whole documents and of excerpts."""
    mean = whole.view.mean(0).astype(np.float32)
    spread = np.maximum(whole.view.std(0), 1e-3).astype(np.float32)
    scaled = SecondPass(mean, spread, ()).scaled(np.concatenate([whole.view, short.view]))
    heads = [FIRST.index(head) for head in SECOND]
    wanted = table.truth[np.concatenate([whole.rows, short.rows])][:, heads].astype(int)
    fits = (delayed(_fit_network)(scaled, wanted, seed) for seed in range(SEEDS))
    return SecondPass(mean, spread, tuple(Parallel(2)(fits)))


def _fit_network(scaled: np.ndarray, wanted: np.ndarray, seed: int) -> Network:
    model = MLPClassifier(
        (HIDDEN,), alpha=3.0, learning_rate_init=2e-3, max_iter=25, random_state=seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(scaled, wanted)
    (inner, outer), (inner_bias, outer_bias) = model.coefs_, model.intercepts_
    return Network(inner, inner_bias, outer, outer_bias)
