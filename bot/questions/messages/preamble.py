"""What leads up to a question in the same sentence: "..., so could you export segment 4?"."""

from __future__ import annotations

from bot.questions.intents.clauses import REACH, STARTS, intent_of, is_refused, narrows, tells
from bot.questions.text.items import Items, symbol
from bot.questions.things.lexicon import Lexicon

_LINKS = (
    ("so",),
    ("which", "mean"),
    ("and", "i'm"),
    ("hence",),
    ("therefore",),
    ("could", "you"),
    ("can", "you"),
)
_NAMES = frozenset({"<customer>", "<segment>", "<offer>"})
_KEPT = frozenset({"<filter>", "<bound>", "<trait>", "<value>", "<feature>", "<worth>", "<trait?>"})
_OF_PLACES = frozenset({"<trait>", "<value>", "<trait?>"})
_POINTS = frozenset("it its they them their that one those these he she him her".split())
_NOT_ASKED = frozenset({"far", "that", "on", "forth", "many", "much", "called"})


def without_preamble(sentence: Items, lexicon: Lexicon) -> Items:
    """A sentence without what is told first and leads up to its question.

    What the question points back to ("find others like that one") is kept by its name.
    """
    for at in range(3, len(sentence) - 2):
        if symbol(sentence, at - 1) != "," or not _leads_on(sentence, at):
            continue
        told, asked = sentence[: at - 1], sentence[at + 1 :]
        if symbol(sentence, at + 1) == "you" and not any(i.symbol in _NAMES for i in asked):
            continue  # "gonna call the dormant ones Sleepyheads, can you rename"
        plain = tuple(i for i in told if i.symbol != "they")
        if is_refused(told, lexicon) or narrows(plain, lexicon):
            continue
        if not _is_told(told) or intent_of(asked[:REACH], lexicon) is None:
            continue
        names = tuple(i for i in told if i.symbol in _NAMES)
        mine = any(i.symbol in _NAMES for i in asked)
        points = any(i.symbol in _POINTS for i in asked)
        return (*names, *asked) if points and not mine and len(names) == 1 else asked
    return sentence


def _leads_on(sentence: Items, at: int) -> bool:
    said = tuple(i.symbol for i in sentence[at : at + 2])
    linked = any(said[: len(words)] == words for words in _LINKS)
    return linked and symbol(sentence, at + 1) not in _NOT_ASKED


def _is_told(told: Items) -> bool:
    """Whether a clause tells something and holds nothing that narrows the question after it."""
    named = {i.symbol for i in told}
    kept = _KEPT - _OF_PLACES if "<customer>" in named else _KEPT
    return tells(told) and symbol(told, 0) not in STARTS and not named & kept
