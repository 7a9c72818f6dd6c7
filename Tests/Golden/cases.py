"""A case is one call of another system, as text that is evaluated as it stands, on one set of samples."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    family: str
    samples: str
    call: str
    # What the gradient is taken with respect to; nothing where the call is a bare number.
    variables: str = "x"
    # The true numbers, where those of the call are not them.
    exact: Callable | None = None
    # Whether the call fails, which is then what it gives.
    raises: bool = False


def cases(family, samples, *calls, variables="x", exact=None, raises=False):
    return [Case(family, samples, call, variables, exact, raises) for call in calls]
