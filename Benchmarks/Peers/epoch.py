"""One epoch of logistic regression on 1 000 000 × 100 Float, in mini-batches of 64 in a new order.

- Swift: the program peer-epoch of this package, which has the same data and trains when it is asked to; the time is that until
  its answer is here. `Trainer` makes the steps alone; `LinearModel.train` also looks at all the rows beforehand and afterwards.
- scikit-learn: SGDClassifier.partial_fit of each batch, which it then goes through sample by sample; and of all the rows at
  once, which has no batches at all.
- PyTorch: nn.Linear, and SGD in its fused and its foreach form.

Every system goes through all the data once before its turn comes again: it is cold. The rates are such that all of them
have the same noise at the end, and the loss of all rows is compared first."""

import contextlib
import functools
import pathlib
import subprocess
import tempfile

import numpy as np
import torch
from sklearn.linear_model import SGDClassifier

from timing import Table, rounds

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS, BATCH = 100, 64
# Of a step on one sample; a mean of 64 has a 64th of the variance.
SAMPLE_RATE = 1e-3
BATCH_RATE = BATCH * SAMPLE_RATE


def data(rows):
    random = np.random.default_rng(2)
    x = random.standard_normal((rows, COLUMNS), np.float32)
    coefficients = random.standard_normal(COLUMNS, np.float32) * np.float32(0.2)
    p = 1 / (1 + np.exp(-(x @ coefficients + np.float32(0.5))))
    return x, (random.random(rows) < p).astype(np.float32)


def mean_loss(x, y, parameters):
    logits = (x @ parameters[:-1].astype(np.float32)).astype(np.float64) + parameters[-1]
    return np.mean(np.logaddexp(0, logits) - y * logits)


@contextlib.contextmanager
def swift(x, y):
    """A function that sends a line to the Swift program and gives the parameters that it answers with."""
    build = ["swift", "build", "-c", "release", "--package-path", str(HERE.parent), "--product", "peer-epoch"]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    folder = subprocess.run([*build, "--show-bin-path"], check=True, capture_output=True, text=True).stdout.strip()
    with tempfile.TemporaryDirectory() as files:
        paths = [f"{files}/features", f"{files}/targets"]
        x.tofile(paths[0])
        y.tofile(paths[1])
        with subprocess.Popen([f"{folder}/peer-epoch", *paths, "--batch", str(BATCH)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True, bufsize=1) as program:
            def ask(line):
                program.stdin.write(line + "\n")
                return np.array([float(word) for word in program.stdout.readline().split()])

            yield ask
            program.stdin.close()


def new_classifier():
    return SGDClassifier(
        loss="log_loss", penalty=None, learning_rate="constant", eta0=SAMPLE_RATE, shuffle=True, random_state=0)


def in_batches(x, y):
    classifier = new_classifier()
    order = np.random.default_rng(3).permutation(len(y))
    for start in range(0, len(y), BATCH):
        rows = order[start:start + BATCH]
        classifier.partial_fit(x[rows], y[rows], classes=[0, 1])
    return np.append(classifier.coef_[0], classifier.intercept_)


def at_once(x, y):
    classifier = new_classifier().partial_fit(x, y, classes=[0, 1])
    return np.append(classifier.coef_[0], classifier.intercept_)


def in_torch(x, y, **form):
    model = torch.nn.Linear(COLUMNS, 1)
    loss = torch.nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=BATCH_RATE, **form)
    order = torch.randperm(len(y))
    for start in range(0, len(y), BATCH):
        rows = order[start:start + BATCH]
        optimizer.zero_grad()
        loss(model(x.index_select(0, rows))[:, 0], y.index_select(0, rows)).backward()
        optimizer.step()
    return torch.cat([model.weight[0], model.bias]).detach().numpy().astype(np.float64)


def run(_, is_quick):
    x, y = data(100_000 if is_quick else 1_000_000)
    tensors = torch.from_numpy(x), torch.from_numpy(y)
    torch.manual_seed(4)
    with swift(x, y) as ask:
        calls = {
            "Trainer": lambda: ask(f"trainer {BATCH_RATE}"),
            # Its rate is one of scaled columns, in which the curvature is 1; here it is about a quarter.
            "LinearModel.train": lambda: ask(f"model {BATCH_RATE / 4}"),
            "scikit-learn": lambda: in_batches(x, y),
            "all rows at once": lambda: at_once(x, y),
            "PyTorch fused": functools.partial(in_torch, *tensors, fused=True),
            "PyTorch foreach": functools.partial(in_torch, *tensors, foreach=True),
        }
        losses = {system: mean_loss(x, y, call()) for system, call in calls.items()}
        print("mean loss of all rows after the epoch: " + ", ".join(f"{s} {v:.4f}" for s, v in losses.items()))
        for system, value in losses.items():
            assert abs(value - losses["Trainer"]) <= 0.01, (system, losses)
        table = Table(list(calls))
        times = rounds(calls, 2 if is_quick else 5)
        table.add(f"epoch, {len(y)} × {COLUMNS}", {system: [row[0] for row in rows] for system, rows in times.items()})
