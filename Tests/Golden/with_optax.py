import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import optax

import exact
from cases import cases

NAME = "Optax"
VERSION = f"{optax.__version__}, JAX {jax.__version__}"

CASES = [
    *cases(
        "regression", "residuals",
        "optax.losses.squared_error(x, y)", "optax.losses.l2_loss(x, y)", "optax.losses.huber_loss(x, y)", "optax.losses.huber_loss(x, y, delta=2.5)",
        "jnp.mean(optax.losses.squared_error(x, y))"),
    *cases("regression", "noTies", "optax.losses.log_cosh(x, y)"),
    *cases("regression", "tiny", "optax.losses.log_cosh(x, y)", exact=exact.log_cosh),
    *cases("binary", "logits", "optax.losses.sigmoid_binary_cross_entropy(x, y)"),
    *cases("binary", "softLabels", "optax.losses.sigmoid_binary_cross_entropy(x, y)"),
    *cases("binary", "farLogits", "optax.losses.sigmoid_binary_cross_entropy(x, y)"),
    *cases(
        "binary", "nearLabels",
        "optax.losses.sigmoid_focal_loss(x, y)", "optax.losses.sigmoid_focal_loss(x, y, alpha=0.75, gamma=3.0)"),
    *cases("binary", "farLogits", "optax.losses.sigmoid_focal_loss(x, y, alpha=0.25, gamma=0.5)"),
    *cases("binary", "nearLabels", "optax.losses.sparsemax_loss(x, y)"),
    *cases("margin", "margins", "optax.losses.hinge_loss(x, y)", "optax.losses.perceptron_loss(x, y)"),
    *cases("margin", "marginKinks", "optax.losses.hinge_loss(x, y)", "optax.losses.perceptron_loss(x, y)"),
    *cases(
        "categorical", "rows",
        "optax.losses.softmax_cross_entropy_with_integer_labels(x, y)",
        "jnp.mean(optax.losses.softmax_cross_entropy_with_integer_labels(x, y))"),
    *cases(
        "categorical", "choices",
        "optax.losses.multiclass_hinge_loss(x, y)", "optax.losses.multiclass_perceptron_loss(x, y)",
        "optax.losses.poly_loss_cross_entropy(x, q)", "optax.losses.poly_loss_cross_entropy(x, q, epsilon=-1.0)"),
    *cases(
        "categorical", "mixtures",
        "optax.losses.softmax_cross_entropy(x, q)", "optax.losses.softmax_cross_entropy(x, optax.losses.smooth_labels(q, 0.1))",
        "optax.losses.poly_loss_cross_entropy(x, q, epsilon=1.0)"),
    *cases("categorical", "closeRows", "optax.losses.multiclass_sparsemax_loss(x, y)"),
    *cases("categorical", "negativeScores", "optax.losses.multiclass_hinge_loss(x, y)"),
    *cases("categorical", "masked", "optax.losses.softmax_cross_entropy_with_integer_labels(x, y)"),
    *cases("categorical", "farRows", "optax.losses.softmax_cross_entropy_with_integer_labels(x, y)", exact=exact.cross_entropy),
    *cases("categorical", "outOfRange", "optax.losses.softmax_cross_entropy_with_integer_labels(x, y)"),
    *cases("divergence", "logShares", "optax.losses.kl_divergence(x, q)"),
    *cases("divergence", "maskedShares", "optax.losses.kl_divergence(x, q)", exact=exact.kullback_leibler),
    *cases(
        "divergence", "positiveShares",
        "optax.losses.kl_divergence_with_log_targets(x, jnp.log(q))", "optax.losses.generalized_kl_divergence(x, q)"),
    *cases(
        "divergence", "impossible", "optax.losses.kl_divergence_with_log_targets(x, q)", exact=exact.kullback_leibler_of_logs),
]


def evaluate(call, samples, variables):
    return differentiate(call, samples, {"jnp": jnp, "optax": optax})


def differentiate(call, samples, names):
    """The result of a call on JAX arrays, and the gradient of its sum with respect to x."""
    letters = {name: jnp.asarray(array) for name, array in samples.items()}

    def result(x):
        return eval(call, {**names, **letters, "x": x})

    found = result(letters["x"])
    gradient = {"x": jax.grad(lambda x: result(x).sum())(letters["x"])}
    return {"gradient": gradient} | ({"value": float(found)} if found.ndim == 0 else {"values": found})
