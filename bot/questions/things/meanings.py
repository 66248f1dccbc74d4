"""Words of the glossary, and whether their meaning is asked for."""

from __future__ import annotations

from bot.questions.text.items import Found, Item, Items, Rule, symbol, symbols
from bot.questions.things.grammar import Grammar
from bot.questions.things.lexicon import Lexicon

_AFTER_TERM = frozenset(
    "<aside> ah eh huh lah is are again exactly here please actually then pls thanks".split()
)
_DEFINES = frozenset("meaning define glossary explain stand term word gloss meant remind".split())
_QUESTIONS = frozenset("which who what where how why is are does do".split())
_STOPS = frozenset(", . : ; ? ! \n".split(" "))
_MEANINGS = frozenset({"meaning", "define", "mean", "glossary"})
_ASKING = _DEFINES | frozenset(
    "what is a an and are so exactly do does mean by the understand don't dont i'm sure not terms "
    "remind me can could you please tell of hi hey ok i want to know would like when customer "
    "someone if it we say pls word hm hmm meant kindly break down "
    "sorry just again basically even actually bro so quickly help need you've i've people when "
    "<aside>".split()
)


def term(grammar: Grammar, lexicon: Lexicon) -> Rule:
    """A word of the glossary, where its meaning is asked for: "what is a transactor"."""
    words = lexicon.vocabulary
    small = (words.fillers | words.around) - {"segment", "customer"}

    def rule(items: Items, at: int) -> Found:
        found = grammar.term.match(symbols(items, at, 5), 0)
        if found is None or symbol(items, at - 1) in ("the", "this", "our"):
            return None
        named = lexicon.match(symbols(items, at, 8), 0)
        if named and named.kind == "feature" and len(named.phrase) > found[0]:
            return None
        start, end = _clause(items, at)
        before, rest = set(symbols(items[start:at])), items[at + found[0] : end]
        if not before:
            width = _explains(items, at + found[0], end) - at
            return (width, Item("<term>", found[1])) if width > 0 else None
        if not before <= _ASKING:
            return None
        everyday = items[at].symbol in ("segment", "customer")
        led = symbol(items, at - 1) in ("a", "an", "by", *_DEFINES) or is_meaning(items, at + 1)
        if (
            everyday
            and found[0] == 1
            and (
                not led or any(i.is_word and i.symbol not in _MEANINGS | _AFTER_TERM for i in rest)
            )
        ):
            return None
        means = before & _DEFINES or any(is_meaning(items, n) for n in range(start, end))
        if symbol(rest, 0) in ("<n>", "<nth>", "#"):
            return None
        said = _AFTER_TERM | (small if symbol(items, at - 1) in ("a", "an", "by") else set())
        ends = all(i.symbol in said for i in rest if i.is_word or i.is_name)
        return (
            (found[0], Item("<term>", found[1])) if means or (ends and "what" in before) else None
        )

    return rule


def _clause(items: Items, at: int) -> tuple[int, int]:
    """Where the clause around a place starts and ends: "silly question: what's a revolver?"."""
    start = next((n + 1 for n in range(at - 1, -1, -1) if items[n].symbol in _STOPS), 0)
    end = next((n for n in range(at, len(items)) if items[n].symbol in _STOPS), len(items))
    return start, end


def _explains(items: Items, at: int, end: int) -> int:
    """Where a bare request for a meaning ends: "transactor. Meaning?"; 0 where none follows."""
    if end < len(items) and not any(i.is_word for i in items[at:end]):
        end = _clause(items, end + 1)[1]
    words = {i.symbol for i in items[at:end] if i.symbol not in _STOPS}
    return end if words & _MEANINGS and words <= _MEANINGS | _ASKING | _AFTER_TERM else 0


def is_meaning(items: Items, at: int) -> bool:
    """Whether a "mean" asks for a meaning ("what does X mean") and not for an average."""
    joined = symbol(items, at + 1) == "and" and symbol(items, at + 2) not in _QUESTIONS
    if symbol(items, at) != "mean" or joined or symbol(items, at + 1) in ("<feature>", "of"):
        return False
    asked = set(symbols(items[:at])) & {"do", "does", "i", "did", "what", "you", "u"}
    asked_after = symbol(items, at + 1) == "what"
    return (bool(asked) or asked_after) and symbol(items, at - 1) != "the"
