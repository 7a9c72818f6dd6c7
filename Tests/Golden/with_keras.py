import os

os.environ["KERAS_BACKEND"] = "jax"

import keras

import exact
from cases import cases
from with_optax import differentiate

NAME = "Keras"
VERSION = f"{keras.__version__}, JAX backend"

CASES = [
    *cases(
        "regression", "residuals",
        "keras.losses.MeanSquaredError()(y, x)", "keras.losses.MeanSquaredError(reduction='sum')(y, x)",
        "keras.losses.MeanSquaredError(reduction='none')(y, x)",
        "keras.losses.MeanSquaredError()(y, x, sample_weight=w)",
        "keras.losses.MeanSquaredError(reduction='mean_with_sample_weight')(y, x, sample_weight=w)",
        "keras.losses.MeanSquaredError(reduction='sum')(y, x, sample_weight=w)",
        "keras.losses.Huber()(y, x)", "keras.losses.Huber(delta=2.5)(y, x)",
        "keras.losses.LogCosh(reduction='none')(y, x)"),
    *cases("regression", "noTies", "keras.losses.MeanAbsoluteError()(y, x)"),
    *cases("regression", "ties", "keras.losses.MeanAbsoluteError(reduction='none')(y, x)"),
    *cases("regression", "tiny", "keras.losses.LogCosh(reduction='none')(y, x)", exact=exact.log_cosh),
    *cases(
        "regression", "weightless",
        "keras.losses.MeanSquaredError(reduction='mean_with_sample_weight')(y, x, sample_weight=w)"),
    *cases("regression", "rates", "keras.losses.Poisson()(y, x)", "keras.losses.Poisson()(y, x, sample_weight=w)"),
    *cases(
        "regression", "positiveMeans",
        "keras.losses.MeanAbsolutePercentageError()(y, x)", "keras.losses.MeanSquaredLogarithmicError()(y, x)"),
    *cases("regression", "zeroTarget", "keras.losses.MeanAbsolutePercentageError(reduction='none')(y, x)"),
    *cases(
        "binary", "logits",
        "keras.losses.BinaryCrossentropy(from_logits=True)(y, x)",
        "keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)(y, x)"),
    *cases(
        "binary", "softLabels",
        "keras.losses.BinaryCrossentropy(from_logits=True, reduction='mean_with_sample_weight')(y, x, sample_weight=w)"),
    *cases(
        "binary", "nearLabels",
        "keras.losses.BinaryFocalCrossentropy(from_logits=True)(y, x)",
        "keras.losses.BinaryFocalCrossentropy(from_logits=True, alpha=0.75)(y, x)",
        "keras.losses.BinaryFocalCrossentropy(from_logits=True, apply_class_balancing=True, alpha=0.75, gamma=3.0)(y, x)"),
    *cases(
        "binary", "farLogits", "keras.losses.BinaryFocalCrossentropy(from_logits=True, reduction='none')(y, x)",
        exact=lambda x, y: 2 * exact.focal(0.5, 2)(x, y)),
    *cases(
        "binary", "probabilities",
        "keras.losses.BinaryCrossentropy()(y, x)", "keras.losses.BinaryCrossentropy(label_smoothing=0.1)(y, x)"),
    *cases("binary", "certain", "keras.losses.BinaryCrossentropy(reduction='none')(y, x)"),
    *cases(
        "margin", "margins", "keras.losses.Hinge()(y, x)", "keras.losses.SquaredHinge()(y, x)",
        "keras.losses.Hinge()(y, x, sample_weight=w)"),
    *cases("margin", "zeroOne", "keras.losses.Hinge()(y, x)"),
    *cases("margin", "marginKinks", "keras.losses.Hinge(reduction='none')(y, x)"),
    *cases("margin", "mixedLabels", "keras.losses.Hinge(reduction='none')(y, x)"),
    *cases(
        "categorical", "rows",
        "keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, x)",
        "keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, x, sample_weight=w)",
        "keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction='mean_with_sample_weight')(y, x, sample_weight=w)",
    ),
    *cases(
        "categorical", "ignored", "keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)(y, x)"),
    *cases(
        "categorical", "allIgnored",
        "keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)(y, x)"),
    *cases("categorical", "outOfRange", "keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, x)"),
    *cases(
        "categorical", "mixtures",
        "keras.losses.CategoricalCrossentropy(from_logits=True)(q, x)",
        "keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)(q, x)"),
    *cases(
        "categorical", "choices",
        "keras.losses.CategoricalFocalCrossentropy(from_logits=True, alpha=0.25, gamma=2.0, reduction='none')(q, x)",
        "keras.losses.CategoricalHinge(reduction='none')(q, x)"),
    *cases("categorical", "negativeScores", "keras.losses.CategoricalHinge(reduction='none')(q, x)"),
    *cases(
        "categorical", "classShares",
        "keras.losses.CategoricalCrossentropy()(q, x)", "keras.losses.SparseCategoricalCrossentropy()(y, x)",
        "keras.losses.CategoricalGeneralizedCrossEntropy(q=0.7)(y, x)",
        "keras.losses.CategoricalFocalCrossentropy(alpha=0.25, gamma=2.0)(q, x)"),
    *cases(
        "divergence", "shares", "keras.losses.KLDivergence()(q, x)", "keras.losses.KLDivergence(reduction='none')(q, x)"),
    *cases("divergence", "zeroShares", "keras.losses.KLDivergence(reduction='none')(q, x)"),
]


def evaluate(call, samples, variables):
    """Keras takes the mean over the last axis: one prediction for each sample is a column."""
    keras.config.set_floatx(str(samples["x"].dtype))
    if samples["x"].ndim == 1:
        samples = samples | {"x": samples["x"][:, None], "y": samples["y"][:, None]}
    return differentiate(call, samples, {"keras": keras})
