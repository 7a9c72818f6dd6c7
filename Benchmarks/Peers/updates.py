"""One step of an update rule, Float: the kernels, PyTorch's fused and its foreach form, Optax compiled with donated buffers.

All is warm: a sample repeats the steps of one system for at least 2 ms, after one that is not timed. The kernels are called
from C, as they are from Swift, and the others from Python, as they are by those who use them."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch

import kernels
from timing import Table, repeated

RATE, MOMENTUM, DECAY = 1e-3, 0.9, 0.01


class InTorch:
    def __init__(self, make, parameters, gradient):
        self.tensor = torch.nn.Parameter(torch.from_numpy(parameters.copy()))
        self.tensor.grad = torch.from_numpy(gradient.copy())
        self.optimizer = make([self.tensor])

    def __call__(self, steps):
        for _ in range(steps):
            self.optimizer.step()

    @property
    def parameters(self):
        return self.tensor.detach().numpy()


class InOptax:
    def __init__(self, rule, parameters, gradient):
        self.array, self.gradient = jnp.array(parameters), jnp.array(gradient)
        self.state = rule.init(self.array)

        @functools.partial(jax.jit, donate_argnums=(0, 1))
        def step(array, state, gradient):
            updates, state = rule.update(gradient, state, array)
            return optax.apply_updates(array, updates), state

        self.step = step

    def __call__(self, steps):
        for _ in range(steps):
            self.array, self.state = self.step(self.array, self.state, self.gradient)
        self.array.block_until_ready()

    @property
    def parameters(self):
        return np.asarray(self.array)


def rules():
    """Title, name of the kernel's call, PyTorch's form, Optax's."""
    yield ("SGD with momentum", "momentum",
           lambda tensors, **form: torch.optim.SGD(tensors, lr=RATE, momentum=MOMENTUM, **form),
           optax.sgd(RATE, momentum=MOMENTUM))
    yield ("AdamW", "adam_w",
           lambda tensors, **form: torch.optim.AdamW(tensors, lr=RATE, weight_decay=DECAY, **form),
           optax.adamw(RATE, weight_decay=DECAY))


def run(library, is_quick):
    table = Table(["kernels", "PyTorch fused", "PyTorch foreach", "Optax"])
    random = np.random.default_rng(1)
    for size, name in [(1 << 10, "1 Ki"), (1 << 16, "64 Ki")] + ([] if is_quick else [(1 << 26, "64 Mi")]):
        parameters = random.standard_normal(size, np.float32)
        gradient = random.standard_normal(size, np.float32)
        for title, kernel, in_torch, in_optax in rules():
            calls = {
                "kernels": kernels.Update(library, kernel, parameters, gradient),
                "PyTorch fused": InTorch(functools.partial(in_torch, fused=True), parameters, gradient),
                "PyTorch foreach": InTorch(functools.partial(in_torch, foreach=True), parameters, gradient),
                "Optax": InOptax(in_optax, parameters, gradient),
            }
            for call in calls.values():
                call(10)
            for system, call in calls.items():
                assert np.allclose(call.parameters, calls["kernels"].parameters, rtol=1e-5, atol=1e-6), (title, system)
            table.add(f"{title}, {name}", repeated(calls, 3 if is_quick else 7 if size > 1 << 24 else 25))
