"""Which questions lean on the one before."""

from __future__ import annotations

from analytics.model import Query
from bot.questions.followups.pointing import CUSTOMER_INTENTS, points_back, referent_of, turn_words
from bot.questions.intents.clauses import CAUSES
from bot.questions.slots.filled import LISTS, Slots
from bot.questions.text.items import Item, Items, symbol, symbols
from bot.questions.things.ranking import EXTREMES

_CONFIRMED = frozenset({"export_audience", "rename_segment", "refit_now", "schedule"})
_LINKS = frozenset("and also plus add but then same only just".split())
_SAME_FOR = frozenset({"for", "to", "with", "thing", "but", "again", "please"})
_POINTERS = frozenset("of them they these those their it its that this there".split())
_LEADS = frozenset(
    "and then now ok okay so please kindly hmm well let let's can could you we i actually yes no "
    "but also just thanks great right fine".split()
)
_PREPOSITIONS = frozenset("in for with by over on of from to at since versus than no not".split())
_BEGINNINGS = frozenset(
    "what which how who why where when is are do does did has have can could show list give tell "
    "compare find rank describe customer top".split()
)
_TELLING = frozenset(
    "than before between versus beside except explain tell more number next previous other another "
    "last mean reply message share everything real relation".split()
)
_NAMING = frozenset({"who", "which", "name", "id", "list"})
_COUNTING = frozenset({"number", "figure", "count", "headcount", "tally"})
_AMONG = frozenset(
    "customer people there is are that of them those these in all enough fine do "
    "name list without need only just how many".split()
)
_ADDRESSED = frozenset({"email", "mail", "mailing"})  # "email list" is to be exported
_DOINGS = frozenset("lose drop leave raise increase cut".split())
_DOERS = frozenset("we they customer <segment>".split())
BEFORE = frozenset("before previously earlier formerly originally used prior previous".split())
_COUNTABLE = frozenset({"customer", "segment", "<segment>", "people"})
_ASKING_WHY = frozenset(
    "why how come so is that this it and the reason do you think happen did was what explanation "
    "for be a any them they those give me tell please there know ok oh hmm then idea clue no "
    "explain can could now we delta difference change drop rise jump dip movement move development "
    "shift increase decrease growth decline fall swing spike trend evolve such big sudden behind "
    "drive account responsible cause lead to trigger go up down one put makes made he "
    "she here if get got end ended alarm alert warning".split()
)
_TRACED = frozenset(
    "where how did do does is this that the these those number figure value come from get you we "
    "it to at so and".split()
)
_CHANGED = frozenset(
    "difference change drop rise jump dip movement shift increase decrease growth decline fall "
    "swing spike bump gap grow shrink".split()
)
_KEEPING = frozenset("keep hold put push pull place bring land move drive make".split())
_KEPT = frozenset("what in there it he she now the segment over here into that and then".split())


def is_bare(items: Items, previous: Query, talk: frozenset[str] = frozenset()) -> bool:
    """Whether nothing but slots and small words is left: "and segment 3?", "median instead".

    ``talk`` are further words that say nothing, some of which tell in a conversation.
    """
    small = turn_words("small") | (talk - _TELLING)
    if previous.intent == "migration":
        small |= turn_words("moves")
    if any(_is_done(items, at) for at in range(len(items))):
        return False
    edit = _edit(items)
    return all(
        item.symbol in small if item.is_word else item.symbol != "<trait?>"
        for at, item in enumerate(items)
        if at != edit
    )


def _is_done(items: Items, at: int) -> bool:
    """Whether a word that elsewhere changes a question is a verb of it: "did we lose any"."""
    return items[at].symbol in _DOINGS and symbol(items, at - 1) in _DOERS


def _edit(items: Items) -> int | None:
    """Where a word says what to do with the question before: "ok, now drop payments"."""
    first = next((n for n, i in enumerate(items) if i.is_word and i.symbol not in _LEADS), None)
    edits = first is not None and items[first].text in turn_words("edits")
    return first if edits else None


def stands_alone(items: Items, previous: Query) -> bool:
    """Whether a short question is whole in itself, such as "smallest segment?"."""
    words = {item.symbol for item in items}
    if symbol(items, 0) in _LINKS or words & _POINTERS:
        return False
    ranks = "segment" in words and bool(words & EXTREMES.keys())
    if ranks and words & {"highest", "lowest"} and "<feature>" not in words:
        return not previous.features
    if ranks:
        return previous.intent not in ("rank_segments", "feature_stat")
    counts = any(item.symbol == "<stat>" and item.value == "count" for item in items)
    return counts and "customer" in words and "<filter>" in words


