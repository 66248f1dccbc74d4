"""How well questions are read, style by style: ``python -m tests.unit.questions.score [STYLE...]``.

``heldout_*`` are styles nothing was ever tuned on. ``dev_*`` were used for tuning; the first line
of such a file says how it was read when it was new. With styles named, what was misread is shown.
"""

from __future__ import annotations

import sys

from tests.unit.questions.cases import FOLDER, cases, lexicon


def styles(kind: str) -> list[str]:
    """Names of the files of a kind: "dev" or "heldout"."""
    return sorted(file.stem for file in FOLDER.glob(f"{kind}_*.txt"))


def report(names: list[str], *, show: bool) -> None:
    """One line a style and one for all: questions, read right, confidently wrong."""
    known = lexicon()
    asked = right = wrong = 0
    for name in names:
        read = [(case, case.read(known)) for case in cases(name)]
        missed = [(case, readings) for case, readings in read if not case.fits(readings)]
        confident = sum(case.confidently_wrong(readings) for case, readings in missed)
        _line(name, len(read), len(read) - len(missed), confident)
        for case, readings in missed if show else []:
            found = "; ".join(f"{r.status} {r.query.intent} {r.query.slots()}" for r in readings)
            print(f"    {case.text}\n        {found}")
        asked, right, wrong = (
            asked + len(read),
            right + len(read) - len(missed),
            wrong + confident,
        )
    _line("together", asked, right, wrong)


def _line(name: str, asked: int, right: int, confident: int) -> None:
    print(
        f"{name:20}{asked:5} questions{right / asked:8.1%} right{confident / asked:7.1%} ", end=""
    )
    print("confidently wrong")


if __name__ == "__main__":
    for kind in ["heldout", "dev"] if len(sys.argv) == 1 else []:
        report(styles(kind), show=False)
    if sys.argv[1:]:
        report(sys.argv[1:], show=True)
