"""Shows the program's progress: one live line in a notebook or a terminal, lines elsewhere."""

from __future__ import annotations

import sys
from typing import Any


class Progress:
    """Takes the lines that the program writes to stderr.

    Warnings stay. Of other lines, the last one is shown where a line can be replaced, so in a notebook
    and on a terminal.
    """

    def __init__(self) -> None:
        self._handle = _notebook_line()
        self._live = self._handle is None and sys.stderr.isatty()
        self._width = 0

    def __call__(self, line: str) -> None:
        """Shows a line."""
        if line.startswith("unroll: warning:"):
            self.close()
            print(line, file=sys.stderr)
        elif self._handle is not None:
            self._handle.update({"text/plain": line}, raw=True)
        elif self._live:
            print("\r" + line.ljust(self._width), end="", file=sys.stderr, flush=True)
            self._width = len(line)
        else:
            print(line, file=sys.stderr)

    def close(self) -> None:
        """Ends the live line."""
        if self._live and self._width:
            print(file=sys.stderr)
            self._width = 0


def _notebook_line() -> Any | None:
    """An output of the notebook's cell that can be replaced; None outside of notebooks."""
    if "ipykernel" not in sys.modules:
        return None
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        return None
    return display({"text/plain": ""}, raw=True, display_id=True)  # type: ignore[no-untyped-call]
