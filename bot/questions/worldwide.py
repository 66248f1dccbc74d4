"""What other languages do to an English question: its word order, and a few false friends."""

from __future__ import annotations

_WHOLE = "seg(?:ment)?s?|clusters?|groups?|cohorts?|audiences?"
_PEOPLE = "ids?|names?|customers?|clients?|people|examples?|accounts?|members?"
_ASKED = (
    r"(?:what|which)(?: (?:is|are|one|ones))*(?: (?:it|that|they|there))?(?: is| are)?"
    r"|how much(?: is| are)?(?: it| there)?(?: is)?"
)
_WANTING = "like|love|want|wish|wishes|wants|need|needs|possible|able|hope|expect|happy|glad|have"
_GIVEN = "receive|obtain|be given|be sent|be provided(?: with)?|be shown|be told"
_KNOWN = (
    "team|dept|department|desk|branch|marketing|risk|finance|cards?|sales|ops|crm|analytics|hr"
    "|office"
    "|unit|division|agency|side|bank|pricing|retention|product|brand|media"
)
_THANKFUL = (
    r"(?:very |really |so |most |more than |ever so |extremely )?(?:grateful|thankful|obliged|happy"
    r"|glad|pleased|appreciative|kind|nice|lovely|great)"
)
_WHAT_FOR = (
    r"(?: (?:for|about|of|to|if|you|your|have|get|any|an?|the|some|me|us|help|quick|short|kind|good"
    r"|clear|brief|fast|answer|reply|reason|reasons|explanation|response|feedback|info|information"
    r"|insight|support|assistance|could|can|would|tell|know|explain|it|that|this|with))*"
)
_MANNERS = {
    # "..., many thanks in advance for the explanation", "I would be grateful for the reason."
    rf"[.?!,;]\s*(?:and )?(?:many |kind |best |a lot of )?(?:thanks|thank you|thx|thanking you)"
    rf"(?: (?:so|very) much| a lot)? (?:already )?in advance{_WHAT_FOR}\W*$": "?",
    rf"(?<=[\w\"'])([.?!]) *(?:i(?:'d| would| will)?|we(?:'d| would)?|it(?:'d| would)"
    rf"|would|that(?:'d"
    rf"| would))(?: be)? {_THANKFUL}{_WHAT_FOR}\W*$": r"\1",
    rf"(?<=[\w\"'])([.?!]) *(?:i|we)(?:'d| would)(?: really| much| highly)? "
    rf"appreciate{_WHAT_FOR}\W*$": r"\1",
    rf"\b({_WANTING}) to (?:{_GIVEN})\b(?! (?:no|the weekly|the digest|weekly|alerts?))": (
        r"\1 to get"
    ),
    # "Sorry, probably a dumb question, but what ..."
    r"^\W*(?:(?:sorry|apologies|excuse me|pardon|forgive me)[,.]? )?(?:if )?(?:it's |it"
    r" is |this is "
    r"|this may be |this might be |that's |i know it's |i know this is )?(?:probably "
    r"|maybe |perhaps "
    r"|possibly |surely |likely )?(?:an? )?(?:very |really |bit of a |rather )?(?:dumb|stupid|silly"
    r"|basic|obvious|naive|daft|weird|odd|strange|noob|ignorant) (?:question|one|query|thing)"
    r"(?: to ask)?(?:,? but| ?[,:;.-])+ *(?=\w)": "",
    r"^\W*(?:so |very |really |i'm |i am )*sorry (?:to|for|if) (?:be |i'm |i am"
    r" )?(?:trouble|troubling"
    r"|bother|bothering|disturb|disturbing|pester|pestering|interrupt|ask|asking)(?: (?:you|again"
    r"|this|so|late|early|now|with|this|on|a|monday|friday|once|more))*[,.:;-]* *(?:but )?"
    r"(?=\w)": "",
    r"^\W*(?:so |very |really |i'm |i am )*sorry (?:for|about|if) (?:(?!seg|custom|wrong|mist|typo"
    r"|confus|mix)[a-z']+ ?){1,8}?(?:[,:;-]| but\b)+ *(?:but )?(?=\w)": "",
    r"^\W*(?:just |and |oh |also )*(?:one|two|a few|some)? ?(?:more|other|last|final|further|quick"
    r"|additional) (?:things?|points?|questions?|q|ones?|asks?|requests?)\s?[,:;-]+ *(?=\w)": "",
    r"\b(slides?|deck|presentation|report|meeting|pitch|review)((?: \w+){0,3}) (?:for|on|by"
    r"|before) (?:next )?(?:mon|tues|wednes|thurs|fri)day\b": r"\1\2",
    # "Myself Rajesh from cards team. What can you do?"
    rf"^\W*(?:hi|hello|hey|dear all)?\W*(?:myself|my name is|(?:i am|i'm|this is|here is|it's)"
    rf"(?=(?: \w+){{1,2}} (?:here|(?:from|of|in|at|with) (?:the )?(?:\w+ ){{0,2}}(?:{_KNOWN}))\W))"
    rf" (?-i:[A-Z])\w+(?: (?-i:[A-Z])\w+)?(?: here)?(?: (?:from|of|in|at|with) (?:the"
    rf" )?(?:\w+ ?){{1,3}})?"
    rf"[.,!;:-]+ *(?=\w)": "",
}
_ORDERS = {
    rf"\b(?:{_WHOLE})[- ]?wise\b": "by segment",
    r"^\W*(?:size|number|headcount|population|volume)[- ]?wise,? (?=wh|how|is|are)": "",
    rf"^(.{{6,80}}?),? (?:the |which )?(difference|gap)s?(?: (?:is|there is))? (?:{_ASKED})"
    r"(?: exactly| please)?(?=\W*$)": r"\2 between \1",
    r"\b(what|who|which|where) all (?=(?:\w+ )?(?:you|we|i|can|do|does|is|are|should))": r"\1 ",
    r"^(?:please )?have (?=how (?:many|much)\b)": "",
    r"\b(more|less|fewer|higher|lower|bigger|smaller) (?:of|then|as|that) "
    r"(?=(?:the )?[$€£]?\d[\d.,]*k? ?(?:%|percent|of|$))": r"\1 than ",
    r"\b(pay|buy|use|spend|take|make|borrow)(s?) (never|always|often|rarely|usually)\b(?! \W?\d)": (
        r"\3 \1\2"
    ),
    r"\bpay(s|ing)? full(?: (?:the|their|its) (?:bills?|balances?|amounts?))?"
    r"(?=\W*$|,| (?:amount|balance|in|of)\b)": r"pay\1 in full",
    r"\bwhat (?:became|happened|has become|has happened) (?:of|to) (?:the |those |our )?"
    r"((?!(?:the |those |our )?(?:people|customers|clients|ones)\b)"
    r"[^,?.]{3,30}?) (?:who|that|which) (?:have |had )?"
    r"(left|moved|quit|went)\b(?: away| out)?": (r"where did the customers who left \1 go"),
    r"\b(?:did|do|does|have|has)(?: not|n't)? (?:not )?(buy|use|spend|pay|take|make)"
    r"(?: for)? nothing\b": r"did not \1 anything",
    # "Who spends most, give me 5 ids" asks for customers.
    rf"^(who|which (?:customers?|clients?|people)) (?!are |is )([^?.!]{{5,70}}?)[,;.?]+"
    rf" (?:please |pls )?"
    rf"(?:(?:give|show|list|send|tell|name|i need|i want|need|want)(?: me| us)? )?(?:the "
    rf"|only |just "
    rf"|top |first )*(\d{{1,3}}) (?:\w+ )?(?:{_PEOPLE})(?: please| pls)?(?=\W*$)": (
        r"top \3 customers who \2"
    ),
    r"\b(?:50/50|60/40|70/30|75/25|80/20|85/15|90/10|95/5|20/80|10/90|5/95) "
    r"(?=(?:in|into|test|control|split|hold)\b)": "",
    r"(?<=split )(?:50/50|60/40|70/30|75/25|80/20|85/15|90/10|95/5)\b": "",
    r"^(c\d{5}) (?:(?:has|is|just|have) )*(?:called|rang|phoned|mailed|emailed|wrote|complained"
    r"|calling|on the (?:phone|line))\b(?: (?:in|up|us|me|just now|today|again))*[,.;] "
    r"(?:and )?": r"\1 ",
}
_UNCLEAR = r"unclear|not clear|undecided|ambiguous|doubtful|borderline|grey[- ]area|uncertain"
_ONES = "customers?|people|clients?|ones|members?|accounts?|those|anyone|anybody|who"
_BORDERS = {
    r"\b(?:(?:right |stuck |somewhere |caught |sitting |sit |lying |lie |falling |fall"
    r" )?in[- ]?between"
    r"|(?:stuck|caught|sitting|sits?|lying|lies?|falling|falls?|torn|hovering) between"
    r"|(?:on|at|near|by)"
    r" (?:the|an?) (?:edges?|cusp|boundar(?:y|ies)|fence|limits?) (?:of|between|to)|not (?:clearly"
    r"|really|quite|definitely|fully)(?: in)?(?: either)?(?: of)?) (?=(?:the )?"
    rf"(?:{_WHOLE}|\d) ?(?:\d|and|or|&))": "on the border of ",
    rf"\b(?:{_UNCLEAR}) (?:cases?|ones?|people|customers?|clients?)(?: (?:of|in|from"
    rf"|between|for|with))?"
    r"(?= (?:the )?seg)": "customers on the border of",
    rf"\b(customers?|people|clients?|ones|members?|accounts?|those|anyone|anybody|who)"
    rf" (?:that |who "
    rf"|which )?(?:could|might|may|can)(?: as well| equally| easily| just)* (?:be|belong"
    rf" to|fit|fit in"
    rf"|go in|sit in) (?:either )?(?:in )?((?:{_WHOLE}) ?\d|\d) or (?=(?:{_WHOLE}) ?\d|\d)": (
        r"\1 on the border of \2 and "
    ),
    rf"\b({_ONES}) (?:that |who |which )?(?:nearly|almost|just about|narrowly|only just) (?:became"
    r"|become|made it (?:in)?to|made|qualified (?:as|for)|turned into|were|are)\b": (
        r"\1 on the border of"
    ),
    r"(?<=seg \d|ent \d) (?=(?:min|max)(?:imum)?\b)": ", ",
}
_NUMBER = r"\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple(?: of)?"
_MORE = {"old": "older", "young": "younger", "big": "bigger", "large": "larger", "rich": "richer",
         "high": "higher", "low": "lower", "small": "smaller", "long": "longer"}  # fmt: skip
