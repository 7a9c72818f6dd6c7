import lightgbm
import numpy as np

from cases import cases

NAME = "LightGBM"
VERSION = lightgbm.__version__

# Some objectives and samples are missing: their trees do not split.
CASES = [
    *cases("regression", "noTies", "gradient('regression')", "gradient('huber', alpha=2.5)"),
    *cases("regression", "near", "gradient('fair', fair_c=2.5)"),
    *cases("regression", "positive", "gradient('tweedie', tweedie_variance_power=1.3)", "metric('gamma')"),
    *cases("regression", "residuals", "metric('mape')"),
    *cases("regression", "smallMeans", "gradient('poisson', poisson_max_delta_step=1e-12)"),
    *cases("binary", "nearLabels", "gradient('binary')", "gradient('cross_entropy')"),
    *cases(
        "categorical", "choices", "gradient('multiclass', num_class=4)", "gradient('multiclassova', num_class=4)"),
]


def evaluate(call, samples, variables):
    return eval(call, {"gradient": lambda *a, **k: gradient(samples, *a, **k), "metric": lambda *a, **k: metric(samples, *a, **k)})


def gradient(samples, objective, **parameters):
    """The derivatives of an objective, from trees of two leaves of one sample each: a leaf is −g/(h + λ), for two λ.

    A tree splits only where the derivatives of the second sample have the other sign.
    """
    large = 2.0**20
    first, second = [], []
    for x, y in zip(samples["x"], samples["y"]):
        for pick, other_x, other_y in opposites(x, y, objective):
            free, held = (
                leaf([x, other_x], [y, other_y], objective, strength, parameters)[pick] for strength in (0, large))
            h = held * large / (free - held)
            first.append(-free * h)
            second.append(h)
    return {"curvature": second, "gradient": {"x": first}}


def opposites(x, y, objective):
    """Which derivatives to take from a tree, and a second sample where they have the other sign."""
    if objective.startswith("multiclass"):
        # Labels that no sample has get no tree: one for each class.
        return [(k, x, k if k != y else (k + 1) % len(x)) for k in range(len(x))]
    if objective in ("binary", "cross_entropy"):
        return [(0, x, 1 - y)]
    link, inverse = (np.exp, np.log) if objective in ("poisson", "gamma", "tweedie") else (float, float)
    return [(0, x, 2 * link(x) + 1)] if link(x) > y else [(0, inverse(y) + 1, y)]


def leaf(scores, labels, objective, strength, parameters):
    settings = {
        "boost_from_average": False, "feature_pre_filter": False, "lambda_l2": strength, "learning_rate": 1,
        "min_data_in_bin": 1, "min_data_in_leaf": 1, "min_sum_hessian_in_leaf": 0, "num_leaves": 2, "num_threads": 1,
        "objective": objective, "verbose": -1, **parameters}
    data = lightgbm.Dataset(np.array([[0.0], [1.0]]), label=labels, init_score=np.array(scores), params=settings)
    return np.atleast_1d(lightgbm.train(settings, data, 1).predict(np.zeros((1, 1)), raw_score=True)[0])


def metric(samples, objective):
    """The value of an objective of which no tree shows the derivatives."""
    settings = {"metric": objective, "num_threads": 1, "objective": objective, "verbose": -1}
    data = lightgbm.Dataset(np.zeros((len(samples["x"]), 1)), label=samples["y"], init_score=samples["x"], params=settings)
    [(_, _, value, _)] = lightgbm.Booster(settings, data).eval_train()
    return {"value": value}
