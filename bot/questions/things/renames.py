"""The new name a rename asks for."""

from __future__ import annotations

import re

from bot.questions.things.corrections import last_said

_QUOTED = re.compile(r"\"([^\"]{1,60})\"|(?<!\w)'([^']{1,60})'(?!\w)")
_MOST_WORDS = 5  # of a name that is a message by itself
_GIVEN = re.compile(r"\s*(?:segment |group |cluster )?(?:to|as|into|should be)\b", re.IGNORECASE)
_NAMED_LATER = re.compile(
    r"\b(?:(?:make|call|name|label) (?:it|that|this|them)"
    r"|(?:chang|renam|relabel|retitl|switch|set)\w*\s[\w' ]{1,30}?(?:to|as))\s+(?!please\b)\w",
    re.IGNORECASE,
)
_LED = re.compile(r"\b(?:to|as|into|called|named|be)\s+$", re.IGNORECASE)
_RENAME = re.compile(
    r"(?:\bre(?:nam|label|titl|brand|christen)\w*|\b(?:baptis|christen|dub)\w*|\bcall(?:ed|ing)?|\bnam(?:e|ed|ing)|\blabel|\bgive|\bchange|\brefer|\bset|\bknown|\blet|\brebrand|\bmake)\b.*?"
    r"(?:\b(?:to|as|into|be)\b(?: (?:be )?(?:called|named|known as))?|:|=|->|\bcalled\b|\bnamed\b|"
    r"(?:segment|seg|cluster|group|s)\s*(?:#?\d+|one|two|three|four|five|six|seven|eight|nine|ten)|(?<!-)\b(?:it|that|this|them)\b)\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_LAST_WORDS = re.compile(
    r"^\W*(?:please )?(?:call|name|rename)\b.*\b[a-z]+ ((?:[A-Z][\w'&-]*\s*)+)\W*$"
)
_BE_CALLED = re.compile(
    r"\bbe (?:called|named|known as)\s+(.+)$|\bnew (?:name|label|title)\b.*?\b(?:is|be)\s+(.+)$",
    re.IGNORECASE,
)
_NAMES = re.compile(r"\b(?:re)?(?:nam|call|label|brand)\w*\b", re.IGNORECASE)
_TO = re.compile(
    r"(?:segment|seg|cluster|group|s)\s*#?\w+\s+(?:to|as|into|is called|called)\s+(.+)$",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:known as|to|as|into|in|be|read|for|with|called|named)\s+(.+)$", re.I | re.DOTALL
)
# "give segment 4 a better title, namely Borrowers", "change segment 4's name to Borrowers"
_OF_NAMES = re.compile(
    r"(?:'s\s+)?(?:(?:an?|the|its|their)\s+)?(?:\w+\s+){0,2}?(?:name|title|label)\b"
    r"[\s,:=-]*(?:(?:namely|to|as|is|be|should|of|like)\b[\s:]*)*",
    re.IGNORECASE,
)
# "swap its name for Sleepers", "we settled on Sleepers for segment 5", "too dull, go with Sleepers"
_CHOSEN = re.compile(
    r"\b(?:swap|replac|exchang|trad)\w*\b.*\b(?:for|with|by)\s+(.+)$"
    r"|\b(?:settled|decided|agreed|landed|voted)\s+(?:on|for)\s+(.+?)\s+(?:for|as)\s"
    r"|\b(?:go|gone|going|went)\s+(?:with|for)\s+(.+)$"
    r"|\bput\s+(?:back\s+)?(.+?)(?:\s+back)?\W*$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s*[,;.!?]*\s*\b(?:from now on|from now|please|pls|plz|thanks|thx|ok|okay|"
    r"instead|going forward|from today|in future|for now|right away|now|for (?:us|me)|"
    r"(?:update|apply|change|do|set|use|rename) (?:it|this|that))\b)+[\s.!?]*$|[\s.!?]+$",
    re.IGNORECASE,
)


# "... to Sleepers and show me its profile"
_MORE = (
    r"(?:,? and|,? then)(?: then| also)? "
    r"(?:show|give|tell|what|how|who|which|why|export|list|compare|explain|send)\b"
)
_AND_MORE = re.compile(rf"{_MORE}.*$", re.IGNORECASE | re.DOTALL)
_IT_TO = re.compile(
    r"(\b(?:re(?:name|label|brand)\w*\s+[\w '\"-]{1,40}?"
    r"|(?:name|label|brand|call)\s+(?:it|th(?:is|at)(?: one)?|them)"
    r"|(?:change|set|switch|update)\s+(?:the )?name\s+(?:of|for)\s+[\w '\"-]{1,40}?)"
    r"\s+(?:to|as|into)\s)"
    rf"[^.?!,\n]+?(?={_MORE}|[.?!,\n]|$)",
    re.IGNORECASE,
)


