"""The library beside other systems in the same run, on one processor.

Run from anywhere, with the packages of requirements.txt installed and clang and swift on the PATH:

    python Benchmarks/Peers/peers.py                  # everything
    python Benchmarks/Peers/peers.py updates epoch    # these parts

Every system has arrays of its own, and the systems are called in turn. A table has the median of the times, and how many times that
of its first column it is. Results are compared first.
"""

import argparse
import importlib
import os
import tempfile

PARTS = ["losses", "updates", "epoch"]


def use_one_processor():
    """JAX has threads of its own whatever it is told. Before anything is imported that starts some."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def main():
    parser = argparse.ArgumentParser(description="The library beside other systems, on one processor.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; without any, all of them")
    parser.add_argument("--quick", action="store_true", help="small inputs: a test of the script, not of the systems")
    arguments = parser.parse_args()
    for part in arguments.parts:
        if part not in PARTS:
            parser.error(f"there is no part '{part}'; there are {', '.join(PARTS)}")
    use_one_processor()
    with tempfile.TemporaryDirectory() as folder:
        library = importlib.import_module("kernels").build(folder)
        for part in arguments.parts or PARTS:
            module = importlib.import_module(part)
            print(f"\n{module.__doc__}\n")
            module.run(library, arguments.quick)


main()
