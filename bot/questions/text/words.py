"""A message as tokens: words reduced to their base form, spelling repaired."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.questions.text.clean import clean as clean
from bot.questions.text.vocabulary import Vocabulary, slipped

MAX_TOKENS = 150
MAX_REPAIRS = 40

_TOKEN = re.compile(
    r"(?P<channel>#[a-z][\w-]+)"
    r"|(?P<date>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<id>(?:[a-z]{1,5}[-_]?|\bc )\d{4,}\b)"
    r"|(?P<number>[$€£]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<![\w.])\.\d+))(?P<suffix>\s?%|[a-z]+\b)?(?P<plus>\+(?!\s?\d))?"
    r"|(?P<word>[^\W\d_](?:[^\W_]|_(?=\w)|'(?=\w))*)"
    r"|(?P<sign><=|>=|=<|=>|==|!=|[<>=≤≥%?!,;&+/#$€£|\n\"'()-]|[.:](?!\w))"
)
_GLUED = re.compile(
    r"(s|seg|segs|segment|segments|cluster|v|vs|and|to|than|top|over|under|last)(\d{1,2})"
)

_BEFORE_NAME = re.compile(r"\b(from|in|at|near|around|outside|inside|of|like|with) $", re.I)
_BEFORE_PLACE = re.compile(r"\b(?:customers?|clients?|people|folks|users) (?:from|in|near) $", re.I)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign: ``text`` as understood, ``lemma`` its base form, ``raw`` as typed."""

    text: str
    lemma: str
    kind: str
    raw: str
    start: int
    end: int
    number: float | None = None
    unit: str = ""
    plus: bool = False
    known: bool = True


def tokens(text: str, vocabulary: Vocabulary) -> list[Token]:
    """The tokens of cleaned ``text``; at most ``MAX_TOKENS`` of them."""
    found: list[Token] = []
    repairs = 0
    for match in _TOKEN.finditer(text.lower()):
        if len(found) >= MAX_TOKENS:
            break
        raw, start, end = match[0], match.start(), match.end()
        kind = match.lastgroup or "sign"
        if match["date"] or match["channel"]:
            found.append(Token(raw, raw, kind, raw, start, end))
        elif match["id"] and not _is_word_and_number(raw, vocabulary):
            found.append(Token(raw, raw, "id", text[start:end], start, end))
        elif match["id"]:
            cut = re.search(r"\d", raw)
            assert cut
            word = raw[: cut.start()].rstrip(" -_")
            found.append(_word(word, start, start + len(word), vocabulary))
            found.append(_number(raw[cut.start() :], "", False, start + cut.start(), end))
        elif match["number"]:
            suffix = (match["suffix"] or "").strip()
            found += _number_and_suffix(match, suffix, vocabulary)
        elif match["word"]:
            glued = _GLUED.fullmatch(raw)
            if glued:
                word = "segment" if glued[1] == "s" else glued[1]
                found.append(_word(word, start, start + len(glued[1]), vocabulary))
                found.append(_number(glued[2], "", False, start + len(glued[1]), end))
                continue
            if raw == "s" and text[start - 1 : start] == "'":
                continue
            token = _word(raw, start, end, vocabulary)
            if token.known or repairs >= MAX_REPAIRS:
                found.append(token)
                continue
            repairs += 1
            meant = vocabulary.repair(raw)
            if _is_a_name(text, match) and not slipped(raw, meant):
                meant = ()
            if not meant:
                found.append(token)
            found += [replace(_word(word, start, end, vocabulary), raw=raw) for word in meant]
        else:
            found.append(Token(raw, raw, "sign", raw, start, end))
    return _joined(_with_adjectives(found, vocabulary), vocabulary)


def _is_a_name(text: str, match: re.Match[str]) -> bool:
    """Whether an unknown word is a place or a person: "customers from pune", "VIPs in Lille".

    Where people write every noun or word with a capital, a capital says nothing.
    """
    before, word = text[: match.start()], text[match.start() : match.end()]
    led = _BEFORE_NAME.search(before)
    capital = word[0].isupper() and word[1:].islower()
    named = led is not None and capital and not led[1][0].isupper()
    return named or bool(_BEFORE_PLACE.search(before))


