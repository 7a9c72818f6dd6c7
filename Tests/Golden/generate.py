"""Runs the losses of other systems and writes what they give, one file for each family, beside this script.

    pip install --extra-index-url https://download.pytorch.org/whl/cpu -r Tests/Golden/requirements.txt
    python Tests/Golden/generate.py

Each record has the call as it was evaluated, the samples that its letters stand for, and its value or its values for
single samples; the gradient is that of the value, or of the sum of the values. `exact` has the true numbers where the
call gives others.
"""

import ast
import os
import warnings

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

import exact
import with_keras
import with_lightgbm
import with_optax
import with_pytorch
import with_schedules
import with_scikit_learn
import with_scipy
import with_xgboost
from records import write
from samples import arrays

SYSTEMS = [with_pytorch, with_keras, with_optax, with_scikit_learn, with_scipy, with_xgboost, with_lightgbm]


def record(system, case):
    samples = arrays(case.samples)
    try:
        outcome = system.evaluate(case.call, samples, case.variables)
    except Exception as error:
        if not case.raises:
            error.add_note(f"{system.NAME}: {case.call} on {case.samples}")
            raise
        outcome = {"error": f"{type(error).__name__}: {error}"}
    if case.exact:
        outcome["exact"] = exact.evaluate(case.exact, samples, [name for name in "xyq" if name in samples])
    return {
        "call": case.call, "samples": case.samples, "system": f"{system.NAME} {system.VERSION}",
        "options": options(case.call), **outcome}


def described(samples):
    """With what the flat lists of the file lose: the number of columns, and that numbers have single precision."""
    x = samples["x"]
    columns = {"columns": x.shape[1]} if x.ndim == 2 else {}
    return samples | columns | ({"precision": "float32"} if x.dtype == np.float32 else {})


def options(call):
    """The keyword arguments of every call in the text that are written as literals."""
    found = {}
    for node in ast.walk(ast.parse(call, mode="eval")):
        for argument in node.keywords if isinstance(node, ast.Call) else []:
            try:
                found[argument.arg] = ast.literal_eval(argument.value)
            except ValueError:
                found[argument.arg] = ast.unparse(argument.value)
    return found


def main():
    warnings.simplefilter("ignore")
    families = {}
    for system in SYSTEMS:
        for case in system.CASES:
            families.setdefault(case.family, []).append((case, record(system, case)))
    for family, pairs in families.items():
        names = {case.samples for case, _ in pairs}
        write(family, {name: described(arrays(name)) for name in names}, [entry for _, entry in pairs])
    with_schedules.main()


if __name__ == "__main__":
    main()