def ranks_among(items: Items, previous: Query | None) -> bool:
    """Whether the first of those just compared is asked for: "which is the biggest?"."""
    words = {item.symbol for item in items}
    compared = previous is not None and previous.intent == "compare_segments"
    several = previous is not None and len(previous.segments) > 1
    among = bool(words & {"those", "them", "these", "two", "three", "both", "one", "they"})
    return compared and several and among and not words & {"segment", "all", "overall"}


def starts_anew(items: Items, *, sentence: bool) -> bool:
    """Whether a message takes up nothing said before; ``sentence``: and begins as a question."""
    first, second = symbol(items, 0), symbol(items, 1)
    if (
        symbols(items, 0, 3) == ["and", "the", "same"]
        or any(symbols(items, n, 2) == ["same", "way"] for n in range(len(items)))
        or first in _LINKS | _PREPOSITIONS
        or second == "about"
        or "instead" in {i.symbol for i in items}
    ):
        return False
    said = {word for item in items for word in (item.symbol, *item.words)}
    if said & {"also", "too"} or {"as", "well"} <= said or said & turn_words("pronouns"):
        return False
    if any(i.symbol == "same" and symbol(items, n + 1) in _SAME_FOR for n, i in enumerate(items)):
        return False  # "could you do the same for segment 4"
    if any(points_back(items, at) for at in range(len(items))):
        return False
    if first == "the" and second in ("<n>", "<top>") and not said & _COUNTABLE:
        return False  # "the ten that pay most"
    whole = 2 if first in ("what", "who") else 4
    return not sentence or (first in _BEGINNINGS and len(items) >= whole)


def is_fragment(items: Items, slots: Slots) -> bool:
    """Whether a measure is named in a few words, and of nobody: "typical limit?"."""
    named = slots.segments or slots.conditions or slots.customers or slots.traits
    asked = {item.symbol for item in items} & (_BEGINNINGS | {"by", "per"})
    said = [item for item in items if item.is_word or item.is_name]
    return not (named or slots.everything or asked) and len(said) <= 5


def confirms(items: Items, previous: Query) -> bool:
    """Whether the whole message says yes to something that changes only when confirmed."""
    words = {item.symbol for item in items if item.is_word}
    yes = bool(words & turn_words("yes")) and words <= turn_words("yes") | turn_words("small")
    return yes and previous.intent in _CONFIRMED and all(i.symbol[0] != "<" for i in items)


def _plain(item: Item) -> str:
    """The base form, but that of "behind" and "accounts for", which causes have as well."""
    return "account" if item.text == "accounts" else item.symbol


def asks_why(items: Items) -> bool:
    """Whether the whole question is "why?"."""
    if any(item.symbol[0] == "<" for item in items if item.symbol != "<aside>"):
        return False
    words = [_plain(item) for item in items if item.is_word]
    while words and words[0] in _LEADS - {"we", "i", "you", "can", "could"} | {"hm", "but", "um"}:
        words = words[1:]
    asked = {"why", "reason", "explain"} & set(words) or words[:2] in (
        ["how", "come"],
        ["what", "for"],
    )
    caused = bool(CAUSES & set(words)) or {"lead", "to"} <= set(words)
    caused = ("what" in words and caused) or {"how", "account", "for"} <= set(words)
    happened = "what" in words and "happen" in words and "would" not in words
    sourced = {"where", "from", "come"} <= set(words) and bool(_CHANGED & set(words))
    asked = bool(asked) or caused or happened or sourced
    asked = asked and words != ["explain"] and words[-1:] != ["do"]  # "explain what you can do"
    return asked and set(words) <= _ASKING_WHY | (
        _CHANGED | {"where", "from"} if sourced else set()
    )


def asks_what_keeps(items: Items, previous: Query, fillers: frozenset[str]) -> bool:
    """Whether it is asked what puts the customer spoken of where he is: "what keeps it there?"."""
    words = {item.symbol for item in items if item.is_word}
    named = any(item.is_name and item.symbol not in ("<now>", "<aside>") for item in items)
    person = previous.customer is not None and previous.intent in CUSTOMER_INTENTS
    asked = person and "what" in words and bool(words & _KEEPING) and not named
    placed = bool(words & {"in", "there", "over", "here", "into"})
    return asked and placed and words <= _KEEPING | _KEPT | fillers


