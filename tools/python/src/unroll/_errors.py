"""What can go wrong: three errors, each with one line for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._runs import Run


class UnrollNotFound(FileNotFoundError):
    """The program `unroll` is not where `UNROLL` says; or, without `UNROLL`, neither in the package nor on
    `PATH`."""


class UnrollError(RuntimeError):
    """The program ended with an error.

    Attributes:
        status: the exit status: 1 could not be done (file, library, disk), 2 wrong usage, 3 training
            became non-finite; negative for the signal that ended the program.
        run: what the program had saved by then, where it had begun to write; otherwise None.
    """

    def __init__(self, message: str, status: int, run: Run | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.run = run


class CannotMeasure(ValueError):
    """A module, a loss or a call that would be measured wrongly, and so is not measured at all."""
