"""What a clause of a message does: it asks, it tells, or it asks for what is refused."""

from __future__ import annotations

from functools import lru_cache

from bot.questions.declines import declines_of
from bot.questions.gather import gather
from bot.questions.intents import intents_of, unexplained
from bot.questions.items import Items, symbol, words_of
from bot.questions.lexicon import Lexicon

ENDS = frozenset({"?", ";", "\n", ".", "!"})
STARTS = frozenset(
    "what how who which why when where is are do does did has have can tell show give list compare "
    "export describe profile rank rename recommend explain send find chart should refit top "
    "bottom".split()
)
REACH = 25  # items looked at to tell whether a part is a question
_OWN = 3.9
TIMES = frozenset({"<when>", "<window>", "<span>", "<this>", "<since>", "<between>"})
EMPTY = frozenset({"<aside>", "<n>", "<nth>", "<now>"})
OURS = frozenset({"segment", "customer"})
VERBS = frozenset("is are do does did has have can should".split())
_SAYING = frozenset(
    "i i'm i've ive i'd we we're we've we'd he she it it's they is are was were has have had want "
    "need say think hate love like look feel seem keep ask would could should can will must might "
    "reckon believe guess know there's mention complain".split()
)
_PEOPLE = frozenset("they those these ones customer".split())
_ORDERS = frozenset({"<stat>", "split", "break"})
_TOLD = frozenset("grew shrank dropped fell rose jumped went declined lost gained slipped".split())


def tells(part: Items) -> bool:
    """Whether a part says something instead of asking for it: "segment 6 has jumped up"."""
    told = any(item.symbol in _SAYING or item.text in _TOLD for item in part)
    return told and not asks(part)


def asks(part: Items) -> bool:
    """Whether a part is put as a question or a request."""
    signed = any(item.symbol == "?" for item in part[-2:])
    asked = symbol(part, 0) in STARTS | _ORDERS or any(
        i.symbol in STARTS - VERBS and i.text != "told" for i in part[1:4]
    )
    return signed or asked


def narrows(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause says which customers are meant, in words nothing here explains: "I only care
    about married customers", "just the ones in Texas".
    """
    clause = tuple(item for item in clause if item.text not in ("client", "client's", "clients"))
    if not _PEOPLE & words_of(clause):
        return False
    talk = lexicon.vocabulary.fillers | lexicon.vocabulary.around | _PEOPLE
    return bool(unexplained(clause, frozenset(), talk))


@lru_cache(maxsize=512)
def intent_of(items: Items, lexicon: Lexicon) -> str | None:
    """The intent a part states by itself, strongly enough to be a question."""
    items, _ = gather(items, lexicon)
    scores = intents_of(lexicon.vocabulary).scores(items)
    best = max(scores, key=lambda intent: scores[intent].points, default=None)
    if best is None or best == "smalltalk" or scores[best].points < _OWN:
        return None
    return best


def is_refused(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause by itself asks for something that is turned down by name."""
    return declines_of(lexicon.vocabulary).match(clause) is not None
