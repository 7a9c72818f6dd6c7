"""Runs the schedules of PyTorch and Optax and writes the learning rates that they give for a base rate of 1.

    python Tests/Golden/with_schedules.py

writes `schedules.json` alone; `generate.py` writes it with the other files. Each record has the call as it was
evaluated, with `o` for the optimizer, and the rates of the steps 0, 1, 2, …, or of the samples that a schedule was shown
one after the other.
"""

import math
import os
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")

import jax

jax.config.update("jax_enable_x64", True)

import optax
import torch
from torch.optim import lr_scheduler as schedulers

from records import write

COUNT = 200

PYTORCH = [
    "ConstantLR(o)", "ConstantLR(o, factor=0.25, total_iters=60)",
    "LinearLR(o)", "LinearLR(o, start_factor=0.1, total_iters=100)",
    "LinearLR(o, start_factor=1.0, end_factor=0.0, total_iters=150)",
    "StepLR(o, step_size=30)", "StepLR(o, step_size=7, gamma=0.9)",
    "MultiStepLR(o, milestones=[30, 80, 81])", "MultiStepLR(o, milestones=[1, 150], gamma=0.5)",
    "ExponentialLR(o, gamma=0.95)", "ExponentialLR(o, gamma=1.01)",
    "PolynomialLR(o, total_iters=150)", "PolynomialLR(o, total_iters=250, power=2.0)",
    "PolynomialLR(o, total_iters=120, power=0.5)",
    "CosineAnnealingLR(o, T_max=50)", "CosineAnnealingLR(o, T_max=199)",
    "CosineAnnealingLR(o, T_max=300, eta_min=0.05)",
    "CosineAnnealingWarmRestarts(o, T_0=50)", "CosineAnnealingWarmRestarts(o, T_0=10, T_mult=2)",
    "CosineAnnealingWarmRestarts(o, T_0=3, T_mult=3, eta_min=0.1)",
    "OneCycleLR(o, max_lr=1.0, total_steps=200, cycle_momentum=False)",
    "OneCycleLR(o, max_lr=1.0, total_steps=201, pct_start=0.123, div_factor=10.0, final_div_factor=100.0, cycle_momentum=False)",
    "OneCycleLR(o, max_lr=1.0, total_steps=250, anneal_strategy='linear', cycle_momentum=False)",
    "OneCycleLR(o, max_lr=1.0, total_steps=200, pct_start=0.0, cycle_momentum=False)",
    "OneCycleLR(o, max_lr=1.0, total_steps=200, pct_start=1.0, cycle_momentum=False)",
    "CyclicLR(o, base_lr=0.1, max_lr=1.0, step_size_up=20, cycle_momentum=False)",
    "CyclicLR(o, base_lr=0.0, max_lr=1.0, step_size_up=5, step_size_down=12, mode='triangular2', cycle_momentum=False)",
    "CyclicLR(o, base_lr=0.01, max_lr=1.0, step_size_up=30, step_size_down=10, mode='exp_range', gamma=0.99, cycle_momentum=False)",
    "SequentialLR(o, [LinearLR(o, start_factor=0.1, total_iters=20), CosineAnnealingLR(o, T_max=180)], milestones=[20])",
    "SequentialLR(o, [ConstantLR(o, factor=0.5, total_iters=1000), PolynomialLR(o, total_iters=50, power=2.0), "
    "ExponentialLR(o, gamma=0.9)], milestones=[15, 60])",
]

OPTAX = [
    "constant_schedule(0.3)",
    "linear_schedule(0.0, 1.0, 50)",
    "polynomial_schedule(1.0, 0.1, 2.0, 150)",
    "exponential_decay(1.0, 1, 0.97)", "exponential_decay(1.0, 25, 0.5, staircase=True)",
    "piecewise_constant_schedule(1.0, {30: 0.1, 80: 0.1})",
    "cosine_decay_schedule(1.0, 50)", "cosine_decay_schedule(1.0, 150, alpha=0.1)",
    "warmup_constant_schedule(0.0, 1.0, 30)",
    "warmup_cosine_decay_schedule(0.0, 1.0, 20, 150, end_value=0.05)",
    "warmup_exponential_decay_schedule(0.1, 1.0, 20, 1, 0.98)",
    "sgdr_schedule([dict(init_value=0.0, peak_value=1.0, warmup_steps=5, decay_steps=50),"
    " dict(init_value=0.0, peak_value=1.0, warmup_steps=10, decay_steps=100)])",
    "join_schedules([linear_schedule(0.1, 1.0, 10), cosine_decay_schedule(1.0, 60, alpha=0.2),"
    " polynomial_schedule(0.2, 0.0, 1.0, 100)], [10, 70])",
]

