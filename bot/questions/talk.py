"""What people say around a question: about themselves, or to lead up to it."""

from __future__ import annotations

from dataclasses import replace

from bot.questions.declines import declines_of
from bot.questions.gather import gather
from bot.questions.grammar import grammar_of
from bot.questions.intents import intents_of
from bot.questions.items import Items, symbol
from bot.questions.lexicon import Lexicon

ENDS = frozenset({"?", ";", "\n", ".", "!"})
STARTS = frozenset(
    "what how who which why when where is are do does did has have can tell show give list compare "
    "export describe profile rank rename recommend explain send find chart should refit top "
    "bottom".split()
)
REACH = 25  # items looked at to tell whether a part is a question
_OWN = 3.9
_TIMES = frozenset({"<when>", "<window>", "<span>", "<this>", "<since>", "<between>"})
_EMPTY = frozenset({"<aside>", "<n>", "<nth>", "<now>"})
_OURS = frozenset({"segment", "customer"})
_ALSO_OURS = frozenset("digest refit drift sql model silhouette".split())
_SHAPES = frozenset({"chart", "table", "export", "why"})
_VERBS = frozenset("is are do does did has have can should".split())
_WH = frozenset("what how who which why when where".split())
# A clause that starts so is about the speaker, if it names nothing of ours.
_TALKS = frozenset(
    "i i'm im i'd id i've ive i'll ill we we're we'd we've we'll my our if as because though "
    "although so he he's she she's they're it's that's there's it this one someone everyone "
    "everybody nobody need asking trying hoping no".split()
)
# "... because I need it", "so the client sees it"; "for the opening slide, ...".
_REASONS = frozenset({"because", "so", "case"})
# "... before I see the CEO", "... if that's possible"
_ASIDES = frozenset("that before if while when whether".split())
_ME = frozenset(
    "i i'm i'd i've i'll we we're we'd we've we'll you you're you'd you've she he my our that's "
    "it's possible".split()
)
_MEANWHILE = frozenset("before after while when since given if once until as now".split())
_SPEAKERS = frozenset(
    "i i'm i'd i've we we're we'd we've my our the that they he she it it's a an this some "
    "someone legal client boss manager everyone".split()
)
# "Before the pitch I'd love to know ..."
_KNOWING = frozenset({"know", "wonder", "curious"})
_QUESTIONS = frozenset(
    "what which who how many why where when anyone someone anything something nothing everything "
    "all do does".split()
)
_SAYING = frozenset(
    "i i'm i've ive i'd we we're we've we'd he she it it's they is are was were has have had want "
    "need say think hate love like look feel seem keep ask would could should can will must might "
    "reckon believe guess know there's mention complain".split()
)
_TOLD = frozenset("grew shrank dropped fell rose jumped went declined lost gained slipped".split())
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
_TOPICS = {"<segment>": "it", "<segment?>": "it", "<offer>": "it", "<customer>": "he"}
_PERSONS = frozenset("he she him her his".split())
_THINGS = frozenset("it its they them their these those".split())
_CLIENT = frozenset({"the", "our", "my", "a", "this"})


def without_talk(items: Items, lexicon: Lexicon) -> Items:
    """The items without whole sentences that ask and name nothing beside others that do.

    What stands before a colon counts as a sentence: "KPI check: size of segment 2".
    """
    sentences: list[Items] = []
    start = 0
    for at, item in enumerate(items):
        before = items[start:at]
        prefix = item.symbol == ":" and not (
            _names_or_asks(before, lexicon) or _is_refused(before, lexicon)
        )
        if item.symbol in ENDS or prefix:
            sentences += _without_asides(items[start : at + 1], lexicon)
            start = at + 1
    sentences += _without_asides(items[start:], lexicon)
    sentences = _after_topics(sentences, lexicon)
    telling = [s for s in sentences if _names_or_asks(s, lexicon)]
    asked = [s for s in telling if symbol(s, len(s) - 1) == "?" and intent_of(s[:REACH], lexicon)]
    if asked:  # "I'm planning a win-back campaign. Who are the dormant cards?"
        telling = [s for s in telling if s in asked or not _only_says(s)]
    asking = [s for s in sentences if symbol(s, len(s) - 1) == "?"]
    kept = telling or asking or sentences
    return tuple(item for sentence in kept for item in sentence if item.symbol != ":")


def tells(part: Items) -> bool:
    """Whether a part says something instead of asking for it: "segment 6 has jumped up"."""
    told = any(item.symbol in _SAYING or item.text in _TOLD for item in part)
    return told and not asks(part)


def asks(part: Items) -> bool:
    """Whether a part is put as a question or a request."""
    signed = any(item.symbol == "?" for item in part[-2:])
    asked = symbol(part, 0) in STARTS or any(i.symbol in STARTS - _VERBS for i in part[1:4])
    return signed or asked


def intent_of(items: Items, lexicon: Lexicon) -> str | None:
    """The intent a part states by itself, strongly enough to be a question."""
    items, _ = gather(items, lexicon)
    scores = intents_of(lexicon.vocabulary).scores(items)
    best = max(scores, key=lambda intent: scores[intent].points, default=None)
    if best is None or best == "smalltalk" or scores[best].points < _OWN:
        return None
    return best


def _only_says(sentence: Items) -> bool:
    """Whether a sentence of the speaker names nobody a question after it could be about."""
    about = {"<segment>", "<segment?>", "<customer>", "<feature>", "<filter>", "<stat>", "<trait>"}
    return (
        tells(sentence)
        and symbol(sentence, 0) in _TALKS
        and not about & {i.symbol for i in sentence}
    )


