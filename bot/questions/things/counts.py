"""Bare numbers: how many are asked for, or which segment is meant."""

from __future__ import annotations

from bot.questions.text.items import Item, Items, symbol, symbols
from bot.questions.things.lexicon import Lexicon
from bot.questions.things.ranking import ASCENDING, DESCENDING, RANKS

_COUNTED = frozenset(
    "segment customer <feature> reason driver example week month day people move feature spend buy "
    "ones option idea hint percent % time question biggest smallest highest lowest most top bottom "
    "real similar nearest closest typical riskiest sample different difference main thing factor "
    "characteristic trait bullet sentence fact other another".split()
)
_LISTED_ONES = frozenset({"customer", "ids", "record"})
_LEADS = frozenset("top bottom first biggest smallest highest lowest most riskiest".split())
_WHY_SO_MANY = frozenset("why instead how basis reason case".split())
_WHO = frozenset({"that", "who", "with", "customer"})
_NUMBERED = frozenset(
    "slide page appendix section chapter room ticket step point item question version part floor "
    "level agenda line row figure option meeting call phase day week month".split()
)
_NOT_SEGMENT_AFTER = frozenset({"k", "=", "p", "q", "version", "page", "why"})
_NOT_SEGMENT_BEFORE = frozenset({"am", "pm", "cluster", "pop"})
# "How did you pick 6", "the 3 principal characteristics"
_PICKING = frozenset("pick picked choose chose chosen decide settle land stop arrive".split())
_CHOSEN = frozenset("need pick choose chose why just only want have on with".split())
_CHOOSING = frozenset({"really", "pick", "picked", "choose", "chose", "settle", "why", "settled"})
_LENGTHS = frozenset("sentence line word bullet paragraph slide page minute day week month".split())
_GRADES = frozenset(
    "main principal key chief core major important telling defining decisive strong strongest "
    "big biggest".split()
)
# What may follow a segment told by a number word: "segment" apart, no noun.
_AFTER_SEGMENT = frozenset(
    "is are was were be has have had do does did can could will would should in on by for with of "
    "to at from as than and or but versus compare against over since last this next now then "
    "please too also instead again only spend pay buy use borrow carry take owe withdraw draw grow "
    "shrink change move look go come lose gain behave stay get seem differ rather not who why how "
    "what which where when if because so before after through until during between up down "
    "respectively combined together average mean actually though maybe really".split()
)
_MANY = 10
_GIVING = frozenset("show list give me us get pull need want send take export".split())
_MEETING = frozenset(
    "board meeting call standup review committee deck presentation briefing up".split()
)
_LOOKING = frozenset("look glance peek stare arrive".split())
_SPANS = frozenset({"week", "month", "<window>"})
_OF_WHICH = (["which", "of", "the"], ["who", "of", "the"], ["which", "of", "those"])
LISTING = frozenset({"and", "&", "+", "/", "versus", "or"})


