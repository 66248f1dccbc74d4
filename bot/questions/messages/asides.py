"""Clauses beside a question: about the speaker, a reason, what somebody has heard."""

from __future__ import annotations

from bot.questions.intents.clauses import EMPTY, OURS, REACH, TIMES, intent_of, is_refused, narrows
from bot.questions.text.items import Item, Items, names_of, symbol
from bot.questions.things.grammar import grammar_of
from bot.questions.things.lexicon import Lexicon

_ALSO_OURS = frozenset("digest refit drift sql model silhouette size trend profile".split())
_SHAPES = frozenset({"chart", "sankey", "table", "export", "why"})
WH = frozenset("what how who which why when where".split())
# A clause that starts so is about the speaker, if it names nothing of ours.
TALKS = frozenset(
    "i i'm im i'd id i've ive i'll ill we we're we'd we've we'll my our if as because though "
    "although so he he's she she's they're it's that's there's it this one someone everyone "
    "everybody nobody wonder need asking trying hoping no".split()
)
# "... because I need it", "so the client sees it"; "for the opening slide, ...".
_REASONS = frozenset({"because", "so", "case"})
# "... before I see the CEO", "... if that's possible"
_ASIDES = frozenset("that before if while when whether".split())
_ME = frozenset(
    "i i'm i'd i've i'll we we're we'd we've we'll you you're you'd you've she he my our that's "
    "it's possible".split()
)
_THOUGHT = frozenset(
    "know ought should could can need want quote show present mention worry use tell see say "
    "remember think mean that's".split()
)
_MEANWHILE = frozenset("before after while when since given if once until as now".split())
_SPEAKERS = frozenset(
    "i i'm i'd i've we we're we'd we've my our the that they he she it it's a an this some "
    "someone legal client boss manager everyone".split()
)
_OTHERS = frozenset("they he she it that it's".split())
# "Before the pitch I'd love to know ..."
_KNOWING = frozenset({"know", "wonder", "curious"})
_QUESTIONS = frozenset(
    "what which who how many why where when anyone someone anything something nothing everything "
    "all do does".split()
)
# "... I need it for the board", said without a stop.
_MYSELF = frozenset("i i'm i'd i've we we're we'd we've".split())
_RUNS_ON = frozenset(
    "need want mean know think just must have do am like love would can could will got "
    "promise really only".split()
)
_LEADS_ON = frozenset(
    "do does did can could should would will shall may might have has had that which who what "
    "where if when as than how why is are was were say anything everything something all one ones "
    "because so before after while whether case know and or but to , : <aside>".split()
)
_CRIES = frozenset("sick wicked mint dope lush fine lit sweet ace super".split())
_MODALS = frozenset("can could might may should would".split())
_REASONED = frozenset("i we he she they it that this i'm we're they're it's that's".split())
_HELPING = frozenset("was is were are has had have need needs want wants asked".split())
# "..., since somebody in the meeting claimed it was 30,000"
_HEARD_AFTER = frozenset({",", "because", "since", "as", "-"})
_TELLERS = frozenset("somebody someone my our the a one he she they people i we".split())
_CLAIMING = frozenset(
    "said says say claimed claims told thinks thought reckons reckon mentioned guessed heard "
    "believes insists quoted remember wrote".split()
)
_CLAIMED = frozenset({"<n>", "<nth>", "<bound>", "<stat>"})
_MEASURES = frozenset({"<feature>", "<stat>"})
_CLIENT = frozenset({"the", "our", "my", "a", "this"})


