"""More ways of putting it, of people and of segments, put as the rest of the reading expects."""

from __future__ import annotations

_PERSON = (
    "customers?|people|anyone|anybody|someone|somebody|clients?|members?|accounts?|folks|who|those"
    "|ones|many"
)
_SEVERAL = "two|three|four|five|six|ten|2|3|4|5|6|10"
_MONDAY = r"(?:mon|monday|week)s?(?: mornings?)?"
_POST = "msg|message|mail|email|e-mail|note|news|digest|update|summary|report|line|newsletter|post"
_SENDING = (
    rf"please|pls|can|could|would|you|i|i'd|id|we|we'd|like|love|want|need|get|to|drop|send|mail"
    rf"|email|message|ping|post|give|shoot|me|us|a|an|the|your|our|short|quick|little|with|w|on|at"
    rf"|of|in|segment|segments|every|each|weekly|{_MONDAY}|(?:{_POST})s?|\d{{1,2}} ?(?:am|pm)?"
)
_NEARLY = "nearly|almost|just about|very nearly|narrowly|only just"
_BORDERS = {
    r"\b(?:on|at|along|near|by) the (?:dividing |border ?|fine |very )?"
    r"line (?=(?:of|between|to|towards?|with)\b(?! \W?\d[\d,.k]))": "on the border ",
    r"\b(?:could|can|might|may) go either way\b": "are on the border",
    r"\b(?:is|are) (?:a )?toss-?ups?\b": "are on the border",
    rf"\b({_PERSON})\b((?: \w+){{0,4}}?) (?:{_NEARLY}) (?:ended up|end up|made it|fell|landed|got"
    r"|went|qualified|slipped|moved) (?:in|into|for|to)\b": r"\1\2 on the border of",
    rf"\b({_PERSON})\b((?: \w+){{0,4}}?) (?:closest|nearest|very close|really close) to "
    r"(?=seg(?:ment)? ?\d)": r"\1\2 on the border of ",
}
_OF_PEOPLE = {
    r"\b(?:counted|treated|filed|booked|recorded|registered|labelled|listed|regarded) "
    r"(?=(?:as|under|among)\b)": "classed ",
    r"\b(?:which|what) (?:parts?|areas?|corners?|bits?|ends?) of (?:the )?(?:country|map|nation"
    r"|land|us|usa|states)\b": "which regions",
    r"\b(?:whereabouts|where(?:abouts)? in the (?:country|nation|land)) (?:is|are) ([^,?.]{3,30})"
    r"(?<! located)(?<! based)(?<! from)(?=\W*$)": r"where do \1 live",
    r"\bwhere(?:abouts)? in the (?:country|nation|land)\b|\bwhereabouts\b": "where",
    r"^(?:is|are) (?:the |our )?([^,?.]{3,30}?) (?:made up of )?(?:mostly|mainly|largely|mainly of"
    r"|predominantly|generally|rather|usually) (?:of )?(?:the )?(?:older|younger|young|old|elderly)"
    r"(?: people| customers| folks| ones| crowd| generation)?(?=\W*$)": r"age split of \1",
    r"\b(?:been |are |is |were )?on (?:the |our )?books? (?:for )?"
    r"(?=(?:less|more|over|under|at least|fewer|longer|between|up to)\b)": "tenure ",
    r"\b(?:buy|shop|purchase)s? (?:things |goods )?(?:with|by|in|via|using) (?=instal)": "use ",
    r"\b(?:get|have|see|show me|give me|pull) (\d{1,2}) (?:random )?(?:ones )?"
    r"(?:from|of|out of) (?=`?seg)": r"list \1 customers from ",
    r",? (?:just )?as (?:an )?examples?(?=\W*$)": "",
}
_MOST = "most|highest|largest|biggest|greatest|least|lowest|smallest|fewest"
_OF_ONE = {
    r"\b(\d{1,3}) more (?:of them )?(?=(?:like|similar to) c\d)": r"\1 customers ",
    rf"^who (?:in|of|from|among|out of) (?!all|the six|our|these|them)([^,?.]{{3,30}}?) "
    rf"(?:has|have|had) the ((?:{_MOST})[^,?.]{{3,40}})": r"which customer has the \2 in \1",
    rf"^(?:show me |find |find me |give me |get me )?the (?:one |single )?"
    rf"(customer|client|person|account|cardholder) (?:who|that|which) "
    rf"(?=\w+ (?:the )?(?:{_MOST}))": r"which \1 has ",
    r"\b(c\d{5}) (?:claims|says|thinks|believes|insists|swears|reckons) (?:to be"
    r"|(?:that )?(?:he|she|they)(?:'s|'re| is| are))\b(?!.*\bwhy)": r"is \1",
}
_OF_SEGMENTS = {
    r"\b(which|what)(?: one)? of (?:the|our|all)(?: the)? (?:six|6)\b"
    r"(?! (?:seg|group|cluster))": r"\1 of the segments",
    r"\b(any|which|what) (?:two|2) of (?:our|the|these|all)(?: the)?(?: six| 6)? "
    r"(?=segments|groups|clusters)": r"\1 two ",
    rf"\b({_PERSON})\b((?: \w+){{0,3}}?) (?:come|came|coming|got|get|climbed|broken?) out of"
    r"(?= (?!the model|the blue))": r"\1\2 left",
    r"\b(bigger|smaller|larger|higher|lower|more|less|fewer|better|worse|richer|greater) then\b"
    r"(?= \w)": r"\1 than",
    r"^what is it (?:that|which) (?=makes|puts|gets|lands|turns|drives|sets)": "what ",
    rf"^(?:the|(?:name|list|give me|what are|tell me)(?: the)?) ({_SEVERAL}) (things|points"
    r"|features|traits|factors|reasons) (?:that|which) (?:best |most )?(?:characteri[sz]e|define"
    r"|describe|mark|make|distinguish)s? (?!a |the customers)(.{3,40}?)(?: most| best)?(?=\W*$)": (
        r"top \1 reasons for \3"
    ),
    r"^(?:is there|are there|isn't there|do we have) (?:anything|something)(?: else)? (?:that )?"
    r"(?:we|i|one|you)(?: can| could| should| might)+ (do|offer|try|give)\b"
    r"|^anything (?:we|i) (?:can|could|should) (do|offer|try|give)\b": r"what should we \1\2",
    r"^(what should we (?:do|offer|try|give)\b[^?.]{3,40}?),? so (?:that )?they\b[^?.]*": r"\1",
    r"^when you (?:say|write|speak of|talk about|show|report) \"?([\w -]{3,30})\"?,? what (?:do you"
    r" |is |are |exactly |gets )*(?:divided?|compared?|counted?|measured?|included?|meant?)\b"
    r"[^?]*": r"define \1",
}
_OF_MESSAGES = {
    rf"^(?=.*\b(?:{_POST})s?\b)(?=.*(?:\b(?:each|every) {_MONDAY}|\bmondays))"
    rf"(?!.*\b(?:when|what)\b)(?:(?:{_SENDING})\b\W*)+$": "when is the digest sent",
    rf"^(?:please |pls |can you |could you )?stop (?:with )?(?:the|those|these|your|my|that) "
    rf"(?:monday|mon|weekly|weekly monday) (?:{_POST})s?(?=\W*$)": "stop the weekly digest",
}
IDIOMS = _BORDERS | _OF_PEOPLE | _OF_ONE | _OF_SEGMENTS | _OF_MESSAGES
