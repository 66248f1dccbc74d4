"""Currencies, fractions, lengths of time and counts of times, put as amounts are read."""

from __future__ import annotations

_CODES = "eur|usd|gbp|aud|cad|chf|sgd|nzd|hkd|aed|zar|sek|nok|dkk|pln|myr|thb|brl|mxn|jpy|ngn|kes"
_NUMBER = r"\$?\d[\d.,]*(?:k|m)?"
_BOUNDS = (
    "less than|more than|fewer than|longer than|shorter than|at least|at most|over|under|above"
    "|below|up to|no (?:less|more|longer|fewer) than|exactly|only|just"
)
_MONTHS = r"(\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:months?|mths?|mos?)"
_WHOLE = r"(?:the |their |its |all (?:the )?)?(?:time|months?|statements?|bills?|occasions|cases)"
_FRACTIONS = {
    "(?:a |one )?half": 50,
    "(?:a|one) third": 33,
    "two[- ]thirds": 67,
    "(?:a|one) quarter": 25,
    "three[- ]quarters": 75,
}
# The nouns of what is measured, before "-wise".
_MEASURED = (
    "spend|spending|purchase|purchases|balance|debt|util|utilisation|utilization|limit|credit limit"
    "|payment|payments|repayment|tenure|cash|cash[- ]advance|instalment"
)
QUANTITIES = {
    rf"(?<!\w)(?:{_CODES}|(?:us|au|a|c|s|nz|hk)\$) ?(?=\.?\d)": "$",
    rf"(?<=\d)(k|m)? ?(?:{_CODES})\b": r"\1 dollars",
    **{
        rf"\b((?:{_BOUNDS})) {word} (?:of )?{_WHOLE}": rf"\1 {share}%"
        for word, share in _FRACTIONS.items()
    },
    rf"(?<=\d)( ?%| percent) of {_WHOLE}\b": r"\1",
    rf"\b{_MONTHS} (?:or|and) (?:less|fewer|under|below|shorter|lower)\b": r"at most \1 months",
    rf"\b{_MONTHS} (?:or|and) (?:more|longer|over|above|up|upwards|beyond)\b": (
        r"at least \1 months"
    ),
    r"\b(?:have |has )?(?:had|held|owned|carried) (?:the|their|a|our) (?:credit )?card(?: with us)?"
    rf" (?:for )?(?=(?:{_BOUNDS}) \w+ months?)": "have tenure ",
    r"\b(?:been (?:a )?(?:customer|client|cardholder|member)s?(?: (?:with|of) (?:us|ours))?"
    r"|(?:with (?:us|the (?:bank|company))|on (?:our|the) books?)(?: now)?) (?:for )?"
    rf"(?=(?:{_BOUNDS}) \w+ months?)": "tenure ",
    rf"\bcarr(?:y|ies|ied|ying) (?=(?:{_BOUNDS}|north of|upwards of|in excess of) \$?\d)": (
        "with a balance of "
    ),
    r"\b(tenure|with us|with the bank|books?|(?:been|were) customers?)((?: \w+){0,2}?) "
    rf"({_BOUNDS}) (?:a|one|1) (?:full )?year\b(?! ago)": r"\1\2 \3 12 months",
    r"\b(?:closest|nearest) to (?:being )?max(?:ed|ing) out\b": "highest utilisation",
    r"\b(?:lies?|lying|falls?|falling|sits?|sitting|ranges?|ranging|stands?|standing)"
    r"(?= (?:between|above|below|under|over|at least|at most) "
    r"\$?\d+(?:[.,]?\d|k| ?%| percent))": "is",
    r"\bonce or more\b|\bone or more times\b": "at least 1 times",
    r"\b(?:something|anything|stuff|things) "
    r"(?=(?:fewer|less|more|at least|at most|over|under)\b)": "",
    r"\b(?:somewhere|anywhere|anything)(?: in)? between (?=\$?\d+(?:[\d.,]{2}|k|%| ?percent))": (
        "between "
    ),
    r"\b(?:what|which) (?:share|proportion|percent(?:age)?|part|fraction|%) of (?:the |our )?"
    r"([^,.?]{2,30}?)'s? (?:credit )?(?:limit|line)s? (?:is|are|gets?) "
    r"(?:in use|used|drawn|taken|utili[sz]ed)(?: up)?\b": r"what is the utilisation of \1",
    r"\b(which|what) (segment|group|cluster|audience|lot) (?:hardly|barely|rarely|seldom|scarcely)"
    r"(?: ever)? (?=\w+s\b)": r"\1 \2 least ",
    r"\b(?:number|no\.?|nr\.?) ?(?:1|one) "
    r"(?=(?:spender|buyer|borrower|payer|debtor|shopper|customer|client)\b)": "biggest ",
    r"\b(?:drew|drawn) (?=(?:out )?(?:any |some )?(?:cash|money|nothing)\b)": "withdrew ",
    r"\b(?:drew|drawn|took|taken|takes?|taking|pull(?:s|ed)?|withdr[ae]wn?|withdraws?)"
    rf"((?: (?:{_BOUNDS}))? {_NUMBER}) (?:out )?(?:in|as|of) cash\b": r"with cash advances of\1",
    r"\bhow (?:big|large|sizeable|sizable) (?:is|would|are) (?:the|that|this) "
    r"(?:group|set|pool|bunch|population|subset|crowd)(?: be)?(?: of (?:people|customers|cards))?"
    r" (?=(?:with|who|that|whose)\b)": "how many customers ",
    rf"\b({_MEASURED})[- ]wise\b": r"in terms of \1",
}
