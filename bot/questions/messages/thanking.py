"""Messages that only thank, praise, wish well: whatever for, there is nothing in them to answer."""

from __future__ import annotations

from bot.questions.intents.clauses import is_refused
from bot.questions.text.items import Item, Items, symbol
from bot.questions.things.lexicon import Lexicon

_THANKS = frozenset(
    "thank thanks thx thankyou cheers grateful thankful gratitude appreciate appreciated obliged "
    "congrats congratulations congratulate kudos bravo bless blessed blessing merci gracias danke "
    "arigato arigatou obrigado obrigada grazie spasibo shukran dhanyavaad tack takk dziekuje "
    "mahalo lifesaver indebted helpful".split()
)
_PRAISE = frozenset(
    "good nice great lovely excellent amazing super superb fantastic awesome brilliant wonderful "
    "outstanding phenomenal top solid impressive fabulous terrific stellar cool neat sweet perfect "
    "incredible helpful splendid marvellous marvelous magnificent beautiful fine quick fast "
    "hard".split()
)
_PRAISED = frozenset(
    "work job stuff service help tool bot answer effort team performance assistant robot "
    "mate".split()
)
_SAID = (
    ("well", "done"),
    ("hats", "off"),
    ("hat", "off"),
    ("day", "made"),
    ("made", "my"),
    ("make", "my"),
    ("saved", "me"),
    ("saved", "my"),
    ("saved", "us"),
    ("keep", "it"),
    ("the", "trick"),
    ("your", "hands"),
    ("you're", "legend"),
    ("you're", "star"),
    ("you're", "best"),
    ("you're", "genius"),
    ("you", "rock"),
    ("you", "best"),
    ("you", "legend"),
    ("you", "star"),
    ("you", "genius"),
)
# No order to the bot begins so; a clause beside the thanks must.
_TELLS = (
    frozenset(
        "i i'm i've i'd i'll we we're we've you you're youre your that that's this it it's he she "
        "they my our very so really much many always all god may wish see talk have good nice "
        "great best from for until till bye take enjoy happy keep exactly just no now well what "
        "a an the and with to in dear sir as".split()
    )
    | _THANKS
)
_EMPTY = frozenset({"<worth>", "<value>", "<aside>", "<now>", "<when>", "<n>", "<nth>", "<this>"})
_ASKS = frozenset(
    "? who which how why when where can could would should do does did is are will if segment sql "
    "digest refit drift tell show give list compare export describe profile rank rename recommend "
    "explain send find chart book order play write buy draft translate remind search open "
    "turn".split()
)
_STARTS = frozenset({"", ",", ".", "!", "very"})
_SMALL = frozenset({"the", "a", "an", "my", "very", "so", "really", "is", "are", "all"})


def only_thanks(items: Items, lexicon: Lexicon) -> bool:
    """Whether a message thanks or praises and asks for nothing: "well done, hats off to you"."""
    if not 1 < len(items) <= 25 or any(i.is_name and i.symbol not in _EMPTY for i in items):
        return False
    if is_refused(items, lexicon):
        return False
    marks = {n for n in range(len(items)) if _thanks(items, n)}
    if not marks:
        return False
    start = 0
    for at, item in enumerate((*items, Item("."))):
        if item.symbol in (",", ".", "!", ";", "\n", "-"):
            told = marks & set(range(start, at)) or _tells(items[start:at], lexicon)
            if not told or _asks(items[start:at]):
                return False
            start = at + 1
    return True


def _thanks(items: Items, at: int) -> bool:
    said, after = _words(items, at), at + 1
    if said & _THANKS:
        return True
    while symbol(items, after) in _SMALL:
        after += 1
    follows = _words(items, after)
    graded = said & _PRAISE and follows & _PRAISED
    praised = "one" in follows and bool(said & _PRAISE) and symbol(items, at - 1) in _STARTS
    next_to = _words(items, at + 1)
    return (
        bool(graded)
        or praised
        or any(one in said and two in next_to | follows for one, two in _SAID)
    )


def _words(items: Items, at: int) -> set[str]:
    return {items[at].symbol, items[at].text} if at < len(items) else set()


def _tells(clause: Items, lexicon: Lexicon) -> bool:
    first = clause[0] if clause else Item("i")
    talk = lexicon.vocabulary.fillers | lexicon.vocabulary.around
    praises = len(clause) == 1 and {first.symbol, first.text} & _PRAISE
    return bool(praises or {first.symbol, first.text} & _TELLS) or all(
        i.symbol in talk for i in clause
    )


def _asks(clause: Items) -> bool:
    """Whether a clause asks or orders; "as we are told" does not, being said in the middle."""
    heads = {i.symbol for i in clause} & _ASKS
    return bool(heads)
