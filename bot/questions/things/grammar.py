"""The phrases slots are written with, in the base forms of a vocabulary."""

from __future__ import annotations

from functools import lru_cache

from bot.questions.books import phrase_book
from bot.questions.text.phrases import Lookup, base_forms
from bot.questions.text.vocabulary import Vocabulary
from bot.questions.times.timing import Timing


class Grammar:
    """Phrases of `grammar.toml`, and the words of `aliases.toml` that are no company's names."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        book, aliases = phrase_book("grammar"), phrase_book("aliases")

        def one(value: str, texts: list[str]) -> Lookup[str]:
            return Lookup({value: texts}, vocabulary)

        self.comparator = Lookup[str](book["comparators"], vocabulary)
        self.after_amount = Lookup[str](book["after_amount"], vocabulary)
        self.statistic = Lookup[str](book["statistics"], vocabulary)
        self.condition = Lookup[str](book["conditions"], vocabulary)
        self.order = Lookup[str](book["rather"], vocabulary)
        self.none = one("none", book["none"]["words"])
        self.some = one("some", book["some"]["words"])
        self.excluding = one("excluding", book["excluding"]["words"])
        self.aside = one("aside", book["asides"]["words"])
        purposes = book["purposes"]["words"].split()
        self.purposes = frozenset((base_forms(w, vocabulary) or (w,))[0] for w in purposes)
        self.worth = one("worth", aliases["ambiguous"]["words"])
        self.trait = Lookup[str]({word: [word] for word in aliases["traits"]["words"]}, vocabulary)
        terms = {term: (term, *called) for term, called in aliases["terms"].items()}
        self.term = Lookup[str](terms, vocabulary)
        self.timing = Timing(book["times"], vocabulary)


@lru_cache(maxsize=4)
def grammar_of(vocabulary: Vocabulary) -> Grammar:
    """The grammar in the base forms of a vocabulary."""
    return Grammar(vocabulary)
