"""Where one message holds several questions."""

from __future__ import annotations

from analytics.model import Query
from bot.questions.declines import declines_of
from bot.questions.gather import gather
from bot.questions.grammar import grammar_of
from bot.questions.intents import intents_of
from bot.questions.items import Items, symbol
from bot.questions.lexicon import Lexicon
from bot.questions.turns import is_bare

_ENDS = frozenset({"?", ";", "\n", ".", "!"})
_JOINS = frozenset({",", "and", "&", "then", "also", "plus"})
_STARTS = frozenset(
    "what how who which why when where is are do does did has have can tell show give list compare "
    "export describe profile rank rename recommend explain send find chart should refit top "
    "bottom".split()
)
_OWN = 3.9
_MOST = 5  # questions of one message that are answered
_REACH = 25  # items looked at to tell whether a part is a question
_NAMED = frozenset({"<segment>", "<segment?>", "<feature>", "<customer>"})
_OURS = frozenset({"segment", "customer"})
_TIMES = frozenset({"<when>", "<window>", "<span>", "<this>", "<since>", "<between>"})
# A clause that starts so is about the speaker, if it names nothing of ours.
_TALKS = frozenset("i i'm i'd i've i'll we we're my our if as because though although so".split())
# "... because I need it", "so the client sees it"; "for the opening slide, ...".
# "Before the pitch I'd love to know ..."
_KNOWING = frozenset({"know", "wonder", "curious"})
_QUESTIONS = frozenset(
    "what which who how many why where when anyone someone anything something nothing everything "
    "all you do does".split()
)
_SAYING = frozenset(
    "i i'm i've i'd we we're we've we'd he she it it's they is are was were has have had want need "
    "say think hate love like look feel seem keep ask would could should can will must might "
    "reckon believe guess know".split()
)
# "... before I see the CEO", "... if that's possible"
_ASIDES = frozenset("that before if while when whether".split())
_ME = frozenset(
    "i i'm i'd i've i'll we we're we'd we've we'll you you're you'd you've my our that's it's "
    "possible".split()
)
_VERBS = frozenset("is are do does did has have can should".split())
_SHAPES = frozenset({"chart", "table", "export", "why"})
_REASONS = frozenset({"because", "so", "case"})
_MEANWHILE = frozenset("before after while when since given if once until as now".split())
_SPEAKERS = frozenset(
    "i i'm i'd i've we we're we'd we've my our the that they he she it it's a an this some "
    "someone legal client boss manager everyone".split()
)
_EMPTY = frozenset({"<aside>", "<n>", "<nth>", "<now>"})


def parts(items: Items, lexicon: Lexicon) -> list[Items]:
    """The questions of a message in order; one that cannot be split is left whole."""
    items = _without_talk(items, lexicon)
    found: list[Items] = []
    start = 0
    at = 1
    while at < len(items) and len(found) < _MOST:
        symbol = items[at].symbol
        if symbol in _ENDS or symbol in _JOINS:
            after = at
            while after < len(items) and items[after].symbol in _ENDS | _JOINS:
                after += 1
            hard = any(i.symbol in _ENDS for i in items[at:after])
            left, right = items[start:at], items[after:]
            if right and _splits(left, right, hard, lexicon):
                asked = tuple(i for i in items[at:after] if i.symbol == "?")
                found.append(left + asked[:1])
                start = at = after
                continue
            at = after
        at += 1
    found.append(items[start:])
    return found


def tells(part: Items) -> bool:
    """Whether a part says something instead of asking for it: "segment 6 has jumped up"."""
    return not asks(part) and any(item.symbol in _SAYING for item in part)


def asks(part: Items) -> bool:
    """Whether a part is put as a question or a request."""
    signed = any(item.symbol == "?" for item in part[-2:])
    asked = symbol(part, 0) in _STARTS or any(i.symbol in _STARTS - _VERBS for i in part[1:4])
    return signed or asked


def _without_talk(items: Items, lexicon: Lexicon) -> Items:
    """The items without whole sentences that ask and name nothing beside others that do.

    What stands before a colon counts as a sentence: "KPI check: size of segment 2".
    """
    sentences: list[Items] = []
    start = 0
    for at, item in enumerate(items):
        before = items[start:at]
        prefix = item.symbol == ":" and not (
            _tells(before, lexicon) or _is_refused(before, lexicon)
        )
        if item.symbol in _ENDS or prefix:
            sentences += _without_asides(items[start : at + 1], lexicon)
            start = at + 1
    sentences += _without_asides(items[start:], lexicon)
    telling = [s for s in sentences if _tells(s, lexicon)]
    asked = [s for s in telling if symbol(s, len(s) - 1) == "?" and _intent(s[:_REACH], lexicon)]
    if asked:  # "I'm planning a win-back campaign. Who are the dormant cards?"
        telling = [s for s in telling if s in asked or not _only_says(s)]
    asking = [s for s in sentences if symbol(s, len(s) - 1) == "?"]
    kept = telling or asking or sentences
    return tuple(item for sentence in kept for item in sentence if item.symbol != ":")


