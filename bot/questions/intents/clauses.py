"""What a clause of a message does: it asks, it tells, or it asks for what is refused."""

from __future__ import annotations

from functools import cache, lru_cache

from bot.questions.books import phrase_book
from bot.questions.intents.declines import declines_of
from bot.questions.intents.points import intents_of, unexplained
from bot.questions.slots.gather import gather
from bot.questions.text.items import Item, Items, symbol, words_of
from bot.questions.things.lexicon import Lexicon

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
_SUBJECTS = frozenset(
    "i i'm i've ive we we're we've our my the he she they it's there someone somebody "
    "<customer>".split()
)
_ASKED = frozenset("what how who which why when where whom".split())
_WISHES = frozenset(
    "want need like love wish hope please require great nice helpful useful handy send give get "
    "would could ask who whom which that".split()
)
_VERBS = frozenset("is are was were can get has have do does will would might may could".split())
_PEOPLE = frozenset("they those these ones customer".split())
_ORDERS = frozenset({"<stat>", "split", "break"})
MOVED = frozenset(
    "up down grow shrink lose gain fall rise drop jump increase decrease decline change smaller "
    "smallest bigger biggest fewer".split()
)
CAUSES = frozenset("behind drive driver reason account responsible cause trigger".split())
_ADJECTIVES = frozenset("old older young younger black white age aged senior faith".split())
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


def recounts(clause: Items) -> bool:
    """Whether a clause only tells what somebody does or has to do: "our collections lead asked for
    it", "I have to write up segment 4", "the mail goes out on Friday".
    """
    wants = any(i.symbol in _WISHES for i in clause) and not _asked_for_it(clause)
    spoken = symbol(clause, 0) in _SUBJECTS
    does = any(
        (states(item) or (item.text.endswith("ed") and item.is_word))
        and symbol(clause, n + 1) not in ("of", "for", "in", "by", "per", "and")
        for n, item in enumerate(clause[1:4], 1)
    )
    asked = asks(clause) or any(i.symbol in _ASKED for i in clause)
    return spoken and (does or tells(clause)) and not (wants or asked)


def _asked_for_it(clause: Items) -> bool:
    """Whether what somebody wants is only pointed at: "the board asked for this"."""
    return any(
        i.symbol in ("ask", "want", "need")
        and {"it", "this", "that", "them"} & {symbol(clause, n + 1), symbol(clause, n + 2)}
        for n, i in enumerate(clause)
    )


def requests(clause: Items) -> bool:
    """Whether a clause says that somebody wants something: "the VP needs the size of segment 2"."""
    return not _asked_for_it(clause) and any(
        i.symbol in ("want", "need", "require") and symbol(clause, n + 1) not in ("to", "", ".")
        for n, i in enumerate(clause[:6])
    )


def states(item: Item) -> bool:
    """Whether a word may be the verb of a statement."""
    return item.is_word and (
        item.symbol in _VERBS
        or (item.text.endswith("s") and item.symbol != item.text and item.symbol != "customer")
        or item.text in ("isn't", "aren't", "doesn't", "tells", "hides", "gets")
    )


def is_refused(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause by itself asks for something that is turned down by name.

    What somebody else does is not asked for; whom it picks out still counts.
    """
    found = declines_of(lexicon.vocabulary).match(clause)
    return found is not None and (found.name == "protected" or not recounts(clause))


def picks_out(clause: Items, lexicon: Lexicon) -> bool:
    """Whether a clause names people by a protected ground, whatever it says of them; "my old deck"
    does not.
    """
    if _grounds().isdisjoint(i.text for i in clause):
        return False
    found = declines_of(lexicon.vocabulary).match(clause)
    return found is not None and found.name == "protected"


@cache
def _grounds() -> frozenset[str]:
    """The nouns of the protected grounds, which no thing of the office has as an adjective."""
    said = phrase_book("declines")["grounds"].values()
    return frozenset(word for words in said for word in words.split("|")) - _ADJECTIVES
