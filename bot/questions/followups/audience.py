"""The same customers counted, listed or exported: "how many is that?", "show me a few"."""

from __future__ import annotations

from dataclasses import replace

from analytics.model import Condition, Query
from bot.questions.slots.filled import LISTS
from bot.questions.text.items import Items, says_only, without_signs, words_of

_MEASURING = frozenset({"feature_stat", "distribution", "glossary"})
_ANYONE = frozenset("anyone anybody someone somebody any people customer".split())
_HAVING = frozenset("have got with owe spend pay more at above below over under any zero".split())
_OF_SEGMENTS = frozenset({"recommend", "export_audience", "explain_segment", "segment_profile"})
# Beside "how many" these say nothing but that those spoken of are counted.
_COUNTED = frozenset(
    "row rows line lines record records name names people customer account client card person "
    "contact contacts head heads headcount entry entries recipient recipients member size big "
    "large list file audience selection segment group that this it they them those these there "
    "is be are will would does do come to up add reach hit get mail target talk cover touch "
    "contain include have in on of about we i you speak look at go first just only "
    "altogether total roughly exactly actually end left receive involve affect altogether all "
    "fall under fit match qualify meet long hold sit stand sat".split()
)
_SHOWN = frozenset(
    "show see look view eyeball list name names id ids who which what give get let me us can could "
    "few couple some example examples sample samples handful of them those these the a an at "
    "customer people person account pull up display print bring have want like to need out ones "
    "one actual individual individuals first random peek glance please take do would i we just "
    "go on quick now also and could you them row rows".split()
)
_SOME = frozenset(
    "few couple some example examples sample samples handful them those these row rows ids names "
    "customer people individuals".split()
)
_SHOWING = frozenset(
    "show see look view eyeball list give get pull display print peek glance id ids names sample "
    "samples example examples".split()
)
_SENT = frozenset("send pull share number numbers actual please need real".split())
# These are about all the customers of a segment.
OF_A_SEGMENT = frozenset(
    "segment_size segment_profile explain_segment recommend feature_stat distribution".split()
)
_MOST_SHOWN = 1000


def asks_again(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """The customers asked for before, counted or listed instead; None where neither is asked."""
    items = tuple(i for i in without_signs(items) if i.symbol != "<now>")
    return (
        _beyond(items, previous, talk)
        or _counted(items, previous, talk)
        or _mailed(items, previous, talk)
        or _listed(items, previous, talk)
    )


def _beyond(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """Those beyond an amount of the feature just measured: "how many are above 5k?"."""
    bounds = [i for i in items if i.symbol in ("<bound>", "<filter>")]
    others = [i for i in items if not i.is_word and i not in bounds]
    counts = [i for i in others if i.symbol == "<stat>" and i.value in ("count", "share")]
    asked = bool(counts) or bool(words_of(items) & ({"who", "which", "list"} | _ANYONE))
    one = previous.intent in _MEASURING and len(previous.features) == 1
    zero = [i for i in items if i.symbol == "zero"]
    if one and asked and zero and not bounds and others == counts:
        bounds = [replace(zero[0], symbol="<bound>", value=("=", 0.0))]
    if not (one and asked and len(bounds) == 1 and others == counts) or previous.as_of:
        return None
    known = _COUNTED | _ANYONE | _HAVING | talk | {"who", "which", "list"}
    if not says_only(items, known):
        return None
    if bounds[0].symbol == "<filter>":
        beyond = bounds[0].value[0]
    else:
        op, value = bounds[0].value
        share = bounds[0].unit == "%"
        beyond = Condition(previous.features[0], op, value / 100 if share else value)
    return Query(
        "find_customers",
        segments=previous.segments,
        filter=(*(c for c in previous.filter if c.feature != beyond.feature), beyond),
        statistic=counts[0].value if counts else None,
    )


def _mailed(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """ "Email list" of those spoken of, or the list of those just found, is their export."""
    words = words_of(items)
    found = previous.intent == "find_customers" and previous.statistic is None
    found = found and not words & {"show", "see", "display", "view"}
    mailed = found or bool(words & {"email", "mailing", "mail", "contact"})
    mailing = mailed and "list" in words
    known = talk | {"email", "mailing", "mail", "contact", "list", "customer"}
    plain = all(i.is_word for i in items) and says_only(items, known)
    about = previous.segments or (previous.intent in LISTS and previous.filter)
    if not (mailing and plain and about):
        return None
    if found and not (previous.term or previous.customer):
        return replace(previous, intent="export_audience", chart=False)
    kept = previous.filter if previous.intent in LISTS else ()
    return Query("export_audience", segments=previous.segments, filter=kept)


def _counted(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    words = words_of(items)
    counts = [i for i in items if i.symbol == "<stat>" and i.value == "count"]
    sized = (
        words & {"headcount", "size"}
        or {"how", "big"} <= words
        or ({"how", "long"} <= words and "been" not in words)
    )
    sized = sized or ("how" in words and bool(words & {"small", "large", "tiny"}))
    others = [i for i in items if not i.is_word and i not in counts]
    sums = [i for i in others if i.symbol == "<stat>" and i.value == "sum"]
    if not (counts or sized) or others != sums or previous.top or previous.customer:
        return None
    known = _COUNTED | talk | {"how", "what", "biggest", "small", "tiny"}
    if not says_only(items, known):
        return None
    if any(i.symbol == "segment" and i.text.endswith("s") for i in items):
        return None
    if words & {"per", "by", "each", "every"} and "segment" in words:
        return None
    if previous.intent in LISTS and previous.filter:
        return Query(
            "find_customers",
            segments=previous.segments,
            filter=previous.filter,
            statistic="count",
            as_of=previous.as_of,
        )
    if previous.intent in _OF_SEGMENTS and previous.segments and not previous.filter:
        return Query("segment_size", segments=previous.segments)
    return None


def _listed(items: Items, previous: Query, talk: frozenset[str]) -> Query | None:
    """Those counted before named: all of them, some, or as many as are asked for."""
    if previous.intent in OF_A_SEGMENT and previous.segments and not previous.as_of:
        words = words_of(items)
        whole = bool(words & {"list", "names", "id", "ids"})
        few = bool(words & {"few", "couple", "some"})
        some = few and bool(words & _SHOWING)
        some = some or bool(words & {"sample", "samples", "examples", "handful"})
        some = some or (
            previous.intent == "segment_size" and "name" in words and bool(words & _SOME)
        )
        if not (whole or some) or any(i.is_name for i in items):
            return None
        kept = previous.filter if previous.intent == "feature_stat" else ()
        listed = Query("find_customers", segments=previous.segments, filter=kept)
        return listed if says_only(items, _SHOWN | _SENT | talk) else None
    if previous.intent != "find_customers" or previous.statistic is None or not previous.filter:
        return None
    words = words_of(items)
    numbers = [i for i in items if i.symbol in ("<n>", "<top>")]
    others = [i for i in items if not i.is_word and i not in numbers]
    shown = bool(words & _SHOWING and words & _SOME)
    shown = shown or bool(numbers and words & (_SOME | {"first"}))
    if others or len(numbers) > 1 or not shown:
        return None
    if not says_only(items, _SHOWN | talk):
        return None
    listed = replace(previous, statistic=None)
    if not numbers:
        return listed
    number = numbers[0].value
    whole = numbers[0].symbol == "<top>" or numbers[0].whole() is not None
    return replace(listed, top=int(number)) if whole and 0 < number < _MOST_SHOWN else None
