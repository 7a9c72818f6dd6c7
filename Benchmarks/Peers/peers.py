"""Value and gradient of the mean, Float, one thread: the kernels beside PyTorch and JAX in the same run.

Run from anywhere, with the packages of requirements.txt installed and clang on the PATH:

    python Benchmarks/Peers/peers.py

Every system has its inputs in its own arrays. A round calls each of them once; the table has the median of the times
over the rounds, and how many times that of the kernels it is. Values are compared first.
"""

import ctypes
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

# One thread is one processor: JAX has threads of its own whatever it is told.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch
import torch.distributions as distributions
import torch.nn.functional as F

torch.set_num_threads(1)
HERE = pathlib.Path(__file__).resolve().parent
KERNELS = HERE.parent.parent / "CKernels"


def build(folder):
    """The kernels as a shared library, with the flags of Package.swift."""
    library = f"{folder}/kernels.so"
    flags = "-O3 -std=c17 -ffp-contract=off -fno-math-errno -fno-trapping-math -fPIC -shared".split()
    sources = sorted(str(path) for path in (KERNELS / "source").glob("*.c"))
    subprocess.run(
        ["clang", *flags, f"-I{KERNELS / 'include'}", str(HERE / "kernels.c"), *sources, "-lm", "-o", library],
        check=True)
    kernels = ctypes.CDLL(library)
    kernels.peers_pointwise.restype = kernels.peers_cross_entropy.restype = ctypes.c_double
    return kernels


def address(array):
    return array.ctypes.data_as(ctypes.c_void_p)


def ours(kernels, name, parameters, z, y):
    """The call of a pointwise loss, or of the cross-entropy where the name is None."""
    gradient = np.zeros_like(z)
    if name is None:
        shape = [ctypes.c_int64(n) for n in z.shape]
        return lambda: kernels.peers_cross_entropy(address(z), address(y), address(gradient), *shape)
    numbers = (ctypes.c_double * 3)(*parameters)
    return lambda: kernels.peers_pointwise(
        name.encode(), numbers, address(z), address(y), address(gradient), ctypes.c_int64(z.size))


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


def cases():
    """Title, name and parameters of the kernel, inputs, PyTorch's form and whether it is compiled too, Optax's form."""
    random = np.random.default_rng(0)
    n = 1 << 20
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
    for rows, classes in [(65536, 10), (8192, 1000), (1024, 50257)]:
        logits = random.uniform(-4, 4, (rows, classes)).astype(np.float32)
        targets = random.integers(0, classes, rows).astype(np.int32)
        yield (f"crossEntropy {rows} × {classes}", None, (), logits, targets, F.cross_entropy, True,
               lambda a, b: optax.losses.softmax_cross_entropy_with_integer_labels(a, b).mean())


# Where PyTorch leaves out what does not depend on the prediction, or halves, values are other ones.
SAME_VALUE = {"logistic", "focal", "poisson", "crossEntropyOfProbabilities"}


def main():
    with tempfile.TemporaryDirectory() as folder:
        kernels = build(folder)
        print(f"{'':32}{'kernels':>12}{'PyTorch':>18}{'compiled':>18}{'JAX':>18}")
        for title, name, parameters, z, y, torch_loss, is_compiled, jax_loss in cases():
            calls = {"kernels": ours(kernels, name, parameters, z, y), "PyTorch": in_torch(torch_loss, z, y)}
            if is_compiled:
                calls["compiled"] = in_torch(torch.compile(torch_loss, dynamic=False), z, y)
            if jax_loss:
                calls["JAX"] = in_jax(jax_loss, z, y)
            values = {system: call() for system, call in calls.items()}
            if name is None or title in SAME_VALUE:
                for system, value in values.items():
                    assert abs(value - values["kernels"]) <= 1e-4 * abs(value), (title, values)
            times = {system: [] for system in calls}
            for _ in range(9 if z.size > 1 << 24 else 25):
                for system, call in calls.items():
                    start = time.perf_counter()
                    call()
                    times[system].append(time.perf_counter() - start)
            median = {system: statistics.median(seconds) for system, seconds in times.items()}
            row = f"{title:32}{median['kernels'] * 1e3:9.2f} ms"
            for system in ["PyTorch", "compiled", "JAX"]:
                seconds = median.get(system)
                ratio = f"({seconds / median['kernels']:.1f})" if seconds else ""
                row += f"{seconds * 1e3:9.2f} ms{ratio:>6}" if seconds else f"{'–':>18}"
            print(row, flush=True)


main()
