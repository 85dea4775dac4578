"""Cues: turns of phrase that mean the same to many writers, as features of the line model.

A cue never decides anything by itself: it is one more feature, so that "well done" and "hats off"
count alike however seldom either stands in the training data.
"""

from __future__ import annotations

import re

from coach.engines.embedded.later import puts_off
from coach.engines.embedded.ranges import settled_range
from coach.patterns import pattern

_PERSON = r"(?:you|he|she|they|him|her|them|[a-z]\.?)"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DAY = r"(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?"

_CUES: dict[str, tuple[str, ...]] = {
    "aim": (
        r"\b(?:mission|vision|strategy|strategic|big picture|company goals?|team goals?)\b",
        r"\b(?:the|our) (?:board|directors?|council|trust|ministry|owners?|head office|region)\b",
        r"\b(?:number one|no\.? ?0|top|main) (?:aim|goal|thing|target) (?:this|for the) "
        r"(?:year|quarter|season)\b",
    ),
    "why": (
        r"\b(?:matters?|because|that'?s why|the reason|the whole point|so that|depends on|"
        r"feeds? (?:straight )?into|what it'?s for|ties? (?:in)?to|contributes?|hangs on)\b",
    ),
    "duties": (
        r"\bon (?:your|his|her|my|their) (?:plate|list|desk|books)\b",
        r"\b(?:still|stays?|remains?|keeps?) (?:yours|his|hers|doing|with)\b",
        r"\b(?:responsib\w+|dut(?:y|ies)|looks? after|runs? the|in charge of|owns?|covers?)\b",
    ),
    "new duty": (
        r"\bnew(?:ly)?\b.{0,20}(?::|=|-|one|job|duty|thing|is|on)\b",
        r"\b(?:taking|takes?|took|picks?|picking|hand(?:ing|s|ed)?) "
        r"(?:it |that |this )?(?:over|up|on)\b",
        r"\bfrom (?:now|monday|next (?:week|month)|0|the 0)\b",
        r"\bwhile \w+ is (?:off|away|on)\b",
    ),
    "first": (
        r"\b(?:comes? first|goes first|first (?:thing|priority)|top priority|number one|no\. ?0|"
        r"main thing|priorit\w+|before anything|ahead of|above all|most important|job one)\b",
        r"\bfirst[.,!]?$",
        r"^\W*\w+(?: \w+)? first\b",
    ),
    "may wait": (
        r"\b(?:can|could|may|will|gotta|has to|to) (?:wait|slip|slide|drop|sit|go)\b",
        r"\b(?:park(?:ed)?|on ice|back burner|on hold|low priority|not urgent|someday|shelved|"
        r"leave (?:it|that|the)|let it slide|if anything (?:must|has to|gives))\b",
    ),
    "good looks like": (
        r"\b(?:good|great|done|success|winning|brilliant)\b.{0,12}"
        r"(?:=|:|looks? like|means?|is when|would be)",
        r"\bwhat (?:good|great|done|success|would)\b",
        r"\b(?:i'?ll know|we'?ll know|how (?:will|would|do) (?:we|i|you) know)\b",
        r"\b(?:picture|happy|pleased) (?:if|when|with)\b",
    ),
    "measure": (
        r"\b(?:at least|no more than|at most|under|below|above|over|within|max|min|less than|"
        r"fewer than|up to|from 0+ to|down to|zero|nil|none|every|not one) [£$€]?\w*0",
        r"\b0+ ?(?:%|per ?cent|pct|out of|in every)",
        r"[<>≤≥]\s?0",
        r"\b(?:nothing|nobody|none|zero|nil|no) \w+(?: \w+){0,4} "
        r"(?:>|over|longer|later|missed|left)\b",
    ),
    "due": (
        rf"\b(?:by|before|until|till|due|end(?: of)?|mid|from|on) (?:the )?(?:end of )?"
        rf"(?:{_MONTH}|{_DAY}|00?(?:th|st|nd|rd)|q0|easter|xmas|christmas|eom|next|half.?term)\b",
        r"\b(?:deadline|due date|checkpoint|look at it together|review (?:it|that|on|in))\b",
    ),
    "report": (
        r"\b(?:weekly|daily|monthly|friday|end of (?:the )?(?:day|week|shift))\b.{0,25}\b"
        r"(?:update|note|mail|email|text|message|report|line|summary|list|photo)\b",
        r"\b(?:update|note|mail|email|text|message|report|line|summary|list|photo)\b.{0,25}\b"
        r"(?:every|each|weekly|on fridays?|daily|monthly|end of)\b",
    ),
    "sign": (
        r"\b(?:sign(?:s|ed)? (?:off|for|it)|approv\w+|permission|my (?:ok|yes|nod|say)|say-so|"
        r"authori[sz]\w+)\b",
    ),
    "whose call": (
        r"\b(?:your|his|her|their|my|own) (?:call|decision|shout|choice|judge?ment)\b",
        rf"\b{_PERSON} (?:can )?(?:decides?|chooses?|picks?|says?)\b",
        r"\bup to (?:you|him|her|them|me)\b",
        r"\b(?:off|on) (?:your|his|her|their) own\b",
        r"\bwithout (?:me|asking|ringing|checking|telling)\b",
        r"\bwho decides\b",
        r"\b(?:himself|herself|yourself|themselves)\b",
    ),
    "ask or tell": (
        r"\b(?:ask|tell|ring|call|text|ping|message|whatsapp|check with|talk to|see|phone|shout|"
        r"come to|run it by)s? (?:me|us)\b",
        r"\blet (?:me|us) know\b",
    ),
    "more freedom": (
        r"\b(?:after|once|when|if) (?:\w+ ){1,6}(?:then )?(?:it'?s |they'?re |all )?(?:yours|hers|"
        r"his|your call|her call|his call|on your own)\b",
        r"\b(?:not yet|for now|until then|look (?:at it )?again|more (?:rope|freedom|room))\b",
    ),
    "praise": (
        r"\b(?:great|good|nice|super|cracking|lovely|fantastic|brilliant|excellent|amazing|solid|"
        r"top) (?:job|work|stuff|effort|one|save|catch|call|shift|week)\b",
        r"\b(?:well done|proud|hats? off|nailed|smashed|impress\w*|chuffed|fair play|kudos|"
        r"outstanding|spot on|ace|gold|thanks? (?:you )?for)\b",
        r"\b(?:kept|stayed) (?:\w+ )?(?:calm|cool|going)\b",
        r"\b(?:handled|managed|ran|did|sorted) (?:it|that|this|them)?\s?(?:\w+ )?"
        r"(?:well|brilliantly|beautifully|perfectly)\b",
    ),
    "lesson": (
        r"\b(?:learn(?:ed|t)|lesson|next time (?:i|he|she|we|they|you)|(?:would|i'd|he'd|she'd) "
        r"(?:now|do)|differently|in hindsight|since then|from now on|now (?:he|she|i) always)\b",
    ),
    "miss": (
        r"\b(?:mistake|missed|went wrong|wrong|mess(?:ed)? up|forgot|slipped|dropped the ball|late|"
        r"blew|botched|cocked up|failed|again)\b",
    ),
    "course": (
        r"\b(?:course|training|certif\w+|qualif\w+|exam|diploma|licen[cs]e|ticket|module|unit|cert|"
        r"class(?:es)?|workshop|apprentice\w*|degree|nvq|webinar|conference|mentor\w*|coach(?:ing)?|"
        r"shadow\w*|study)\b",
    ),
    "wants to grow": (
        r"\b(?:wants?|would like|like|loves?|keen|hopes?|i'd (?:like|love)|fancies?|interested) "
        r"(?:to|on|in|the|a|his|her)\b.{0,40}\b(?:learn|do|run|lead|become|get|try|step|move|be|"
        r"course|unit|cert\w*|role|job|ticket|exam)\b",
        r"\b(?:goal|career|promot\w+|next step|where (?:you|he|she) (?:want|see)\w*|step up|"
        r"grow\w*|stretch|one day|some day|years? from now)\b",
    ),
    "will pay": (
        r"\b(?:i'?(?:ll|d)|we'?(?:ll|d)|company|firm) pay\b",
        r"\b(?:budget|paid|fund(?:ed|ing)?|pay for|hrs?|hours?) .{0,12}(?:a|per|/|each) ?"
        r"(?:wk|week|month)\b",
        r"\b(?:study|training) (?:leave|day|budget|time|pot)\b",
    ),
    "needs": (
        r"\bneeds?\b.{0,30}\b(?:from|access|kit|laptop|time|help|hands|me to|cover|support|new|"
        r"second|another|more|someone)\b",
        r"\b(?:from me|for me to|off me|my (?:end|side|job))\b\s?:?",
        r"\bwhat (?:do|would|d') ?(?:you|he|she) need\b",
        r"\b(?:in the way|blocked|blocker|stuck|waiting on|held up|slows? \w+ down|"
        r"short.?staffed)\b",
    ),
    "will sort": (
        r"\b(?:i'?ll|i will|i'?m going to|i can|leave it with me|me to|let me) "
        r"(?:get|sort|chase|talk|ask|speak|order|see|find|ring|call|push|fix|move|tell|raise|do|"
        r"email|book|check|have a word)\b",
        r"\b(?:->|→|=>) ?(?:me|chase|it)\b",
        r"\bchase\b",
    ),
    "about my leading": (
        r"\bwhat (?:should|could|can|do|am) i (?:be )?(?:do(?:ing)?|stop|change|start)\b",
        r"\b(?:am i|do i|when i|i (?:keep|hover|interrupt|micromanage|cancel|text|email|change))\b",
        r"\b(?:feedback (?:for|on|to) me|for me as|about me|(?:you|u) (?:never|always|keep|don'?t|"
        r"send|text|cancel|change|interrupt|jump))\b",
        r"\b(?:fair enough|fair point|my fault|my bad|guilty|i'?ll stop|sorry)\b",
    ),
    "asks of them": (
        r"\bfrom (?:you|him|her|them)\b",
        r"\b(?:i (?:need|want|ask|expect|would like|'d like)|i'?d like) "
        r"(?:you|him|her|them|a|the|to)\b",
        r"\b(?:heads.?up|no surprises|same day|before (?:i|a client|anyone) hear)\b",
    ),
    "threat": (
        r"\b(?:or else|last (?:chance|time|warning)|final (?:warning|chance)|"
        r"one more (?:time|slip|strike)|once more|if (?:it|this|that) happens again|"
        r"won'?t be (?:here|a next)|consequences|replace (?:you|him|her)|"
        r"find someone (?:else|who)|look(?:ing)? for another)\b",
        r"\bor (?:i|we)'?(?:ll| will)\b",
    ),
    "on paper": (
        r"\b(?:on (?:your|his|her|the|their) (?:file|record)|written (?:up|warning)|in writing|"
        r"documented|formal(?:ly)?|disciplin\w+|hr|probation|on notice|pip|performance (?:plan|"
        r"improvement)|rating|below expectations?)\b",
    ),
    "always never": (
        rf"\b{_PERSON} (?:always|never|constantly|keeps? \w+ing)\b",
        r"\b(?:your|his|her) (?:own )?(?:fault|doing|problem)\b",
        r"\bas (?:usual|always)\b",
    ),
    "like the others": (
        r"\b(?:why can'?t|unlike|compared (?:to|with)|(?:more|be) like|everyone else|"
        r"everybody else|the others|half your|twice (?:your|the)|manages? (?:it|to)|"
        r"doesn'?t (?:need|seem))\b",
    ),
    "judged": (
        r"\b(?:lazy|attitude|careless|sloppy|not (?:cut out|leadership|a team|management|the type)|"
        r"hopeless|useless|difficult|emotional|oversensitive|negative|immature|unprofessional|"
        r"childish|princess|snowflake|hothead|dramatic|not bright)\b",
    ),
    "watched": (
        r"\b(?:watching (?:you|him|her)|keep(?:ing)? (?:an eye|tabs)|screenshots?|check(?:ing)? "
        r"(?:your|his|her) (?:hours|times|log)|log(?:ged)? (?:every|your) (?:minute|hour)|"
        r"spot checks?|time ?sheets?|cameras?|track(?:ing)? (?:your|his|her))\b",
    ),
    "brushed off": (
        r"\b(?:excuses?|whatever|don'?t (?:want to hear|care|start)|not interested in|must be nice|"
        r"spare me|boo hoo|here we go|cry me|get over it|grow up|deal with it|tough|moan\w*|"
        r"whing\w+|so what)\b",
    ),
    "closed": (
        r"\b(?:non-?negotiable|because i said|no (?:discussion|arguments?|debate|excuses|ifs)|"
        r"end of (?:story|discussion)|full stop|not (?:up for|a) (?:debate|discussion|request)|"
        r"that'?s (?:final|an order)|just do (?:it|as)|my way)\b",
    ),
}
_PATTERNS = {
    name: pattern("|".join(alternatives), re.IGNORECASE) for name, alternatives in _CUES.items()
}
_LONGEST = 600


def cues(text: str, plain: str) -> list[str]:
    """Names of the cues in a line: its text as written, and as features see it."""
    found = [name for name, cue in _PATTERNS.items() if cue.search(plain[:_LONGEST])]
    settled = settled_range(text)
    if settled is not None:
        found.append(f"range {settled}")
    if puts_off(text):
        found.append("put off")
    return found
