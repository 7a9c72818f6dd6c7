"""Calls of several systems in turn, so that whatever slows the machine for a while slows all of them."""

import statistics
import time


def seconds(call, *arguments):
    start = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - start


def rounds(calls, count, in_a_row=1):
    """The times of each system: a round calls every system so many times in a row, and gives a list for each."""
    times = {system: [] for system in calls}
    for _ in range(count):
        for system, call in calls.items():
            times[system].append([seconds(call) for _ in range(in_a_row)])
    return times


def repeated(calls, count, shortest=2e-3):
    """The times of one call of each system, which takes how often it is to be called as its argument.

    A sample repeats its call until it takes so long, after one that is not timed."""
    repeats = {}
    for system, call in calls.items():
        call(1)
        repeats[system] = 1
        while min(seconds(call, repeats[system]) for _ in range(2)) < shortest:
            repeats[system] *= 2
    times = {system: [] for system in calls}
    for _ in range(count):
        for system, call in calls.items():
            call(1)
            times[system].append(seconds(call, repeats[system]) / repeats[system])
    return times


class Table:
    """Rows of medians, each with how many times that of the first system it is."""

    def __init__(self, systems):
        self.systems = systems
        print(f"{'':42}{systems[0]:>12}" + "".join(f"{system:>20}" for system in systems[1:]))

    def add(self, title, times):
        median = {system: statistics.median(samples) for system, samples in times.items()}
        first = median[self.systems[0]]
        cells = [f"{title:42}{_text(first):>12}"]
        for system in self.systems[1:]:
            cells.append(f"{_text(median[system]) + f' ({median[system] / first:.3g})':>20}" if system in median
                         else f"{'–':>20}")
        print("".join(cells), flush=True)


def _text(time):
    for unit, name in [(1, "s"), (1e-3, "ms"), (1e-6, "µs")]:
        if time >= unit:
            return f"{time / unit:.3g} {name}"
    return f"{time * 1e9:.3g} ns"
