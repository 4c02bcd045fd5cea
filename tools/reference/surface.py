"""The error of one recurrent unit and its gradient: surface.safetensors.

    x_t = w σ(x_{t−1}) + b, x_0 = 0.5, E = (σ(x_50) − 0.7)²

at N places of the plane, some of them near the wall: w, b, error, by_w, by_b [N]. The derivatives
are NumPy's by the complex step, ∂E/∂w = Im E(w + ih, b)/h with h = 1e-30, which goes forward only
and has no difference to round.
"""

import numpy
import torch

import golden_file

PLACES = [
    (4.9, -2.3), (5.0, -2.3), (4.5, -2.31), (4.5, -2.29), (5.2, -2.74), (5.2, -2.735),
    (4.0, -2.0), (3.0, -1.2), (1.0, 0.0), (-2.0, 0.5), (0.0, 0.3), (9.84, 5.75),
]


def error(w, b):
    x = 0.5 + 0j
    for _ in range(50):
        x = w * logistic(x) + b
    return (logistic(x) - 0.7) ** 2


def logistic(x):
    return 1 / (1 + numpy.exp(-x))


def write_goldens():
    h = 1e-30
    record = {
        "w": [w for w, _ in PLACES],
        "b": [b for _, b in PLACES],
        "error": [error(w, b).real for w, b in PLACES],
        "by_w": [error(w + 1j * h, b).imag / h for w, b in PLACES],
        "by_b": [error(w, b + 1j * h).imag / h for w, b in PLACES],
    }
    tensors = {name: torch.tensor(values, dtype=torch.float64) for name, values in record.items()}
    golden_file.write("GradientFlowTests/Goldens/surface.safetensors", tensors, 0)


if __name__ == "__main__":
    write_goldens()