def numbered(items: Items, at: int, lexicon: Lexicon) -> Item:
    """A number left over: "top 3" and "3 customers" count, "compare 1 and 3" are segments."""
    item = items[at]
    number = item.whole()
    leads = symbol(items, at - 1) in _LEADS
    if number is None or (number >= 100 and number not in lexicon.active_ids() and not leads):
        return item
    before, after, beyond = (symbol(items, at + n) for n in (-1, 1, 2))
    if _is_amount_of(items, at):
        return Item("<top>", number, item.text)
    if _is_hour(items, at):
        return Item("<aside>", text=item.text)
    if before in ("to", "from", "into") and after != "segment":
        after = ""
    listed = before in LISTING and symbol(items, at - 2) in ("<n>", "<segment>")
    described = after == "<stat>" or (after.isalpha() and before != "segment")  # "five random"
    between = [symbol(items, n) for n in range(at + 1, at + 4)]
    named = next((n for n, word in enumerate(between) if word in _LISTED_ONES), 0)
    counts = described and all(w.isalpha() or w == "<stat>" for w in between[:named]) and named > 0
    counts |= after in ("ids", "record") and before != "segment"
    whole = number == len(lexicon.active_ids()) and before in ("the", "our", "all", "these")
    ordered = after == "segment" and (RANKS | {"order", "sort", "rank"}) & set(symbols(items))
    if whole and (ordered or (symbol(items, at - 2) == "of" and after != "customer")):
        return Item("<aside>", text=item.text)  # "put the six segments in order"
    picked = symbol(items, at - 1 - (before in ("on", "at", "for", "with")))
    if picked in _PICKING and {"why", "how"} & set(symbols(items[:at])) and not after.isalpha():
        return item
    if item.text.isalpha() and before == "or" and symbol(items, at - 2) in _LENGTHS:
        return Item("<aside>", text=item.text)  # "in a sentence or two"
    if before == "in" and after in ("sentence", "bullet", "word", "line"):
        return Item("<aside>", text=item.text)  # how long an answer is wanted
    if symbols(items[:at])[-3:] in _OF_WHICH and after not in RANKS:
        return Item("<aside>", text=item.text)  # "which of the two spends more"
    graded = after in _GRADES and beyond in _COUNTED | {"one"} and before != "segment"
    graded |= after == "strongest"  # "give me the five strongest"
    if before in _LEADS or counts or graded or (after in _COUNTED and not listed):
        led = beyond in ("with", "that", "who", "have", "more", "less")
        led = led and _orders(items[at + 2 + (beyond not in ("more", "less")) :])
        ranks = led or before in DESCENDING | ASCENDING or RANKS & {i.symbol for i in items}
        if after == "segment" and before not in _LEADS and not ranks:
            return item  # "why 6 segments": how many there are
        return Item("<top>", number, item.text)
    if after in ("more", "other", "others") and beyond == "like":
        return Item("<top>", number, item.text)  # "20 more like that"
    paired = (
        after == "with" and beyond in ("the", "<n>") and symbol(items, at + 3) in ("<n>", "?", "")
    )
    if before == "the" and not paired and (after in _WHO or after in RANKS):
        return Item("<top>", number, item.text)  # "the 20 that owe the most"
    ranked = after in RANKS and before not in (*LISTING, "segment", ",") and number > 1
    if ranked or (after == "of" and beyond in ("them", "those", "these")):
        return Item("<top>", number, item.text)  # "25 highest balances", "twenty of them"
    if after == "<segment>" and not listed and before not in (*LISTING, ",") and number > 1:
        labels = number in items[at + 1].value and not item.text.isalpha()  # "2 (dormant cards)"
        return item if labels else Item("<top>", number, item.text)
    if after == "the" and beyond == "right":
        return item
    if before in ("i'm", "im", "am") or (before == "same" and item.text.isalpha()):
        return Item("<aside>", text=item.text)  # "like I'm five", "the same two in August"
    if before in ("the", "those", "these", "them", "both", "other") and item.text.isalpha():
        return item
    if item.text.isalpha() and after.isalpha() and items[at + 1].text == f"{after}s":
        return item  # "two files for segment 3"
    if before in _NOT_SEGMENT_AFTER or after in _NOT_SEGMENT_BEFORE:
        return item
    if item.text.isalpha() and after.isalpha() and after not in _AFTER_SEGMENT and not listed:
        return item  # "two conflicting figures"
    strange = number not in lexicon.active_ids() and number >= _MANY
    if strange and not listed and (after.isalpha() or before == "to"):
        return item  # "with 20 bars", "stretch that to 16"
    if before == "or" and listed and after.isalpha() and after not in _AFTER_SEGMENT:
        return Item("<top>", number, item.text)  # "which two or three metrics"
    if before in _NUMBERED or (before.isalpha() and not items[at - 1].known):
        return item  # "slide 7"
    words = {i.symbol for i in items}
    small = ("and", ",", "but", "say", "segment")
    beside = [s for s in symbols(items, max(0, at - 6), 12) if s not in small]
    rather = any(beside[n : n + 3] == ["<n>", "not", "<n>"] for n in range(len(beside)))
    if rather and words & {"why", "how"}:
        return item  # "how come there are 6 and not 7"
    if before == "not" and _SPANS & words:
        return Item("<aside>", text=item.text)  # "over six weeks, not ten"
    if before in ("not", "of", "than") and "segment" in words and words & _WHY_SO_MANY:
        return item  # "why 6 segments and not 5"
    if before in _CHOSEN and words & _CHOOSING:
        return item  # "do we need six"
    others = any(i.symbol == "<segment>" for i in items)
    if number not in lexicon.active_ids() and others and before not in LISTING:
        return item  # "segment 5 on 14/9"
    return Item("<segment>", (number,), item.text)


def _is_amount_of(items: Items, at: int) -> bool:
    """Whether so many are wanted: "which two have", "show 30 from 2", "five will do"."""
    before, after, beyond = (symbol(items, at + n) for n in (-1, 1, 2))
    drawn = before in _GIVING and after in ("from", "of") and beyond in ("<n>", "<segment>")
    enough = (after, beyond) in (("will", "do"), ("is", "enough"), ("are", "enough"))
    enough = enough and not _SPANS & set(symbols(items[:at]))  # "8 weeks is too much, 4 will do"
    asked = before == "which" and after not in ("", "?", "is", ",")
    return asked or drawn or enough or before in ("another", "further")


def _is_hour(items: Items, at: int) -> bool:
    """Whether a number says when somebody meets: "we've got the board at 4"."""
    before, led = symbol(items, at - 1), symbol(items, at - 2)
    others = any(i.symbol == "<segment>" for i in items) or symbols(items).count("<n>") > 1
    timed = before == "by" or (before == "at" and led not in _LOOKING)
    timed = timed or (before == "in" and items[at].text.isalpha() and symbol(items, at + 1) == ",")
    return (before == "at" and led in _MEETING) or (timed and others)


def _orders(rest: Items) -> bool:
    """Whether a ranking follows: "the 2 segments with less tenure"."""
    words = [i.symbol for i in rest if i.is_word and i.symbol not in ("have", "with", "the")]
    return bool(words) and words[0] in DESCENDING | ASCENDING
