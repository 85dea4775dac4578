"""Language: whether a text is in another language than English, which rules and model know. Pure.

Told apart by the small words that every sentence needs, and by script. It errs towards saying
nothing: a short text, a list of names or a page of code shows no language.
"""

from __future__ import annotations

from collections import Counter

from coach.document import Document
from coach.patterns import pattern

_WORDS = 1_500
"""So many are looked at, from lines all over the text."""
_FEWEST = 20
"""Words, or letters of another script, without which a text is too short to tell."""
_SEVERAL = 3
"""Different small words of a language that must stand there, those that names hold left out."""
_SHARE = 0.12
"""Of all words, that the small words of the other language must be."""
_TIMES = 3
"""... and so many times what those of English are."""

_ENGLISH = frozenset(
    "the and that this with for you your have has had was were are is it of to in on be not we our "
    "they their what will would can do from but if at by or an as so about there when which "
    "i'm it's don't he she his her my me how who been could should".split()
)
_IN_NAMES = frozenset("de la los las del el des du da dos das di van von der den e y le do".split())
"""Small words that names hold, so that a list of people is in no language."""
_OTHERS = {
    name: frozenset(words.split())
    for name, words in {
        "Spanish": "que de la el los las una por para con se del lo más pero como su está muy "
        "también hay qué un y en es al nos esto porque cuando ya si sus este fue mi te",
        "German": "der und das ist nicht ein eine ich sie wir mit auf für den dem des zu von dass "
        "auch wie aber wenn noch nur kann sich oder haben wird bei aus nach uns dir du er es im",
        "French": "le les des et est une un pas que qui pour dans sur avec je vous nous ce il elle "
        "du au ne mais cette sont être par très plus tu on ça sans leur ont été la de",
        "Portuguese": "que não uma um para com os dos das você mas como está muito também isso ele "
        "ela são mais por já foi nós seu sua em se na ao pelo quando tem ser o e de da do",
        "Italian": "che non è una un per con del della sono di il gli le più come ma anche questo "
        "nel alla dei si ha mi ci se da al lo quando molto perché tu io noi",
        "Dutch": "het een en van dat niet ik je we met voor zijn op te maar ook als bij wat aan er "
        "nog dan naar wel heeft hebben kan moet uit deze de wij jij omdat",
        "Swedish": "och att det som är inte jag vi du för med på av den till har om ett men så kan "
        "ska när från han hon de din mig dig",
        "Danish": "og at det som er ikke jeg vi du for med på af den til har om et men så kan skal "
        "når fra han hun de din mig dig også",
        "Polish": "nie się jest że na do to jak co ale za tak czy już po od dla są tylko może "
        "był być przez mnie ci w z i",
        "Czech": "je se že na to ale jak co do za tak pro není jsem jsou bude už jen aby když od "
        "být které může také v s a",
        "Turkish": "bir ve bu için çok ne da de ile ama daha var gibi değil olarak kadar sonra ben "
        "sen biz mi mı olan",
        "Finnish": "ja on ei se että hän mutta kun niin ovat oli tämä minä sinä me mitä myös vain "
        "jos kuin ole voi",
        "Indonesian": "yang dan di tidak ini itu dengan untuk dari ada kami kita saya akan pada "
        "dalam ke bisa sudah karena atau juga",
        "Vietnamese": "và là của không có một những cho được này với tôi bạn các trong đã khi "
        "người đó để",
    }.items()
}  # fmt: skip
_WORD = pattern(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_OTHER_SCRIPT = pattern(r"[^\W\d_\u0000-\u036f\u1d00-\u1fff\u2000-\u2bff\ufb00-\ufb06]")


def reads_foreign(document: Document) -> bool:
    """Whether the text is plainly in another language; ``document`` is without code and markup."""
    lines = [line.content for line in document.content_lines]
    text = _from_all_over(lines)
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    strange = len(_OTHER_SCRIPT.findall(text))
    if strange >= _FEWEST and strange * 2 > sum(map(len, words)):
        return True
    if len(words) < _FEWEST:
        return False
    counts = Counter(words)
    english = sum(counts[word] for word in _ENGLISH)
    most = max(_share_of(small, counts) for small in _OTHERS.values())
    return most >= max(_SHARE * len(words), _TIMES * english)


def _from_all_over(lines: list[str]) -> str:
    """Lines at even distances that hold some words too many rather than too few."""
    length = sum(len(line) for line in lines)
    step = max(1, length // (_WORDS * 6))
    return "\n".join(line[: _WORDS * 10] for line in lines[::step])


def _share_of(small: frozenset[str], counts: Counter[str]) -> int:
    """How many words are these small ones; none where they are too few different ones."""
    found = {word for word in small if counts[word]}
    several = len(found - _IN_NAMES) >= _SEVERAL
    return sum(counts[word] for word in found) if several else 0


def foreign_lines(document: Document) -> tuple[int, ...]:
    """Numbers of the lines that are plainly in another language, of a text in several."""
    return tuple(
        line.number
        for line in document.content_lines
        if line.number not in document.set_aside and _is_foreign(line.content[: _WORDS * 10])
    )


def _is_foreign(text: str) -> bool:
    words = {word.lower().replace("’", "'") for word in _WORD.findall(text)}
    strange = len(_OTHER_SCRIPT.findall(text))
    if strange * 2 > sum(map(len, words)):
        return True
    english = len(words & _ENGLISH)
    return any(
        len(own) >= (_TWO if own - _IN_NAMES else _SEVERAL) and len(own) > english
        for small in _OTHERS.values()
        if (own := words & small - _ENGLISH - _ENGLISH_TOO)
    )


_TWO = 2
"""Different small words of a language that a line must hold, more than it holds English ones."""
_ENGLISH_TOO = frozenset(
    "a per con come also dig man men sans plus no pour sur par sat son mais die das dem ale co me "
    "i du den pod nog nu dan kan dar var bin mi sen ben han sig med met bei van".split()
)
