"""JAX's training step: forward, squared error at the last step, backward, clipping, SGD.

The input product is one product over all steps, outside `lax.scan`, as a careful user writes it;
XLA flushes subnormals by itself.

Usage: jax_step.py THREADS
"""

import os
import sys

if __name__ == "__main__" and int(sys.argv[1]) == 1:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import jax
import jax.numpy as jnp

from timing import serve

GATES = {"rnn": 1, "lstm": 4, "gru": 3}


def rnn(weights, carry, projected):
    hidden = jnp.tanh(projected + carry[0] @ weights["hh"] + weights["b_hh"])
    return (hidden,), None


def lstm(weights, carry, projected):
    hidden, cell = carry
    i, f, g, o = jnp.split(projected + hidden @ weights["hh"] + weights["b_hh"], 4, axis=1)
    cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g)
    return (jax.nn.sigmoid(o) * jnp.tanh(cell), cell), None


def gru(weights, carry, projected):
    hidden = carry[0]
    recurrent = hidden @ weights["hh"] + weights["b_hh"]
    r_in, z_in, n_in = jnp.split(projected, 3, axis=1)
    r_rec, z_rec, n_rec = jnp.split(recurrent, 3, axis=1)
    r, z = jax.nn.sigmoid(r_in + r_rec), jax.nn.sigmoid(z_in + z_rec)
    n = jnp.tanh(n_in + r * n_rec)
    return ((1 - z) * n + z * hidden,), None


CELLS = {"rnn": rnn, "lstm": lstm, "gru": gru}


def make_step(cell, length, batch, width, hidden):
    keys = jax.random.split(jax.random.key(1), 8)
    bound, units = hidden**-0.5, GATES[cell] * hidden

    def uniform(key, *shape):
        return jax.random.uniform(key, shape, minval=-bound, maxval=bound)

    weights = {
        "ih": uniform(keys[0], width, units),
        "hh": uniform(keys[1], hidden, units),
        "b_ih": uniform(keys[2], units),
        "b_hh": uniform(keys[3], units),
        "head": uniform(keys[4], hidden, 1),
        "b_head": uniform(keys[5], 1),
    }
    x = jax.random.uniform(keys[6], (length, batch, width))
    y = jax.random.uniform(keys[7], (batch, 1))
    start = tuple(jnp.zeros((batch, hidden)) for _ in range(2 if cell == "lstm" else 1))

    def loss(weights):
        projected = x @ weights["ih"] + weights["b_ih"]
        carry, _ = jax.lax.scan(lambda c, p: CELLS[cell](weights, c, p), start, projected)
        return jnp.mean((carry[0] @ weights["head"] + weights["b_head"] - y) ** 2)

    @jax.jit
    def update(weights):
        gradients = jax.grad(loss)(weights)
        norm = jnp.sqrt(sum(jnp.sum(g * g) for g in jax.tree.leaves(gradients)))
        factor = jnp.minimum(1.0, 1.0 / norm)
        return jax.tree.map(lambda w, g: w - 1e-3 * factor * g, weights, gradients)

    state = [update(weights)]

    def step():
        state[0] = jax.block_until_ready(update(state[0]))

    return step


if __name__ == "__main__":
    serve(f"JAX {jax.__version__}", make_step)
