"""The heat map of decay curves over training, as SVG."""

from __future__ import annotations

import base64
import html
import math
import struct
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: Dark to bright, as in the program's own figure.
_COLORS = np.array(
    [[29, 17, 71], [59, 81, 139], [33, 145, 140], [90, 200, 100], [253, 231, 37]], dtype=np.float64)
_DECADES = 12
_WIDTH, _HEIGHT = 900, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 780, 80, 400


def heat_map(
    steps: Sequence[int], norms: NDArray[np.float64], horizons: Sequence[float | None], *, every: int,
    title: str, symbol: str,
) -> str:
    """A picture with a column for each measurement.

    Args:
        steps: the updates made before each measurement, [N], multiples of `every`.
        norms: gradient norms, [K, N]: lag by measurement; nan where there is none.
        horizons: the horizon of each measurement, [N].
        every: updates between two measurements; where one is missing, there is a gap.
        title: what is shown.
        symbol: what the color is of.
    """
    lags = max(len(norms), 1)
    columns = steps[-1] // every + 1 if steps else 1
    grid = np.full((lags, columns), np.nan)
    for index, step in enumerate(steps):
        grid[:, step // every] = norms[:, index]
    top, bottom = _range(grid)
    x_of = _scale(0, columns * every, _LEFT, _RIGHT)
    y_of = _scale(-0.5, lags - 0.5, _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" '
        f'height="{_HEIGHT}" font-family="sans-serif" font-size="12" fill="#222">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _text(20, 30, "Gradient reaching back through time, while learning", size=16),
        _text(20, 50, title, color="#777"),
        _text(20, _TOP - 10, f"lag k, color: {symbol}"),
        # Lag 0 is the bottom row.
        _image(_colored(grid[::-1], top, bottom), _LEFT, _TOP, _RIGHT - _LEFT, _BOTTOM - _TOP),
        *_axes(x_of, y_of, columns * every, lags), _horizon_line(steps, horizons, every, x_of, y_of),
        *_color_key(top, bottom),
        _text((_LEFT + _RIGHT) / 2, _HEIGHT - 18, "step (backward passes)", anchor="middle"),
        "</svg>",
    ]
    return "\n".join(parts)


class _scale:
    """A linear map from [first, last] to pixels."""

    def __init__(self, first: float, last: float, at_first: float, at_last: float) -> None:
        self._first, self._at = first, at_first
        self._slope = (at_last - at_first) / (last - first)

    def __call__(self, value: float) -> float:
        return self._at + (value - self._first) * self._slope


def _range(grid: NDArray[np.float64]) -> tuple[float, float]:
    """log₁₀ of the largest norm and of the smallest with a color of its own."""
    logs = np.log10(grid[np.isfinite(grid) & (grid > 0)])
    if not logs.size:
        return 0.0, -1.0
    top = float(logs.max())
    return top, min(max(float(logs.min()), top - _DECADES), top - 1e-3)


def _colored(grid: NDArray[np.float64], top: float, bottom: float) -> NDArray[np.uint8]:
    """RGBA of each norm; what is not there is transparent, and 0 is darkest."""
    there = np.isfinite(grid)
    logs = np.log10(np.where(there & (grid > 0), grid, 10.0**bottom))
    place = np.clip((logs - bottom) / (top - bottom), 0, 1) * (len(_COLORS) - 1)
    lower = np.minimum(place.astype(int), len(_COLORS) - 2)
    share = (place - lower)[..., None]
    color = _COLORS[lower] * (1 - share) + _COLORS[lower + 1] * share
    return np.dstack([color, np.where(there, 255, 0)]).round().astype(np.uint8)


def _image(pixels: NDArray[np.uint8], x: float, y: float, width: float, height: float) -> str:
    # Some viewers blur what they enlarge, so it is enlarged here.
    rows, columns, _ = pixels.shape
    enlarged = pixels.repeat(math.ceil(height / rows), 0).repeat(math.ceil(width / columns), 1)
    data = base64.b64encode(_png(enlarged)).decode()
    return (
        f'<image x="{x}" y="{y}" width="{width}" height="{height}" preserveAspectRatio="none" '
        f'href="data:image/png;base64,{data}"/>')


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG of RGBA pixels, [rows, columns, 4]."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows, columns, _ = pixels.shape
    header = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    lines = b"".join(b"\0" + row.tobytes() for row in pixels)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines))
            + chunk(b"IEND", b""))


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", size: int = 12, color: str = "#222",
) -> str:
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{color}">'
            f"{html.escape(text)}</text>")


def _ticks(last: float) -> list[int]:
    """About six round whole numbers from 0 to `last`."""
    if last <= 0:
        return [0]
    raw = last / 6
    power = 10.0 ** math.floor(math.log10(raw))
    step = max(1, round(next(m * power for m in (1, 2, 5, 10) if m * power >= raw)))
    return list(range(0, math.floor(last) + 1, step))


def _axes(x_of: _scale, y_of: _scale, end: int, lags: int) -> list[str]:
    parts = [f'<path d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}" fill="none" stroke="#222"/>']
    for tick in _ticks(end):
        x = x_of(tick)
        parts += [f'<path d="M{x:.1f} {_BOTTOM}v5" stroke="#222"/>',
                  _text(x, _BOTTOM + 20, f"{tick:,}", anchor="middle")]
    for tick in _ticks(lags - 1):
        y = y_of(tick)
        parts += [f'<path d="M{_LEFT} {y:.1f}h-5" stroke="#222"/>',
                  _text(_LEFT - 10, y + 4, f"{tick:,}", anchor="end")]
    return parts


def _horizon_line(
    steps: Sequence[int], horizons: Sequence[float | None], every: int, x_of: _scale, y_of: _scale,
) -> str:
    places = [
        (x_of(step), x_of(step + every), y_of(horizon))
        for step, horizon in zip(steps, horizons, strict=True) if horizon is not None]
    if not places:
        return ""
    path = "".join(f"M{left:.1f} {y:.1f}H{right:.1f}" for left, right, y in places)
    return (f'<path d="{path}" stroke="#fff" stroke-width="4" fill="none"/>'
            f'<path d="{path}" stroke="#d55e00" stroke-width="2" fill="none"/>'
            f'<path d="M{_RIGHT - 150} {_TOP - 14}h24" stroke="#d55e00" stroke-width="2"/>'
            + _text(_RIGHT, _TOP - 10, "horizon: 1% of lag 0", anchor="end"))


def _color_key(top: float, bottom: float) -> list[str]:
    y_of = _scale(bottom, top, _BOTTOM, _TOP)
    ramp = 10.0 ** np.linspace(top, bottom, 64)[:, None]
    decades = range(math.ceil(bottom), math.floor(top) + 1)
    every = max(1, -(-len(decades) // 8))
    values = [(float(d), f"1e{d}") for d in decades if d % every == 0]
    if len(values) < 2:
        values = [(v, f"{10**v:.2g}") for v in np.linspace(bottom, top, 4)]
    return [_image(_colored(ramp, top, bottom), 800, _TOP, 16, _BOTTOM - _TOP),
            *(_text(824, y_of(value) + 4, label) for value, label in values)]
