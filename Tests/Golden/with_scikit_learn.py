import numpy as np
import sklearn
import sklearn._loss.loss
import sklearn.linear_model._sgd_fast
import sklearn.metrics

import exact
from cases import cases

NAME = "scikit-learn"
VERSION = sklearn.__version__

CASES = [
    *cases(
        "regression", "residuals",
        "HalfSquaredError().loss(y, x)", "HalfSquaredError().loss(y, x, w)", "HalfSquaredError()(y, x, w)",
        "HuberLoss(quantile=0.5, delta=2.5).loss(y, x)"),
    *cases(
        "regression", "noTies",
        "AbsoluteError().loss(y, x)", "PinballLoss(quantile=0.9).loss(y, x)", "PinballLoss(quantile=0.25).loss(y, x, w)",
        "EpsilonInsensitive(0.2).py_loss(x, y)", "SquaredEpsilonInsensitive(0.2).py_loss(x, y)",
        "mean_pinball_loss(y, x, sample_weight=w, alpha=0.9)"),
    *cases("regression", "ties", "AbsoluteError().loss(y, x)", "PinballLoss(quantile=0.9).loss(y, x)"),
    *cases("regression", "ends", "EpsilonInsensitive(0.5).py_loss(x, y)"),
    *cases("regression", "weightless", "HalfSquaredError()(y, x, w)", raises=True),
    *cases("regression", "counts", "HalfPoissonLoss().loss(y, x)", "HalfPoissonLoss().loss(y, x, w)"),
    *cases(
        "regression", "positive",
        "HalfGammaLoss().loss(y, x)", "HalfTweedieLoss(power=1.5).loss(y, x)", "HalfTweedieLoss(power=3.0).loss(y, x)",
        *(f"HalfTweedieLoss(power={p}).loss(y, x)" for p in (0.0, 1e-9, 1.0, 1 + 1e-9, 2.0, 2 + 1e-9))),
    *cases(
        "regression", "positiveMeans",
        "HalfTweedieLossIdentity(power=1.5).loss(y, x)", "mean_squared_log_error(y, x)",
        "mean_absolute_percentage_error(y, x)"),
    *cases("binary", "logits", "HalfBinomialLoss().loss(y, x)", "HalfBinomialLoss().loss(y, x, w)"),
    *cases("binary", "softLabels", "HalfBinomialLoss().loss(y, x)", "HalfBinomialLoss()(y, x, w)"),
    *cases("binary", "farLogits", "HalfBinomialLoss().loss(y, x)", exact=exact.logistic),
    *cases("binary", "probabilities", "log_loss(y, x)", "log_loss(y, x, sample_weight=w)"),
    *cases("margin", "zeroOne", "ExponentialLoss().loss(y, x)"),
    *cases("margin", "farZeroOne", "ExponentialLoss().loss(y, x)", exact=lambda x, y: exact.exponential(x, 2 * y - 1)),
    *cases(
        "margin", "margins",
        "Hinge(1.0).py_loss(x, y)", "Hinge(0.0).py_loss(x, y)", "SquaredHinge(1.0).py_loss(x, y)",
        "ModifiedHuber().py_loss(x, y)", "hinge_loss(y, x, sample_weight=w)"),
    *cases("margin", "marginKinks", "Hinge(1.0).py_loss(x, y)", "Hinge(0.0).py_loss(x, y)"),
    *cases(
        "categorical", "rows",
        "HalfMultinomialLoss(n_classes=4).loss(y, x)", "HalfMultinomialLoss(n_classes=4).loss(y, x, w)",
        "HalfMultinomialLoss(n_classes=4)(y, x, w)", "hinge_loss(y, x, labels=[0, 1, 2, 3])"),
    *cases("categorical", "outOfRange", "HalfMultinomialLoss(n_classes=3).loss(y, x)"),
    *cases("categorical", "farRows", "HalfMultinomialLoss(n_classes=3).loss(y, x)", exact=exact.cross_entropy),
    *cases("categorical", "classShares", "log_loss(y, x, labels=[0, 1, 2, 3])"),
]


def evaluate(call, samples, variables):
    """A loss object gives gradients and second derivatives beside its values; a metric, and a mean, only a number."""
    names = {**vars(sklearn._loss.loss), **vars(sklearn.linear_model._sgd_fast), **vars(sklearn.metrics), "np": np}
    letters = dict(samples)
    if ".py_loss(" in call:
        loss = eval(call.partition(".py_loss")[0], names)
        pairs = list(zip(letters["x"], letters["y"]))
        return {
            "gradient": {"x": [loss.py_dloss(x, y) for x, y in pairs]}, "values": [loss.py_loss(x, y) for x, y in pairs]}
    letters["y"] = letters["y"].astype(letters["x"].dtype)
    found = eval(call, {**names, **letters})
    if ".loss(" not in call:
        return {"value": float(found)}
    gradient, curvature = eval(call.replace(".loss(", ".gradient_hessian("), {**names, **letters})
    loss = eval(call.partition(".loss(")[0], names)
    exact_hessian = {"curvature": curvature} if not loss.approx_hessian else {}
    return {"gradient": {"x": gradient}, "values": found} | exact_hessian