def _only_says(sentence: Items) -> bool:
    """Whether a sentence of the speaker names nobody a question after it could be about."""
    about = {"<segment>", "<segment?>", "<customer>", "<feature>", "<filter>", "<stat>", "<trait>"}
    return (
        tells(sentence)
        and symbol(sentence, 0) in _TALKS
        and not about & {i.symbol for i in sentence}
    )


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
            sentence = sentence if asked else sentence[at:]
            break
    for at in range(2, len(sentence)):
        follows = symbol(sentence, at + 1)
        reason = sentence[at].symbol in _REASONS and follows in _SPEAKERS
        aside = sentence[at].symbol in _ASIDES and follows in _ME
        if (reason or aside) and _is_beside(sentence[at + 1 :], lexicon):
            sentence = sentence[:at]
            break
    return [sentence] if sentence else []


def _is_talk(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause is about the speaker or says what an answer is for."""
    first, second = symbol(clause, 0), symbol(clause, 1)
    purposes = grammar_of(lexicon.vocabulary).purposes
    purpose = first == "for" and second in _SPEAKERS and purposes & {i.symbol for i in clause}
    while_so = first in _MEANWHILE and second in _SPEAKERS
    return bool(first in _TALKS or purpose or while_so) and _is_beside(clause, lexicon)


def _is_beside(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause names nothing of ours and nothing that is refused."""
    symbols = {item.symbol for item in clause}
    empty = (_EMPTY | _TIMES) - {"<n>", "<nth>"}
    named = any(s[:1] == "<" and s[1:2].isalpha() and s not in empty for s in symbols)
    return not named and not symbols & (_OURS | _SHAPES) and not _is_refused(clause, lexicon)


def _is_refused(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause by itself asks for something that is turned down by name."""
    return declines_of(lexicon.vocabulary).match(clause) is not None


def _tells(items: Items, lexicon: Lexicon) -> bool:
    if any(i.symbol in _OURS for i in items):
        return True
    named = (
        i.symbol[0] == "<" and i.symbol[1:2].isalpha() for i in items if i.symbol not in _EMPTY
    )
    return any(named) or _intent(items[:_REACH], lexicon) is not None


def _splits(left: Items, right: Items, hard: bool, lexicon: Lexicon) -> bool:
    listed = left[-1].symbol == right[0].symbol and left[-1].symbol[0] == "<"
    if not hard and (listed or symbol(left, 0) == "if"):
        return False
    before = _intent(left[-_REACH:], lexicon)
    if before is None:
        return False
    if hard and is_bare(right, Query("help")) and any(i.symbol in _NAMED for i in right):
        return True
    filtered = any(i.symbol == "<filter>" for i in left)
    if not hard and filtered and right[0].symbol in ("who", "have", "has", "do", "is", "are"):
        return False
    joins = any(i.symbol in ("between", "compare", "difference", "versus") for i in left)
    if not hard and joins and sum(i.symbol in ("<segment>", "<segment?>") for i in left) == 1:
        return False
    names_none = not any(i.symbol[0] == "<" for i in right)
    of_customer = any(i.symbol == "<customer>" for i in left)
    if not hard and names_none and of_customer and right[0].symbol in ("what", "which"):
        return False
    ends = next((n for n, i in enumerate(right) if i.symbol in _ENDS), len(right))
    after = _intent(right[: min(max(ends, 1), _REACH)], lexicon)
    if after is None:
        return False
    return hard or right[0].symbol in _STARTS or (after != before and _both_name(left, right))


def _both_name(left: Items, right: Items) -> bool:
    everything = any(i.symbol == "segment" for i in left)
    return all(any(i.symbol in _NAMED for i in part) for part in (left, right)) or (
        everything and any(i.symbol == "<segment>" for i in right)
    )


def _intent(items: Items, lexicon: Lexicon) -> str | None:
    """The intent a part states by itself, strongly enough to be a question."""
    items, _ = gather(items, lexicon)
    scores = intents_of(lexicon.vocabulary).scores(items)
    best = max(scores, key=lambda intent: scores[intent].points, default=None)
    if best is None or best == "smalltalk" or scores[best].points < _OWN:
        return None
    return best