def _word(raw: str, start: int, end: int, vocabulary: Vocabulary) -> Token:
    if raw in _NUMBER_WORDS:
        return Token(raw, "<n>", "number", raw, start, end, float(_NUMBER_WORDS[raw]))
    lemma = vocabulary.lemma(raw)
    return Token(raw, lemma or raw, "word", raw, start, end, known=lemma is not None)


def _number(digits: str, unit: str, plus: bool, start: int, end: int) -> Token:
    money = digits[0] in "$€£"
    value = float(digits.lstrip("$€£").replace(",", "") or 0)
    scale = {"k": 1e3, "grand": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6, "bn": 1e9}.get(unit, 1.0)
    unit = "money" if money else "%" if unit == "%" else "scaled" if scale > 1 else ""
    return Token(digits, "<n>", "number", digits, start, end, value * scale, unit, plus)


_AMOUNT_SUFFIXES = frozenset({"%", "k", "m", "mm", "mn", "bn", "grand"})
_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
    if number > 1
} | {
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_SHORT_UNITS = {"w": "week", "wk": "week", "wks": "week", "mo": "month", "mos": "month",
                "d": "day", "y": "year", "yr": "year", "q": "quarter"}  # fmt: skip


def _number_and_suffix(match: re.Match[str], suffix: str, vocabulary: Vocabulary) -> list[Token]:
    start, end, plus = match.start(), match.end(), bool(match["plus"])
    if not suffix or suffix in _AMOUNT_SUFFIXES:
        return [_number(match["number"], suffix, plus, start, end)]
    number = _number(match["number"], "", plus, start, match.end("number"))
    if suffix in _ORDINALS:
        return [Token(number.text, "<nth>", "number", match[0], start, end, number.number, "nth")]
    word = _SHORT_UNITS.get(suffix, suffix)
    return [number, _word(word, match.start("suffix"), match.end("suffix"), vocabulary)]


def _is_word_and_number(raw: str, vocabulary: Vocabulary) -> bool:
    """Whether an id-like piece is a word we know followed by a number, as in "limit 5000"."""
    word = re.split(r"[-_ \d]", raw)[0]
    apart = not raw[len(word)].isdigit()
    return (apart and len(word) > 1 and vocabulary.lemma(word) is not None) or word in ("s", "seg")


def _with_adjectives(found: list[Token], vocabulary: Vocabulary) -> list[Token]:
    """ "Left-handed" is neither a hand nor one who left: of words that are not ours, one word."""
    small = vocabulary.fillers | vocabulary.around
    kept: list[Token] = []
    for token in found:
        first, hyphen = kept[-2:] if len(kept) > 1 else (token, token)
        joined = hyphen.raw == "-" and first.end == hyphen.start and hyphen.end == token.start
        told = token.lemma in small or token.lemma not in vocabulary.ours
        adjective = joined and first.kind == "word" and token.raw.endswith("ed")
        if adjective and told and first.lemma not in small:
            word = f"{first.raw}-{token.raw}"
            kept[-2:] = [Token(word, word, "word", word, first.start, token.end)]
        else:
            kept.append(token)
    return kept


def _joined(found: list[Token], vocabulary: Vocabulary) -> list[Token]:
    """Two unknown neighbours that are one known word with a blank in it become that word."""
    joined: list[Token] = []
    for token in found:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.kind == token.kind == "word"
            and not (before.known and token.known)
            and before.end + 1 == token.start
            and min(len(before.raw), len(token.raw)) > 1
        ):
            word = before.raw + token.raw
            lemma = vocabulary.lemma(word)
            if lemma is not None:
                joined[-1] = Token(word, lemma, "word", word, before.start, token.end)
                continue
        joined.append(token)
    return joined
