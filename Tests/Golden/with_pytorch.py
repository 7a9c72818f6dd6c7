import math

import torch
import torch.distributions as D
import torch.nn.functional as F
import torchvision
from torchvision.ops import sigmoid_focal_loss

import exact
from cases import cases

NAME = "PyTorch"
VERSION = f"{torch.__version__.partition('+')[0]}, torchvision {torchvision.__version__.partition('+')[0]}"

CASES = [
    *cases(
        "regression", "residuals",
        *(
            call
            for name in ("l1_loss", "mse_loss")
            for call in (
                f"F.{name}(x, y)", f"F.{name}(x, y, reduction='sum')", f"F.{name}(x, y, reduction='none')",
                f"F.{name}(x, y, weight=w)", f"F.{name}(x, y, weight=w, reduction='sum')")
        ),
        "F.huber_loss(x, y)", "F.huber_loss(x, y, delta=2.5)", "F.huber_loss(x, y, delta=0.25, reduction='sum')",
        "F.huber_loss(x, y, weight=w)", "F.huber_loss(x, y, reduction='none')",
        "F.smooth_l1_loss(x, y)", "F.smooth_l1_loss(x, y, beta=2.0)", "F.smooth_l1_loss(x, y, beta=0.25, reduction='sum')",
        "F.smooth_l1_loss(x, y, beta=0.0)"),
    *cases(
        "regression", "residuals",
        "-D.StudentT(4.0, x, 2.0).log_prob(y)", "-D.Cauchy(x, 2.0).log_prob(y)"),
    *cases("regression", "counts", "-D.NegativeBinomial(4.0, logits=x - math.log(4.0)).log_prob(y)"),
    *cases("regression", "weightless", "F.mse_loss(x, y, weight=w)"),
    *cases(
        "regression", "counts",
        "F.poisson_nll_loss(x, y)", "F.poisson_nll_loss(x, y, reduction='sum')",
        "F.poisson_nll_loss(x, y, reduction='none')", "F.poisson_nll_loss(x, y, full=True, reduction='none')"),
    *cases(
        "regression", "rates",
        "F.poisson_nll_loss(x, y, log_input=False)", "F.poisson_nll_loss(x, y, log_input=False, eps=1e-3)",
        "F.poisson_nll_loss(x, y, log_input=False, full=True, reduction='none')"),
    *cases(
        "distribution", "gaussian",
        "F.gaussian_nll_loss(x, y, v)", "F.gaussian_nll_loss(x, y, v, reduction='none')",
        "F.gaussian_nll_loss(x, y, v, full=True)", "F.gaussian_nll_loss(x, y, v, eps=0.02, reduction='sum')",
        "-D.Normal(x, v).log_prob(y)", "-D.Laplace(x, v).log_prob(y)", variables="xv"),
    *cases(
        "binary", "logits",
        "F.binary_cross_entropy_with_logits(x, y)", "F.binary_cross_entropy_with_logits(x, y, reduction='none')",
        "F.binary_cross_entropy_with_logits(x, y, weight=w)",
        "F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.tensor(4.0), reduction='none')",
        "sigmoid_focal_loss(x, y, alpha=0.75, gamma=3.0, reduction='mean')"),
    *cases(
        "binary", "softLabels",
        "F.binary_cross_entropy_with_logits(x, y, reduction='sum')",
        "F.binary_cross_entropy_with_logits(x, y, weight=w, pos_weight=torch.tensor(0.5))"),
    *cases(
        "binary", "nearLabels",
        "sigmoid_focal_loss(x, y)", "sigmoid_focal_loss(x, y, alpha=0.75, gamma=3.0, reduction='sum')",
        "sigmoid_focal_loss(x, y, alpha=-1)"),
    *cases(
        "binary", "farLogits", "F.binary_cross_entropy_with_logits(x, y, reduction='none')", exact=exact.logistic),
    *cases(
        "binary", "farSinglePrecision",
        "F.binary_cross_entropy_with_logits(x, y, reduction='none')", exact=exact.logistic),
    *cases("binary", "farLogits", "sigmoid_focal_loss(x, y, gamma=0.5)", exact=exact.focal(0.25, 0.5)),
    *cases("binary", "farSinglePrecision", "sigmoid_focal_loss(x, y, gamma=0.5)", exact=exact.focal(0.25, 0.5)),
    *cases(
        "binary", "probabilities",
        "F.binary_cross_entropy(x, y)", "F.binary_cross_entropy(x, y, weight=w)",
        "F.binary_cross_entropy(x, y, reduction='none')"),
    *cases("binary", "certain", "F.binary_cross_entropy(x, y, reduction='none')"),
    *cases(
        "binary", "multilabel",
        "F.binary_cross_entropy_with_logits(x, y, pos_weight=c)", "F.multilabel_soft_margin_loss(x, y)",
        "F.multilabel_soft_margin_loss(x, y, weight=c)",
        "F.multilabel_soft_margin_loss(x, y, weight=c, reduction='none')"),
    *cases(
        "margin", "margins",
        "F.soft_margin_loss(x, y)", "F.soft_margin_loss(x, y, reduction='sum')",
        "F.soft_margin_loss(x, y, reduction='none')"),
    *cases("margin", "farMargins", "F.soft_margin_loss(x, y, reduction='none')", exact=exact.margin_logistic),
    *cases(
        "margin", "farMarginsSinglePrecision", "F.soft_margin_loss(x, y, reduction='none')",
        exact=exact.margin_logistic),
    *cases(
        "categorical", "rows",
        "F.cross_entropy(x, y)", "F.cross_entropy(x, y, reduction='sum')", "F.cross_entropy(x, y, reduction='none')",
        "F.cross_entropy(x, y, weight=c)", "F.cross_entropy(x, y, weight=c, reduction='sum')",
        "F.cross_entropy(x, y, label_smoothing=0.1)",
        "F.cross_entropy(x, y, weight=c, label_smoothing=0.1)",
        "F.cross_entropy(x, y, weight=c, label_smoothing=0.1, reduction='none')",
        "F.nll_loss(x, y)", "F.nll_loss(x, y, weight=c)", "F.nll_loss(x, y, ignore_index=0)",
        "F.multi_margin_loss(x, y)", "F.multi_margin_loss(x, y, p=2)", "F.multi_margin_loss(x, y, margin=0.75)",
        "F.multi_margin_loss(x, y, weight=c, reduction='none')"),
    *cases(
        "categorical", "ignored",
        "F.cross_entropy(x, y)", "F.cross_entropy(x, y, weight=c)",
        "F.cross_entropy(x, y, weight=c, label_smoothing=0.1)", "F.cross_entropy(x, y, ignore_index=-100, reduction='none')"),
    *cases(
        "categorical", "mixtures",
        "F.cross_entropy(x, q)", "F.cross_entropy(x, q, weight=c)", "F.cross_entropy(x, q, label_smoothing=0.1)",
        "F.cross_entropy(x, q, weight=c, label_smoothing=0.1)"),
    # The same targets as classes and as distributions, which a weighted mean tells apart.
    *cases("categorical", "choices", "F.cross_entropy(x, y, weight=c)", "F.cross_entropy(x, q, weight=c)"),
    *cases("categorical", "allIgnored", "F.cross_entropy(x, y)"),
    *cases(
        "categorical", "masked", "F.cross_entropy(x, y)", "F.cross_entropy(x, y, label_smoothing=0.1)"),
    *cases("categorical", "outOfRange", "F.cross_entropy(x, y)", raises=True),
    *cases("categorical", "farRows", "F.cross_entropy(x, y, reduction='none')", exact=exact.cross_entropy),
    *cases(
        "categorical", "farRowsSinglePrecision", "F.cross_entropy(x, y, reduction='none')", exact=exact.cross_entropy),
    *cases(
        "divergence", "logShares",
        "F.kl_div(x, q)", "F.kl_div(x, q, reduction='batchmean')", "F.kl_div(x, q, reduction='sum')",
        "F.kl_div(x, q, reduction='none').sum(1)"),
    *cases(
        "divergence", "positiveShares", "F.kl_div(x, torch.log(q), log_target=True, reduction='batchmean')"),
    *cases(
        "divergence", "maskedShares", "F.kl_div(x, q, reduction='none').sum(1)", exact=exact.kullback_leibler),
    *cases(
        "divergence", "impossible", "F.kl_div(x, q, log_target=True, reduction='none').sum(1)",
        exact=exact.kullback_leibler_of_logs),
    *cases(
        "divergence", "distilled",
        "F.kl_div(F.log_softmax(x, 1), F.softmax(q, 1), reduction='batchmean')",
        "F.kl_div(F.log_softmax(x / 2, 1), F.softmax(q / 2, 1), reduction='batchmean') * 4"),
]


def evaluate(call, samples, variables):
    tensors = {name: torch.tensor(array) for name, array in samples.items()}
    leaves = [tensors[name].requires_grad_() for name in variables]
    result = eval(call, {**globals(), **tensors})
    gradients = torch.autograd.grad(result.sum(), leaves)
    outcome = {"value": result.item()} if result.ndim == 0 else {"values": result.detach().numpy()}
    return outcome | {"gradient": {name: g.numpy() for name, g in zip(variables, gradients)}}
