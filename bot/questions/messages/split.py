"""Where one message holds several questions."""

from __future__ import annotations

from collections.abc import Callable

from analytics.model import Query
from bot.questions.followups.changed_people import TURNED
from bot.questions.followups.pointing import CUSTOMER_INTENTS, resolved
from bot.questions.followups.turns import asks_why, is_bare
from bot.questions.intents.clauses import ENDS, REACH, STARTS, asks, intent_of, is_refused, tells
from bot.questions.messages.claims import leads_up
from bot.questions.messages.talk import asks_of_them, without_talk
from bot.questions.slots.gather import gather
from bot.questions.text.items import Items, names_of, symbol, symbols
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.ranking import ASCENDING, DESCENDING

_JOINS = frozenset({",", "and", "&", "then", "also", "plus"})
_MOST = 5  # questions of one message that are answered
_NAMED = frozenset({"<segment>", "<segment?>", "<feature>", "<customer>"})
# Questions about a segment: "they" of what follows are its customers.
_OF_SEGMENT = frozenset(
    {"segment_profile", "segment_size", "segment_trend", "explain_segment", "explain_change"}
    | {"feature_stat"}
)
_PLACES = frozenset({"<segment>", "<segment?>", "<customer>", "segment", "overall", "all"})
_LEADING = frozenset({"for", "of", "in"})
_AMONG = frozenset("of out among amongst across for in within from".split())
_ASKED = frozenset("what which who how where why".split())
_ANDS = _JOINS - {","}
_TRIES = 4  # joins of one message at which what follows is read to see whether it asks more
_NO_QUESTION = frozenset("if before after while because since".split())
_ORDERED = frozenset("what which who whose how where why when show give list export draw".split())
_LEADS = frozenset("for since in by to at from of".split())
_HELPS = frozenset("is are was were has have do does did can could should would".split())
_SUBJECTS = frozenset("it they he she we i you there their its <segment> <customer>".split())
_MOVES = frozenset("move migrate go flow leave join from come".split())
_OF_TOPIC = _NAMED - {"<feature>"} | frozenset("the our customer of in for from and this".split())
_PRONOUNS = frozenset("they he she it them".split())
_HELPING = frozenset("was were should would could will".split())
_YES_OR_NO = frozenset("is are was were has have did do does".split())


def parts(items: Items, lexicon: Lexicon, follows: Callable[[Items, Items], bool]) -> list[Items]:
    """The questions of a message in order; one that cannot be split is left whole.

    ``follows(left, right)``: whether the second is understood as a question after the first.
    """
    tries = _TRIES
    items = without_talk(items, lexicon)
    found: list[Items] = []
    start = 0
    at = 1
    while at < len(items) and len(found) < _MOST:
        symbol = items[at].symbol
        if symbol in ENDS or symbol in _JOINS:
            after = at
            while after < len(items) and items[after].symbol in ENDS | _JOINS:
                after += 1
            hard = any(i.symbol in ENDS for i in items[at:after])
            left, right = items[start:at], items[after:]
            splits = bool(right) and _splits(left, right, hard, lexicon)
            joined = any(i.symbol in _ANDS | ENDS for i in items[at:after])
            if right and tries and joined and not splits and _asks_more(left, right, lexicon):
                tries -= 1
                splits = follows(left, _sentence(right))
            if splits:
                asked = tuple(i for i in items[at:after] if i.symbol == "?")
                found.append(left + (_shared(left, right) if not hard else asked[:1]))
                start = at = after
                continue
            at = after
        at += 1
    found.append(items[start:])
    return found


def _shared(left: Items, right: Items) -> Items:
    """What both questions are about, said once at the end: "average balance and how many customers
    for segment 2".
    """
    said = right[:-1] if symbol(right, len(right) - 1) == "?" else right
    named = any(i.symbol in _PLACES or i.text == "segments" for i in left)
    last = symbol(said, len(said) - 1) == "<segment>" and symbol(said, len(said) - 2) in _LEADING
    asks_one = symbol(left, 0) in ("which", "who")
    return said[-2:] if last and not (named or asks_one) else ()


