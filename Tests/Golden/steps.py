"""The steps that update rules, and what is around them, are run on, and how the file of their records is written.

The gradients and the first parameters are exact in both precisions.
"""

import json
import platform
from pathlib import Path

import numpy as np

STEPS, COUNT = 100, 21

start = [(i - 10) / 8 for i in range(COUNT)]


def gradients(step):
    """Of all signs and three sizes, some of them 0."""
    return [((7 * step + 13 * i) % 29 - 14) / 8 * 2.0 ** -(4 * (i % 3)) for i in range(COUNT)]


def record(system, call, run):
    return {"call": call, "system": system, "double": run(call, "float64"), "float": run(call, "float32")}


def write(script, records):
    """Writes the records beside a script, one a line."""
    lines = ",\n".join("    " + json.dumps(r) for r in records)
    python = f"Python {platform.python_version()}, NumPy {np.__version__}"
    path = Path(script).with_suffix(".json")
    path.write_text(f'{{\n  "madeWith": "{python}",\n  "records": [\n{lines}\n  ]\n}}\n')
    print(f"{path.name}: {len(records)} records, {path.stat().st_size} bytes")
