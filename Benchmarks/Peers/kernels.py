"""The kernels as a shared library, with the flags of Package.swift, and their calls."""

import ctypes
import pathlib
import subprocess

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
KERNELS = HERE.parent.parent / "CKernels"


def build(folder):
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


def loss(kernels, name, parameters, z, y):
    """The call of a pointwise loss, or of the cross-entropy where the name is None."""
    gradient = np.zeros_like(z)
    if name is None:
        shape = [ctypes.c_int64(n) for n in z.shape]
        return lambda: kernels.peers_cross_entropy(address(z), address(y), address(gradient), *shape)
    numbers = (ctypes.c_double * 3)(*parameters)
    return lambda: kernels.peers_pointwise(
        name.encode(), numbers, address(z), address(y), address(gradient), ctypes.c_int64(z.size))


class Update:
    """Parameters and the states of a rule; a call makes so many steps."""

    def __init__(self, kernels, name, parameters, gradient):
        self.parameters, self.gradient = parameters.copy(), gradient.copy()
        # As far apart as the state of an `Optimizer` has them, whose vectors must not have the same place in their pages.
        self.states = np.zeros((2, parameters.size + (1040 if parameters.size >= 1 << 14 else 0)), np.float32)
        self.kernel = getattr(kernels, f"peers_{name}")
        self.steps_done = 0

    def __call__(self, steps):
        self.kernel(
            address(self.parameters), address(self.gradient), address(self.states[0]), address(self.states[1]),
            ctypes.c_int64(self.parameters.size), ctypes.c_int64(self.steps_done), ctypes.c_int64(steps))
        self.steps_done += steps