PLATEAU = [
    ("rising", "ReduceLROnPlateau(o, eps=0.0)"),
    ("falling", "ReduceLROnPlateau(o, factor=0.5, patience=2, eps=0.0)"),
    ("falling", "ReduceLROnPlateau(o, factor=0.7, patience=0, threshold=0.01, cooldown=3, eps=0.0)"),
    ("falling", "ReduceLROnPlateau(o, factor=0.5, patience=3, threshold=0.02, threshold_mode='abs', min_lr=0.05, eps=0.0)"),
    ("falling", "ReduceLROnPlateau(o, mode='max', factor=0.9, patience=5, eps=0.0)"),
    ("rising", "ReduceLROnPlateau(o, mode='max', factor=0.8, patience=4, threshold=1e-3, eps=0.0)"),
    ("rising", "ReduceLROnPlateau(o, mode='max', factor=0.5, patience=1, threshold=0.01, threshold_mode='abs', cooldown=5, eps=0.0)"),
    ("negative", "ReduceLROnPlateau(o, factor=0.6, patience=0, threshold=1e-3, eps=0.0)"),
    ("notNumbers", "ReduceLROnPlateau(o, factor=0.5, patience=2, cooldown=1, eps=0.0)"),
]


def waves(offset, scale, k):
    """A value that falls from 1 with waves on it."""
    return offset + scale * (math.exp(-k / 40) + 0.03 * math.sin(1.7 * k) * math.exp(-k / 80))


SAMPLES = {
    "falling": [waves(0.0, 1.0, k) for k in range(COUNT)],
    "rising": [waves(1.0, -0.8, k) for k in range(COUNT)],
    "negative": [waves(-2.0, 1.5, k) for k in range(COUNT)],
    # NaN and both infinities between numbers.
    "notNumbers": [
        math.nan if k % 13 == 5 else math.inf if k % 29 == 0 else -math.inf if k == 150 else waves(0.0, 1.0, k)
        for k in range(COUNT)],
}


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))], lr=1.0)


def pytorch(call):
    names = {name: getattr(schedulers, name) for name in schedulers.__all__} | {"o": optimizer()}
    return eval(call, names), names["o"]


def stepped(call):
    schedule, o = pytorch(call)
    rates = []
    for _ in range(COUNT):
        rates.append(o.param_groups[0]["lr"])
        o.step()
        # The last step of a schedule of as many steps is one too many for it.
        if len(rates) < COUNT:
            schedule.step()
    return rates


def shown(call, samples):
    schedule, o = pytorch(call)
    rates = []
    for sample in samples:
        o.step()
        schedule.step(sample)
        rates.append(o.param_groups[0]["lr"])
    return rates


def of_optax(call):
    schedule = eval(call, {name: getattr(optax.schedules, name) for name in dir(optax.schedules)})
    return [float(schedule(step)) for step in range(COUNT)]


def records():
    torch_name = f"PyTorch {torch.__version__.partition('+')[0]}"
    optax_name = f"Optax {optax.__version__}, JAX {jax.__version__}"
    for call in PYTORCH:
        yield {"call": call, "system": torch_name, "values": stepped(call)}
    for name, call in PLATEAU:
        yield {"call": call, "samples": name, "system": torch_name, "values": shown(call, SAMPLES[name])}
    for call in OPTAX:
        yield {"call": call, "system": optax_name, "values": of_optax(call)}


def main():
    warnings.simplefilter("ignore")
    write("schedules", {name: {"x": values} for name, values in SAMPLES.items()}, list(records()))


if __name__ == "__main__":
    main()
