import numpy as np
import xgboost

from cases import cases

NAME = "XGBoost"
VERSION = xgboost.__version__

CASES = [
    *cases(
        "regression", "residuals", "gradient('reg:squarederror')", "gradient('reg:pseudohubererror')",
        "gradient('reg:pseudohubererror', huber_slope=2.5)", "metric('rmse')", "metric('mae')",
        "metric('mphe', huber_slope=2.5)", "metric('quantile', quantile_alpha=0.9)"),
    *cases("regression", "counts", "gradient('count:poisson')", "metric('poisson-nloglik', objective='count:poisson')"),
    *cases(
        "regression", "positive", "gradient('reg:gamma')", "gradient('reg:tweedie', tweedie_variance_power=1.3)",
        "metric('gamma-nloglik', objective='reg:gamma')", "metric('gamma-deviance', objective='reg:gamma')",
        "metric('tweedie-nloglik@1.3', objective='reg:tweedie')"),
    *cases(
        "regression", "positiveMeans", "gradient('reg:squaredlogerror')", "metric('rmsle')", "metric('mape')"),
    *cases("binary", "nearLabels", "gradient('binary:logistic')", "gradient('binary:logistic', scale_pos_weight=4.0)"),
    *cases("binary", "softLabels", "gradient('reg:logistic')", "gradient('binary:logitraw')"),
    *cases("margin", "zeroOne", "gradient('binary:hinge')"),
    *cases(
        "categorical", "choices", "gradient('multi:softprob', num_class=4)", "gradient('multi:softmax', num_class=4)"),
]


def evaluate(call, samples, variables):
    return eval(call, {"gradient": lambda *a, **k: gradient(samples, *a, **k), "metric": lambda *a, **k: metric(samples, *a, **k)})


def gradient(samples, objective, **parameters):
    """The derivatives of an objective, from trees of one leaf: its weight is −g/(h + λ), for two λ."""
    large = 2.0**20
    first, second = [], []
    for x, y in zip(samples["x"], samples["y"]):
        free, held = (leaf(x, y, objective, strength, parameters) for strength in (0, large))
        for a, b in zip(free, held):
            # Where g = 0 the leaf does not show h.
            h = b * large / (a - b) if a != 0 else None
            first.append(-a * h if a != 0 else 0.0)
            second.append(h)
    return {"curvature": second, "gradient": {"x": first}}


def leaf(x, y, objective, strength, parameters):
    settings = {
        "base_score": 0.5, "eta": 1, "max_delta_step": 0, "min_child_weight": 0, "nthread": 1, "objective": objective,
        "reg_lambda": strength, **parameters}
    one = xgboost.DMatrix(np.zeros((1, 1)), label=[y])
    one.set_base_margin(np.atleast_2d(x))
    tree = xgboost.train(settings, one, 1)
    one.set_base_margin(np.zeros_like(np.atleast_2d(x)))
    return tree.predict(one, output_margin=True).ravel().astype(float)


def metric(samples, name, objective="reg:squarederror", **parameters):
    data = xgboost.DMatrix(np.zeros((len(samples["x"]), 1)), label=samples["y"])
    data.set_base_margin(samples["x"])
    settings = {"base_score": 0.5, "eval_metric": name, "nthread": 1, "objective": objective, **parameters}
    return {"value": float(xgboost.train(settings, data, 0).eval(data).split(":")[-1])}
