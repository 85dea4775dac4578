"""A text in another language is told as such, and nothing else is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from coach.checks.language import reads_foreign
from coach.document import prose, read
from coach.tone import as_notes

FOREIGN = {
    "Spanish": "Hoy hablé con Marta sobre el trimestre. Está contenta con el equipo pero le "
    "preocupa la guardia. Quedamos en que decide ella los turnos y me avisa.",
    "Spanish notes": "Marta: quiere más autonomía\n- hablar de los precios\n- no sabe quién firma\n"
    "- necesita ayuda con el informe del viernes para el cliente",
    "German": "Gespräch mit Jana: sie ist zufrieden mit dem Team, aber die Bereitschaft macht ihr "
    "Sorgen. Wir haben vereinbart, dass sie die Schichten plant und mir Bescheid gibt.",
    "French": "Entretien avec Luc: il est content de l’équipe mais il a peur de la garde. Nous "
    "avons décidé qu’il choisit les tours et me le dit ensuite.",
    "Portuguese": "Conversa com a Rita: ela está contente com a equipa, mas a escala preocupa. "
    "Ficou decidido que ela escolhe os turnos e depois me avisa.",
    "Chinese": "今天和小李谈了这个季度的目标。他对团队很满意，"
    "但是担心周末值班。我们决定由他自己安排。",
    "Russian": "Сегодня говорил с Олей о целях на квартал. Она довольна командой, но её беспокоит "
    "дежурство по выходным.",
    "Polish": "Dzisiaj rozmawiałem z Anią o celach na kwartał. Jest zadowolona z zespołu, ale "
    "martwi się o dyżury w weekend. Ustaliliśmy, że sama wybiera zmiany i potem mi o tym powie.",
}

NOT = {
    "empty": "",
    "short": "Eso no es una excusa.",
    "greeting": "Guten Tag und vielen Dank!",
    "mixed": "Talked with Marta about the quarter and what she wants from it. Ella dijo que le "
    "gusta el equipo. We agreed that she picks the shifts and tells me.",
    "names": "Maria de la Cruz, Juan de los Santos, Ana de la Torre, Pedro del Rio, Luis de la "
    "Vega, Jose y Maria de los Angeles, Carla von der Heide, Jan van den Berg",
    "commands": "pip install foo\nkubectl get pods -n default\ngit commit -m fix\nls -la var usr\n"
    "docker run --rm -it x y z\nexport A=1 B=2\nmake install test lint\nSELECT id FROM users\n",
    "groceries": "milk\nflour\nsugar\nbutter\neggs\nsalt\nyeast\nvanilla\ncream\nraisins\nalmonds\n"
    "lemon\noranges\nhoney\noats\nrye\nspelt\nrice\npasta\nbeans\nlentils\n",
    "bullet notes": "Q3 goals\n- pricing pilot, Dana leads\n- on-call: twice a week max\n"
    "- ask Ana re invoices\n- budget 4k ok\n- next check-in 14 June\n- mentor: Lena\n",
    "formulas": "α + β = γ, Δx ≥ 0, Σ λ μ ν ω 10 µm",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_a_text_in_another_language_is_known(text: str) -> None:
    assert reads_foreign(as_notes(text))


@pytest.mark.parametrize("text", NOT.values(), ids=NOT)
def test_a_text_that_is_short_or_no_sentences_or_english_is_not_called_foreign(text: str) -> None:
    assert not reads_foreign(as_notes(text))


def test_no_english_text_of_this_project_is_called_foreign(root: Path) -> None:
    places = ("docs/*.md", "examples/*.*", "training/data/docs/*.*", "*.md")
    found = [path for place in places for path in root.glob(place)]
    files = [path for path in found if path.suffix in {".md", ".txt", ".vtt"}]
    assert len(files) > 100
    assert [path.name for path in files if reads_foreign(prose(read(path)))] == []


def test_a_long_text_is_judged_by_some_of_its_lines() -> None:
    text = f"{FOREIGN['Spanish']}\n" * 20_000
    document = as_notes(text)
    began = time.process_time()
    assert reads_foreign(document)
    assert time.process_time() - began < 2