def _splits(left: Items, right: Items, hard: bool, lexicon: Lexicon) -> bool:
    listed = left[-1].symbol == right[0].symbol and left[-1].symbol[0] == "<"
    if not hard and (listed or symbol(left, 0) in ("if", "before", "after", "while")):
        return False
    if (
        not hard
        and symbol(left, 0) in _AMONG
        and len(left) <= 6
        and not _ASKED & set(symbols(left))
    ):
        return False  # "of the six segments, which ..."
    if hard and asks(right) and not asks_why(right) and leads_up(left, lexicon):
        return True
    if not hard and _is_topic(left) and _PRONOUNS & set(symbols(right, 0, 3)):
        return False  # "the customers of segment 6, they buy how often?"
    before = intent_of(left[-REACH:], lexicon)
    if before is None:
        return hard and _adds(left) and _adds(right)
    if hard and asks_of_them(_sentence(right)):
        return True
    names = _NAMED | DESCENDING | ASCENDING
    whose = right[0].symbol == "<segment>" and not any(i.symbol == "<segment>" for i in left)
    if not hard and whose and before in ("feature_stat", "rank_segments", "distribution"):
        return False  # "median payment, segment 2 versus segment 6"
    if hard and is_bare(right, Query("help")) and any(i.symbol in names for i in right):
        return True
    filtered = any(i.symbol == "<filter>" for i in left)
    if not hard and filtered and right[0].symbol in ("who", "have", "has", "do", "is", "are"):
        return False
    joins = any(i.symbol in ("between", "compare", "difference", "versus") for i in left)
    named = gather(left, lexicon)[0] if joins else ()
    if not hard and joins and sum(i.symbol in ("<segment>", "<segment?>") for i in named) == 1:
        return False
    names_none = not any(i.symbol[0] == "<" for i in right)
    of_customer = any(i.symbol == "<customer>" for i in left)
    if not hard and names_none and of_customer and right[0].symbol in ("what", "which"):
        return False
    ends = next((n for n, i in enumerate(right) if i.symbol in ENDS), len(right))
    if hard and is_refused(right, lexicon) and asks(right):
        return True
    if not hard and right[0].symbol not in STARTS and any(i.symbol == "or" for i in right):
        return False
    asked = before == "segment_trend" and symbol(left, 0) in _YES_OR_NO
    placed = before == "customer_lookup" and "segment" in {i.symbol for i in left}
    told = before in ("migration", "segment_trend", "segment_size") and tells(left)
    if (asked or placed or told) and asks_why(right):
        return True  # "is 3 growing and why"
    meant = _meant(gather(left, lexicon)[0], right[: min(max(ends, 1), REACH)], before)
    after = intent_of(meant, lexicon)
    if after is None or (after == "migration" and any(i.text == "new" for i in left)):
        return False  # "the new VIPs, where do they come from"
    if not hard and before == "rank_segments" and after == "overview":
        return False  # "from smallest to largest limit, list the segments"
    if not hard and after == "export_audience" and right[0].text not in STARTS and len(right) <= 3:
        return False  # "balance over 4,000, download as csv"
    helped = right[0].symbol in _HELPING and symbol(right, 1) not in ("like", "love", "be")
    if hard or helped or right[0].symbol in STARTS:
        return True
    pointed = meant != right[: len(meant)]
    left, right = (gather(part, lexicon)[0] for part in (left, meant))
    if after == before == "feature_stat":
        return _name_their_own(left, right)
    return after != before and (pointed or _both_name(left, right))


def _adds(part: Items) -> bool:
    """Whether a part only changes something of the question before: "and the median?"."""
    said = _sentence(part)
    return is_bare(said, Query("help")) and bool(names_of(said)) and not tells(said)


def _asks_more(left: Items, right: Items, lexicon: Lexicon) -> bool:
    """Whether something begins like a question that may lean on the one before it: "... and how
    many of them", "... for how long", "... and vice versa".
    """
    within = not asks(left) or any(i.symbol in ("<filter>", "<bound>") for i in left)
    if within and symbol(right, 0) in ("who", "which", "whose"):
        return False  # "customers over 5k and who never paid"
    long = len(left) > 2 * REACH or symbol(left, 0) in _NO_QUESTION
    if long or intent_of(left[-REACH:], lexicon) is None:
        return False
    first, second = symbol(right, 0), symbol(right, 1)
    back = first == "back" and len(right) < 3
    turned = _MOVES & set(symbols(left)) and (back or TURNED & set(symbols(right, 0, 5)))
    counts = first == "<stat>" and right[0].text.startswith(("how", "number"))
    asked = first in _ORDERED or counts or (first in _LEADS and second in _ASKED)
    return bool(turned or asked or (first in _HELPS and second in _SUBJECTS))


def _sentence(items: Items) -> Items:
    """The first sentence, with its stop."""
    end = next((n for n, i in enumerate(items) if i.symbol in ENDS), len(items))
    return items[: end + 1]


def _is_topic(left: Items) -> bool:
    """Whether only a segment or a customer is named and nothing said of it."""
    return all(i.symbol in _OF_TOPIC for i in left) and any(i.symbol in _NAMED for i in left)


def _meant(left: Items, right: Items, before: str) -> Items:
    """What follows, with "they" read as who was asked about before."""
    if before in CUSTOMER_INTENTS and not any(i.symbol in _NAMED for i in right):
        customer = next((i.value for i in left if i.symbol == "<customer>"), None)
        return resolved(right, Query(before, customer=customer)) or right
    if before not in _OF_SEGMENT or any(i.symbol in _NAMED - {"<feature>"} for i in right):
        return right
    named = [s for i in left if i.symbol == "<segment>" for s in i.value]
    return resolved(right, Query(before, segments=tuple(named))) or right if named else right


def _name_their_own(left: Items, right: Items) -> bool:
    """Whether each names a measure and a segment: "balance of 2, and average payments of 4"."""
    measures, segments = (
        [{str(i.value) for i in part if i.symbol == kind} for part in (left, right)]
        for kind in ("<feature>", "<segment>")
    )
    own = all(measures) and all(segments)
    return own and not (measures[0] & measures[1] or segments[0] & segments[1])


def _both_name(left: Items, right: Items) -> bool:
    everything = any(i.symbol == "segment" for i in left)
    return all(any(i.symbol in _NAMED for i in part) for part in (left, right)) or (
        everything and any(i.symbol == "<segment>" for i in right)
    )
