"""Amounts and turns of phrase from elsewhere, put as the rest of the reading expects them."""

from __future__ import annotations

from bot.questions.text.quantities import QUANTITIES

_UNITS = "k|mm?|mn|percent|thousand|grand|million|la(?:kh|c)s?|crores?"
# Rs. 5,00,000 and 2L in India, 0,8 and 1,5k on the continent.
AMOUNTS = {
    # 5 000 €
    r"\b(above|over|below|under|than|least|exceed(?:s|ing)?) (\d{1,3}) (\d{3})\b": r"\1 \2\3",
    r"(?<![\d.,])(\d{1,3}) (\d{3})(?= ?(?:€|\$|eur|usd|dollars?|euros?)\b| ?[€$])": r"\1\2",
    r"(?:₹|\brs\.?|\binr\b|\br\$) ?(?=\d)": "$",
    r"(?<=\d)(?-i:L)\b": " lakh",
    r"(?<=\d) ?crs?\b": " crore",
    r"(?<![\w.,])(\d{1,3})\.(\d{3}),(?=\d{1,2}(?![\d,]))": r"\1\2.",
    r"(?<![\w.,])(\d{1,2}),(\d{2}),(?=\d{3}\b|\d{2},\d{3}\b)": r"\1\2,",
    r"(?<![\w.,])(\d{1,3}(?:,\d{3})+),(?=\d{1,2}(?![\d,]))": r"\1.",
    r"(?<![\w.,])(0|\d{3,}),(?=\d{1,2}(?![\d,]))": r"\1.",
    r"(?<![\w.,])(?<!seg )(?<!segs )(?<!segments )(\d{1,2}),"
    rf"(?=\d{{1,2}} ?(?:%|(?:{_UNITS})\b))": r"\1.",
    r"\b(than|above|below|under|least|exceed(?:s|ing)?) (\$?\d{1,2}),"
    r"(?=\d{1,2}(?![\d,]))": r"\1 \2.",
}
_PLAIN = "normal|human|ordinary|regular|everyday|layman'?s?|lay|simple|plain|actual"
_CROWD = "people|poeple|ppl|folks|customers|clients|members|accounts|cardholders|users"
_SMALL, _GREAT = "minor|small|little|less|few", "major|big|large|great|more|many"
_BOUNDS = "more|less|over|under|at least|above|below|fewer"
_HOLDING = (
    "are|have|has|with|above|over|under|below|at|carry|carrying|sit|sitting|use|using|show|showing"
    "|in|that"
)
_MONTHS = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
_MEANINGS = {
    rf"\b(between) (?:the )?(\d{{1,2}})(?:st|nd|rd|th)? (and) (?:the )?"
    rf"(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ((?:{_MONTHS})[a-z]*)\b": r"\1 \2 \5 \3 \4 \5",
    r"\b(?:make|draw|plot) (?:me |us )?(?:once )?(?:an? |the )?"
    r"(?:pic(?:ture)?s?|graphics?|visuals?|drawings?|images?) of\b": "chart of",
    rf"\bin (?:{_PLAIN})(?: (?:people|person|human|ppl|folks?)'?s?)?"
    r" (?:words?|english|language|terms?|speak|talk)\b": "in plain words",
    r"\b(diff\w*|gap) btw\b": r"\1 between",
    r"\b(everyone|everybody|all|all (?:the )?segments) bar (?!chart|graph)": r"\1 except ",
    r"\bwdym\b": "what do you mean",
    r"\bgeo\b": "geographic",
    r"\bin media\b": "on average",
    r"\bsince how long\b": "how long",
    r",? (?:na|yaar|lah|lor|mate)(?=\W*$)": "",
    r"(?: -|,|;) (?:the )?(?:number|count|headcount) only(?=\W*$)": ", how many",
    r"\bleav(?:e|ing) ([^,.?]{2,40}?) aside\b": r"except \1",
    r"\bas (?:a )?(?:stacked |grouped )?(?:bars|columns)\b": "as a chart",
    r"\b(median|mean|average|total|sum),? not (?:the )?(?:median|mean|average|total|sum)\b": (
        r"\1 instead"
    ),
    r"\b((?:s|seg|segment)[ #]?\d{1,2})'s\b": r"\1",
    r"\b(how|new|used|going|need|want) 2 (?=[a-z]{3,})": r"\1 to ",
    r"\b(?:one|1) (?:in|out of) (?:ten|10)\b": "10%",
    r"\b(?:one|1) (?:in|out of) (?:five|5)\b": "20%",
    r"\binstead of (?:on|by|for|in) ": "instead of ",
    r"\b(everyone|everybody|customers?|people|all|accounts|cards) (?:that are |who are )?on "
    r"(?:our|the) books\b": r"\1",
    r"\b(?:model )?risk (?=(?:would|wants?|needs?|asks?|asked|says?|said|team|department|people"
    r"|colleagues|committee)\b)|^(?:the )?risk (?=(?:is|are|has)\b)": "they ",
    r"\bmiddle (?:value|figure|amount)\b": "median",
    r"\bmedium (?:value|figure|amount)\b": "average",
    r"\b(?:do|does|did|have|has)(?:n'?t| not) (?:have )?(bought|buy|spent|spend|paid|pay|made)"
    r" nothing\b": r"never \1 anything",
    r"\bpay(s|ing)? (?:the |their |his |its )?(?:whole|entire|complete) "
    r"(?:statement|bill|balance|invoice|amount)\b": r"pay\1 in full",
    r"\b(?:the|only) (two|three|four|five|ten|\d{1,2}) first\b(?! \w)": r"top \1",
    r"\b(?:more|most) numerous\b": "biggest",
    r"\bas per\b": "by",
    r"^(ok(?:ay)?|great|perfect|super) (?:beauty|legend|mate|champ|boss|star)\b,? ?": r"\1 ",
    r",? (?:and )?(?:please |kindly )?do (?:the )?needful(?=\W*$)": "",
    r"\b(?:in )?(?:what|which) (?:share|percent(?:age)?|proportion|%) of (?:the )?months "
    r"(?=(?:the |our )?(?:seg|segment|they|customers?)\b)": "how often do ",
    r"\bnad\b": "and",
    r"\b(\w+ing|moved?|changed?|grown|shrunk|shifted) at all(?=\W*$)": r"\1",
    r"\b(?:drop|remove|lift|forget|without|ignore) (?:the |a |any )?segment"
    r"(?: (?:restriction|filter|condition))?\b(?!s? ?#?\d)(?=\W*$)": "for everyone",
    r"\bon top of (?:that|this|it|those)\b": "also",
    r"\bby (?:next |this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b": "",  # it is wanted
    r"(?<=[a-z] )(?<!seg )(?<!segment )(?<!and )(?<!or )(?<!to )(?<!of )4 "
    r"(?=(?:the|my|our|these|those|them)\b)": "for ",
    r"\b(?:\d|one|two)[- ]pager\b": "profile",
    # "I suspect 5 has hardly any limit left, let me see ..."
    r"^(i (?:suspect|think|believe|guess|bet|fear|feel|reckon|assume)\b[^.?!,;:]{5,90}), "
    r"(?=(?:let me|show|give|can|could|please|what|which|how|is|are|do|does)\b)": r"\1. ",
    r"\bwhat (?:does (?:it|this|that) )?wants? to (?:say|mean)\b,?": "define",
    # "What's a one-off purchase, isn't every purchase one?"
    r"^((?:\w+ )?(?:what(?:'?s)?|which|who|how|why)\b[^?,;.]*),"
    r" (?:isn't|aren't|ain't|isnt|arent|aint) (?:it|that|this|those|they|every|all|the)\b"
    r"[^?]*\?+\W*$": r"\1?",
}
_COUNTED = r"(?:purchase|transaction|cash (?:advance|withdrawal)|withdrawal|instal)"
_OF_LIMIT = (
    r"\b(?:what|which) ?(?:share|proportion|percent(?:age)?|part|fraction|%)? of "
    r"(?:the |their |its )?(?:credit )?(?:limit|line)s?"
)
_NOT_MONEY = r"not (?:the |in |by |on )?(?:money|amounts?|value|dollars?|volume|sums?)"
_MEASURES = {
    r"(?<=\w)(?<!\bof)(?:,|;)? (?:the |by |in |as |(?:and |but )?counted (?:in |by )?)?"
    r"(?:number|count|transactions|times|frequency)(?: of (?:them|purchases|transactions))?,? "
    rf"(?:and |but )?{_NOT_MONEY}\b": " by count",
    rf"\b(how many|number of|count of) cards (?=(?:{_HOLDING})\b)": r"\1 customers ",
    r"\b(?:us(?:e|es|ing)|spend(?:s|ing)?|burn(?:s|ing)?) (?:up )?"
    rf"((?:{_BOUNDS})[^,.?]{{0,12}}? ?\d+ ?(?:%|percent)) of it\b": r"have utilisation \1",
    r"\b(?:anything|everything|all) but (?:zero|no|nil)\b|\bnon-? ?zero\b": "more than 0",
    rf"{_OF_LIMIT} (?:is|are|gets?) (?:used|drawn|taken|utili[sz]ed)"
    r"(?: up)? by\b": "what is the utilisation of",
    rf"{_OF_LIMIT} (?:do|does|did) (.{{1,30}}?) (?:use|draw|utili[sz]e|take)s?"
    r"(?: up)?\b": r"what is the utilisation of \1",
    r"\bhow many times (do|does|did|have) (.{1,25}?) (?:use|swipe)s?d?"
    r" (?:the|their|its|a) cards?\b": r"how many purchases \1 \2 make",
    r"\b(pay(?:s|ing)?(?: (?:only|just|barely))?) (?:their|its|the bare|a bare) "
    r"(?=minimum\b)": r"\1 the ",
    r"\b(than|below|under|above|over) (?:their|its|the bare|a bare) (?=minimum\b)": r"\1 the ",
    rf"\b((?:{_BOUNDS}|exactly|only|just)(?: than)?) (?:one|a single) (?={_COUNTED})": r"\1 1 ",
    rf"\b(?:only|just) (\d+) (?={_COUNTED})": r"exactly \1 ",
    **{
        rf"\b((?:{_BOUNDS})(?: than)?) {word} (?:of )?(?=(?:their|the|its) (?:credit )?"
        r"(?:limit|line))": rf"\1 {share}% of "
        for word, share in (
            ("half", 50),
            ("(?:a|one) third", 33),
            ("two thirds", 67),
            ("(?:a|one) quarter", 25),
            ("three quarters", 75),
        )
    },
    r"\bwith us (?:for )?(?:exactly|precisely) (?=\d)": "tenure of ",
    r"\bwhat number of\b": "how many",
    r"\b(?:owe|owes|owing|balance|balances|debt)\b([^,.?]{0,12}?) (?:relative|compared|in relation"
    r"|in proportion|proportional|as a (?:share|percentage|proportion))(?: to| of)?"
    r" (?:their|its|the) (?:credit )?(?:limit|line)s?\b": r"utilisation\1",
    rf"\bpay(?:s|ing)? ((?:{_BOUNDS})(?: than)? \d+ ?(?:%|percent))"
    r" (?:of (?:the |their |all )?months )?in full\b": r"months paid in full \1",
    r"\bsettl(?:e|es|ed|ing) (?:on|for|upon)\b": "choose",
    r"\btops (?=\$?(?:\d{3,}|\d+(?:\.\d+)?k|\d{1,3},\d{3}))": "over ",
    **{
        rf"\b((?:{_BOUNDS}|exactly|only|just)(?: than)?) {word}\b": rf"\1 {n} times"
        for n, word in enumerate(("once", "twice", "thrice"), 1)
    },
    r"\b(?:incidence|prevalence) of (?=(?:zero|no|nil)\b)": "share with ",
    r"\b(?:in )?(?:what|which) (?:share|percent(?:age)?|proportion|fraction|part|%) of (?:the )?"
    r"months\b(?=,? (?:is|are|do|does|did|have|has|was|were)\b)": "how often",
    r"\b(average|avg|mean|median|typical|total|highest|lowest|biggest|largest|smallest) lines?\b"
    r"(?= (?:for|of|in|by|per|among|across|at|size)\b| ?[?.!]*$)": r"\1 credit limit",
}
_ROOM = (
    r" (?:unused |spare |available )?(?:headroom|room left|unused (?:limit|line|credit))"
    r"(?: left)?(?: (?:on|in|of) (?:their|its|the) (?:credit )?(?:limit|line|card)s?)?\b"
)
_ORDERS = {
    rf"(?<=, )(?:{_GREAT}|biggest|highest|largest|most) first\b": "descending",
    rf"(?<=, )(?:{_SMALL}|smallest|lowest|least|fewest) first\b": "ascending",
    rf"\b(?:most|more|biggest|largest|highest){_ROOM}": "lowest utilisation",
    rf"\b(?:least|less|smallest|lowest){_ROOM}": "highest utilisation",
    rf"\bfrom (?:{_SMALL})(?:er|est)? to (?:{_GREAT})(?:er|est|gest)?\b": "ascending",
    rf"\bfrom (?:{_GREAT})(?:er|est|gest)? to (?:{_SMALL})(?:er|est)?\b": "descending",
    r"\b(?:no\.?|nr\.?|number|#) *(?:1|one) "
    r"(?=(?:seg(?:ment)?|group|cluster|audience)\b)": "top ",
    **{
        r"\b(which|what|wich) (\w+) (?:that )?(?:has|have|had|got|holds|contains|with) (?:the )?"
        rf"(?:{words}) (?:{_CROWD})(?: (?:in|inside) (?:it|them))?"
        r"(?=\s*[?.!]*$)": rf"\1 \2 is {rank}"
        for words, rank in (
            ("most|more|(?:highest|largest|greatest|biggest) (?:number|count) of", "biggest"),
            ("fewest|fewer|least|less|(?:lowest|smallest) (?:number|count) of", "smallest"),
        )
    },
}
PLAINLY = QUANTITIES | AMOUNTS | _MEANINGS | _MEASURES | _ORDERS
