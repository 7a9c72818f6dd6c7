"""The inputs: small, fixed, and written out, so that they are the same wherever the script runs.

By one letter: x predictions, y targets, w weights of samples, c of classes, q distributions, v variances, m whether a
sample counts. Rows of classes are lists of lists.
"""

import numpy as np

INF = float("inf")

_residuals = [0, 0.25, -0.5, 1, -1, 2, -2, 3.5, -40, 1000, 2.0**-20, -0.125]
_targets = [0, 1, -2, 0.5, 3, -1, 2, 4, -0.5, 8, 0.25, 1]
_weights = [1, 2, 0.5, 1, 0, 3, 0.25, 1.5, 1, 0.125, 2, 0.75]

SAMPLES = {
    # Regression: a residual of 0, both kinks of Huber, a small and two large ones.
    "residuals": {
        "x": [y + r for y, r in zip(_targets, _residuals)], "y": _targets, "w": _weights},
    # The same without r = 0, where systems disagree about the gradient of |r|.
    "noTies": {
        "x": [y + r for y, r in zip(_targets, _residuals)][1:], "y": _targets[1:], "w": _weights[1:]},
    "near": {"x": [1.25, -2.5, 1.5, 2, 1, 0], "y": [1.0, -2, 0.5, 3, -1, 2]},
    "ties": {"x": [0.0, 1, -3], "y": [0.0, 1, -3]},
    # The ends of the insensitive interval, in doubles that hit them.
    "ends": {"x": [1.5, 0.5, 1, 3], "y": [1.0, 1, 1, 1], "w": [1.0, 1, 1, 1]},
    "tiny": {"x": [1e-9, -1e-5, 1e-12, 400], "y": [0.0, 0, 0, 0]},
    "weightless": {"x": [1.0, 2], "y": [0.0, 0], "w": [0.0, 0]},
    # Logarithms of rates, and rates, of counts and of positive targets.
    "counts": {
        "x": [-3, 0, 0.5, 2, -20, 1.5, 6, 1, -0.25], "y": [0.0, 3, 2, 5, 1, 0, 40, 7, 1],
        "w": [1, 2, 0.5, 0, 1, 3, 0.25, 1, 1.5]},
    "rates": {
        "x": [0.05, 1, 2.5, 8, 1e-3, 0.5, 30, 7.5, 1.25], "y": [0.0, 3, 2, 5, 1, 0, 40, 7, 1],
        "w": [1, 2, 0.5, 0, 1, 3, 0.25, 1, 1.5]},
    "positive": {
        "x": [-3, 0, 0.5, 2, -8, 1.5, 6, 1, -0.25], "y": [0.5, 3, 2, 5, 1, 0.01, 40, 7, 1],
        "w": [1, 2, 0.5, 0, 1, 3, 0.25, 1, 1.5]},
    "positiveMeans": {
        "x": [0.25, 1, 2.5, 8, 0.5, 30, 7.5, 1.25], "y": [0.5, 3, 2, 5, 1, 40, 7, 1.5],
        "w": [1, 2, 0.5, 0, 1, 0.25, 1, 1.5]},
    "zeroTarget": {"x": [0.5, 0], "y": [0.0, 0]},
    "smallMeans": {"x": [0.25, 1, 2.5, 0.5, 1.25], "y": [0.5, 3, 2, 1, 1.5]},
    # Two classes: logits with hard and soft targets; the right side of the scale stays near, see `farLogits`.
    "logits": {
        "x": [0, 0.5, -1.5, 3, -4, 2, -2.5, 12, -30, 700, -700, 1], "y": [1.0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0],
        "w": _weights},
    "nearLabels": {"x": [0, 0.5, -1.5, 3, -4, 2, -2.5, 1], "y": [1.0, 0, 0, 1, 0, 1, 1, 0]},
    "softLabels": {
        "x": [0, 0.5, -1.5, 3, -4, 2, -2.5, 1], "y": [0.25, 0.5, 0.125, 0.9, 0, 1, 0.75, 0.6],
        "w": [1, 2, 0.5, 0, 1, 3, 0.25, 1]},
    # Logits of samples that are right by far: the gradient is small, and y − p cancels.
    "farLogits": {"x": [20.0, 38, 50, -20, -40, -720], "y": [1.0, 1, 1, 0, 0, 0]},
    "farSinglePrecision": {"x": [10.0, 18, 40, -10, -40, -90], "y": [1.0, 1, 1, 0, 0, 0], "float32": True},
    "probabilities": {
        "x": [0.5, 0.6, 0.2, 0.95, 0.02, 0.8, 0.1, 0.999], "y": [1.0, 0, 0, 1, 0, 1, 1, 0],
        "w": [1, 2, 0.5, 0, 1, 3, 0.25, 1]},
    "certain": {"x": [0.0, 1, 0, 1], "y": [1.0, 0, 0, 1]},
    # Margins away from the kinks, then on them.
    "margins": {
        "x": [2, 0.5, -0.25, 3, 0.75, -1.5, -10, 0.5, -40], "y": [1.0, -1, 1, -1, 1, 1, 1, 1, -1],
        "w": [1, 2, 0.5, 0, 1, 3, 0.25, 1, 1]},
    "marginKinks": {"x": [1.0, -1, 0, 0], "y": [1.0, -1, 1, -1]},
    "farMargins": {"x": [-750.0, 750, -200, 1000], "y": [1.0, 1, 1, -1]},
    "farMarginsSinglePrecision": {"x": [-200.0, 30, -85], "y": [1.0, 1, 1], "float32": True},
    "zeroOne": {
        "x": [2, 0.5, -0.25, 3, 0.75, -1.5, -10, 0.5, -40], "y": [1.0, 0, 1, 0, 1, 1, 1, 1, 0],
        "w": [1, 2, 0.5, 0, 1, 3, 0.25, 1, 1]},
    "mixedLabels": {"x": [2.0, -0.5, -0.25], "y": [1.0, 0, -1]},
    "farZeroOne": {"x": [-750.0, 750, 720], "y": [1.0, 1, 1]},
    # Several labels a row.
    "multilabel": {
        "x": [[0.5, -1, 2], [-3, 0.25, 1], [4, -0.5, -2], [0, 1.5, -12]],
        "y": [[1.0, 0, 1], [0, 0, 1], [1, 1, 0], [0, 1, 1]], "c": [4, 1, 0.5], "w": [1, 2, 0, 0.5]},
    # Rows of classes.
    "rows": {
        "x": [[0.5, -1, 2, 0], [3, 0.25, 1, -2], [-4, -0.5, -2, 1.5], [0, 0, 0, 0], [1, 30, -1, 2], [2, 1.75, 0.5, -0.25]],
        "y": [2, 1, 0, 3, 0, 0], "c": [1, 2, 0.5, 4], "w": [1, 2, 0.5, 0, 1, 3]},
    "ignored": {
        "x": [[0.5, -1, 2, 0], [3, 0.25, 1, -2], [-4, -0.5, -2, 1.5], [0, 0, 0, 0], [1, 30, -1, 2]],
        "y": [2, -100, 0, -100, 0], "c": [1, 2, 0.5, 4]},
    "allIgnored": {"x": [[0.5, -1, 2], [3, 0.25, 1]], "y": [-100, -100]},
    "masked": {"x": [[0.5, -INF, 2], [3, 0.25, -INF]], "y": [2, 0]},
    "farRows": {"x": [[1e4, 0, -1e4], [50, 0, 1], [-1e4, 1e4, 0]], "y": [0, 0, 0]},
    "farRowsSinglePrecision": {"x": [[20.0, 0, 1], [60, 0, -3], [-60, 10, 2]], "y": [0, 0, 0], "float32": True},
    "outOfRange": {"x": [[0.5, -1, 2], [3, 0.25, 1]], "y": [1, 7]},
    "negativeScores": {"x": [[-3.0, -5], [-3, -5]], "y": [0, 1], "q": [[1.0, 0], [0, 1]]},
    "choices": {
        "x": [[0.5, -1, 2, 0], [3, 0.25, 1, -2], [-4, -0.5, -2, 1.5], [1, 3, -1, 2]], "y": [2, 1, 0, 3],
        "q": [[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]], "c": [1, 2, 0.5, 4], "w": [1, 2, 0.5, 0]},
    "closeRows": {
        "x": [[0.5, 0.25, 0, -0.5], [0.125, 0.25, 0.375, 0.3], [2, 0, 0.125, 0.25], [0, 0, 0, 0]], "y": [0, 0, 1, 3]},
    "classShares": {
        "x": [[0.1, 0.2, 0.6, 0.1], [0.25, 0.25, 0.25, 0.25], [0.01, 0.01, 0.9, 0.08], [0.4, 0.3, 0.2, 0.1]], "y": [2, 1, 0, 3],
        "q": [[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]], "w": [1, 2, 0.5, 0]},
    "mixtures": {
        "x": [[0.5, -1, 2, 0], [3, 0.25, 1, -2], [-4, -0.5, -2, 1.5], [1, 30, -1, 2]],
        "q": [[0.25, 0.25, 0.5, 0], [0, 1, 0, 0], [0.125, 0.375, 0.25, 0.25], [0.1, 0.2, 0.3, 0.4]],
        "c": [1, 2, 0.5, 4], "w": [1, 2, 0.5, 0]},
    # Distributions against distributions: x are logarithms of probabilities, or probabilities in `shares`.
    "logShares": {
        "x": [list(np.log(row)) for row in ([0.5, 0.25, 0.25], [0.7, 0.1, 0.2], [0.01, 0.01, 0.98], [0.3, 0.3, 0.4])],
        "q": [[0.5, 0.25, 0.25], [0.2, 0.5, 0.3], [1, 0, 0], [0.25, 0.75, 0]]},
    "shares": {
        "x": [[0.5, 0.25, 0.25], [0.7, 0.1, 0.2], [0.01, 0.01, 0.98], [0.3, 0.3, 0.4]],
        "q": [[0.4, 0.35, 0.25], [0.2, 0.5, 0.3], [0.98, 0.01, 0.01], [0.25, 0.7, 0.05]]},
    "zeroShares": {
        "x": [[0.5, 0.5, 0], [0, 0.25, 0.75], [1, 0, 0]], "q": [[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0]]},
    "positiveShares": {
        "x": [list(np.log(row)) for row in ([0.5, 0.25, 0.25], [0.7, 0.1, 0.2], [0.01, 0.01, 0.98], [0.3, 0.3, 0.4])],
        "q": [[0.4, 0.35, 0.25], [0.2, 0.5, 0.3], [0.98, 0.01, 0.01], [0.25, 0.7, 0.05]]},
    "distilled": {
        "x": [[0.5, -1, 2], [3, 0.25, 1], [-4, -0.5, 6], [0, 0, 0]],
        "q": [[1.0, -2, 3], [0.5, 0.25, 1], [4, -0.5, 0], [1, 1, -1]]},
    "maskedShares": {"x": [[np.log(0.5), -INF, np.log(0.5)]], "q": [[0.25, 0, 0.75]]},
    "impossible": {"x": [[-0.5, -1.25], [-0.25, -1.5]], "q": [[0.0, -INF], [-0.5, -1]]},
    # Means with their variances, one below the floor.
    "gaussian": {
        "x": [0.5, -1, 2, 30, 1.5, 0.25], "y": [0.0, 1, 2, 4, 0.5, 0], "v": [1, 0.25, 4, 0.01, 100, 2.0**-30]},
}


def arrays(name):
    """The inputs as arrays in the precision of the sample set; one target for a row of scores is the index of a class."""
    entry = SAMPLES[name]
    numbers = np.float32 if entry.get("float32") else np.float64
    result = {key: np.asarray(values, dtype=numbers) for key, values in entry.items() if key != "float32"}
    if result["x"].ndim == 2 and "y" in result and result["y"].ndim == 1:
        result["y"] = result["y"].astype(np.int64)
    return result