def without_asides(sentence: Items, lexicon: Lexicon) -> list[Items]:
    """The sentence without its first and its last clause where they speak of the speaker."""
    if len(sentence) > 2 and sentence[0].symbol in _CRIES and sentence[1].symbol == ",":
        sentence = sentence[2:]
    commas = [at for at, item in enumerate(sentence) if item.symbol == ","]
    if commas and _is_talk(sentence[: commas[0]], lexicon):
        sentence = sentence[commas[0] + 1 :]
        commas = [at for at, item in enumerate(sentence) if item.symbol == ","]
    topic = (
        all(i.is_name or i.symbol in _CLIENT for i in sentence[: commas[-1]]) if commas else True
    )
    if not topic and _is_talk(sentence[commas[-1] + 1 :], lexicon):  # "segment 1, it is growing?"
        sentence = sentence[: commas[-1]]
    sentence = _without_hearsay(_without_reasons(sentence))
    for at in range(1, len(sentence) - 1):
        if sentence[at].symbol in _KNOWING and _is_beside(sentence[:at], lexicon):
            asked = {i.symbol for i in sentence[:at]} & _QUESTIONS
            asked = asked - {"do"} if symbol(sentence, at + 1) in WH else asked
            sentence = sentence if asked else sentence[at:]
            break
    for at in range(2, len(sentence)):
        rest = sentence[at + 1 :]
        if sentence[at].symbol == "that" and symbol(rest, 1) in _MODALS:
            rest = tuple(i for i in rest if i.symbol != "segment")  # "... the test group"
        in_case = symbol(sentence, at - 1) == "in" and sentence[at].symbol == "case"
        if in_case or (_begins_aside(sentence, at) and _is_beside(rest, lexicon)):
            sentence = sentence[: at - in_case]
            break
    for at in range(3, len(sentence) - 1):
        runs_on = sentence[at].symbol in _MYSELF and symbol(sentence, at + 1) in _RUNS_ON
        joined = symbol(sentence, at - 1) == "and"
        if runs_on and (joined or symbol(sentence, at - 1) not in _LEADS_ON):
            before = sentence[: at - joined]
            if _is_beside(sentence[at:], lexicon) and intent_of(before[:REACH], lexicon):
                sentence = before
                break
    return [sentence] if sentence else []


def _without_reasons(sentence: Items) -> Items:
    """The sentence without "instead of size, ...", "..., because they have moved on, ..."."""
    clauses: list[Items] = []
    start = 0
    for at, item in enumerate((*sentence, Item(","))):
        if item.symbol == ",":
            clauses.append(sentence[start : at + 1])
            start = at + 1
    kept = [
        clause
        for n, clause in enumerate(clauses)
        if not (_gives_reason(clause) if n else len(clauses) > 1 and _sets_aside(clause))
    ]
    return tuple(item for clause in kept for item in clause)


def _gives_reason(clause: Items) -> bool:
    said = symbol(clause, 0) in ("because", "since", "as") and symbol(clause, 1) in _REASONED
    named = names_of(clause) - EMPTY
    verb = symbol(clause, 0) == "because" or bool(_HELPING & {i.text for i in clause[2:4]})
    return said and verb and not named


def _without_hearsay(sentence: Items) -> Items:
    """The sentence without what somebody says it is: "..., my colleague said 900"."""
    for at in range(3, len(sentence) - 2):
        rest = sentence[at + 1 :]
        told = sentence[at].symbol in _HEARD_AFTER and symbol(rest, 0) in _TELLERS
        if told and _CLAIMING & {i.text for i in rest[1:6]}:
            return sentence if names_of(rest) - _CLAIMED else sentence[:at]
    return sentence


def _sets_aside(clause: Items) -> bool:
    instead = symbol(clause, 0) == "instead" and symbol(clause, 1) == "of"
    return instead and not names_of(clause) - _MEASURES


def _begins_aside(sentence: Items, at: int) -> bool:
    follows = symbol(sentence, at + 1)
    reason = sentence[at].symbol in _REASONS and follows in _SPEAKERS
    if sentence[at].symbol == "that" and not _THOUGHT & {i.symbol for i in sentence[at:]}:
        return False  # "customers that my team called"
    return reason or (sentence[at].symbol in _ASIDES and follows in _ME)


def _is_talk(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause is about the speaker or says what an answer is for."""
    first, second = symbol(clause, 0), symbol(clause, 1)
    if first == "so" and second in WH:
        return False
    if first == "as" and TIMES & {i.symbol for i in clause}:
        return False  # "as it was four weeks ago"
    counted = any(item.text in ("often", "times", "frequency") for item in clause)
    if second in ("meant", "mean") and (counted or any(item.is_name for item in clause)):
        return False  # "I picked the wrong day, I meant 7 September"
    purposes = grammar_of(lexicon.vocabulary).purposes
    purpose = first == "for" and second in _SPEAKERS and purposes & {i.symbol for i in clause}
    while_so = first in _MEANWHILE and second in _SPEAKERS - _OTHERS
    return bool(first in TALKS or purpose or while_so) and _is_beside(clause, lexicon)


def _is_beside(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause names nothing of ours and nothing that is refused."""
    said = [
        item
        for at, item in enumerate(clause)
        if not (item.text in ("client", "client's") and symbol(clause, at - 1) in _CLIENT)
    ]
    empty = (EMPTY | TIMES) - {"<n>", "<nth>"}
    named = names_of(tuple(said)) - empty
    ours = {item.symbol for item in said} & (OURS | _ALSO_OURS | _SHAPES)
    return not (named or ours or is_refused(clause, lexicon) or narrows(clause, lexicon))
