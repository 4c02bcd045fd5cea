"""Small models that learn the adding problem in PyTorch, one after the other on one core, as a good user
writes them. Adam with a rate of 0.001; each model has its own threshold.

Usage: sweep_torch.py CORE CELL LENGTH HIDDEN MODELS SECONDS
Prints "ready", waits for a line, then prints the updates of all models and the seconds as JSON.
"""

import json
import os
import sys
import time

os.sched_setaffinity(0, {int(sys.argv[1])})

import torch
from torch import nn

from torch_adding import adding, set_forget_bias

cell, length, hidden, models = sys.argv[2], *map(int, sys.argv[3:6])
seconds = float(sys.argv[6])
BATCH, THRESHOLDS = 20, (0.1, 1.0, 10.0, float("inf"))
torch.set_num_threads(1)
torch.set_flush_denormal(True)


class Model:
    def __init__(self, seed):
        torch.manual_seed(seed)
        self.layer = {"lstm": nn.LSTM, "rnn": nn.RNN}[cell](2, hidden)
        self.head = nn.Linear(hidden, 1)
        if cell == "lstm":
            set_forget_bias(self.layer)
        self.parameters = [*self.layer.parameters(), *self.head.parameters()]
        self.optimizer = torch.optim.Adam(self.parameters, lr=1e-3, fused=True)
        self.threshold = THRESHOLDS[seed % len(THRESHOLDS)]
        self.data = torch.Generator().manual_seed(seed)

    def update(self):
        x, y = adding(BATCH, self.data, length)
        self.optimizer.zero_grad(set_to_none=True)
        state = self.layer(x)[1]
        last = (state[0] if cell == "lstm" else state)[0]
        nn.functional.mse_loss(self.head(last), y).backward()
        gradients = [p.grad for p in self.parameters]
        norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
        torch._foreach_mul_(gradients, torch.clamp(self.threshold / (norm + 1e-6), max=1.0))
        self.optimizer.step()


runs = [Model(seed) for seed in range(models)]
runs[0].update()
print("ready", flush=True)
sys.stdin.readline()
start, updates, turn = time.perf_counter(), 0, 0
while time.perf_counter() - start < seconds:
    for _ in range(20):
        runs[turn].update()
    updates += 20
    turn = (turn + 1) % models
print(json.dumps([updates, time.perf_counter() - start]), flush=True)
