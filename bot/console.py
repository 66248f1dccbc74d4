"""The terminal: talk goes to stderr, data to stdout, and no one sees a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console

from analytics.errors import SegmentryError
from bot.logs import unexpected

talk = Console(stderr=True, highlight=False)
show = Console(highlight=False)


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """A line that says what is going on; plain lines where no one is watching."""
    if talk.is_terminal:
        with talk.status(title) as status:
            yield lambda text: status.update(f"{title}: {text[:1].lower()}{text[1:]}")
    else:
        yield lambda text: talk.print(f"{text}.", markup=False)


class CarefulGroup(click.Group):
    """Commands whose known failures are one sentence and an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["standalone_mode"] = False
        try:
            sys.exit(super().main(*args, **kwargs) or 0)
        except SegmentryError as error:
            talk.print(error.what, style="bold red", markup=False, soft_wrap=True)
            if error.next_step:
                talk.print(error.next_step, markup=False, soft_wrap=True)
            sys.exit(error.exit_code)
        except click.exceptions.Exit as done:
            sys.exit(done.exit_code)
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            talk.print("Stopped. Nothing was half written; run it again when you like.")
            sys.exit(130)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(0)
        except Exception as error:
            token = unexpected(error, " ".join(sys.argv[1:3]))
            talk.print(
                "Something went wrong that Segmentry did not expect "
                f"({type(error).__name__}); nothing was half written.",
                style="bold red",
                markup=False,
            )
            talk.print(f"The log has the details under [{token}].", markup=False)
            sys.exit(1)
