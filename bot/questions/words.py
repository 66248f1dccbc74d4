"""A message as tokens: markup removed, words reduced to their base form, spelling repaired."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, replace

from bot.questions.vocabulary import Vocabulary

MAX_CHARACTERS = 4_000
MAX_TOKENS = 150
MAX_REPAIRS = 40

_SLACK = re.compile(r"<(?:[@!][^<>]*|(?:https?|mailto)[^<>|]*(?:\|([^<>]*))?|(#)\w+\|([^<>]*))>")
_EMOJI_CODE = re.compile(r":[a-z][a-z0-9_+-]*:|:\+1:|:-1:")
_THUMBS = re.compile(
    "[\U0001f44d\U0001f44f\U0001f64f\u2764\U0001f389\U0001f60a\U0001f600]|:\\+1:|:thumbsup:"
)
_TYPOGRAPHY = str.maketrans("‘’‚“”„–—−‐‑…×≤≥¿¡", "'''\"\"\"-----.x≤≥  ")
_SHORT = {
    r"\bwhat (?:do you understand (?:under|by)|(?:is|do you) meant? (?:with|by|under))\b|\bwhat means (?!that|this|it)": "define ",
    r"\b(?:un)?til now\b|\bup to now\b|\bso far\b": " ",
    r"(?<![\d.,])([1-9]\d{0,2})\.(\d{3})(?![\d.])": r"\1,\2",  # 2.000 on the continent
    r"\b4 (?=seg(?:ment)? ?\d)": "for ",
    r"\b2(?=moro|day\b|nite)": "to",
    r"\brather than\b": "not",
    r"\b(vs|approx|avg|incl|excl|ave|max|min|dept|no|est|resp|pct|amt|bal|seg)\.(?= ?\w)": r"\1 ",
    **{
        rf"\b{tens}[ -]{word}\b": f"{number + unit}th"
        for tens, number in (("twenty", 20), ("thirty", 30))
        for unit, word in enumerate(
            "first second third fourth fifth sixth seventh eighth ninth".split(), 1
        )
    },
    r"\b(?:limit|restrict|narrow|confine) (?:it|that|this|them|those) (?:down )?to\b": "only for",
    r"\b(?P<it>it|this|that|them|u|us|me) 2 (?=[a-z])": r"\g<it> to ",
    r"\ball over the (?:shop|map)\b": "all over the place",
    r"\b(?:no|nr|num)s?\.? of\b": "number of",
    r"\bw/w\b|\bon the week\b": "wow",
    **{
        rf"\b{unit[0]}[/o]{unit[0]}\b|\b{unit}[- ](?:on|over)[- ]{unit}\b|\bon the {unit}\b": rate
        for unit, rate in (("month", "m_m"), ("quarter", "q_q"), ("year", "y_y"))
    },
}
_DASH = re.compile(r"(?<!\d) -+ | -+ (?!\d)")
# "1) profile of segment 6 2) what changed"
_NUMBERED = re.compile(r"^\W*1[).]\s.*\s2[).]\s", re.DOTALL)
# "Hi Sam," and "Kind regards, Tom"; "Mark asked for", "Finance wants to know".
_GREETING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|dear|greetings|morning|good (?:morning|afternoon|evening))"
    r"(?: [\w']+){0,2}\s*(?:[,!]| [-:] )|to whom it may concern\W)\s*",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"[.!?,\n]\s*(?:(?:many |kind |best |warm |kindest )?(?:thanks|thx|thank you|cheers|regards"
    r"|best|rgds|br|sincerely)(?: and regards| in advance)?|best (?:wishes|regards))\s*[,.!-]?"
    r"(?:\s+[A-Z][a-z]+){0,2}\W*$",
)
_REPORTED = re.compile(
    r"\b[A-Z][a-z]+(?: (?:from|in|of) [A-Z]?\w+)? (?:asks?|asked|says?|said|mentioned|claims?"
    r"|claimed|reckons|wants to know|would like to know|needs to know)"
    r"(?: (?:for|about|that|whether|if|me))*\b"
)
# "..., aren't they?", "..., innit"
_TAG = re.compile(
    r"(?<=\w\w)[\s,]+(?:(?:is|are|has|have|do|does|did|was|were|ca|could|wo|would|should)n'?t"
    r"(?: (?:it|they|he|she|we|you|there|that|this))|innit|yeah|right|no|correct|or what|or nah"
    r"|or not)\s*[?.!]*\s*$",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"(?P<channel>#[a-z][\w-]+)"
    r"|(?P<date>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<id>(?:[a-z]{1,5}[-_]?|\bc )\d{4,}\b)"
    r"|(?P<number>[$€£]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<![\w.])\.\d+))(?P<suffix>\s?%|[a-z]+\b)?(?P<plus>\+(?!\s?\d))?"
    r"|(?P<word>[^\W\d_](?:[^\W_]|_(?=\w)|'(?=\w))*)"
    r"|(?P<sign><=|>=|=<|=>|==|!=|[<>=≤≥%?!,;&+/#$|\n\"'()-]|[.:](?!\w))"
)
_GLUED = re.compile(
    r"(s|seg|segs|segment|segments|cluster|v|vs|and|to|than|top|over|under|last)(\d{1,2})"
)


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


def clean(text: str) -> str:
    """The message without Slack's markup, entities, emphasis and typographic signs, case kept."""
    text = _SLACK.sub(lambda m: m[1] or (f"#{m[3]}" if m[2] else " "), text[:MAX_CHARACTERS])
    text = re.sub(r"\s*(?:-{1,2}>|→)\s*", " to ", html.unescape(text))
    if not text.isupper():
        text = re.sub(r"\bAPRs?\b(?! ?\d)", "interest rate", text)
    text = _THUMBS.sub(" thumbsup ", text)
    text = _EMOJI_CODE.sub(" ", text)
    text = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)
    text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    text = re.sub(
        r"\bw/o\b",
        "without",
        re.sub(r"\bw/(?!o\b)|\bw(?= )", "with ", text, flags=re.I),
        flags=re.I,
    )
    for form, word in _SHORT.items():
        text = re.sub(form, word, text, flags=re.IGNORECASE)
    text = re.sub(r"(?<!\w)[*_~]+(?=\w)|(?<=\w)[*~]+|(?<=\w)_+(?!\w)|`+", "", text)
    text = _DASH.sub(", ", re.sub(r"[^\S\n]+", " ", text).strip())
    if _NUMBERED.match(text):
        text = re.sub(r"(?:^|[\s,;.])\d[).](?=\s)", "\n", text).strip()
    return without_manners(text)


def without_manners(text: str) -> str:
    """A message without its salutation, its sign-off and who asked for it, if more is left."""
    shorter = _FAREWELL.sub("?", _GREETING.sub("", text))
    shorter = _TAG.sub("?", _REPORTED.sub(" ", shorter))
    return shorter.strip() if re.search(r"\w", shorter) else text


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
            if not meant:
                found.append(token)
            found += [replace(_word(word, start, end, vocabulary), raw=raw) for word in meant]
        else:
            found.append(Token(raw, raw, "sign", raw, start, end))
    return _joined(_with_adjectives(found, vocabulary), vocabulary)


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
        ):
            word = before.raw + token.raw
            lemma = vocabulary.lemma(word)
            if lemma is not None:
                joined[-1] = Token(word, lemma, "word", word, before.start, token.end)
                continue
        joined.append(token)
    return joined