_MOST = "most|highest|largest|biggest|greatest|least|lowest|smallest|fewest"
# "Who has the highest limit in segment 2": a customer; of the segments, one of them.
_WHO_HAS = (
    rf"^who(?: has| have|'s got| holds| had| got| shows| carries)+ the "
    rf"((?:{_MOST}) [^?.,]{{3,30}}?)"
    rf" (?:in|of|among|within|from|out of) ((?!(?:the |our |all |these |any )*"
    rf"(?:six |6 )?(?:{_WHOLE})"
    r"\W*$)(?!the base|total|all\b|general|full\b(?! pay))[^?.,]{1,30}?)"
)
_TURNS = {
    rf"{_WHO_HAS},? (?:the )?top (\d{{1,3}})(?=\W*$)": r"top \3 customers of \2 with the \1",
    rf"{_WHO_HAS}(?=\W*$)": r"which customer has the \1 in \2",
    rf"\bsince (?:the )?(?:last )?({_NUMBER}) (weeks|months)\b(?! ago| back)": r"over the"
    r" last \1 \2",
    r"\bsince (?:one|a|1) (week|month|quarter|year)\b(?! ago| back)": r"over the last \1",
    **{rf"\bmore {plain}\b": more for plain, more in _MORE.items()},
    **{
        rf"\b(which|what|who|whose)\b([^?.,]{{3,40}}?) (?:{words}) "
        r"(?:number of |count of )?(\w+ )?"
        rf"than (?:all |any )?(?:of )?(?:the )?(?:others?|rest)(?: (?:{_WHOLE}))?": (
            rf"\1\2 {most} \3"
        )
        for words, most in (
            ("more|higher|bigger|greater|larger", "the most"),
            ("less|fewer|lower|smaller", "the least"),
        )
    },
    r"^i (?:am |'m )?(?:search(?:ing)?|seek(?:ing)?|look(?:ing)? for)(?: for)? ": "show ",
    r"^(?:on|upon) (?:what|which \w+) (?:is|are) based (.+?)(?=\W*$)": r"what is \1 based on",
    r"^how (?:do |did |are |is )?(?:you |we |they )?(?:call|name)(?:ed|s)? (?:the )?": (
        "what is the name of "
    ),
    r"\b(tell|say|show|give|send|explain) to (me|us)\b": r"\1 \2",
    r"\b(?:have|has|had|did|do|does)(?: not|n't) (?:done|made|make|do|had|have|taken|take) (?:any|a"
    r" single|even one) (?=(?:one-?off |cash |instal\w* )?(?:purchase|transaction|cash|payment"
    r"|instal|withdrawal"
    r"|advance))": "have no ",
    r"\b(?:have|has|had|are|is) (?:still|yet) to (?:make|do|take|use) (?:an?|any|one|their first)"
    r" (?=(?:one-?off |cash |instal\w* )?(?:purchase|cash|transaction|withdrawal"
    r"|advance))": "have no ",
    r"^(which|what) (\w+) (?:hardly|rarely|barely|seldom|scarcely)(?: ever)? (?:use|buy|take"
    r"|make|do)s?(?: in| with| by| any| their| out)? (?=cash|instal"
    r"|one-?off)": r"\1 \2 has the lowest ",
    r"\b(?:hardly|rarely|barely|seldom|scarcely)(?: ever)? (?:use|buy|take|make|do)s?"
    r"(?: in| with| by| any| their| out)? (?=cash|instal|one-?off)": "have low ",
    r"\b(number|count|share|percentage) (?=(?:customer|client|people|account|member)s?\b)": (
        r"\1 of "
    ),
    r"\b(bigger|smaller|larger|higher|lower|older|younger|longer|shorter|richer|better|worse) as "
    rf"(?=(?:the |our )?(?:{_WHOLE}|\d|vip|big|full|dormant|cash|instal|one))": r"\1 than ",
    r"\b(ma(?:de|kes?)) ([^,?.]{3,30}?) to (grow|shrink|fall|rise|drop|increase|decrease)\b": (
        r"\1 \2 \3"
    ),
    r"\bdid (?:it )?happen(?:ed)? (something|anything)((?: (?:special|new|strange|odd"
    r"|unusual))?)": (r"did \1\2 happen"),
    r"\bhow (?:does |do |can |could |would |should )?one (?=[a-z])": "how do i ",
    r"\barrived? to\b": "arrive at",
    r"\b(can|could|may) (i|we) demand\b": r"\1 \2 ask",
    r"\bmore numerous\b": "bigger",
    r"\bstrength (?=of (?!the drift|drift|the model))": "count ",
}
_WORDS = {
    r"\bhow (?:full|exhausted|used up|maxed out) (?:their|the|its) (?:credit )?(?:limit"
    r"|line|card)s?(?: (?:is|are|gets?))?\b": "utilisation",
    r"^(?:do|does|did) (.{3,40}?) (?:account for|make up|contribute|represent|generate|drive"
    r"|produce|bring in|provide) (?:(?:more|less) than "
    r"|over |under |about |around |roughly )?(?:half|most"
    r"|the majority|the bulk|a third|two thirds|a quarter) of (?:all |the |our |total )*(?=\w)": (
        r"do \1 make up what share of total "
    ),
    r"\bwhat (?:does|do|did) (?:it|this|that|they|he)? ?wants? to (?:say|mean|tell)\b,?": "define",
    r"\b(?:what (?:it|this|that) |which it )wants? to (?:say|mean|tell)\b": "meaning",
    r"\b(?:the )?repartitions?(?= (?:of|by|in|between|per)\b)": "the distribution",
    r"\b(?:to|at|on|in) (?:our|my|your|the) (?:disposition|disposal)\b"
    r"|(?<=\w )dispose of(?=\W*$)": "available",
    r"\bwhat is to be understood (?:by|under)\b": "define",
    r"\b(?:teh|hte)\b": "the",
    r"\b(?:spend|buy|pay)s?(?: the)? most(?: money)? (?:by|with|in|through"
    r"|via) (?:the )?(?:one|single)"
    r"[- ](?:time|off|shot) (?:payment|purchase)s?\b": "has the most one-off purchases",
    r"\bone[- ]time (?:purchase|payment|transaction)s?\b": "one-off purchases",
}
WORLDWIDE = _MANNERS | _ORDERS | _BORDERS | _TURNS | _WORDS
