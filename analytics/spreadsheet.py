"""What keeps exported cells harmless in a spreadsheet program."""

from __future__ import annotations

import re
from typing import Any

# https://owasp.org/www-community/attacks/CSV_Injection names the characters.
_FORMULA = re.compile(r"[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def csv_safe(cell: Any) -> Any:
    """A cell that Excel, LibreOffice or Sheets shows as text where it would run it as a formula.

    Text that starts with = + - @, a tab or a line break gets an apostrophe in front. Numbers stay
    as they are, also those written as text ("-12.5").
    """
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell
