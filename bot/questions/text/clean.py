"""A message without markup, and with turns of speech put plainly."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence

from bot.questions.text.asking import without_asker
from bot.questions.text.idioms import IDIOMS
from bot.questions.text.plainly import AMOUNTS, PLAINLY
from bot.questions.text.worldwide import WORLDWIDE

MAX_CHARACTERS = 4_000
LONG = 1_500  # characters; in a longer message turns of speech are not looked for

_SLACK = re.compile(r"<(?:[@!][^<>]*|(?:https?|mailto)[^<>|]*(?:\|([^<>]*))?|(#)\w+\|([^<>]*))>")
_EMOJI_CODE = re.compile(r":[a-z][a-z0-9_+-]*:|:\+1:|:-1:")
_WAVE = re.compile("^\\W*(?:\U0001f44b|:wave:)\\W*$")
_THUMBS = re.compile(
    "[\U0001f44d\U0001f44f\U0001f64f\u2764\U0001f389\U0001f60a\U0001f600]|:\\+1:|:thumbsup:"
)
_TYPOGRAPHY = str.maketrans("‘’‚“”„–—−‐‑…×≤≥¿¡", "'''\"\"\"-----.x≤≥  ")
_NUMERALS = (
    r"\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|fifty"
)
_PEOPLE = "spender|customer|client|account|card|buyer|borrower|user|payer|cardholder|shopper"
_ADVERBS = (
    "the|most|least|more|less|often|frequently|regularly|reliably|always|usually|rarely|hardly|ever"
    "|consistently|never|mostly"
)
_COUNTS = "head ?counts?|heads|people|dollars?|money|volume|size|numbers?|percent(?:age)?s?"
# What is done with an answer: "before I write the brief" is no time.
_WORK = (
    "write|present|send|stand|put|go|talk|speak|brief|meet|submit|sign|commit|decide|pitch|tell|call"
    "|show|walk|draft|publish|spend|book|push|forward|share|finali[sz]e|plan|start writing|build"
    "|pick|choose|run|design|launch"
)
_BOUNDS = "less|more|over|under|at least|fewer|longer|between|up to"
# Ways of putting it that are read as another way of putting it.
_SHORT = {
    r"\bwhat (?:do you understand (?:under|by)|(?:is|do you) meant? (?:with|by|under))\b"
    r"|\bwhat means (?!that|this|it)|^\W*what it means (?=\W*\w)": "define ",
    r"\bvis[- ]?[aà][- ]?vis\b": "versus",
    r"\bup ?to (?=what|which)": "up to ",
    r"\bre-(?=run|fit|do|train|cluster|build|calculat|name|brand|score|comput)": "re",
    r"\b(?:[\w,]{1,12}[ -])?(?:thousand|\d{1,3}k|[\d,]{1,6}000)[- ](?:foot|feet|ft)[- ]view\b"
    r"": "overview",
    r"\b(anything|something) on fire\b": r"\1 alarming",
    r"\bn ?= ?(?=(?:on|for|in|per|of|each|every|by)\b|\W*$)": "count ",
    r"\bthe n (?=(?:on|for|in|per|of)\b)": "the count ",
    r"\bpass (?=me|us\b)": "give ",
    r"\b(?:this )?(month|quarter) (?:so far|to date)\b": r"this \1",
    r"\b(?:un)?til now\b|\bup to now\b|\bso far\b": " ",
    r"(?<![\d.,])([1-9]\d{0,2})\.(\d{3})(?![\d.])": r"\1,\2",  # 2.000 on the continent
    r"\b(?:i'?m|we'?re|im) after\b(?! \d)": "i want",
    r"\bthey'?re (only |just )?after\b(?! \d)": r"they want \1",
    rf"\b({_NUMERALS}) (top|biggest|best|largest|heaviest) (?=(?:{_PEOPLE})s\b)": r"\2 \1 ",
    r"\b(slice|share|piece|portion|part|chunk)((?: of (?:the|our|that))(?: \w+){0,3})"
    r" (?:pie|cake)\b": r"\1\2",
    r"\b(?:(?:in|of|across|over|on|within) (?:the|our)"
    r"|(?:the |our )?(?:whole|entire|total|full|card)) book\b(?! \w+ing)": "of the whole base",
    rf"\bwith us (?:for )?({_BOUNDS}) (?:than )?(?:a|one) year\b": r"tenure \1 than 12 months",
    rf"\bwith us (?=(?:for )?(?:{_BOUNDS}|\d))": "tenure ",
    r"\b(in full|cash|advances?|purchases?) (?:every|each) (?:single )?"
    r"(?:month|week|time)\b": r"\1",
    r"^(do|are|have|did|is) (?:most|the majority) (?:of )?(?:the |our )?(?=\w)": r"\1 ",
    r"\blines? (?=(?:of (?:at|more|over|under|less|up|[$\d])"
    r"|over|under|above|below|between) )": "credit limit ",
    rf"\b(pay(?:s|ing)?|clear(?:s|ing)?)((?: (?:{_ADVERBS}))+) in full\b": r"\1 in full\2",
    rf",? (?:and )?not (?:by |in )?(?:the )?(?:{_COUNTS})(?=\s*[.?!]*$)": "",
    r"\b(seg(?:ment)?) (?:too|to)(?=\s*[.?!]*$)": r"\1 2",  # as a telephone hears it
    r"\bhow (?:big|large) a (?:slice|share|part|chunk|portion) of\b": "what share of",
    r"\b(?:like )?(?:a|one) fortnight\b": "2 weeks",
    r"\blike (?=an? (?:week|month|quarter|year|couple|few)\b)": "",
    r"\b4 (?=seg(?:ment)? ?\d)": "for ",
    r"\b2(?=moro|day\b|nite)": "to",
    rf"\bsingle[- ](?=(?:{_PEOPLE}|biggest|largest|highest|smallest|lowest)\b)": "",
    r"\bpenetration of (?=(?:cash|one-off|instalment|installment)s?\b"
    r"(?! (?:shopper|buyer|seg)))": "how many customers with ",
    r"(\b(?:what|you|could|can|would|might|may) )account(?:s|ed)? for (?=\w)"
    r"|^account for (?=\w)": r"\1explain ",
    r"\bto what (?:do|can|should|would|could) (?:we|you|i|one) (?:owe|attribute|ascribe|credit)\b"
    r"|\bwhat (?:do|can|should|would|could) (?:we|you|i|one) (?:attribute|ascribe)\b": (
        "what explains"
    ),
    r"\bhow(?:'s| is| was) it (?:possible )?that\b": "how come",
    r"\baccounts? for(?=\s*[.?!]*$)": "make up",
    rf",? before (?:i|we) (?:{_WORK})\b[^,?.!:;\d]{{0,60}}(?=[?.!]|\W*$)"
    rf"|^before (?:i|we) (?:{_WORK})\b[^,?.!:;\d]{{0,60}}, ": "",
    r"\b(?:as|in|into) (?:a |an )?(?:pictures?|images?|pictorial|visual)(?: ?form(?:at)?)?\b"
    r"(?! of)": "as a chart",
    r"\bto-?ing and fro-?ing\b|\bcomings? and goings?\b": "movement",
    r"\bany ?time (?=(?:segment|the|our|a)\b)": "whenever ",
    r"\b(?:merci(?: beaucoup)?|danke(?: sch(?:oe|o|ö)n)?|(?:muchas )?gracias|grazie(?: mille)?"
    r"|obrigad[oa]|arigato)\b": "thanks",
    r"\bw\.? ?r\.? ?t\b\.?": "about",
    r"\b(?:at |for )?(?:the )?\d{1,2} ?o'?clock\b": "",
    r"\b(?:over|at|during|on|this|last) (?:the )?week-?end\b": "",
    r",? ?\(?\bi\.?e\.?,? +[\d/.-]+\b\)?": "",  # "since the bank holiday, i.e. 31/08"
    r"\bat half(?: past)? (?:[a-z]+|\d+)(?=[,;.?!]|\W*$)": "",
    r"\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday)'s"
    r" (?:run|refit|fit|digest|update|report|load|refresh)\b": r"\1",
    r"^(?:(?:by|per) (?:segment|group|cluster)|(?:segment|group|cluster)[- ]?wise),?"
    r" who(?:'s| is| has)?\b": "which segment",
    r"\bthe (?:most|highest|largest) number of times\b": "number of time most",
    r"\bcarrying (?=(?:more|over|less|under|at least|upwards|north)\b)": "with a balance of ",
    r"\b(which|what|other|that|this) (?:lot|mob|bunch|crew)(?:'s| is)\b": r"\1 segment is",
    r"\b(other|that|this) (?:lot|mob|bunch|crew)\b(?! of)": r"\1 segment",
    r"\brather than\b": "not",
    r"\b(vs|approx|avg|incl|excl|ave|max|min|dept|no|est|resp|pct|amt|bal|seg)\.(?= ?\w)": r"\1 ",
    **{
        rf"\b{tens}[ -]{word}\b": f"{number + unit}th"
        for tens, number in (("twenty", 20), ("thirty", 30))
        for unit, word in enumerate(
            "first second third fourth fifth sixth seventh eighth ninth".split(), 1
        )
    },
    r"\b(?:limit|restrict|narrow|confine) (?:it|that|this|them|those) (?:down )?to\b": "only for",
    r"\b(?P<it>it|this|that|them|u|us|me) 2 (?!weeks?|months?|days?|seg|quarters?)(?=[a-z])": (
        r"\g<it> to "
    ),
    rf"\b({_BOUNDS}) (than )?(\d+|an?|one|two|three|six|nine|ten|twelve) (months?|years?)"
    r" (?:on (?:the |our )?books?|with us|of tenure|as (?:a )?customers?)\b": r"tenure \1 \2\3 \4",
    r"\bus(?:e|es|ed|ing) (?:their|the|a) cards? (?:for|to make) (?:any |a |some )?purchases?\b": (
        "made purchases"
    ),
    r"\bdefn?\b\.? (?=(?:of|for)\b)": "define ",
    r"\bwhere in (?:the|our) (?:country|world|uk|us|states)\b": "where",
    r"\ball over the (?:shop|map)\b": "all over the place",
    r"\b(?:no|nr|num)s?\.? of\b": "number of",
    r"\bw/w\b|\bon the week\b": "wow",
    r"\bweek-(?:on|over)-week\b": "week by week",
    r"\b(?:this )?(january|february|march|april|june|july|august|september|october|november"
    r"|december)'s\b": r"\1",
    r"\bw ?/ ?c\b|\bwc (?=\d|the\b)": "week of ",
    r"\bweek (?:commencing|starting|beginning|of the)(?: on)?(?= \d| [a-z]+ \d)": "week of",
    r"\bw ?/ ?e\b|\bweek ending(?: on)?\b": "week ending ",
    **{
        rf"\b{unit[0]}[/o]{unit[0]}\b|\b{unit}[- ](?:on|over)[- ]{unit}\b|\bon the {unit}\b": rate
        for unit, rate in (("month", "m_m"), ("quarter", "q_q"), ("year", "y_y"))
    },
}


def _compiled(turns: Mapping[str, str]) -> Sequence[tuple[re.Pattern[str], str]]:
    return [(re.compile(form, re.IGNORECASE), word) for form, word in turns.items()]


_AMOUNTS = _compiled(AMOUNTS)
_TURNS = _compiled(WORLDWIDE | IDIOMS | PLAINLY | _SHORT)
# "How is segment 2 doing atm", and no cash machine.
_ENDS_SO = re.compile(r"\batm\W*$", re.IGNORECASE)
_IS = re.compile(
    r"\b(?:is|are|have|has|got|doing|sitting|looking|many|count|size)\b[^?.!]*$", re.IGNORECASE
)
_MACHINE = re.compile(r"\b(?:the|an|at|by|from|via|using|use|used) $", re.IGNORECASE)
# "Never mind where they live, how old are they?"
_NEVER_MIND = re.compile(
    r"^\W*(?:ok(?:ay)? |no |well |and |but )?(?:never mind|nevermind|forget(?: about)?|leave aside)"
    r" [^,.;?!-]{3,60}[,.;-] *(?=[\w']+ \w)",
    re.IGNORECASE,
)
_DASH = re.compile(r"(?<!\d) -+ | -+ (?!\d)")
# "1) profile of segment 6 2) what changed"
_NUMBERED = re.compile(r"^\W*(?:1[).:/]|(?-i:a)\))\s.*\s\(?(?:2[).:/]|(?-i:b)\))\s", re.DOTALL)
_NUMBER = re.compile(r"(?:^|[\s,;.?!(]){1,4}(?:\d[).:/]|(?<=\()[a-e]\)|\b[a-e]\))(?=\s)")
# "Hi Sam," and "Kind regards, Tom"; "Mark asked for", "Finance wants to know".
_GREETING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|dear|greetings|morning|good (?:morning|afternoon|evening))"
    r"(?: [\w']+){0,2}\s*(?:[,!]| [-:] )|to whom it may concern\W)\s*",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"[.!?,\n]\s{0,4}(?:(?:many |kind |best |warm |kindest )?(?:thanks|thx|thank you|cheers|regards"
    r"|best|rgds|br|sincerely)(?: and regards| in advance)?|best (?:wishes|regards))\s*[,.!-]?"
    r"(?:\s+[A-Z][a-z]+){0,2}\W*$",
)
_NAME = r"(?<![\w'-])(?!(?:I|We|You|He|She|It)\b)(?-i:[^\W\da-zß-öø-ÿ_])(?:[^\W\d]|['-])+(?!\w)"
_REPORTED = re.compile(
    rf"{_NAME}(?: (?:from|in|of) [A-Z]?\w+)? (?:asks?|asked|wants to know|would like to know"
    r"|needs to know)(?: (?:for|about|that|whether|if|me))*\b"
)
_CLAIMED = re.compile(
    rf"{_NAME}(?: (?:from|in|of|at) \w+)? (says?|said|mentioned|claims?|claimed|reckons?|insists?"
    r"|insisted|swears?|swore|thinks?|thought|believes?|told|argues?|argued|maintains?|suspects?"
    r"|keeps saying)\b"
)
# "My colleague Priya is taking over ..."
_BY_NAME = re.compile(r"\b(colleague|teammate|manager|boss|director|assistant),? [A-Z][a-z]+\b,?")
# "..., which would they be?", "..., is that something you can dig out?"
_TAIL = re.compile(
    r"(?<=\w)[\s,.;-]+(?:"
    r"(?:which|what|who) (?:one |ones )?(?:(?:would|is|are|might|could) )?"
    r"(?:that|they|it|those|these)(?: be| then)?"
    r"|what (?:do|can|should) (?:i|we) (?:tell|say to) \w+"
    r"|is (?:that|this|it)"
    r" (?:something|possible|doable|feasible|ok|okay|right|correct|true|fair|so)\b[^?.!]{0,40}"
    r"|(?:can|could) (?:you |we )?(?:do (?:that|this|it)|help(?: (?:me|us))?(?: out)?|or not)"
    r"|(?:does|do) that (?:hold|stack|add|sound|check|make|work)\b[^?.!]{0,20}"
    r"|did i (?:get|hear|read) that (?:right|correctly)"
    r")\s*\?+\s*$",
    re.IGNORECASE,
)
# "..., aren't they?", "..., innit"
_TAG = re.compile(
    r"(?<=\w\w)[\s,]+(?:(?:is|are|has|have|do|does|did|was|were|ca|could|wo|would|should)n'?t"
    r"(?: (?:it|they|he|she|we|you|there|that|this))|innit|yeah|right|no|correct|or what|or nah"
    r"|or not)\s*[?.!]*\s*$",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """The message without Slack's markup, entities, emphasis and typographic signs, case kept."""
    text = _SLACK.sub(lambda m: m[1] or (f"#{m[3]}" if m[2] else " "), text[:MAX_CHARACTERS])
    text = re.sub(r"\s{0,3}(?:-{1,2}>|→)\s{0,3}", " to ", html.unescape(text))
    if not text.isupper():
        text = re.sub(r"\bAPRs?\b(?! ?\d)", "interest rate", text)
    text = _THUMBS.sub(" thumbsup ", _WAVE.sub("hello", text))
    text = _EMOJI_CODE.sub(" ", text)
    text = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)
    text = "".join(c if _is_written(c) else " " for c in text)
    text = re.sub(
        r"\bw/o\b",
        "without",
        re.sub(r"\bw/(?!o\b|w\b|[ce]\b)|\bw(?= )", "with ", text, flags=re.I),
        flags=re.I,
    )
    text = re.sub(r"\bb/c\b", "because", text, flags=re.I)
    ends_so = _ENDS_SO.search(text)
    before = text[: ends_so.start()] if ends_so else ""
    if ends_so and _IS.search(before) and not _MACHINE.search(before):
        text = f"{before}now{text[ends_so.start() + 3 :]}"
    for form, word in _AMOUNTS if len(text) > LONG else _TURNS:
        text = form.sub(word, text)
    text = re.sub(r"(?<![\w~])~(?=\w)[^~\n]{1,80}(?<=\w)~(?![\w~])", " ", text)  # struck out
    text = re.sub(r"(?<!\w)[*_~]+(?=\w)|(?<=\w)[*~]+|(?<=\w)_+(?!\w)|`+", "", text)
    text = _DASH.sub(", ", re.sub(r"[^\S\n]+", " ", text).strip())
    if is_numbered(text):
        text = _NUMBER.sub("?\n", text).lstrip("?\n ")
    return without_manners(_NEVER_MIND.sub("", text))


def is_numbered(text: str) -> bool:
    """Whether a message counts its questions: "1) who spends most 2) which is the smallest"."""
    return bool(_NUMBERED.match(text))


def _is_written(character: str) -> bool:
    """Whether a character says something: no control character and no picture."""
    pictured = unicodedata.category(character) == "So"
    return character == "\n" or (character.isprintable() and not pictured)


def without_manners(text: str) -> str:
    """A message without its salutation, its sign-off and who asked for it, if more is left."""
    shorter = _FAREWELL.sub("?", without_asker(_GREETING.sub("", text)))
    shorter = _BY_NAME.sub(r"\1", _CLAIMED.sub(r"they \1", _REPORTED.sub(" ", shorter)))
    shorter = _TAG.sub("?", _TAIL.sub("?", shorter))
    return shorter.strip() if re.search(r"\w", shorter) else text
