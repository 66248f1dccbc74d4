"""How long questions take to be read: ``python -m tests.benchmarks.reading``.

The tuning questions one by one, and messages of the greatest length that is read: one word again
and again, words and questions at random, signs of many scripts. CPU-milliseconds.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import numpy as np

from bot.questions.parse import parse
from bot.questions.text.clean import MAX_CHARACTERS
from tests.unit.questions.cases import TODAY, cases, lexicon
from tests.unit.questions.score import styles

TYPICAL_MS, LONGEST_MS = 5.0, 50.0  # what a question, and a message of any kind, may take
_AGAIN = (
    *(
        "is ",
        "are ",
        "how many ",
        "what ",
        "segment 2 ",
        "1 ",
        "1,",
        "1.",
        "over 5k ",
        "the ",
        "and ",
    ),
    *(
        "not ",
        "between ",
        "since ",
        "who ",
        "-",
        "\n",
        "?",
        "'",
        '"',
        "atm ",
        "the atm is ",
        "no, ",
    ),
    *(
        "customers who ",
        "rename segment 2 to ",
        "5%",
        "how big is ",
        "because ",
        "so ",
        "they ",
        "a",
    ),
)
_SCRIPTS = ((32, 127), (0x400, 0x4FF), (0x4E00, 0x4F00), (0x1F300, 0x1F600))


def _longest(asked: list[str], seed: int) -> Iterator[str]:
    rng = random.Random(seed)
    words = " ".join(asked).split()
    yield from (again * MAX_CHARACTERS for again in _AGAIN)
    for _ in range(20):
        yield " ".join(rng.choices(words, k=800))
        yield " ".join(rng.choices(asked, k=120))
        yield "".join(chr(rng.randrange(*rng.choice(_SCRIPTS))) for _ in range(MAX_CHARACTERS))


def measured(seed: int = 1) -> dict[str, float]:
    """CPU-ms: the median and the 95th percentile of questions, and the worst long message."""
    known = lexicon()

    def took(text: str) -> float:
        started = time.process_time()
        parse(text, known, today=TODAY)
        return 1000 * (time.process_time() - started)

    asked = [case.text for style in styles("dev") for case in cases(style)]
    times = [took(text) for text in asked]
    worst = max(
        min(took(text[:MAX_CHARACTERS]) for _ in range(3)) for text in _longest(asked, seed)
    )
    p50, p95 = np.percentile(times, [50, 95])
    return {"p50": float(p50), "p95": float(p95), "longest": worst}


if __name__ == "__main__":
    found = measured()
    print(", ".join(f"{what} {ms:.1f} ms" for what, ms in found.items()))