_NO_NAME = re.compile(
    r"(?:and|but|or)\b|(?:to|as|into)$|"
    r"(?:some|any)(?:thing|what)?\b|smth\b|"
    r"(?:an? )?(?:\w+ )?(?:\w+er |new |old |proper |good )?name\b",
    re.IGNORECASE,
)


def new_name(text: str, named: str = "") -> str | None:
    """The name a rename asks for: in quotes, or what follows "to" or the segment.

    ``named`` is how the segment is named that gets it.
    """
    text = _plainly(text, named)
    quoted = new_in_quotes(text)
    if quoted:
        return quoted
    searched = (p.search(text) for p in (_RENAME, _TO, _BE_CALLED, _LAST_WORDS, _CHOSEN))
    said = (next(group for group in found.groups() if group) for found in searched if found)
    return next((name for one in said if (name := _name(one))), None)


def _name(said: str) -> str | None:
    """What follows "to" without the words around the name itself."""
    name = said
    if spoken := _OF_NAMES.match(name):
        name = name[spoken.end() :]
    while again := _LINK.match(name):
        name = again[1]
    name = _TAIL.sub("", _AND_MORE.sub("", name)).strip(" \"'.:;,")
    name = re.sub(r"^the\s+", "", name)
    if re.fullmatch(r"(?:segment|seg|cluster|s)?\s*#?\d*", name, re.IGNORECASE):
        return None
    name = last_said(name)
    return None if _NO_NAME.match(name) else name[:60] or None


def _plainly(text: str, named: str) -> str:
    """The text with "segment 0" for the segment as it is named: "rename the VIPs Gold Club"."""
    words = re.findall(r"\w+", named)
    if not words or "segment" in words or words[0].isdigit():
        return text
    spoken = r"\W+".join(words)
    before = r"(?<![\"'\w])(?<!\bthat )(?<!\bit )(?<!\bto )"
    spoken = rf"([\"']){spoken}\1|{before}{spoken}(?![\"'\w])"
    return re.sub(spoken, "segment 0", text, count=1, flags=re.IGNORECASE)


def new_in_quotes(text: str) -> str | None:
    """The new name where it stands in quotes."""
    quoted = _new_in_quotes(text)
    return "".join(filter(None, quoted.groups())).strip() if quoted else None


_AGAIN = re.compile(
    r"^\W*(?P<lead>(?:(?:no|nope|nah|actually|wait|sorry|oops|hmm+|or rather|rather|scratch that|"
    r"strike that|on second thoughts?|better|ok|okay|well|my mistake|my bad)\b[\s,.:;!-]*)*)"
    r"(?P<order>(?:make (?:it|that)|call (?:it|them|that)|name (?:it|them)|let'?s "
    r"(?:go with|say|call it|make it|do|use)|"
    r"(?:i|we)(?:'d)? (?:meant?|want|prefer|rather)|go with|try|"
    r"change (?:it|that) to|how about|what about|should be|it should be|use)\s+)?"
    r"(?P<name>[\w&'-]+(?: [\w&'-]+){0,3}?)(?P<instead> instead)?[\s.!?]*(?:please|pls|then)?\W*$",
    re.IGNORECASE,
)


def named_again(text: str, known: frozenset[str]) -> str | None:
    """The name given in place of the one just asked for: "no, make it Hibernators".

    ``known`` are words that say nothing, and so name nothing.
    """
    bare = re.sub('["“”]', "", text)
    found = _AGAIN.match(bare)
    if not found or not (found["lead"] or found["order"] or found["instead"]):
        return None
    name = _TAIL.sub("", found["name"]).strip()
    words = name.split()
    unsaid = {word.lower() for word in words} & known
    titled = bool(words) and all(word[:1].isupper() for word in words)
    if not words or any(word.isdigit() for word in words):
        return None
    return name if not unsaid or (titled and len(unsaid) < len(words)) else None


def titled(text: str) -> str | None:
    """A message that is nothing but a name: "Pay It All"."""
    name = _TAIL.sub("", text).strip(" \"'.:;,")
    words = name.split()
    named = 0 < len(words) <= _MOST_WORDS and all(word[:1].isupper() for word in words)
    return name if named and "?" not in text and len(name) <= 60 else None


def without_new_name(text: str) -> str:
    """A rename without the new name, whose words are no part of the question."""
    if not _NAMES.search(text):
        return text
    quoted = _new_in_quotes(text)
    if quoted:
        return f"{text[: quoted.start()]} {text[quoted.end() :]}"
    return _IT_TO.sub(r"\1", text)


def _new_in_quotes(text: str) -> re.Match[str] | None:
    """The last quotation, unless what follows gives what it names a new name."""
    found = list(_QUOTED.finditer(text))
    given = [one for one in found if _LED.search(text, 0, one.start())]
    *_, last = (None, *(given or found))
    if last is None or _GIVEN.match(text, last.end()) or _NAMED_LATER.search(text, last.end()):
        return None
    return last
