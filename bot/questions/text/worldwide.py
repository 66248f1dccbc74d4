"""What other languages do to an English question: its word order, and a few false friends."""

from __future__ import annotations

_WHOLE = "seg(?:ment)?s?|clusters?|groups?|cohorts?|audiences?"
_PEOPLE = "ids?|names?|customers?|clients?|people|examples?|accounts?|members?"
_ASKED = (
    r"(?:what|which)(?: (?:is|are|one|ones))*(?: (?:it|that|they|there))?(?: is| are)?"
    r"|how much(?: is| are)?(?: it| there)?(?: is)?"
)
_NUMBER = r"\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple(?: of)?"
WORLDWIDE = {
    rf"\b(?:{_WHOLE})[- ]?wise\b": "by segment",
    rf"^(.{{6,80}}?),? (?:the |which )?(difference|gap)s?(?: (?:is|there is))? (?:{_ASKED})"
    r"(?: exactly| please)?(?=\W*$)": r"\2 between \1",
    r"\b(what|who|which|where) all (?=(?:\w+ )?(?:you|we|i|can|do|does|is|are|should))": r"\1 ",
    r"\b(more|less|fewer|higher|lower|bigger|smaller) (?:of|then|as|that) "
    r"(?=(?:the )?[$€£]?\d[\d.,]*k? ?(?:%|percent|of|$))": r"\1 than ",
    r"\b(pay|buy|use|spend|take|make|borrow)(s?) (never|always|often|rarely|usually)\b(?! \W?\d)": (
        r"\3 \1\2"
    ),
    r"\b(?:did|do|does|have|has)(?: not|n't)? (?:not )?(buy|use|spend|pay|take|make)"
    r"(?: for)? nothing\b": r"did not \1 anything",
    # "Who spends most, give me 5 ids" asks for customers.
    rf"^(who|which (?:customers?|clients?|people)) (?!are |is )([^?.!]{{5,70}}?)[,;.?]+ "
    rf"(?:(?:please|give|show|list|send|tell|name|need|want|me|us|the|only|just|top|first|i) )*"
    rf"(\d{{1,3}}) (?:\w+ )?(?:{_PEOPLE})(?: please| pls)?(?=\W*$)": r"top \3 customers who \2",
    rf"\bsince (?:the )?(?:last )?({_NUMBER}) (weeks|months)\b(?! ago| back)": (
        r"over the last \1 \2"
    ),
    r"^i (?:am |'m )?(?:search(?:ing)?|seek(?:ing)?|look(?:ing)? for)(?: for)? ": "show ",
    r"\b(?:from|by) what comes? (?:this|the|that) (?:difference|change)\b": "why this change",
    r"\b(?:by|in) what (they|it|these|those) ": r"how do \1 ",
    r"\b(like|want|wish|need)s? to (?:receive|obtain)\b": r"\1 to get",
    r"\b(seg(?:ment)? ?\d) (min|max)(?=(?:imum)? (?:and|or|of)\b)": r"\1, \2",
    r"\b(tell|say|show|give|send|explain) to (me|us)\b": r"\1 \2",
    r"\bmore (small|high|low|old|young|long|rich)\b": r"\1er",
    r"\bmore big\b": "bigger",
    r"\bmore large\b": "larger",
    r"\b(number|count|share|percentage) (?=(?:customer|client|people|account|member)s?\b)": (
        r"\1 of "
    ),
    r"\b(?:the )?repartitions?(?= (?:of|by|in|between|per)\b)": "the distribution",
    r"\b(?:to|at|on|in) (?:our|my|your|the) (?:disposition|disposal)\b": "available",
    r"^\W*(?:sorry,? )?(?:probably |maybe |perhaps )?(?:an? )?(?:dumb|stupid|silly|basic|naive)"
    r" (?:question|one),? but (?=\w)": "",
    r"\b(?:50/50|60/40|70/30|75/25|80/20|90/10|95/5)\b": "",
    # Who is nearly somewhere else.
    r"\b(?:(?:stuck|somewhere|caught|sitting|lying|falling) )?(?:in[- ]between"
    r"|on (?:the|an?|teh) (?:edge|cusp|boundary|fence) (?:of|between))"
    r" (?=\w)": "on the border of ",
}
