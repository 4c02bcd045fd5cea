"""Shows the program's progress: one live line in a notebook or a terminal, lines elsewhere."""

from __future__ import annotations

import sys
from typing import Any


class Progress:
    """Takes the lines that the program writes to stderr.

    Warnings stay. Of other lines, the last one is shown where a line can be replaced, so in a notebook
    and on a terminal. The line of an error is not shown: the exception says it.
    """

    def __init__(self) -> None:
        self._in_notebook = _is_notebook()
        self._handle: Any = None
        self._live = not self._in_notebook and sys.stderr.isatty()
        self._width = 0

    def __call__(self, line: str) -> None:
        """Shows a line."""
        if line.startswith("unroll: warning:"):
            self.close()
            print(line, file=sys.stderr)
        elif line.startswith("unroll: "):
            pass
        elif self._in_notebook:
            self._show({"text/plain": line})
        elif self._live:
            print("\r" + line.ljust(self._width), end="", file=sys.stderr, flush=True)
            self._width = len(line)
        else:
            print(line, file=sys.stderr)

    def _show(self, data: dict[str, str]) -> None:
        """Shows data in the one output of the notebook's cell that is replaced each time."""
        from IPython.display import display

        if self._handle is None:
            self._handle = display(data, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(data, raw=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the live line."""
        if self._live and self._width:
            print(file=sys.stderr)
            self._width = 0


def _is_notebook() -> bool:
    if "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython

    return get_ipython() is not None
