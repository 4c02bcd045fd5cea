"""PyTorch's training step: forward, squared error at the last step, backward, clipping, SGD.

Usage: torch_step.py THREADS flush|plain
"""

import sys

import torch

from timing import serve

CELLS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


def make_step(cell, length, batch, width, hidden):
    torch.manual_seed(1)
    layer = CELLS[cell](width, hidden)
    head = torch.nn.Linear(hidden, 1)
    parameters = [*layer.parameters(), *head.parameters()]
    optimizer = torch.optim.SGD(parameters, lr=1e-3)
    x = torch.rand(length, batch, width)
    y = torch.rand(batch, 1)

    def step():
        optimizer.zero_grad()
        output, _ = layer(x)
        loss = torch.nn.functional.mse_loss(head(output[-1]), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()

    return step


if __name__ == "__main__":
    threads, subnormals = int(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(threads)
    torch.set_flush_denormal(subnormals == "flush")
    serve(f"PyTorch {torch.__version__.split('+')[0]}", make_step)
