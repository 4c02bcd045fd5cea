"""The adding problem learned with PyTorch, as a good user of it writes that.

T = 100, LSTM of 128 units with a forget bias of 1, batch 20, Adam 1e-3, clipping at global norm 1;
the test error of 1,000 sequences is taken every 250 updates, and the first under 0.01 ends it.

Usage: torch_adding.py SEED THREADS UPDATES
Prints "ready" when everything is imported, then one JSON object.
"""

import json
import sys

import torch
from torch import nn

LENGTH, BATCH, HIDDEN, TEST_SEQUENCES = 100, 20, 128, 1000
EVALUATE_EVERY, SOLVED_BELOW = 250, 0.01


class AddingModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, HIDDEN)
        self.head = nn.Linear(HIDDEN, 1)
        set_forget_bias(self.lstm)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        output, _ = self.lstm(x)
        return self.head(output[-1])


def set_forget_bias(lstm: nn.LSTM) -> None:
    """Makes the forget gate's bias 1."""
    units = lstm.hidden_size
    with torch.no_grad():
        for bias, value in ((lstm.bias_ih_l0, 1.0), (lstm.bias_hh_l0, 0.0)):
            bias[units : 2 * units] = value  # The gates are i, f, g, o.


def adding(
    batch: int, generator: torch.Generator, length: int = LENGTH
) -> tuple[torch.Tensor, torch.Tensor]:
    """Random numbers with one marked in each half [T, B, 2], and the sum of the marked [B, 1]."""
    numbers = torch.rand(length, batch, generator=generator)
    half = length // 2
    marked = torch.stack([
        torch.randint(0, half, (batch,), generator=generator),
        torch.randint(half, length, (batch,), generator=generator),
    ])
    markers = torch.zeros(length, batch).scatter_(0, marked, 1.0)
    return torch.stack([numbers, markers], dim=2), numbers.gather(0, marked).sum(0).unsqueeze(1)


def train(seed: int, most_updates: int) -> dict[str, object]:
    torch.manual_seed(seed)
    data = torch.Generator().manual_seed(seed)
    test_x, test_y = adding(TEST_SEQUENCES, torch.Generator().manual_seed(1_000_000 + seed))
    model = AddingModel()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    test_error = float("inf")
    updates = 0
    while updates < most_updates and not test_error < SOLVED_BELOW:
        x, y = adding(BATCH, data)
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        updates += 1
        if updates % EVALUATE_EVERY == 0 or updates == most_updates:
            with torch.inference_mode():
                test_error = nn.functional.mse_loss(model(test_x), test_y).item()
    return {"updates": updates, "test_error": test_error, "solved": test_error < SOLVED_BELOW}


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[2]))
    torch.set_flush_denormal(True)
    print("ready", flush=True)
    print(json.dumps(train(seed=int(sys.argv[1]), most_updates=int(sys.argv[3]))))
