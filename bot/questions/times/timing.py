"""The grammar of times: "4 weeks ago", "since 1 March", "last 8 wks", "in the first week"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.questions.text.items import Found, Item, Items, skip, symbol, symbols
from bot.questions.text.ordinals import nth
from bot.questions.text.phrases import Lookup
from bot.questions.text.vocabulary import Vocabulary
from bot.questions.times.calendar import DAY_WORDS, MONTH_WORDS, Time, in_weeks, is_day
from bot.questions.times.dates import in_digits, year_at
from bot.questions.times.holidays import holiday

_UNITS = frozenset({"day", "week", "month", "quarter", "year"})
_VAGUE = {"couple": 2, "few": 3, "handful": 4, "a": 1, "one": 1, "an": 1, "several": 4}
_MOMENTS = frozenset("minute minutes min mins hour hours second seconds sec secs".split())
_PARTS = {"early": 5.0, "mid": 15.0, "late": 25.0}
_UNTIL = frozenset({"to", "until", "till", "-"})
_OVER = frozenset({"over", "during", "throughout"})
_BEFORE = frozenset("on in as of at for the by during back".split())
_BEFORE_SPAN = frozenset("in over during for the of from on".split())
_YEARLY = frozenset({"month", "quarter", "year"})
_SMALL = frozenset({"the", "of", "on", "our", "very", "in"})
_COMPARED = frozenset("than versus to against with".split())
_AGAINST = frozenset("since than to versus against from in at compare after".split())
_OCCASIONS = frozenset(
    "deck report meeting review plan budget presentation board slide brief".split()
)
_DAYS_LED = frozenset("the on since from by before until till to at of as".split())
_AFTER_DAY = frozenset({"", "?", ".", ",", "!", "and", "please", "to", "until", "till", "versus"})
_DATED = frozenset({"day", "date", "digits", "holiday", "nth"})
_RATES = {"wow": 1, "m_m": 4, "q_q": 13, "y_y": 52}


def _is_numbered(items: Items, at: int) -> bool:
    """Whether a number before a month is that of a segment: "segment 3 August against July"."""
    few = items[at].symbol == "<n>" and items[at].value < 10
    many = {"by", "per", "each", "every"} & set(symbols(items, max(0, at - 2), 1))
    return few and symbol(items, at - 1) == "segment" and not many


def _when(width: int, *moment: Any, **more: Any) -> tuple[int, Item]:
    return width, Item("<when>", Time(*moment, **more))


def _dated(width: int, day: float, month: str, year: int | None) -> tuple[int, Item]:
    """A day of a month, or what no calendar has: "31 February"."""
    real = is_day(day, month, year)
    no_day = Item("<baddate>", f"{day:g} {month.capitalize()}")
    return _when(width, "date", float(day), month, year=year) if real else (width, no_day)


def _numbered_week(items: Items, at: int) -> Found:
    """ "Week 38", "calendar week 38", "CW 38", as many in Europe count them."""
    start = skip(items, at, {"calendar"})
    led = symbol(items, start) in ("week", "cw", "kw")
    number = items[start + 1].whole() if led and start + 1 < len(items) else None
    if number is None:
        joined = re.fullmatch(r"[ck]w(\d{1,2})", items[at].text)
        return _when(1, "week", float(joined[1])) if joined and 0 < int(joined[1]) < 54 else None
    return _when(start + 2 - at, "week", float(number)) if 9 < number < 54 else None


class Timing:
    """Recognises times; what they mean in stored snapshots is for `times.Calendar`."""

    def __init__(self, book: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> None:
        fixed = {name: book[name] for name in ("now", "first", "previous", "fit_before")}
        self.fixed = Lookup[str](fixed, vocabulary)
        self.ago = frozenset(book["ago"])
        self.recent = frozenset(book["recent"])
        self.within = frozenset(book["within"])

    def rule(self, items: Items, at: int) -> Found:
        """The time that starts at an item, with "since" or "from ... to ..." before it."""
        head = items[at].symbol
        if head in ("since", "from", "after", "between"):
            return self._from(items, at)
        found = self._window(items, at) or self._moment(items, at) or self._span(items, at)
        if found is None:
            return None
        if symbol(items, at + found[0]) in _OCCASIONS:
            return found[0] + 1, Item("<aside>")
        if found[1].symbol == "<when>" and symbol(items, at + found[0]) in _UNTIL:
            start = at + found[0] + 1
            now = self._point(items, start, led=False) if start < len(items) else None
            if now and now[1].symbol == "<now>":
                return start + now[0] - at, Item("<since>", found[1].value)
        return found

    def _from(self, items: Items, at: int) -> Found:
        """ "Since X"; "from X to Y"; "from last week"."""
        head, start = items[at].symbol, skip(items, at + 1, _SMALL)
        found = self._moment(items, start) or self._span(items, start)
        if found is None and head == "since" and at + 1 < start < len(items):
            start = at + 1  # "since the beginning"
            found = self._moment(items, start)
        if found is None:
            found = self._window(items, start) if head == "since" else None
            return (start + found[0] - at, found[1]) if found else None
        width, item = found
        total = start + width - at
        if item.symbol == "<baddate>":
            return total, item
        onwards = symbol(items, start + width) in ("onward", "onwards", "on", "forward")
        if head == "since" or (head == "from" and (onwards or item.symbol == "<span>")):
            occasion = symbol(items, start + width) in _OCCASIONS | {"digest", "campaign"}
            return total + (onwards or occasion), Item("<since>", item.value)
        if head != "after" and symbol(items, start + width) in (*_UNTIL, "and"):
            until = skip(items, start + width + 1, _SMALL)
            end = self._moment(items, until)
            if end and end[1].symbol == "<now>" and item.value:
                return until + end[0] - at, Item("<since>", item.value)
            if end and end[1].symbol == "<when>" and item.value:
                return until + end[0] - at, Item("<between>", (item.value, end[1].value))
        if head == "after" and item.symbol == "<when>" and item.value.kind in _DATED:
            return total, Item("<since>", item.value)
        return (total, item) if head == "from" and item.symbol == "<when>" else None

    def _window(self, items: Items, at: int) -> Found:
        """ "last 8 weeks", "over 12 weeks", "8-week": a number of weeks up to now."""
        start = skip(items, at, self.within | self.recent | {"the", "of"})
        led = start > at
        if start >= len(items):
            return None
        exclaims = items[at].symbol == "wow" and symbol(items, at - 1) in ("", "ok", "oh", ",")
        if items[at].symbol in _RATES and len(items) > 1 and not exclaims:
            return 1, Item("<window>", _RATES[items[at].symbol])
        if items[start].symbol == "fortnight":
            return start + 1 - at, Item("<window>", 2)
        if symbols(items, start, 2) == ["half", "year"]:
            return start + 2 - at, Item("<window>", 26)
        first = items[start]
        count = (
            first.value if first.symbol == "<n>" and not first.unit else _VAGUE.get(first.symbol)
        )
        if count is None:
            before, one = symbol(items, start - 1), first.symbol in _UNITS
            past = led and one and before == "past"
            whole = led and first.symbol in _YEARLY and before == "the"
            over = _OVER & set(symbols(items, at, start - at)) and one and before in self.recent
            if past or over or (whole and items[at].symbol in self.within):
                return start + 1 - at, Item("<window>", in_weeks(1, first.symbol))
            return None
        end = skip(items, start + 1, ("of", "full"))
        soon = led and end < len(items) and items[end].text in _MOMENTS  # "in 5 min"
        if soon or symbol(items, end) in _MOMENTS:
            return end + 1 - at, Item("<aside>")
        if symbol(items, end) not in _UNITS or symbols(items, end + 1, 2) == ["to", "date"]:
            return None
        if symbol(items, at - 1) == "segment" and symbols(items, end, 3) == ["week", "by", "week"]:
            return None
        unit = items[end].symbol
        if symbol(items, end + 1) in self.ago:
            return end + 2 - at, Item("<when>", Time("ago", float(count), unit))
        if first.symbol != "<n>" and not led:
            return None
        return end + 1 - at, Item("<window>", in_weeks(float(count), unit))

    def _moment(self, items: Items, at: int) -> Found:
        start = skip(items, at, _BEFORE)
        while symbol(items, start) == "week" and symbol(items, start + 1) in ("of", "<date>"):
            start = skip(items, start + 1, _BEFORE)
        if start >= len(items):
            return None
        found = self._point(items, start, led=start > at)
        if found is None and start > at:
            found = self._point(items, at, led=False)
            start = at
        return (found[0] + start - at, found[1]) if found else None

    def _point(self, items: Items, at: int, *, led: bool) -> Found:
        words = [i.symbol for i in items[at : at + 6]]
        texts = [i.text for i in items[at : at + 6]]
        head = words[0]
        if head == "<date>":
            try:
                return _when(1, "day", day=date(*map(int, items[at].value.split("-"))))
            except ValueError:
                return 1, Item("<baddate>", items[at].value)
        if written := in_digits(items, at):
            return written
        if feast := holiday(items, at):
            before = "before" in symbols(items, max(0, at - 2), min(at, 2))
            return _when(feast[0], "holiday", -before, feast[1])
        if head in _UNITS and words[1:2] == ["ago"]:
            return _when(2, "ago", 1, head)
        if head == "before" and words[2:3] and words[2] in _UNITS:
            count = items[at + 1].value if words[1] == "<n>" else _VAGUE.get(words[1])
            if count:
                return _when(3, "ago", float(count), words[2])
        if found := _numbered_week(items, at):
            return found
        if head == "yesterday":
            return _when(1, "ago", 1, "day")
        if head in _PARTS and texts[1:2] and texts[1] in MONTH_WORDS:
            return _when(2, "part", _PARTS[head], texts[1])
        day = items[at].value if head == "<n>" and not items[at].plus else nth(items[at])
        if day is not None and day <= 31:
            month = 2 if words[1:2] == ["of"] else 1
            if len(texts) > month and texts[month] in MONTH_WORDS:
                width, year = year_at(items, at + month + 1)
                if not year and _is_numbered(items, at):
                    return None
                return _dated(month + 1 + width, day, texts[month], year)
        if items[at].symbol == "<nth>" and (found := self._day(items, at)):
            return found
        if texts[0] in MONTH_WORDS and (
            texts[0] not in ("may", "mar", "march", "sep") or led or len(words) > 1
        ):
            number = items[at + 1] if len(items) > at + 1 else None
            day = number and (number.value if number.symbol == "<n>" else nth(number))
            if day and day <= 31:
                width, year = year_at(items, at + 2)
                return _dated(2 + width, day, texts[0], year)
            width, year = year_at(items, at + 1)
            if texts[0] != "may" or led or year:
                return _when(1 + width, "month", unit=texts[0], year=year)
        if head in self.recent and texts[1:2] and texts[1] in DAY_WORDS:
            return _when(2, "weekday", unit=texts[1])
        if texts[0] in DAY_WORDS and led:
            return _when(1, "weekday", unit=texts[0])
        if re.fullmatch(r"q[1-4]", texts[0]):
            width, year = year_at(items, at + 1)
            return _when(1 + width, "quarter", int(texts[0][1]), year=year)
        if head == "ytd" or words[:3] == ["year", "to", "date"]:
            return (1 if head == "ytd" else 3), Item("<since>", Time("start", unit="year"))
        if head in ("start", "beginning", "begin", "end") and words[1:2] == ["of"] and texts[2:3]:
            if texts[2] in MONTH_WORDS:
                day = 1.0 if head != "end" else 31.0
                return _when(3, "part", day, texts[2])
            after = 3 if words[2:3] in (["the"], ["this"]) else 2
            if words[after : after + 1] and words[after] in _UNITS:
                return _when(after + 1, "start", unit=words[after])
        fixed = self.fixed.match(words, 0)
        if fixed:
            width, name = fixed
            if name == "fit_before":
                if not {symbol(items, at - 1), symbol(items, at - 2)} & _AGAINST:
                    return None
                name = "previous"
            return width, Item("<now>") if name == "now" else Item("<when>", Time(name))
        return None

    def _day(self, items: Items, at: int) -> Found:
        """ "The 21st of last month"; "since the 21st", as no segment is numbered so high."""
        day = items[at].value
        of = skip(items, at + 1, {"of", "the"})
        month, recent = symbols(items, of, 2)[1:] == ["month"], symbol(items, of)
        if day <= 31 and month and recent in (*self.recent, "this", "current"):
            which = "this" if recent in ("this", "current") else "last"
            return _when(of + 2 - at, "nth", day, which)
        dated = symbol(items, at - 1) in _DAYS_LED
        alone = symbol(items, at + 1) in _AFTER_DAY
        return _when(1, "nth", day) if dated and alone and 9 < day <= 31 else None

    def _span(self, items: Items, at: int) -> Found:
        """ "last month": a moment for a state, a window for a flow."""
        start = skip(items, at, _BEFORE_SPAN)
        if symbol(items, start + 1) not in _UNITS:
            return None
        word, unit = items[start].symbol, items[start + 1].symbol
        if word in self.recent and at and items[at - 1].symbol in _COMPARED:
            return start + 2 - at, Item("<since>", Time("ago", 1, unit))
        if word in self.recent:
            return start + 2 - at, Item("<span>", Time("ago", 1, unit))
        if word in ("this", "current"):
            return start + 2 - at, Item("<this>", Time("start", unit=unit))
        return None
