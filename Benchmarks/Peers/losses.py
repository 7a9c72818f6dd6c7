"""Value and gradient of the mean of a loss, Float: the kernels, PyTorch, compiled PyTorch, JAX with Optax.

A round calls each system several times in a row. The first call of it is cold: the other systems have had the caches since
its last one. The others are warm."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch
import torch.distributions as distributions
import torch.nn.functional as F

import kernels
from timing import Table, rounds


def in_torch(loss, z, y):
    logits = torch.from_numpy(z.copy()).requires_grad_(True)
    targets = torch.from_numpy(y)
    targets = targets if targets.is_floating_point() else targets.long()

    def call():
        logits.grad = None
        value = loss(logits, targets)
        value.backward()
        return value.item()

    return call


def in_jax(loss, z, y):
    function = jax.jit(jax.value_and_grad(loss))
    logits, targets = jnp.asarray(z), jnp.asarray(y)
    return lambda: float(jax.block_until_ready(function(logits, targets))[0])


def focal(z, y):
    """As torchvision's sigmoid_focal_loss of alpha 0.25 and gamma 2."""
    p = torch.sigmoid(z)
    entropy = F.binary_cross_entropy_with_logits(z, y, reduction="none")
    p_t = p * y + (1 - p) * (1 - y)
    return ((0.25 * y + 0.75 * (1 - y)) * entropy * (1 - p_t) ** 2).mean()


def likelihood(make):
    return lambda z, y: -make(z).log_prob(y).mean()


def cases(is_quick):
    """Title, name and parameters of the kernel, inputs, PyTorch's form and whether it is compiled too, Optax's form."""
    random = np.random.default_rng(0)
    n = 1 << (16 if is_quick else 20)
    z = random.uniform(-4, 4, n).astype(np.float32)
    labels = random.integers(0, 2, n).astype(np.float32)
    counts = random.poisson(2, n).astype(np.float32)
    p = random.uniform(0.01, 0.99, n).astype(np.float32)
    y = random.normal(size=n).astype(np.float32)
    bce = optax.losses.sigmoid_binary_cross_entropy
    yield ("logistic", "logistic", (1, 0, 0), z, labels, F.binary_cross_entropy_with_logits, True,
           lambda a, b: bce(a, b).mean())
    yield ("focal", "focal", (0.25, 2, 0), z, labels, focal, True,
           lambda a, b: optax.losses.sigmoid_focal_loss(a, b, alpha=0.25).mean())
    yield ("poisson", "poisson", (0, 0, 0), z, counts, F.poisson_nll_loss, True, None)
    yield ("crossEntropyOfProbabilities", "cross_entropy_of_probabilities", (0, 0, 0), p, labels,
           F.binary_cross_entropy, True, None)
    yield ("cauchy", "cauchy", (1, 0, 0), z, y,
           likelihood(lambda a: distributions.Cauchy(a, 1.0, validate_args=False)), False, None)
    yield ("studentT", "student_t", (4, 1, 0), z, y,
           likelihood(lambda a: distributions.StudentT(4.0, a, 1.0, validate_args=False)), False, None)
    yield ("negativeBinomial", "negative_binomial", (0.25, 0, 0), z, counts,
           likelihood(lambda a: distributions.NegativeBinomial(4.0, logits=a, validate_args=False)), False, None)
    for rows, classes in [(65536, 10)] if is_quick else [(65536, 10), (8192, 1000), (1024, 50257)]:
        logits = random.uniform(-4, 4, (rows, classes)).astype(np.float32)
        targets = random.integers(0, classes, rows).astype(np.int32)
        yield (f"crossEntropy {rows} × {classes}", None, (), logits, targets, F.cross_entropy, True,
               lambda a, b: optax.losses.softmax_cross_entropy_with_integer_labels(a, b).mean())


# Where PyTorch leaves out what does not depend on the prediction, or halves, values are other ones.
SAME_VALUE = {"logistic", "focal", "poisson", "crossEntropyOfProbabilities"}


def run(library, is_quick):
    table = Table(["kernels", "PyTorch", "compiled", "JAX"])
    for title, name, parameters, z, y, torch_loss, is_compiled, jax_loss in cases(is_quick):
        calls = {"kernels": kernels.loss(library, name, parameters, z, y), "PyTorch": in_torch(torch_loss, z, y)}
        if is_compiled:
            calls["compiled"] = in_torch(torch.compile(torch_loss, dynamic=False), z, y)
        if jax_loss:
            calls["JAX"] = in_jax(jax_loss, z, y)
        values = {system: call() for system, call in calls.items()}
        if name is None or title in SAME_VALUE:
            for system, value in values.items():
                assert abs(value - values["kernels"]) <= 1e-4 * abs(value), (title, values)
        count = 3 if is_quick else 9 if z.size > 1 << 24 else 25
        times = rounds(calls, count, in_a_row=5)
        table.add(f"{title}, cold", {system: [row[0] for row in rows] for system, rows in times.items()})
        table.add(f"{title}, warm", {system: [t for row in rows for t in row[1:]] for system, rows in times.items()})
