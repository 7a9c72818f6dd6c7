"""Runs what other systems have around an update rule for 100 steps, and writes where the parameters end to
around_updates.json beside this script: slow parameters, sharpness-aware steps, averages.

    OMP_NUM_THREADS=1 python Tests/Golden/around_updates.py

The first parameters are those of `steps.py`. What is given in a step of each:

- slow parameters: the gradient of `steps.py`; `average` is the slow ones;
- sharpness-aware steps: at the parameters w that gradient plus w/2, so that it depends on where it is taken;
- averages: parameters that are the first ones plus that gradient, exact in both precisions.

Each record has the call that was evaluated, and in float64 and float32 the parameters after the last step, or their
average, or both.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["JAX_ENABLE_X64"] = "1"

import jax.numpy as jnp
import optax
import torch
from torch.optim import swa_utils

from steps import STEPS, gradients, record, start, write

LOOKAHEAD = [
    "optax.lookahead(optax.sgd(0.01, momentum=0.9), sync_period=5, slow_step_size=0.5)",
    "optax.lookahead(optax.adam(0.01), sync_period=7, slow_step_size=0.8)",
    "optax.lookahead(optax.adam(0.01), sync_period=1, slow_step_size=0.25)",
    "optax.lookahead(optax.adam(0.01), sync_period=6, slow_step_size=0.5, reset_state=True)",
]

# One call of an update has both gradients in the opaque mode, one of them otherwise.
SHARPNESS = [
    "optax.contrib.sam(optax.sgd(0.01), optax.chain(optax.contrib.normalize(), optax.sgd(0.05)), opaque_mode=True)",
    "optax.contrib.sam(optax.sgd(0.01, momentum=0.9), optax.chain(optax.contrib.normalize(), optax.sgd(0.5)), "
    "opaque_mode=True)",
    "optax.contrib.sam(optax.adam(0.01), optax.chain(optax.contrib.normalize(), optax.sgd(0.05)), opaque_mode=True)",
    "optax.contrib.sam(optax.adam(0.01), optax.chain(optax.contrib.normalize(), optax.sgd(0.25)), sync_period=2)",
]

AVERAGES = [
    "swa_utils.AveragedModel(m)",
    "swa_utils.AveragedModel(m, multi_avg_fn=swa_utils.get_swa_multi_avg_fn())",
    "swa_utils.AveragedModel(m, multi_avg_fn=swa_utils.get_ema_multi_avg_fn())",
    "swa_utils.AveragedModel(m, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(0.9))",
    "swa_utils.AveragedModel(m, avg_fn=swa_utils.get_ema_avg_fn(0.5))",
]

OPTAX_AVERAGES = ["optax.ema(0.999)", "optax.ema(0.9)", "optax.ema(0.9, debias=False)"]


def numbers(array):
    return [float(x) for x in array]


def with_lookahead(call, dtype):
    p = optax.LookaheadParams.init_synced(jnp.array(start, dtype=dtype))
    optimizer = eval(call, {"optax": optax})
    state = optimizer.init(p)
    for step in range(STEPS):
        updates, state = optimizer.update(jnp.array(gradients(step), dtype=dtype), state, p)
        p = optax.apply_updates(p, updates)
    return {"parameters": numbers(p.fast), "average": numbers(p.slow)}


def with_sharpness(call, dtype):
    p = jnp.array(start, dtype=dtype)
    optimizer = eval(call, {"optax": optax})
    state = optimizer.init(p)
    for step in range(STEPS):
        def gradient(w, _=0):
            return jnp.array(gradients(step), dtype=dtype) + w / 2

        for _ in range(1 if "opaque_mode" in call else 2):
            updates, state = optimizer.update(gradient(p), state, p, grad_fn=gradient)
            p = optax.apply_updates(p, updates)
    return {"parameters": numbers(p)}


def points(step):
    return [a + b for a, b in zip(start, gradients(step))]


def with_pytorch(call, dtype):
    # The share of a step is computed in the default precision.
    torch.set_default_dtype(getattr(torch, dtype))
    m = torch.nn.Linear(len(start), 1, bias=False)
    average = eval(call, {"swa_utils": swa_utils, "m": m})
    for step in range(STEPS):
        m.weight.data[0] = torch.tensor(points(step))
        average.update_parameters(m)
    return {"average": average.module.weight.data[0].tolist()}


def with_ema(call, dtype):
    average = eval(call, {"optax": optax})
    state = average.init(jnp.array(start, dtype=dtype))
    for step in range(STEPS):
        value, state = average.update(jnp.array(points(step), dtype=dtype), state)
    return {"average": numbers(value)}


def main():
    of_pytorch, of_optax = f"PyTorch {torch.__version__.split('+')[0]}", f"Optax {optax.__version__}"
    records = [record(of_optax, call, with_lookahead) for call in LOOKAHEAD]
    records += [record(of_optax, call, with_sharpness) for call in SHARPNESS]
    records += [record(of_pytorch, call, with_pytorch) for call in AVERAGES]
    records += [record(of_optax, call, with_ema) for call in OPTAX_AVERAGES]
    write(__file__, records)


main()