def _after_topics(sentences: list[Items], lexicon: Lexicon) -> list[Items]:
    """The sentences with what leads up to a question put into it: "..., what are they like?"."""
    found: list[Items] = []
    for sentence in sentences:
        clauses = _clauses(sentence)
        for clause in clauses:
            meant = _about(found[-1], clause, lexicon) if found else None
            if meant is not None:
                found[-1] = meant
            elif clause is clauses[0]:
                found.append(clause)
            else:
                found[-1] = sentence
    return found


def _clauses(sentence: Items) -> list[Items]:
    """A sentence in two where a question word follows a comma or a "so" and none stood before."""
    for at in range(1, len(sentence) - 2):
        if sentence[at].symbol in STARTS:
            break
        after = at + 1
        while symbol(sentence, after) in (",", "so", "and", "but", "please", "then"):
            after += 1
        led = sentence[at].symbol in (",", "so")
        if led and symbol(sentence, after) in STARTS - _VERBS and after < len(sentence) - 1:
            return [sentence[:at], sentence[after:]]
    return [sentence]


def _about(topic: Items, question: Items, lexicon: Lexicon) -> Items | None:
    """A question with its pronoun read as what was said before; None where that is no topic."""
    if asks(topic) or not asks(question) or _is_refused(topic, lexicon):
        return None
    if intent_of(topic[:REACH], lexicon):
        return None
    named = [i for i in topic if i.symbol in _TOPICS]
    within = [i for i in question if i.symbol in _TOPICS]
    if not named or within:
        persons = [i for i in named if i.symbol == "<customer>"]
        told = tells(topic) and intent_of(question[:REACH], lexicon)
        said = {i.symbol for i in topic if i.symbol[0] == "<" and i.symbol[1:2].isalpha()}
        if told and not (said - _EMPTY - _TIMES - {i.symbol for i in question}) and within:
            same = {i.value for i in named} <= {i.value for i in within}
            return question if same else None
        if told and not said - _EMPTY - {i.symbol for i in question} and not named:
            ours = _OURS & {i.symbol for i in topic}
            return None if ours else question
        if not persons or "<customer>" in {i.symbol for i in within}:
            return None
        named = persons
    kinds = {i.symbol for i in named}
    if len(kinds) > 1:
        return None
    kind = named[0].symbol
    pronouns = _PERSONS if within else _PERSONS | _THINGS if kind == "<customer>" else _THINGS
    at = next((n for n, i in enumerate(question) if i.symbol in pronouns), None)
    if at is None:
        return None
    values = tuple(dict.fromkeys(v for i in named for v in i.value)) if kind == "<segment>" else ()
    meant = named[0]
    if len(values) > 1:
        meant = replace(meant, value=values, words=("<segments>",))
    after = at + 1
    while symbol(question, after) in ("<n>", "segment", "audience", "both") and kind == "<segment>":
        after += 1
    rest = tuple(
        meant if i.symbol in pronouns and kind != "<segment>" else i for i in question[after:]
    )
    return (*question[:at], meant, *rest)


def _without_asides(sentence: Items, lexicon: Lexicon) -> list[Items]:
    """The sentence without its first and its last clause where they speak of the speaker."""
    commas = [at for at, item in enumerate(sentence) if item.symbol == ","]
    if commas and _is_talk(sentence[: commas[0]], lexicon):
        sentence = sentence[commas[0] + 1 :]
        commas = [at for at, item in enumerate(sentence) if item.symbol == ","]
    if commas and _is_talk(sentence[commas[-1] + 1 :], lexicon):
        sentence = sentence[: commas[-1]]
    for at in range(1, len(sentence) - 1):
        if sentence[at].symbol in _KNOWING and _is_beside(sentence[:at], lexicon):
            asked = {i.symbol for i in sentence[:at]} & _QUESTIONS
            asked = asked - {"do"} if symbol(sentence, at + 1) in _WH else asked
            sentence = sentence if asked else sentence[at:]
            break
    for at in range(2, len(sentence)):
        if _begins_aside(sentence, at) and _is_beside(sentence[at + 1 :], lexicon):
            sentence = sentence[:at]
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


def _begins_aside(sentence: Items, at: int) -> bool:
    follows = symbol(sentence, at + 1)
    reason = sentence[at].symbol in _REASONS and follows in _SPEAKERS
    return reason or (sentence[at].symbol in _ASIDES and follows in _ME)


def _is_talk(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause is about the speaker or says what an answer is for."""
    first, second = symbol(clause, 0), symbol(clause, 1)
    purposes = grammar_of(lexicon.vocabulary).purposes
    purpose = first == "for" and second in _SPEAKERS and purposes & {i.symbol for i in clause}
    while_so = first in _MEANWHILE and second in _SPEAKERS
    return bool(first in _TALKS or purpose or while_so) and _is_beside(clause, lexicon)


def _is_beside(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause names nothing of ours and nothing that is refused."""
    symbols = {
        item.symbol
        for at, item in enumerate(clause)
        if not (item.text in ("client", "client's") and symbol(clause, at - 1) in _CLIENT)
    }
    empty = (_EMPTY | _TIMES) - {"<n>", "<nth>"}
    named = any(s[:1] == "<" and s[1:2].isalpha() and s not in empty for s in symbols)
    ours = symbols & (_OURS | _ALSO_OURS | _SHAPES)
    return not named and not ours and not _is_refused(clause, lexicon)


def _is_refused(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause by itself asks for something that is turned down by name."""
    return declines_of(lexicon.vocabulary).match(clause) is not None


def _names_or_asks(items: Items, lexicon: Lexicon) -> bool:
    if any(i.symbol in _OURS for i in items):
        return True
    named = (
        i.symbol[0] == "<" and i.symbol[1:2].isalpha() for i in items if i.symbol not in _EMPTY
    )
    return any(named) or intent_of(items[:REACH], lexicon) is not None
