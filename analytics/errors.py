"""Known failures: each says what, with which value, and the next step, in one sentence or two."""


class SegmentryError(Exception):
    """A failure a person can act on.

    Parameters
    ----------
    what : one sentence with the place and the value that caused it.
    next_step : what the reader does now; "" when nothing can be done.
    """

    exit_code = 1

    def __init__(self, what: str, next_step: str = "") -> None:
        super().__init__(f"{what} {next_step}".strip())
        self.what = what
        self.next_step = next_step


class WrongUsage(SegmentryError):
    """The command, option, setting or query cannot be meant this way."""

    exit_code = 2


class DataRefused(SegmentryError):
    """The data failed the quality gate; nothing changed."""

    exit_code = 3


class NothingDue(SegmentryError):
    """There was nothing to do."""

    exit_code = 4


class StoreBusy(SegmentryError):
    """Another process writes the live file and did not finish in time."""


class NotPublished(SegmentryError):
    """Nothing has been published yet, so there is nothing to read."""


class QueryRefused(SegmentryError):
    """Ad-hoc SQL that is not one read-only SELECT on the views, or exceeded its limits."""
