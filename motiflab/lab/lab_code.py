"""Write a training of the lab as a plain torch script without motiflab, and its data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from motiflab.datasets.dataset import Dataset
from motiflab.lab.lab_data import LabData
from motiflab.networks import ModelSettings, TrainSettings
from motiflab.sequences import one_hot


def script(model: ModelSettings, training: TrainSettings, data: LabData, file: str) -> str:
    """Write the script that trains a network as the lab does.

    It draws the same initial weights and batches, from numpy's generator, and ends with the area
    under the precision-recall curve on the same held-out data. It contains only the code for these
    settings. Torch may sum in a different order than the lab, so the numbers agree up to rounding,
    which a training amplifies.

    Parameters
    ----------
    model : ModelSettings
    training : TrainSettings
        Its `positive_weight` and `patience`, which the lab does not have, are omitted.
    data : LabData
        Gives the lengths and the letters of the sequences.
    file : str
        Name of the file written by `save_data`; the script expects it in its working directory.

    Returns
    -------
    str
        Python code that imports numpy, torch and scikit-learn.
    """
    lengths = np.concatenate([data.train.lengths, data.test.lengths])
    ragged = bool((lengths < data.length).any())
    return "\n\n".join(
        [
            _head(model, training, data, file),
            _encoding(data, ragged, file),
            _pooling(model, ragged) + "\n\n" + _network(model, training, data, ragged),
            _first_weights(model, training),
            _training(training, ragged),
            _judging(ragged),
        ]
    )


def save_data(data: LabData, path: str | Path) -> None:
    """Save the sequences and labels that a `script` reads, as arrays in an ``.npz`` file.

    Parameters
    ----------
    data : LabData
    path : str or Path
        Ending in ``.npz``.
    """
    arrays = {}
    for name, part in (("train", data.train), ("test", data.test)):
        arrays[f"{name}_sequences"] = np.array([s.encode("ascii") for s in part.sequences])
        arrays[f"{name}_labels"] = part.labels.astype(np.uint8)
    np.savez_compressed(path, **arrays)


def _head(model: ModelSettings, training: TrainSettings, data: LabData, file: str) -> str:
    return f'''"""Train a convolutional network on DNA. It needs numpy, torch and scikit-learn.

Run it in the folder that holds {file}, with the {len(data.train):,} training sequences and the
{len(data.test):,} held-out sequences of the lab, and their labels (1 for a positive).
"""

import numpy as np
import torch
from sklearn.metrics import average_precision_score
from torch import nn
from torch.nn import functional as F

SEED = {training.seed}
FILTERS, WIDTH = {model.filters}, {model.width}
LEARNING_RATE, BATCH, EPOCHS = {training.learning_rate!r}, {training.batch}, {training.epochs}

torch.set_num_threads(1)'''


def _rule(words: str) -> str:
    return f"# -- {words} ".ljust(98, "-")


def _encoding(data: LabData, ragged: bool, file: str) -> str:
    shares = "".join(
        f"\nSHARES[ord({letter!r})] = {one_hot(letter)[0].tolist()}"
        for letter in sorted((_letters(data.train) | _letters(data.test)) - set("ACGT"))
    )
    if shares:
        shares = "\n# A code for several bases counts as equal shares of them." + shares
    lengths = ""
    if ragged:
        lengths = """lengths, lengths_test = (
    torch.tensor([len(s) for s in data[f"{part}_sequences"]]) for part in ("train", "test")
)"""
    text = f"""{_rule("Data: one-hot, a row for each of A, C, G, T and a column for each position")}

data = np.load({json.dumps(file)})
SHARES = np.zeros((256, 4), np.float32)
SHARES[[ord(base) for base in "ACGT"]] = np.eye(4){shares}
LENGTH = {data.length}


def one_hot(sequences):
    x = np.zeros((len(sequences), 4, LENGTH), np.float32)  # short sequences end in zeros
    for i, sequence in enumerate(sequences):
        x[i, :, : len(sequence)] = SHARES[np.frombuffer(sequence, np.uint8)].T
    return torch.from_numpy(x)


