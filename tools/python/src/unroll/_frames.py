"""Tables: data frames where pandas is installed, otherwise a light table of NumPy columns."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Column: TypeAlias = NDArray[Any]

Frame: TypeAlias = Any
"""A `pandas.DataFrame`, or a `Table` where pandas is not installed. Both give a column by its name
(`frame["lag"]`), the names (`frame.columns`) and the number of rows (`len(frame)`)."""


class Table(Mapping[str, Column]):
    """A read-only table: NumPy columns of one length, by name.

    `len(table)` is the number of rows, as of a data frame; iterating gives the names.
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = {name: column.view() for name, column in columns.items()}
        for column in self._columns.values():
            column.flags.writeable = False

    @property
    def columns(self) -> list[str]:
        """The columns' names."""
        return list(self._columns)

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()), ()))

    def where(self, **values: object) -> Table:
        """The rows in which each column named has the value given."""
        kept = np.ones(len(self), dtype=bool)
        for name, value in values.items():
            kept &= self._columns[name] == value
        return Table({name: column[kept] for name, column in self._columns.items()})

    def _rows(self, limit: int) -> list[list[str]]:
        columns = [[_cell(value) for value in column[:limit]] for column in self._columns.values()]
        return [list(row) for row in zip(*columns, strict=True)]

    def __repr__(self) -> str:
        rows = [self.columns, *self._rows(10)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.columns))]
        lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
                 for row in rows]
        if len(self) > 10:
            lines.append(f"… {len(self)} rows")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        def line(tag: str, cells: list[str]) -> str:
            return "<tr>" + "".join(f"<{tag}>{html.escape(c)}</{tag}>" for c in cells) + "</tr>"

        body = "".join(line("td", row) for row in self._rows(20))
        more = f"<p>{len(self)} rows</p>" if len(self) > 20 else ""
        return f"<table><thead>{line('th', self.columns)}</thead><tbody>{body}</tbody></table>{more}"


def _cell(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def read_csv(text: str) -> dict[str, Column]:
    """Columns of a CSV file with a header.

    A column is of integers, or else of floats (a blank is nan), where each field is a number as the
    program writes them, and else of text. Identities are always text: they may look like numbers.
    Floats are read to the last bit.
    """
    rows = csv.reader(io.StringIO(text))
    names = next(rows, [])
    fields: list[list[str]] = [[] for _ in names]
    for row in rows:
        for column, field in zip(fields, row, strict=True):
            column.append(field)
    return {name: np.array(column, dtype=object) if name in _IDENTITIES else _typed(column)
            for name, column in zip(names, fields, strict=True)}


#: Columns of hexadecimal digits, such as 01234e567890.
_IDENTITIES = ("run", "data_hash", "pass")

_INTEGER = re.compile("-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[-+]?[0-9]+)?|nan|-?inf|")


def _typed(fields: list[str]) -> Column:
    if all(map(_INTEGER.fullmatch, fields)):
        try:
            return np.array([int(field) for field in fields], dtype=np.int64)
        except OverflowError:
            pass
    if all(map(_NUMBER.fullmatch, fields)):
        return np.array([float(field) if field else np.nan for field in fields], dtype=np.float64)
    return np.array(fields, dtype=object)


def frame(columns: Mapping[str, Column]) -> Frame:
    """A data frame of `columns`, or a `Table` where pandas is not installed."""
    try:
        import pandas
    except ImportError:
        return Table(columns)
    return pandas.DataFrame(dict(columns))
