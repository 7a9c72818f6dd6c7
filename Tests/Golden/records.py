"""How a file of records is written."""

import json
import math
import platform
import sys
from pathlib import Path

import numpy as np


def plain(value):
    """Lists and numbers of the standard library; what JSON cannot spell as text."""
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value)}
    if isinstance(value, (str, bool)) or value is None:
        return value
    if np.ndim(value):
        return [plain(element) for element in np.ravel(np.asarray(value, dtype=object))]
    if isinstance(value, int):
        return value
    number = float(value)
    return number if math.isfinite(number) else str(number)


def text(entry, indent):
    """One key a line, arrays on one line."""
    lines = [f"{indent}  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def write(family, samples, records):
    """The file of a family, with samples by their names."""
    content = (
        "{\n"
        f'  "python": {json.dumps(platform.python_version())},\n'
        f'  "samples": {{\n    '
        + ",\n    ".join(f"{json.dumps(name)}: {text(plain(samples[name]), '    ')}" for name in sorted(samples))
        + '\n  },\n  "records": [\n    ' + ",\n    ".join(text(plain(entry), "    ") for entry in records)
        + "\n  ]\n}\n")
    path = Path(__file__).parent / f"{family}.json"
    path.write_text(content)
    print(f"{path.name}: {len(records)} records, {len(content)} bytes", file=sys.stderr)
