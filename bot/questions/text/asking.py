"""Who asks and how the question came in, said before it: "The printer wants to know how ..."."""

from __future__ import annotations

import re

_OPENS = (
    r"(?:what|which|who|whose|where|why|how|is|are|do|does|did|has|have|can|could|would|will)"
    r"(?:'?s|'re)?\b"
)
# A speaker is no customer of ours and goes by no number: "the 20 customers who asked what ...".
_WORD = (
    r"(?!(?:customers?|clients?|people|who|which|that|whose|what|how|segments?)\b)"
    r"[a-z][a-z'-]{0,24}"
)
_SPEAKER = (
    rf"(?:(?:the|an?|our|my|your|this|that|one of|some(?:one|body)?|another|even|so) )?"
    rf"(?:\(?{_WORD}\)? ){{0,5}}?"
)
_ASKS = (
    r"(?:(?:is|are|was|were|keeps?|kept|just|now|has|have|had|been|also|always|again|never) )*"
    r"(?:ask(?:s|ed|ing)?|wants? to know|wanted to know|would like to know|would love to know"
    r"|needs? to know|needed to know|wonders?|wondered|wondering|(?:is |are |gets? |got )?curious"
    r"|(?:mailed|emailed|wrote|called|texted|messaged|pinged|rang|phoned)(?: \w+){0,2} asking"
    r"|(?:wants?|asked|needs?|told) (?:me|us) to (?:find out|check|look up|ask|say|tell \w+))"
)
_WHOM = r"(?: (?:me|us|him|her|them|you|again|today|yesterday|this morning|earlier|now|about))*"
_REPORTS = re.compile(
    rf"^\W{{0,9}}(?:and |but |so |also )?{_SPEAKER}{_ASKS}{_WHOM}[,:]? "
    rf"(?:(?:whether|if) (?=\w)|(?=[\"']?{_OPENS}))",
    re.IGNORECASE,
)
# "Risk called this morning: ...", "Got a call from the branch, ...", "Question from the floor: ..."
_CALLS = (
    r"(?:called|rang|phoned|mailed|emailed|e-mailed|texted|messaged|pinged|wrote"
    r"|popped (?:by|in|up)|came (?:by|over)|dropped by|stopped by|got in touch|chased|on hold"
    r"|on (?:the )?(?:phone|line)|on my back|in my inbox|at my desk|waiting)"
)
_CAME_IN = re.compile(
    rf"^\W{{0,9}}(?:{_SPEAKER}(?:(?:has|have|just|is|are|was|were) )*{_CALLS}(?: {_WORD}){{0,4}}"
    rf"|(?:i(?:'ve)? |we(?:'ve)? )?(?:just )?(?:got|had|have) an? (?:\w+ )?(?:call|mail|email"
    rf"|e-mail|note|message|request|question|query|ping)(?: {_WORD}){{0,5}}"
    rf"|(?:(?:a|another|one|quick|silly|stupid|dumb|odd|random|daft|small|short|simple|urgent|next"
    rf"|last|first|basic|newbie|beginner'?s?|rookie|{_WORD}'s) ){{0,3}}(?:question|query|request)"
    rf"(?: (?:from|for|of|by)(?: {_WORD}){{1,4}})?)"
    rf"\s?(?:[:,.;]|-) ?(?:so )?(?=[\"']?{_OPENS})",
    re.IGNORECASE,
)
# "The branch has customer C10455 at the desk and wants to know her segment"
_WITH_CUSTOMER = re.compile(
    rf"^\W{{0,9}}{_SPEAKER}(?:has|have|had|got|with) (?:(?:a|the|our) )?(?:customer |client )?"
    rf"(c\d{{5}})(?: {_WORD}){{0,5}},? (?:and )?{_ASKS}{_WHOM} ",
    re.IGNORECASE,
)
# "Our printer wants the segment 5 count by tomorrow"
_WANTS = re.compile(
    rf"^\W{{0,9}}(?:the|our|my|a|an|one of|your) (?:{_WORD} ){{1,4}}?"
    r"(?:wants?|needs?|requires?|requested"
    r"|asked for|asks for|is asking for|is after|would like|wanted) "
    r"(?=(?:the|a|an|some) (?:\w+ ){0,3}?(?:numbers?|count|size|list|figures?|profile|average"
    r"|median|share|breakdown|split|total|export|csv|file|chart|trend|overview)\b[^,?!(]*$)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"^\W{0,9}(?:i|we)(?:'ve|'m|'re| have| had| was| were| am| are| got| get| keep(?: on)?)"
    r"(?: (?:just|now|always|been|being|getting|often|also))* asked(?: (?:a lot|again|by \w+))?,? "
    rf"(?:whether |if )?(?=[\"']?{_OPENS})",
    re.IGNORECASE,
)


def without_asker(text: str) -> str:
    """A message without who asks, where a whole question follows.

    Of somebody who has a customer before them the customer is kept.
    """
    text = _WITH_CUSTOMER.sub(r"customer \1, ", text)
    text = _WANTS.sub("give me ", text)
    for said in (_TOLD, _CAME_IN, _REPORTS):
        text = said.sub("", text)
    return text
