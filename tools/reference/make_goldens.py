"""Writes the golden files of Unroll's tests: what PyTorch computes for the same weights and data.

Run from anywhere:     python tools/reference/make_goldens.py
Made with:             Python 3.11, torch 2.15.0, numpy 2.4.6, mpmath 1.3.0, safetensors 0.8.0, one CPU thread
Seeds:                 in the table of each part, and in the metadata of every file

    activations.py Tests/RecurrentCellsTests/Goldens values and derivatives of the activations
    cells.py       Tests/RecurrentCellsTests/Goldens outputs, states and gradients over two windows
    stacks.py      Tests/FeedForwardTests/Goldens    gradients of feed-forward stacks
    training.py    Tests/TrainingTests/Goldens       50 updates under each optimizer and clipping
    decay.py       Tests/GradientFlowTests/Goldens   gradient norms by lag, and a user's own model
    flow.py        Tests/GradientFlowTests/Goldens   all paths, steps' contributions, cut gradients
    injected.py    Tests/GradientFlowTests/Goldens   the same for gradients by outputs and final states
    surface.py     Tests/GradientFlowTests/Goldens   the error of one recurrent unit
    omega.py       Tests/RecurrentCellsTests/Goldens the vanishing-gradient regularizer
    jacobians.py   Tests/GradientFlowTests/Goldens   states' Jacobians, singular values, exponents

Everything is float64. On the same machine two runs write the same bytes; another CPU may differ in
the last bits.

Clipping by norm is done by hand: the gradient is scaled by exactly τ/‖g‖ when ‖g‖ > τ (Pascanu et
al. 2013). torch.nn.utils.clip_grad_norm_ scales by τ/(‖g‖ + 1e-6) instead; the case
`torch-clip-norm` of runs.safetensors keeps its result for information.
"""

import torch

import activations
import cells
import decay
import flow
import injected
import jacobians
import omega
import stacks
import surface
import training

if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    activations.write_goldens()
    cells.write_goldens()
    stacks.write_goldens()
    training.write_goldens()
    decay.write_goldens()
    flow.write_goldens()
    injected.write_goldens()
    surface.write_goldens()
    omega.write_goldens()
    jacobians.write_goldens()