x, x_test = one_hot(data["train_sequences"]), one_hot(data["test_sequences"])
y, y_test = (torch.from_numpy(data[f"{{part}}_labels"]).float() for part in ("train", "test"))
{lengths}"""
    return text.rstrip()


def _letters(data: Dataset) -> set[str]:
    return set().union(*map(set, data.sequences))


_POOLS = {
    "max": ("the largest value", "maps.amax(dims)"),
    "average": ("the mean", "maps.mean(dims)"),
    "logsumexp": ("the logarithm of the sum of the exponentials", "torch.logsumexp(maps, dims)"),
}


def _pooling(model: ModelSettings, ragged: bool) -> str:
    words, formula = _POOLS[model.pooling]
    head = _rule("Network: from sequences to logits")
    if not ragged:
        return f"""{head}


def pool(maps, dims):
    return {formula}  # {words}"""
    if model.pooling == "average":
        body = """    if inside is None:
        return maps.mean(dims)
    inside = inside.expand_as(maps)
    return (maps * inside).sum(dims) / inside.sum(dims).clamp(min=1)"""
    else:
        body = f"""    if inside is not None:
        maps = maps.masked_fill(~inside, -torch.inf)  # what is beyond the end does not count
    pooled = {formula}
    return pooled.masked_fill(pooled == -torch.inf, 0.0)  # nothing was inside"""
    return f'''{head}


def within(counts, m):
    """True for the first `counts` of `m` positions of each sequence."""
    return (torch.arange(m) < counts[:, None])[:, None, None, :]


def pool(maps, dims, inside=None):
    """Take {words} of what is inside of the sequence."""
{body}'''


def _network(model: ModelSettings, training: TrainSettings, data: LabData, ragged: bool) -> str:
    s, shape = model, model.shape(data.length)
    deep, strands = s.layers == 2, 2 if s.both_strands else 1
    features = s.filters * (shape[-1] if s.window else 1)
    made = ["self.conv = nn.Conv1d(4, FILTERS, WIDTH" + _options(s) + ")"]
    if deep:
        features = s.second_filters
        spread = f", dilation={s.second_dilation}" if s.second_dilation > 1 else ""
        made.append(
            f"self.second = nn.Conv1d(FILTERS, {s.second_filters}, {s.second_width}{spread})"
        )
    made.append(f"self.dense = nn.Linear({features}, 1)")
    body = []
    if strands == 2:
        body += [
            "# A filter turned round reads the other strand: flipped along bases and positions.",
            "weight, bias = self.conv.weight, self.conv.bias",
            "weight, bias = torch.cat([weight, weight.flip(1, 2)]), torch.cat([bias, bias])",
            f"scores = F.conv1d(x, weight, bias{_options(s)})",
        ]
    else:
        body += ["scores = self.conv(x)"]
    active = {"none": "scores", "relu": "F.relu(scores)", "exponential": "scores.exp()"}
    body += [
        f"maps = {active[s.activation]}.view(len(x), {strands}, FILTERS, -1)"
        "  # sequences, strands, filters, windows"
    ]
    if ragged:
        taps = s.dilation * (s.width - 1) + 1
        body += [f"counts = (lengths + {2 * s.padding} - {taps}) // {s.stride} + 1  # windows"]
    if s.window:
        m, w = shape[1], s.window
        body += [f"windows = maps[..., : {m * w}].unflatten(-1, ({m}, {w}))"]
        if ragged:
            body += [
                f"inside = within(counts, {m * w}).unflatten(-1, ({m}, {w}))",
                "maps = pool(windows, (-1,), inside)",
                f"counts = (counts + {w - 1}) // {w}",
            ]
        else:
            body += ["maps = pool(windows, (-1,))"]
    if deep:
        spread = f", dilation={s.second_dilation}" if s.second_dilation > 1 else ""
        if strands == 2:
            body += [
                "# The other strand runs from right to left.",
                "weight, bias = self.second.weight, self.second.bias",
                f"one = F.conv1d(maps[:, 0], weight, bias{spread})",
                f"other = F.conv1d(maps[:, 1], weight.flip(2), bias{spread})",
                "maps = F.relu(torch.stack([one, other], 1))",
            ]
        else:
            body += ["maps = F.relu(self.second(maps[:, 0])[:, None])"]
        if ragged:
            body += [f"counts = (counts - {s.second_span - 1}).clamp(min=1)"]
    if s.window and not deep:
        body += ["features = pool(maps, (1,)).flatten(1)  # strands; every window keeps its place"]
    elif ragged:
        body += ["features = pool(maps, (1, -1), within(counts, maps.shape[-1]))"]
    else:
        body += ["features = pool(maps, (1, -1))  # over strands and windows"]
    given = "x" + (", lengths" if ragged else "")
    if training.dropout:
        given += ", keep=1.0"
        body += ["features = features * keep  # dropout"]
    body += ["return self.dense(features)[:, 0]"]
    indent = "\n        "
    return f"""
class Network(nn.Module):
    def __init__(self):
        super().__init__()
        {indent.join(made)}

    def forward(self, {given}):
        {indent.join(body)}


network = Network()"""


