"""True values and gradients, to some hundred digits: what the losses are where another system's number is not that.

A loss is a function of the letters of one sample or row; its gradient is differentiated numerically.
"""

import numpy as np
from mpmath import mp, mpf

# Digits for one plus the smallest double.
mp.dps = 400


def softplus(x):
    return mp.log(1 + mp.exp(x))


def logistic(x, y):
    return y * softplus(-x) + (1 - y) * softplus(x)


def margin_logistic(x, y):
    return softplus(-y * x)


def exponential(x, y):
    return mp.exp(-y * x)


def log_cosh(x, y):
    return mp.log(mp.cosh(x - y))


def focal(alpha, gamma):
    def loss(x, y):
        positive = alpha * mp.exp(-gamma * softplus(x)) * softplus(-x)
        negative = (1 - alpha) * mp.exp(-gamma * softplus(-x)) * softplus(x)
        return y * positive + (1 - y) * negative

    return loss


def cross_entropy(x, y):
    return mp.log(sum(mp.exp(score - x[int(y)]) for score in x))


def kullback_leibler(x, q):
    return sum(b * (mp.log(b) - a) for a, b in zip(x, q) if b != 0)


def kullback_leibler_of_logs(x, q):
    return sum(mp.exp(b) * (b - a) for a, b in zip(x, q) if not mp.isinf(b))


def evaluate(loss, samples, names):
    """The loss of each sample, and the gradient of their sum, rounded to doubles."""
    values, gradient = [], []
    for letters in zip(*(samples[name] for name in names)):
        x, *others = (wide(letter) for letter in letters)
        row = isinstance(x, list)
        values.append(float(loss(x, *others)))
        if not row:
            gradient.append(float(mp.diff(lambda t: loss(t, *others), x)))
            continue
        for j in range(len(x)):
            gradient.append(float(mp.diff(lambda t: loss(x[:j] + [t] + x[j + 1 :], *others), x[j])))
    return {"gradient": {"x": gradient}, "values": values}


def wide(letter):
    if np.ndim(letter) == 1:
        return [mpf(float(value)) for value in letter]
    return mpf(float(letter))
