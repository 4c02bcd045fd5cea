"""Jacobians of the state and Lyapunov exponents: jacobians.safetensors.

From torch.autograd, for CELL = rnn, lstm, gru with one layer of H on one sequence x [T, 1, I] from a
zero state; s is h, or h followed by c taken as independent, n numbers:
    CELL/weight_ih_l0 …             parameters, PyTorch's names and shapes
    CELL/jacobians   [T, n, n]      ∂s_{t+1}/∂s_t for t = 0 … T−1

A random tanh RNN, weight_hh ~ N(0, 1.5²/N), inputs ~ N(0, 1), in NumPy alone:
    random/weight_ih_l0 …           parameters
    random/x         [M, R, I]      R sequences of M steps
    random/lags      [K]
    random/logs      [K, N]         ln of the singular values of ∂s_M/∂s_{M−k} of sequence 0,
                                    descending: products and SVD with mpmath, 200 digits
    random/exponents [R, N]         mean of ln |R_ii| over the steps from M − WARM_UP down to WARM_UP,
                                    by numpy.linalg.qr backward in time, descending
"""

import mpmath
import numpy
import torch
from torch import nn

import golden_file

T, I, H, SEED = 6, 3, 4, 501
N, M, R, WARM_UP, LAGS = 16, 400, 3, 100, (1, 5, 20, 60)


def write_goldens():
    torch.manual_seed(SEED)
    x = torch.randn(T, 1, I)
    record = {"x": x}
    for cell, layer in {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}.items():
        core = layer(I, H, 1)
        record |= {f"{cell}/{k}": v.detach() for k, v in core.state_dict().items()}
        record[f"{cell}/jacobians"] = jacobians(cell, core, x)
    record |= {f"random/{k}": torch.as_tensor(v) for k, v in random_network().items()}
    golden_file.write(
        "GradientFlowTests/Goldens/jacobians.safetensors", record, SEED, mpmath=mpmath.__version__
    )


def jacobians(cell, core, x):
    def step(state, inputs):
        h, c = state[:H].reshape(1, 1, H), state[H:].reshape(1, 1, -1)
        _, after = core(inputs, (h, c) if cell == "lstm" else h)
        return torch.cat([part.flatten() for part in after]) if cell == "lstm" else after.flatten()

    state = torch.zeros(2 * H if cell == "lstm" else H)
    found = []
    for inputs in x.split(1):
        found.append(torch.autograd.functional.jacobian(lambda s: step(s, inputs), state))
        state = step(state, inputs).detach()
    return torch.stack(found)


def random_network():
    random = numpy.random.default_rng(SEED)
    record = {
        "weight_ih_l0": random.normal(size=(N, I)),
        "weight_hh_l0": random.normal(size=(N, N)) * 1.5 / N**0.5,
        "bias_ih_l0": random.normal(size=N) * 0.1,
        "bias_hh_l0": random.normal(size=N) * 0.1,
        "x": random.normal(size=(M, R, I)),
        "lags": numpy.array(LAGS, dtype=float),
    }
    runs = [steps(record, record["x"][:, row]) for row in range(R)]
    record["logs"] = numpy.array(log_singular_values(runs[0]))
    record["exponents"] = numpy.array([exponents(run) for run in runs])
    return record


def steps(record, inputs):
    """∂h_t/∂h_{t−1} for each step."""
    weight, h, found = record["weight_hh_l0"], numpy.zeros(N), []
    bias = record["bias_ih_l0"] + record["bias_hh_l0"]
    for x in inputs:
        h = numpy.tanh(record["weight_ih_l0"] @ x + weight @ h + bias)
        found.append((1 - h**2)[:, None] * weight)
    return found


def log_singular_values(factors):
    result = []
    with mpmath.workdps(200):
        product, count = mpmath.eye(N), 0
        for lag in LAGS:
            while count < lag:
                count += 1
                product = product * mpmath.matrix(factors[-count].tolist())
            values = mpmath.svd_r(product, compute_uv=False)
            result.append(sorted((float(mpmath.log(v)) for v in values), reverse=True))
    return result


def exponents(factors):
    basis, sums = numpy.eye(N), numpy.zeros(N)
    for lag, factor in enumerate(reversed(factors[WARM_UP:])):
        basis, triangle = numpy.linalg.qr(factor.T @ basis)
        if lag >= WARM_UP:
            sums += numpy.log(abs(numpy.diag(triangle)))
    return sorted(sums / (M - 2 * WARM_UP), reverse=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    write_goldens()
