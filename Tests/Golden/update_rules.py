"""Runs 100 steps of the update rules of other systems on fixed gradients, and writes where the parameters end to
update_rules.json beside this script.

    OMP_NUM_THREADS=1 python Tests/Golden/update_rules.py

The gradients and the first parameters are those of `steps.py`. Each record has the call that makes the optimizer, of
the parameters `p`, and the parameters after the last step in float64 and float32.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["JAX_ENABLE_X64"] = "1"

import jax.numpy as jnp
import optax
import torch

from steps import STEPS, gradients, record, start, write

PYTORCH = [
    "torch.optim.SGD([p], lr=0.01)",
    "torch.optim.SGD([p], lr=0.01, maximize=True)",
    "torch.optim.SGD([p], lr=0.01, weight_decay=0.1)",
    "torch.optim.SGD([p], lr=0.01, momentum=0.9)",
    "torch.optim.SGD([p], lr=0.01, momentum=0.9, dampening=0.3, weight_decay=0.1)",
    "torch.optim.SGD([p], lr=0.01, momentum=0.9, nesterov=True)",
    "torch.optim.SGD([p], lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.1)",
    "torch.optim.Adam([p], lr=0.01)",
    "torch.optim.Adam([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)",
    "torch.optim.Adam([p], lr=0.01, maximize=True, weight_decay=0.1)",
    "torch.optim.Adam([p], lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)",
    "torch.optim.AdamW([p], lr=0.01)",
    "torch.optim.AdamW([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)",
    "torch.optim.AdamW([p], lr=0.01, amsgrad=True, weight_decay=0.1)",
    "torch.optim.Adam([p], lr=0.01, amsgrad=True)",
    "torch.optim.Adam([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1, amsgrad=True)",
    "torch.optim.NAdam([p])",
    "torch.optim.NAdam([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, momentum_decay=0.01, weight_decay=0.1)",
    "torch.optim.NAdam([p], lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)",
    "torch.optim.RAdam([p])",
    "torch.optim.RAdam([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)",
    "torch.optim.RAdam([p], lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)",
    "torch.optim.Adamax([p])",
    "torch.optim.Adamax([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)",
    "torch.optim.RMSprop([p])",
    "torch.optim.RMSprop([p], lr=0.01, alpha=0.9, eps=1e-3, weight_decay=0.1)",
    "torch.optim.RMSprop([p], lr=0.01, momentum=0.9)",
    "torch.optim.RMSprop([p], lr=0.01, centered=True)",
    "torch.optim.RMSprop([p], lr=0.01, centered=True, momentum=0.9, weight_decay=0.1)",
    "torch.optim.RMSprop([p], lr=0.01, alpha=0.9, eps=1e-3, centered=True)",
    "torch.optim.Adagrad([p])",
    "torch.optim.Adagrad([p], lr=0.1, lr_decay=0.05, initial_accumulator_value=0.5, eps=1e-3, weight_decay=0.1)",
    "torch.optim.Adadelta([p])",
    "torch.optim.Adadelta([p], lr=0.5, rho=0.8, eps=1e-3, weight_decay=0.1)",
    "torch.optim.Adafactor([p])",
    "torch.optim.Adafactor([p], lr=0.3, beta2_decay=-0.5, eps=(1e-2, 0.5), d=1.25, weight_decay=0.1)",
    "torch.optim.Adafactor([p.view(3, 7)])",
    "torch.optim.Adafactor([p.view(7, 3)], lr=0.3, beta2_decay=-0.5, eps=(1e-2, 0.5), d=1.25, weight_decay=0.1)",
    "torch.optim.Rprop([p])",
    "torch.optim.Rprop([p], lr=0.1, etas=(0.4, 1.5), step_sizes=(0.001, 0.2))",
    "torch.optim.Rprop([p], maximize=True)",
]

OPTAX = [
    "optax.adabelief(0.01)",
    "optax.adabelief(0.01, b1=0.8, b2=0.95, eps=1e-3, eps_root=1e-4)",
    "optax.yogi(0.01)",
    "optax.yogi(0.01, b1=0.8, b2=0.95, eps=0.01)",
    "optax.lion(0.001)",
    "optax.lion(0.001, b1=0.8, b2=0.95, weight_decay=0.1)",
    "optax.signum(0.001)",
    "optax.signum(0.001, beta=0.7)",
    "optax.chain(optax.add_decayed_weights(0.1), optax.adabelief(0.01))",
    "optax.chain(optax.add_decayed_weights(0.1), optax.yogi(0.01))",
    "optax.chain(optax.scale_by_yogi(initial_accumulator_value=0.5), optax.scale(-0.01))",
    "optax.chain(optax.add_decayed_weights(0.1), optax.lion(0.001, weight_decay=0))",
    "optax.chain(optax.add_decayed_weights(0.1), optax.signum(0.001))",
    "optax.chain(optax.clip(0.5), optax.sgd(0.01, momentum=0.9))",
    "optax.chain(optax.clip_by_global_norm(1.5), optax.adam(0.01))",
]


def with_pytorch(call, dtype):
    # Some rules keep a number of their state in the default precision.
    torch.set_default_dtype(getattr(torch, dtype))
    p = torch.tensor(start)
    optimizer = eval(call, {"torch": torch, "p": p})
    [seen] = optimizer.param_groups[0]["params"]
    for step in range(STEPS):
        seen.grad = torch.tensor(gradients(step)).view(seen.shape)
        optimizer.step()
    return p.detach().tolist()


def with_optax(call, dtype):
    p = jnp.array(start, dtype=dtype)
    optimizer = eval(call, {"optax": optax})
    state = optimizer.init(p)
    for step in range(STEPS):
        updates, state = optimizer.update(jnp.array(gradients(step), dtype=dtype), state, p)
        p = optax.apply_updates(p, updates)
    return [float(x) for x in p]


def main():
    records = [record(f"PyTorch {torch.__version__.split('+')[0]}", call, with_pytorch) for call in PYTORCH]
    records += [record(f"Optax {optax.__version__}", call, with_optax) for call in OPTAX]
    write(__file__, records)


main()
