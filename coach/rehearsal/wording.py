"""The wording by which a manager's moves are told apart; lower case, straight apostrophes."""

from __future__ import annotations

import re

SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…]+[\"”’')\]]*|\n|$)")
LEAD_IN = re.compile(
    r"^(?:(?:and|but|so|ok(?:ay)?|well|now|then|right|hm+|yes|yeah|no"
    r"|alright|all right|honestly|just|maybe|perhaps|first|i see|got it"
    r"|sure|thanks|thank you|please|sorry)\b[\s,.:;–—-]*)+"
)
_ROWS = "qwertyuiop asdfghjkl zxcvbnm"
_STRUCK = "|".join(
    row[start:end]
    for row in (*_ROWS.split(), *_ROWS[::-1].split())
    for start in range(len(row))
    for end in range(start + 4, len(row) + 1)
)
NO_WORD = re.compile(
    rf"(?:{_STRUCK})+|(?!hmm+$|pss+t$|pff+t$|shh+$|brr+$)[b-df-hj-np-tv-xz]{{4,}}"
    r"|[a-z]*(?!ngths|ghtsb)[b-df-hj-np-tv-xz]{5,}[a-z]*"
)
"""What is no word of any language: keys in a row, or nothing to pronounce; lower case, since
capitals may stand for something."""
SILENT = re.compile(
    r"(?:(?:ok(?:ay)?|m+|h+m+|mhm|uh[ -]?huh|right|i see|ah|oh|yes|yeah"
    r"|yep|no|sure|fine|well|go on|got it|understood|silence|nods?|nod"
    r"|waits?|please|go ahead|take your time|i'?m listening|no (?:hurry|rush))[\s.,!…-]*){0,3}"
)
ENCOURAGES = re.compile(
    r"\b(?:go on|(?:tell me|say) (?:a (?:bit|little) )?more|please (?:do|continue)|and then\?)"
    r"|^and\W*$"
    r"|^more\W*$"
    r"|^yes,? please\W*$"
)
WRAPPED = re.compile(
    r"\b(?:let'?s (?:stop|leave it|end|wrap|finish|call it|pick (?:this"
    r"|it) up|continue (?:next|tomorrow|on))|that'?s (?:it|all|enough) (?:for (?:today"
    r"|now)|from me)|same time (?:next|tomorrow)|see you (?:next|on"
    r"|then|tomorrow|later|in|\w+day)|(?:good)?bye\b|thanks?(?: you)? for (?:your"
    r"|the) (?:time|talk|conversation)|we(?:'re| are) (?:out of time"
    r"|done for))"
)
SORRY = re.compile(
    r"\b(?:lo siento|perd[oó]n|disculpa|entschuldig|tut mir leid|désolée?|pardonne)"
    r"|^(?:(?:oh|ah|no|yes|ok(?:ay)?|well|right)\b\W*)?sorry\b(?!,? but\b| to (?:hear"
    r"|say|interrupt|ask))"
    r"|\b(?:i(?:'m| am) (?:really |very |truly |so )?sorry(?! to (?:hear"
    r"|say|interrupt|ask))|sorry (?:about|for|that i|i)\b|i apologi[sz]e"
    r"|my apologies|i should(?:n't| not)? have\b|i shouldn'?t have|that (?:was"
    r"|one(?:'s| is)|is|one was) (?:my|mine|on me)\b|my (?:own )?(?:mistake"
    r"|fault)|i (?:got|did) (?:it|that|this) wrong|i was wrong|i let you down"
    r"|i handled (?:it|that) badly|i (?:put|said|phrased) (?:it|that) (?:badly"
    r"|wrong|clumsily)|(?:it|that) came out (?:all )?wrong|i take (?:it|that) back"
    r"|(?:that|it|this) was (?:(?:really|just|plainly) )?(?:wrong|unfair|uncalled for|out of line"
    r"|not (?:ok|okay|fair|right))(?:,| and| of me|\.|!|$)|i took it out on you)"
)
FEEDBACK = re.compile(
    r"\b(?:(?:what|which|how|where|anything)\b[^.?!]{0,60}\b(?:should|could|can|might) i "
    r"\w+ (?:\w+ ){0,3}(?:better|differently|otherwise|more often|less often|instead)\b"
    r"|(?:what|which|how|where|anything)\b[^.?!]{0,60}\b(?:should"
    r"|could|can|do|would|might) i (?:do|be doing|change|stop|start"
    r"|keep|have done|lead|work|make|handle|get better|support)\b"
    r"|what (?:did|do) i do (?:that|which|wrong|to make)\b|(?:habits?"
    r"|way|style|part|behaviou?r)s? of mine\b|of my (?:leading|leadership"
    r"|style|habits)|how (?:am i|do i|was i|did i|i lead|i am doing"
    r"|i'm doing)\b|feedback (?:for|to|about|on) me\b|my (?:own )?(?:leading"
    r"|leadership|management|part in)\b|as your manager\b[^.!]*\?|am i (?:getting"
    r"|in)[^.?]{0,20}\bway|do i [^.?]{2,40}(?:way|too (?:much|often"
    r"|little|late|early))|(?:like|want|need) me to (?:do differently"
    r"|change|stop|keep|start))"
)
RANGE = re.compile(
    r"\b(?:don'?t ask me\b|(?:feel free|i want you) to (?:decide|choose|settle)\b"
    r"|you (?:can |may |could |just |simply |get to |should |will "
    r"|'ll )*(?:decide|choose|settle)\b(?! (?:whether|if) (?:you|to) (?:want to )?(?:stay"
    r"|leave|quit))|(?:it|that|this|they)(?:'s| is| are|'ll be| will be"
    r"| can be) (?:all |fully |entirely )?(?:yours|your (?:call|decision"
    r"|choice))|(?:is|are|be) (?:now |all |fully )?yours\b|your call\b"
    r"|up to you\b|go ahead (?:and|with|without|on)|just go ahead|(?:no need"
    r"|don'?t (?:need|have)|without (?:having|needing)) to (?:ask|check"
    r"|wait|come to) ?(?:me)?|without (?:asking|my (?:yes|ok|okay|approval))"
    r"|(?:just )?(?:tell|let) me (?:know )?(?:after(?:wards)?|later"
    r"|once (?:it|you))|i trust you (?:with|to)\b|you have my trust"
    r"|i(?:'ll| will) (?:back|stand by) (?:whatever|what|your)|(?:want"
    r"|like) (?:you )?to (?:decide|own)|talk (?:it over )?(?:with|to) me first,? (?:and )?th"
    r"en (?:you )?(?:decide|do))"
)
DO = (
    r"(?:talk|speak|ask|(?:call|ring)(?! you\b)|get|sort|find|take|send|write|chase"
    r"|book|arrange|make sure|back|cover|pay|help|look into|look at"
    r"|check with|clear|move|bring|raise|organi[sz]e|free|handle|fix"
    r"|explain|block|cancel|show|invite|speak|set (?:it|that|this|aside)"
    r"|push|join|sit (?:down )?with|introduce|set up|remove|drop|protect"
    r"|stand|go to|deal with|do (?:that|it|my)|try|change|stop|work on"
    r"|be (?:there|around|easier|quicker|clearer|in the room)|see (?:that|to)|come|support"
    r"|order|keep|put in|give you|lend|tell (?:them|him|her|everybody"
    r"|everyone|the))"
)
HELP = re.compile(
    rf"\b(?:i(?:'ll| will| can| could|'d be happy to| am going to|'m going to) (?:also "
    rf"|gladly |happily )?{DO}\b|let me (?!ask (?:you|it|that|this|again|another|differently)\b)"
    rf"{DO}\b|what if i (?:{DO}|took"
    rf"|talked|asked|got|gave|moved|freed)|(?:shall|should|can|could"
    rf"|may) i {DO}\b|would (?:it|that) help (?:you )?if (?:i|we)|(?:do you"
    rf"|would you) (?:want|like) me to|i(?:'ve| have) got your back|leave that (?:one )?(?:wi"
    rf"th|to) me|take (?:that|it|this) off you)"
)
THREATENS = re.compile(
    r"\b(?:i(?:'d| would) hate|(?:i|you) (?:would not|wouldn't) want|(?:shame|pity|sad) if)\b"
    r"(?! (?:for )?(?:you|me) )[^.?!]{0,40}\b(?:this|that|it|these|things)\b[^.?!]{0,60}"
    r"\b(?:bonus|apprais|promotion"
    r"|(?:pay|salary|performance|annual|your|year-end) (?:review|round|talk)"
    r"|review time|contract|your file|(?:on|your) record|hr\b)"
)
"""Holds out what may follow, however kindly."""
REPROACHES = re.compile(
    r"\b(?:perhaps|maybe|possibly)\b[^.?!]{0,40}\bnext time\b[^.?!]{0,40}"
    r"\byou (?:could|might|should|would|can)"
    r" (?:(?:actually|at least|even|simply|just|please|bother to|try to) \w+"
    r"|read|think|listen|prepare|remember|pay attention|be on time|show up|turn up"
    r"|(?:check|look|ask)\b[^.?!]{0,40}\bbefore)\b"
    r"|\b(?:lovely|nice|great|wonderful|refreshing) (?:if (?:i did(?:n't| not) have to\b"
    r"|[^.?!]{0,60}\bfor once\W*$)|not to have to\b)"
    r"|\bi(?:'m| am) sure you had your reasons\b"
)
"""Finds fault politely, without saying what is asked for."""
BLAMES = re.compile(
    r"^(?:and |but )?why (?:(?:did|have|had|were)(?:n't you| you not)(?! (?:like|want|feel|enjoy))"
    r"|(?:do|are|must|did) you (?:always|never|constantly|keep)|can't you (?:just|ever|simply))\b"
)
"""Asks for a reason, and wants none."""
PROPOSED = re.compile(
    r"\bwe(?:'ll| will| can)? (?:look|talk|come back|speak|decide|check|see|meet)\b[^.?!]{0,60}\b"
    r"(?:again|back|together) (?:on|in|by|at|next|after)\b"
    r"|\b(?:how about|how (?:does|would) (?:that|this|it) (?:sound|suit)"
    r"|what about (?:if|trying|we|a|doing)|shall we|should we"
    r"|what if we|could we|can we|why don'?t we|would (?:it|that) (?:work"
    r"|suit|be (?:ok|okay|fine|possible|good))|let'?s\b|we (?:could"
    r"|can|might|should)\b(?!'t| not\b| never\b)|i(?:'d)? (?:would )?(?:suggest"
    r"|propose)|my (?:suggestion|proposal)|does (?:that|this|\w+day|it|the \w+) (?:work|suit|sound"
    r"|fit)|are we (?:agreed|ok with)|so we (?:agree|said|say)|(?:deal|agreed)\?"
    r"|we try)"
)
REFLECTED = re.compile(
    r"^(?:so (?:my|this|they|all|everything|waiting|i(?! (?:think|want|need|would|will|decided"
    r"|expect|suggest|propose|have)|'))\b"
    r"|so (?:no|not|nothing|nobody|one|two|three|even|every|both|mostly)\b"
    r"|so (?:you|it|that|what you|if i|the|when|there|for you|in other)\b"
    r"|it sounds|sounds (?:like|hard|tough|as|tiring|frustrating|difficult"
    r"|heavy)|you(?:'re| are) saying|you mean|you feel|you felt|you(?:'d"
    r"| would) (?:like|rather|have liked|prefer)|you(?:'ve| have) been"
    r"|you(?:'ve| have) (?:taken on|had to|lost|tried|waited|got (?:a lot|so much|too much))"
    r"|you (?:heard|had to|felt|found out|waited|lost|hoped|tried|expected|feel|carry|miss)\b"
    r"|you were\b|you want(?:ed)?\b|you wish|you sound|you seem|what i(?:'m)? (?:hear"
    r"|heard|hearing|take|understand)|i hear|i(?:'m| am) hearing|if i (?:hear"
    r"|heard|understand|understood|got)|that (?:must|sounds|would have)"
    r"|it seems (?:as if|as though|like|that)|(?:that )?makes sense|sorry to hear"
    r"|i can (?:see|understand|imagine|hear)|i understand|i get (?:that"
    r"|it|why)|let me (?:say|repeat|play|check) (?:that"
    r"|it|this|what|if)|in other words|did i (?:get|hear)|i(?:'m| am) sorry to hear"
    r"|that(?:'s| is) (?:a lot|hard|tough|fair|understandable)|no wonder"
    r"|i know (?:that )?you(?:'ve|'d| have| had| were| are|'re)? (?:been |really |still )?(?:wanted"
    r"|hoped|waited|worked|tried|felt|feel|put|expected|carried|been|disappointed|angry"
    r"|upset|hurt|tired)\b|you (?:don'?t|do not) (?:look|sound|seem)\b"
    r"|you look (?:tired|sad|unhappy|worried|thoughtful|exhausted|worn)|it can'?t be easy"
    r"|i know (?:\w+ ){1,8}(?:was|is|has been|must be|must have been) (?:hard|tough"
    r"|difficult|a lot|not easy|painful|unfair)\b(?! to))"
)
CHECKS_BACK = re.compile(
    r"\b(?:did i (?:get|hear|understand) (?:that|you|it)|have i (?:got|understood|heard)"
    r" (?:that|you|it)|is that (?:it|right|about right|what you mean)|am i (?:right"
    r"|getting))"
)
THANKED = re.compile(
    r"\b(?:gracias|danke|merci)\b|\b(?:thank(?:s| you)\b(?! for (?:coming|making|taking))|well done"
    r"|(?:good|great|nice|excellent|fantastic|brilliant|amazing) (?:job"
    r"|work|one|idea|thinking)|i (?:really |very much |do )?appreciate"
    r"|i(?:'m| am) (?:really |very |so )?(?:glad|impressed|grateful"
    r"|proud|pleased)|i noticed (?:how|that)|you (?:really |always )?(?:handled"
    r"|managed|did|solved|ran|kept|caught|calmed|led|made|built|saved)\b[^.?!]{0,60}\b(?:wel"
    r"l|great|brilliantly|beautifully|calm|nicely|perfectly|difference"
    r"|safe)|people (?:rely|count) on you|that(?:'s| was| is) (?:really |very )?(?:great|excellent"
    r"|brilliant|impressive|good\b|kind|helpful|useful)|that helps\b|you have a point"
    r"|(?:fair|good) point\b|that's a (?:fair|good) (?:point|idea|thought))"
)
GREETED = re.compile(
    r"^(?:hola|buen[oa]s|hallo|guten (?:tag|morgen)|bonjour|salut|hi\b|hello|hey\b"
    r"|good (?:morning|afternoon|day|to see)|morning\b"
    r"|welcome|nice to see|how (?:are you|was (?:your|the) (?:weekend"
    r"|week|day|morning|trip|holiday))|thanks for (?:coming|making|taking"
    r"|having|meeting|(?:your|the) time)|thank you for (?:coming|making|taking|having|meeting"
    r"|(?:your|the) time)|come in|have a seat|sit down"
    r"|how(?:'s| is) (?:it going|life|everything))"
)
ASKS_OPEN = re.compile(
    r"^(?:(?:in|on|for|to|with|from|by|at|of) )?(?:what|how(?! (?:many"
    r"|much|long|often|old|soon|far)\b)|why|which|where|whose)\b|\b(?:tell me (?:more"
    r"|about|how|what|why|where)|walk me through|talk me through|take me through"
    r"|help me (?:to )?(?:understand|see)|say more|describe|give me an example"
    r"|explain (?:to me )?(?:how|what|why)|i(?:'d| would) (?:like|love) to (?:hear"
    r"|know|understand)|i(?:'m| am) (?:curious|keen|interested|wondering)"
    r"|i wonder (?:what|how|why|where)|what(?:'s| is| are| would| do"
    r"| did| makes?| happened| else)\b|how (?:do|did|does|would|could"
    r"|is|was|are|can|come)\b)"
)
ASKS_WHAT = re.compile(
    r"^is there (?:anything|something) (?:that )?(?:you|i|we)\b"
    r"|^(?:what(?! (?:if|about))|how(?! (?:about|many|much|long|often|old|soon|far)\b)"
    r"(?! (?:does|would) (?:that|this|it) (?:sound|suit))|which|where"
    r"|why(?! don'?t we))\b"
    r"|^(?:may|can|could) i ask (?:you )?(?:what|how|which|where|why|about)\b"
    r"|^(?:for )?whom? (?:do we|are we|is (?:it|this|that|our)|benefits|gains)\b"
    r"|^(?:(?:with|for|from|to|by|on) )?(?:who|whom)\b(?:[^?]* (?:could|would|should|might)\b"
    r"|.* (?:comes? to mind|in mind)\b"
    r"|(?: else)? do(?:es)? (?:you|it) (?:think|believe|picture|imagine|see|trust|miss"
    r"|wish|need|admire|look up)\b)"
)
"""Asks for thinking: who could, not who did."""
ASKS_ASSENT = re.compile(
    r"^(?:how (?:does|would) (?:that|this|it) (?:sound|look|suit|work)|what do you (?:say|think)"
    r"|how about (?:that|it))(?: (?:to|of|about|for) (?:it|that|this|you))?\W*$"
)
"""Asks openly, and is answered with a yes or a no to what was said before it."""
ASKS_LATER = re.compile(
    r"(?:,|–|—|:| and| but| so) (?:what|how(?! (?:many|much|long|often))|why|which|where)\b"
)
INVITES = re.compile(
    r"\b(?:(?:give me|name(?: me)?) (?:a|an|one|two|three|your|some)\b"
    r"|tell me (?:more|about|how|what|why|where)|walk me through"
    r"|talk me through|take me through|help me (?:to )?(?:understand"
    r"|see)|say more|describe\b|show me\b|give me an example"
    r"|i(?:'d| would)? (?:(?:really|just|also|still) )?(?:like|love|want) to (?:hear|know"
    r"|understand)(?!.*\b(?:early|earlier|sooner|at once|right away)\b)"
    r"|i(?:'m| am) (?:curious|wondering|keen to hear)|i wonder (?:what|how|why|where))"
)
ASKS_ABROAD = re.compile(
    r"^\W*(?:(?:y|e|und|et|aber|pero|mais) )?(?:qué|cómo|por qué|cuál(?:es)?|dónde|wie|warum|wieso"
    r"|weshalb|welche\w*|worin|woran|was (?:ist|sind|brauchst|hilft|würde|denkst|meinst|hast|willst"
    r"|möchtest|kann|soll|machst)|pourquoi|comment|qu'est-ce|quel(?:le)?s?)\b"
)
"""Asks openly in Spanish, German or French; what else is done in these is not told apart."""
ASKS_ON = re.compile(
    r"^(?:and|but) (?:the|your|you|in|for|with|on|after|before|at)\b[\w ']{1,25}\?$"
)
"""Asks the same of something else: "And the worst?"."""
ANNOUNCES = re.compile(
    r"(?:^|^\w+, )(?:today )?(?:i(?:'d| would)? (?:like|want|wanted|love)(?: us)? to (?:talk|speak"
    r"|have a (?:word|talk|chat))|let'?s talk|i(?:'ve| have) asked you (?:here|in|to come)"
    r"|this is about|today (?:it(?:'s| is)|we) (?:about|talk)"
    r"|i thought we(?:'d| could| might) talk)\b"
    r"(?! (?:less|more|to|again))"
)
"""Says what the talk is to be about, and leaves the word to the other."""
ASKS_BARE = re.compile(
    r"(?:and |but )?(?:why|how|what|when|who|where|which)(?: (?:not|so|else|then))?"
)
"""A question without its mark."""
WANTS_FEEDBACK = re.compile(
    r"\b(?:(?:be|please be) (?:honest|frank|straight)(?: with me)?|don'?t hold back"
    r"|tell me what i|(?:know|hear) (?:how|what) i (?:can|could|should|might) (?:do|change|help"
    r"|support|be|make)|i(?:'d| would)? (?:like|love|welcome|want|need)[^.]{0,30}\bfeedback (?:on"
    r"|from|for)|tell me how i)\b"
)