def asks_who(items: Items, previous: Query, fillers: frozenset[str]) -> bool:
    """Whether those just counted are to be named: "who are they?", "list them"."""
    counted = previous.intent == "find_customers" and previous.statistic is not None
    words = {item.symbol for item in items if item.is_word}
    named = any(item.is_name for item in items)
    return (
        counted
        and not named
        and bool(words & _NAMING)
        and not words & _ADDRESSED
        and words <= _NAMING | fillers | turn_words("small")
    )


def asks_how_many(items: Items, previous: Query, fillers: frozenset[str]) -> bool:
    """Whether those just listed are to be counted: "just the number", "no names, a count"."""
    narrowed = previous.filter or previous.term
    listed = previous.intent == "find_customers" and previous.statistic is None and narrowed
    words = {item.symbol for item in items if item.is_word}
    said = [i for i in items if i.is_name and i.symbol != "<aside>"]
    counted = bool(words & _COUNTING) or any(i.value == "count" for i in said)
    known = _COUNTING | _NAMING | _AMONG | fillers | turn_words("small")
    only = all(i.symbol == "<stat>" and i.value in ("count", "sum") for i in said)
    only = only and not words & {"per", "by", "each"}
    return bool(listed and not previous.top and counted and only and words <= known)


def compares_customers(items: Items, slots: Slots, previous: Query) -> bool:
    """Whether the customer spoken of is to be set beside another: "compare with C10442"."""
    beside = bool(
        {"compare", "versus", "against", "difference", "differ"} & {i.symbol for i in items}
    )
    return beside and previous.customer is not None and bool(slots.customers)


def asks_sql(items: Items, fillers: frozenset[str]) -> bool:
    """Whether the SQL behind the answer before is asked for: "show me the query"."""
    words = {item.symbol for item in items if item.is_word} - fillers
    named = any(i.is_name and i.value and i.text != "share" for i in items)
    said = {item.symbol for item in items if item.is_word}
    if not named and said <= _TRACED and said & {"number", "figure", "value"}:
        return bool(said & {"come", "get", "from"}) and bool(
            said & {"where", "how"}
        )  # "where is that number from"
    return bool(words & {"sql", "query"}) and words <= turn_words("code") and not named


def edits(items: Items, slots: Slots, previous: Query) -> bool:
    """Whether a message changes the question before: "drop payments", "swap 4 for 6"."""
    if previous.intent == "migration" and slots.ends:
        return True
    if previous.intent in LISTS and symbol(items, 0) == "rank":
        return bool(slots.features) and "segment" not in {i.symbol for i in items}
    return _edit(items) is not None and len(items) <= 11 and bool(slots)


def asks_where(items: Items, previous: Query) -> bool:
    """Whether the question is where those spoken of went, or where they came from."""
    words = {item.symbol for item in items}
    named = any(i.is_name and i.value for i in items)
    moved = words & turn_words("moves").union({"end", "jump", "drift"})
    if previous.intent == "migration":
        moved |= words & {"to", "into", "from"}
    if previous.intent == "migration" and previous.to_segment is not None:
        moved |= words & BEFORE
    if words & {"number", "figure", "value", "data"}:
        return False  # "where does that number come from"
    which = any(
        i.symbol in ("to", "into", "from") and symbol(items, n + 1) in ("which", "what")
        for n, i in enumerate(items)
    )
    which = which and previous.intent == "migration" and bool(words & {"segment", "one"})
    asked = "where" in words or which or ("segment" in words and bool(moved & BEFORE))
    return asked and bool(moved) and not named and referent_of(previous) is not None


def asks_from(items: Items) -> bool:
    """Whether it is asked where somebody came from: "from where?", "where were they before?"."""
    from_ = any(
        i.symbol == "from" and symbol(items, n + 1) in ("where", "which", "what", "who")
        for n, i in enumerate(items)
    )
    return from_ or symbol(items, last_word(items)) == "from" or bool(BEFORE & set(symbols(items)))


def last_word(items: Items) -> int:
    """The place of the last plain word; -1 without one."""
    return max((n for n, item in enumerate(items) if item.is_word), default=-1)
