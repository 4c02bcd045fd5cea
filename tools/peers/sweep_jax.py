"""Many small models that learn the adding problem at once in JAX: vmap over the models, many updates in
one compiled call, data made inside. Adam with a rate of 0.001; each model has its own threshold.

Usage: sweep_jax.py CORE CELL LENGTH HIDDEN MODELS SECONDS
Prints "ready" once it is compiled, waits for a line, then prints the updates of all models and the
seconds that they took as JSON. With SECONDS 0 it prints how far models at once are from each alone.
"""

import json
import os
import sys
import time

os.sched_setaffinity(0, {int(sys.argv[1])})

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from jax_layer import last_state
from jax_step import GATES

cell, length, hidden, models = sys.argv[2], *map(int, sys.argv[3:6])
seconds = float(sys.argv[6])
BATCH, UPDATES = 20, 20


def loss(weights, x, y):
    last = last_state(cell, {name: weights[name] for name in ("ih", "hh", "b_ih", "b_hh")}, x)
    return jnp.mean((last @ weights["head"] + weights["b_head"] - y) ** 2)


def make_model(key):
    bound, units = hidden**-0.5, GATES[cell] * hidden
    shapes = {
        "ih": (2, units), "hh": (hidden, units), "b_ih": (units,), "b_hh": (units,),
        "head": (hidden, 1), "b_head": (1,),
    }
    keys = jax.random.split(key, len(shapes))
    weights = {
        name: jax.random.uniform(k, shape, minval=-bound, maxval=bound)
        for k, (name, shape) in zip(keys, shapes.items())
    }
    if cell == "lstm":
        weights["b_ih"] = weights["b_ih"].at[hidden : 2 * hidden].set(1.0)
        weights["b_hh"] = weights["b_hh"].at[hidden : 2 * hidden].set(0.0)
    return weights


def adding(key):
    a, b, c = jax.random.split(key, 3)
    half = length // 2
    numbers = jax.random.uniform(a, (length, BATCH))
    first = jax.random.randint(b, (BATCH,), 0, half)
    second = jax.random.randint(c, (BATCH,), half, length)
    steps = jnp.arange(length)[:, None]
    marks = ((steps == first) | (steps == second)).astype(jnp.float32)
    return jnp.stack([numbers, marks], axis=2), (numbers * marks).sum(0)[:, None]


def update(state, threshold, key):
    weights, first, second, count = state
    gradient = jax.grad(loss)(weights, *adding(key))
    norm = jnp.sqrt(sum(jnp.sum(g * g) for g in jax.tree.leaves(gradient)))
    scale = jnp.minimum(1.0, threshold / (norm + 1e-6))
    count = count + 1
    gradient = jax.tree.map(lambda g: g * scale, gradient)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
    rate, debias = 1e-3 / (1 - 0.9**count), 1 / (1 - 0.999**count)
    weights = jax.tree.map(
        lambda w, m, v: w - rate * m / (jnp.sqrt(v * debias) + 1e-8), weights, first, second)
    return weights, first, second, count


def many(state, thresholds, keys):
    def body(carry, _):
        state, keys = carry
        split = jax.vmap(lambda k: jax.random.split(k, 2))(keys)
        return (jax.vmap(update)(state, thresholds, split[:, 0]), split[:, 1]), None

    return lax.scan(body, (state, keys), None, length=UPDATES)[0]


def fresh(count, offset=0):
    keys = jax.vmap(jax.random.key)(jnp.arange(offset, offset + count))
    weights = jax.vmap(make_model)(keys)
    zeros = [jax.tree.map(jnp.zeros_like, weights) for _ in range(2)]
    all_thresholds = np.resize([0.1, 1.0, 10.0, np.inf], offset + count)
    thresholds = jnp.asarray(all_thresholds[offset:], jnp.float32)
    return (weights, *zeros, jnp.zeros(count)), thresholds, keys


run = jax.jit(many, donate_argnums=(0,))
state, thresholds, keys = fresh(models)
state, keys = jax.block_until_ready(run(state, thresholds, keys))
if seconds == 0:
    worst = 0.0
    for model in range(models):
        alone = run(*fresh(1, model))[0]
        for a, b in zip(jax.tree.leaves(state[0]), jax.tree.leaves(alone[0])):
            worst = max(worst, float(jnp.abs(a[model] - b[0]).max() / jnp.abs(b[0]).max()))
    print(json.dumps(worst))
    sys.exit()
print("ready", flush=True)
sys.stdin.readline()
start, updates = time.perf_counter(), 0
while time.perf_counter() - start < seconds:
    state, keys = jax.block_until_ready(run(state, thresholds, keys))
    updates += UPDATES * models
print(json.dumps([updates, time.perf_counter() - start]), flush=True)