def _options(s: ModelSettings) -> str:
    """Arguments of a convolution that differ from the defaults."""
    values = {"stride": (s.stride, 1), "padding": (s.padding, 0), "dilation": (s.dilation, 1)}
    return "".join(f", {name}={value}" for name, (value, plain) in values.items() if value != plain)


def _first_weights(model: ModelSettings, training: TrainSettings) -> str:
    layers = "conv", *(["second"] if model.layers == 2 else []), "dense"
    named = ", ".join(f"network.{layer}" for layer in layers)
    kind = model.initialisation
    if kind == "uniform":
        words = "uniform from -1 / sqrt(n) to 1 / sqrt(n), with n inputs of each output"
        body = """        n = layer.weight[0].numel()
        for p in (layer.weight, layer.bias):
            p.copy_(torch.from_numpy(rng.uniform(-(n**-0.5), n**-0.5, tuple(p.shape))))"""
    elif kind == "zeros":
        words = "all zero"
        body = """        layer.weight.zero_()
        layer.bias.zero_()"""
    else:
        words = "normal, with biases of 0"
        spread = "1.0" if kind == "large" else "(2 / layer.weight[0].numel()) ** 0.5"
        body = f"""        spread = {spread}
        drawn = rng.normal(0.0, spread, tuple(layer.weight.shape))
        layer.weight.copy_(torch.from_numpy(drawn))
        layer.bias.zero_()"""
    if kind == "negative":
        body += "\n    network.conv.bias.fill_(-3.0)  # so low that most filters never fire"
    draws = "" if kind == "zeros" else "rng = np.random.default_rng(SEED)\n"
    return f"""{_rule("First weights: " + words)}

{draws}with torch.no_grad():
    for layer in ({named}):
{body}"""


def _training(training: TrainSettings, ragged: bool) -> str:
    optimizer, decay = "torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)", ""
    if training.weight_decay:
        optimizer = (
            "torch.optim.AdamW(  # Adam with weight decay\n    network.parameters(), "
            f"lr=LEARNING_RATE, weight_decay={training.weight_decay!r}\n)"
        )
    given = "x[rows]" + (", lengths[rows]" if ragged else "")
    if training.dropout:
        left = training.dropout
        given += ", keep"
        decay = f"""
        # Dropout: what is kept is scaled up, so that the mean stays.
        kept = rng.random((len(rows), network.dense.in_features)) >= {left!r}
        keep = torch.from_numpy(kept / (1 - {left!r})).float()"""
    return f"""{_rule("Training: the step size rises to its peak and falls again (one cycle)")}

adam = {optimizer}
steps = EPOCHS * -(-len(x) // BATCH)
cycle = torch.optim.lr_scheduler.OneCycleLR(adam, LEARNING_RATE, total_steps=steps + 1)
rng = np.random.default_rng(SEED)
for epoch in range(EPOCHS):
    losses = []
    for rows in torch.from_numpy(rng.permutation(len(x))).split(BATCH):{decay}
        loss = F.binary_cross_entropy_with_logits(network({given}), y[rows])
        adam.zero_grad()
        loss.backward()
        adam.step()
        cycle.step()
        losses.append(loss.item())
    print(f"epoch {{epoch + 1}}: loss {{np.mean(losses):.4f}} nats")"""


def _judging(ragged: bool) -> str:
    given = "x_test[rows]" + (", lengths_test[rows]" if ragged else "")
    return f"""{_rule("Judging: the area under the precision-recall curve, on held-out sequences")}

with torch.no_grad():
    rows_of = torch.arange(len(x_test)).split(256)
    logits = torch.cat([network({given}) for rows in rows_of])
held_out_loss = F.binary_cross_entropy_with_logits(logits, y_test)
auprc = average_precision_score(y_test, logits)
print(f"held-out loss {{held_out_loss:.4f}} nats, AUPRC {{auprc:.4f}}")
"""
