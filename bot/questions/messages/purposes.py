"""What an answer is for, said beside the question: "export segment 6 for the spring mailer"."""

from __future__ import annotations

from bot.questions.intents.clauses import EMPTY, TIMES
from bot.questions.intents.declines import declines_of
from bot.questions.text.items import Items, symbol
from bot.questions.things.grammar import grammar_of
from bot.questions.things.lexicon import Lexicon

_WHOSE = frozenset("the our my a an this that next their".split())
_ABOUT = frozenset({"<segment>", "<customer>", "<filter>", "<top>"})
_BEFORE = frozenset({",", "please", "customer", "csv", "file", "list", "spreadsheet", "now"})
_LONGEST = 4
# As typed, and only at the end of a clause: alone some of them ask for something.
_ENDINGS = frozenset(
    "annex mailing mailings mailer mailers mailout campaign campaigns quote test pilot guide "
    "newsletter brochure letter letters invitation invitations invite invites drop wave "
    "promo promotion push blast trial activation print run project proposal "
    "pitch case ticket tender vendor onepager handout sprint report post catalogue voucher".split()
)
_LEADS = frozenset("i i'd i'm we we'd can could please give send export list show get need".split())


def without_purpose(sentence: Items, lexicon: Lexicon) -> Items:
    """The sentence without "for the <something of the office>" at its end or at its start.

    Only of named customers: "the response rate for the mailing" is of the mailing.
    """
    if not any(i.symbol in _ABOUT for i in sentence):
        return sentence
    end = len(sentence)
    while end and symbol(sentence, end - 1) in ("?", ".", "!", "please", "thanks"):
        end -= 1
    for at in range(max(1, end - _LONGEST - 2), end - 2):
        before = sentence[at - 1]
        if symbol(sentence, at) != "for" or not (before.is_name or before.symbol in _BEFORE):
            continue
        kept = sentence[:at] + sentence[end:]
        if _is_purpose(sentence[at + 1 : end], lexicon) and any(i.symbol in _ABOUT for i in kept):
            return kept
    if symbol(sentence, 0) == "for":
        for at in range(3, min(_LONGEST + 3, len(sentence) - 2)):
            comma = symbol(sentence, at) == ","
            leads = comma or symbol(sentence, at) in _LEADS
            if leads and _is_purpose(sentence[1:at], lexicon):
                return sentence[at + comma :]
    return sentence


def _is_purpose(words: Items, lexicon: Lexicon) -> bool:
    """Whether words name a thing of the office, and nothing of ours."""
    refused = declines_of(lexicon.vocabulary).match(words)
    if refused is not None and refused.name == "protected":
        return False  # "export segment 5 for the women's mailing"
    heads = grammar_of(lexicon.vocabulary).purposes
    named = any(i.is_name and i.symbol not in EMPTY | TIMES for i in words)
    return (
        2 <= len(words) <= _LONGEST + 1
        and words[0].symbol in _WHOSE
        and bool({words[-1].symbol, words[-1].text} & (heads | _ENDINGS))
        and not named
    )
