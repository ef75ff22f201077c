"""The convolutional network: it maps each sequence to one logit, or to several.

This is the only module of the core that loads torch when it is imported, because a network is a
subclass of a torch class. Its settings (`motiflab.networks.model_settings`) need no torch.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import nn
from torch.nn import functional as F

from motiflab.checks import require
from motiflab.networks.initialisation import draw_weights
from motiflab.networks.model_settings import ModelSettings
from motiflab.networks.one_layer import OneLayerNetwork
from motiflab.sequences import DNA, Alphabet


def build(
    settings: ModelSettings, length: int, seed: int = 0, alphabet: Alphabet = DNA
) -> MotifNetwork:
    """Make an untrained network.

    Parameters
    ----------
    settings : ModelSettings
        Its architecture.
    length : int
        Length L of the (padded) sequences that it will read, in bases.
    seed : int
        Seed of the initial weights (`draw_weights`); torch's global generator is left as it was.
    alphabet : Alphabet
        Its letters must have complements if both strands are read (`settings.both_strands`).

    Returns
    -------
    MotifNetwork
        A ``torch.nn.Module`` that maps (N, A, L) to (N,) logits.

    Examples
    --------
    >>> network = build(ModelSettings(filters=2, width=5), length=30, seed=1)
    >>> sum(p.numel() for p in network.parameters())  # 2 * 4 * 5 + 2 and 2 + 1
    45
    """
    weights = draw_weights(settings, length, seed, alphabet)
    with torch.random.fork_rng(devices=[]):  # torch draws weights, too, which are not used
        network = MotifNetwork(settings, length, alphabet)
    network.load_state_dict(weights)
    return network


def from_filter(
    weights: ArrayLike,
    length: int,
    bias: float = 0.0,
    activation: str = "none",
    dense: float = 1.0,
    offset: float = 0.0,
    alphabet: Alphabet = DNA,
) -> MotifNetwork:
    """Return `OneLayerNetwork.from_filter` as a network of torch.

    Parameters
    ----------
    length : int
        Length L of the sequences that it will read, in bases.
    weights, bias, activation, dense, offset, alphabet
        As there.

    Returns
    -------
    MotifNetwork

    Examples
    --------
    >>> import torch
    >>> from motiflab.sequences import encode
    >>> network = from_filter([[2, 0, 0, 0], [0, 1, 0, 0]], length=4, offset=-1)
    >>> network(torch.from_numpy(encode(["GACG"]).x)).item()
    2.0
    """
    network = OneLayerNetwork.from_filter(weights, bias, activation, dense, offset, alphabet)
    return in_torch(network, length)


def in_torch(network: MotifNetwork | OneLayerNetwork, length: int) -> MotifNetwork:
    """Return a network as one of torch, for what needs torch's gradients.

    Parameters
    ----------
    network : MotifNetwork or OneLayerNetwork
        The former is returned as it is, the latter is copied.
    length : int
        Length L of the sequences that it will read, in bases.

    Examples
    --------
    >>> from motiflab.networks import random_one_layer
    >>> type(in_torch(random_one_layer(2, 5), length=20)).__name__
    'MotifNetwork'
    """
    if isinstance(network, MotifNetwork):
        return network
    copy = build(network.settings, length, alphabet=network.alphabet)
    copy.load_state_dict(network.state_dict())
    return copy.to(torch.from_numpy(network.weights).dtype)


def gradient_by_autograd(
    output: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor
) -> torch.Tensor:
    """Return the gradient of an output (N,) with respect to each of its inputs (N, A, L).

    >>> gradient_by_autograd(lambda x: (x**2).sum(dim=(1, 2)), torch.ones(1, 1, 2)).tolist()
    [[[2.0, 2.0]]]
    """
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        return torch.autograd.grad(output(x).sum(), x)[0]


class Exponential(nn.Module):
    """The exponential of each element, as a module.

    Examples
    --------
    >>> Exponential()(torch.zeros(2)).tolist()
    [1.0, 1.0]
    """

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        """Return ``exp(y)`` of each element."""
        return y.exp()


ACTIVATION_MODULES = {"none": nn.Identity, "relu": nn.ReLU, "exponential": Exponential}


class Pool(nn.Module):
    """Pool maps over some of their axes, as a module.

    Parameters
    ----------
    kind : {"max", "average", "logsumexp"}
    dims : tuple of int
        The axes that are pooled.

    Examples
    --------
    >>> Pool("max", (-1,))(torch.tensor([[1.0, 3.0], [2.0, 0.0]])).tolist()
    [3.0, 2.0]
    """

    def __init__(self, kind: str, dims: tuple[int, ...]) -> None:
        super().__init__()
        self.kind, self.dims = kind, dims

    def forward(self, maps: torch.Tensor, *, inside: torch.Tensor | None = None) -> torch.Tensor:
        """Pool; positions that are not `inside` do not count."""
        dims = self.dims
        if self.kind == "average":
            if inside is None:
                return maps.mean(dims)
            inside = inside.expand_as(maps)
            return (maps * inside).sum(dims) / inside.sum(dims).clamp(min=1)
        if inside is not None:
            # Minus infinity wins no maximum, and its exponential adds nothing to a sum.
            maps = maps.masked_fill(~inside, -torch.inf)
        pooled = maps.amax(dims) if self.kind == "max" else torch.logsumexp(maps, dims)
        return pooled if inside is None else pooled.masked_fill(pooled == -torch.inf, 0.0)


class WeightedProfile(nn.Module):
    """The logits of a profile as one number, so that a map can explain it.

    ``f(x') = sum over i of w[i] (z[i](x') - mean over j of z[j](x'))``. The weights ``w`` are the
    profile that is predicted for `x`, and stay what they are when other inputs follow (Avsec et al.
    2021). The mean is subtracted because a number that is added to all logits changes no profile.

    Parameters
    ----------
    network : MotifNetwork
        With the head "profile".
    x : Tensor, shape (1, A, L)

    Examples
    --------
    >>> settings = ModelSettings(2, 3, padding=1, head="profile")
    >>> x = torch.zeros(1, 4, 5)
    >>> WeightedProfile(build(settings, length=5), x)(x).shape
    torch.Size([1])
    """

    def __init__(self, network: MotifNetwork, x: torch.Tensor) -> None:
        super().__init__()
        self.network = network
        with torch.no_grad():
            profile = network(x)[0, :-1].softmax(0)
        self.weights = profile - 1 / len(profile)  # the same as subtracting the mean logit

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return one number for each sequence, (N,)."""
        return self.network(x)[:, :-1] @ self.weights


class MotifNetwork(nn.Module):
    """``(N, A, L) -> (N,)`` logits, for sequences of an alphabet of ``A`` letters.

    With several outputs the logits have the shape (N, outputs). With another head than "classify"
    what is called a logit here is a value or the logarithm of a rate (`motiflab.layers.heads`).

    The head "profile" gives (N, L + 1) numbers: for each position the filters of the last map, both
    strands added, times one weight each, and last the logarithm of 1 plus the total, which comes
    from the pooled features as every other output. With both strands, the profile of the reverse
    complement is the profile turned round.

    The feature maps carry an axis for the strand, of size 2 when `settings.both_strands` is set
    and 1 otherwise. The - strand is read by turning the filters round, not the sequence: the
    reverse complement of a filter is the filter flipped along the positions and along the bases
    (in the order A, C, G, T flipping is complementing, as for every alphabet with complements),
    so that both maps share the coordinates of the + strand. The strands are then pooled as the
    positions are.

    With both strands, a sequence of L bases and its reverse complement have the same logit (up to
    rounding, for any weights) if

    - the filter's last window ends with the last column: ``L + 2P - D(K - 1) - 1`` is a multiple
      of the stride S; and
    - the pooling is global (`window` 0), or there is a second layer whose map is pooled globally
      (`second_window` 0) and the pooling windows leave no position over: M is a multiple of
      `window`.

    A last layer with several pooling windows keeps their places: each window has a dense weight
    of its own, so the two logits differ in general, also where no position is left over.

    Parameters
    ----------
    settings : ModelSettings
        The architecture.
    length : int
        Length L of the (padded) sequences.
    alphabet : Alphabet

    Attributes
    ----------
    conv : torch.nn.Conv1d
        First-layer filters, weight (F, A, K), bias (F,).
    second : torch.nn.Conv1d or None
        Second-layer filters, weight (F2, F, K2).
    hidden : torch.nn.Linear or None
        From the pooled features to the hidden units, weight (H, features).
    dense : torch.nn.Linear
        From the hidden units, or the pooled features if there are none, to the logits.
    profile : torch.nn.Conv1d or None
        With the head "profile", from the last map to a logit for each position, weight
        (1, filters, 1).
    conv_norm, second_norm, hidden_norm : torch.nn.BatchNorm1d or None
        With `settings.batch_norm`, of each filter or hidden unit. A new network is in the mode
        for evaluation; `motiflab.networks.train` switches it while it takes a step.

    Examples
    --------
    >>> network = MotifNetwork(ModelSettings(filters=3, width=4), length=10)
    >>> network(torch.zeros(2, 4, 10)).shape
    torch.Size([2])
    """

    def __init__(self, settings: ModelSettings, length: int, alphabet: Alphabet = DNA) -> None:
        super().__init__()
        if settings.both_strands:
            alphabet.check_paired()
        self.settings, self.length, self.alphabet = settings, length, alphabet
        s = settings
        self.conv = nn.Conv1d(alphabet.size, s.filters, s.width, s.stride, s.padding, s.dilation)
        self.second = (
            nn.Conv1d(s.filters, s.second_filters, s.second_width, dilation=s.second_dilation)
            if s.layers == 2
            else None
        )
        features = s.features(length)
        self.hidden = nn.Linear(features, s.hidden) if s.hidden else None
        self.dense = nn.Linear(s.hidden or features, s.outputs)
        last = s.filters if s.layers == 1 else s.second_filters
        self.profile = nn.Conv1d(last, 1, 1, bias=False) if s.head == "profile" else None
        for name, size in (
            ("conv", s.filters),
            ("second", s.second_filters * (s.layers == 2)),
            ("hidden", s.hidden),
        ):
            norm = nn.BatchNorm1d(size) if s.batch_norm and size else None
            setattr(self, f"{name}_norm", norm)
        # Each is a module and called once in a pass, because DeepLIFT hooks into every step that is
        # not linear (`motiflab.interpretation.attribution`). None has weights.
        self.activate = ACTIVATION_MODULES[s.activation]()
        self.second_activate, self.hidden_activate = nn.ReLU(), nn.ReLU()
        self.pool_windows = Pool(s.pooling, (-1,))
        self.pool_second_windows = Pool(s.pooling, (-1,))
        last_window = s.window if s.layers == 1 else s.second_window
        self.pool_all = Pool(s.pooling, (1,) if last_window else (1, -1))
        self.eval()

    def load_state_dict(self, weights, *args, **kwargs):
        """As every torch module; values may be arrays, too, as those of a training's records."""
        tensors = {name: torch.as_tensor(value) for name, value in weights.items()}
        return super().load_state_dict(tensors, *args, **kwargs)

    def predict(self, x: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """Return logits (N,) of sequences (N, A, L), each read to its own length."""
        lengths = None if lengths is None else torch.from_numpy(lengths)
        with torch.no_grad():
            return self(self._read(x), lengths).numpy()

    def features(self, x: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """Return the pooled features, (N, features), as `predict` does."""
        given = (v if v is None else torch.from_numpy(v) for v in (x, lengths))
        with torch.no_grad():
            return self._pooled_features(*self._last_maps(*given)).numpy()

    def scan(self, x: np.ndarray) -> np.ndarray:
        """Return pre-activations (N, F, strands, M) of sequences (N, A, L)."""
        with torch.no_grad():
            return self.scores(self._read(x)).transpose(1, 2).numpy()

    def input_gradient(self, x: np.ndarray) -> np.ndarray:
        """Return ``dz / dx``, (N, A, L), of sequences (N, A, L), by autograd."""
        return gradient_by_autograd(self, self._read(x)).double().numpy()

    def _read(self, x: np.ndarray) -> torch.Tensor:
        """The sequences in the precision of the weights, which `double` may have changed."""
        require("x", len(x) > 0, "hold at least one sequence")
        writable = np.require(x, requirements="W")  # torch warns of an array that is not
        return torch.from_numpy(writable).to(self.conv.weight.dtype)

    def scores(self, x: torch.Tensor) -> torch.Tensor:
        """Pre-activations of the first layer, normalised if `settings.batch_norm` is set.

        Parameters
        ----------
        x : Tensor, shape (N, A, L)

        Returns
        -------
        Tensor, shape (N, strands, F, M)
            Entry ``[n, t, f, j]`` is the score of filter f, turned round if t is 1, on the window
            whose first column is base ``j * stride - padding`` of sequence n.
        """
        weight, bias = self.conv.weight, self.conv.bias
        if self.settings.both_strands:
            # Flipped along the letters and the positions: the reverse complement of each filter.
            weight, bias = torch.cat([weight, weight.flip(1, 2)]), torch.cat([bias, bias])
        s = self.settings
        y = F.conv1d(x, weight, bias, s.stride, s.padding, s.dilation)
        return _normalised(self.conv_norm, y.view(len(x), -1, s.filters, y.shape[-1]))

    def pooled(self, x: torch.Tensor, lengths: torch.Tensor | None = None):
        """The first layer's feature maps, activated and, if the pooling has windows, pooled.

        Parameters
        ----------
        x, lengths
            As for `forward`.

        Returns
        -------
        maps : Tensor, shape (N, strands, F, M)
        counts : Tensor of int, shape (N,), or None
            How many of the M positions belong to each sequence; None without `lengths`.
        """
        s = self.settings
        maps = self.activate(self.scores(x))
        counts = None if lengths is None else s.windows(lengths)
        return _in_windows(self.pool_windows, maps, s.window, counts)

    def second_scores(self, maps: torch.Tensor) -> torch.Tensor:
        """Pre-activations of the second layer, normalised if `settings.batch_norm` is set.

        Parameters
        ----------
        maps : Tensor, shape (N, strands, F, M)
            From `pooled`.

        Returns
        -------
        Tensor, shape (N, strands, F2, M2)
            On the - strand the taps of each filter are read from right to left.
        """
        weight, bias = self.second.weight, self.second.bias
        how = {
            "padding": self.settings.second_padding,
            "dilation": self.settings.second_dilation,
        }
        strands = [F.conv1d(maps[:, 0], weight, bias, **how)]
        if self.settings.both_strands:
            strands.append(F.conv1d(maps[:, 1], weight.flip(2), bias, **how))
        return _normalised(self.second_norm, torch.stack(strands, 1))

    def forward(
        self,
        x: torch.Tensor,
        lengths: torch.Tensor | None = None,
        keep: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Logits.

        Parameters
        ----------
        x : Tensor, shape (N, A, L)
            One-hot sequences, zero-padded at the end.
        lengths : Tensor of int, shape (N,), optional
            Their lengths in bases. Windows beyond the end of a sequence (counted as if it were
            alone, with `padding` zeros at both its ends) are then left out of the pooling; an
            empty pooling window counts as 0. If not given, every sequence fills all of L.
        keep : Tensor, shape (N, features), optional
            Dropout: what each pooled feature is multiplied by before the next layer.

        Returns
        -------
        Tensor, shape (N,), or (N, outputs) if there are several, or (N, L + 1) for a profile
        """
        maps, inside = self._last_maps(x, lengths)
        features = self._pooled_features(maps, inside)
        if keep is not None:
            features = features * keep
        if self.hidden is not None:
            hidden = self.hidden(features)
            if self.hidden_norm is not None:
                hidden = self.hidden_norm(hidden)
            features = self.hidden_activate(hidden)
        z = self.dense(features)
        if self.profile is not None:
            return torch.cat([self.profile(maps.sum(1))[:, 0], z], 1)
        return z[:, 0] if self.settings.outputs == 1 else z

    def mean(self, z: torch.Tensor) -> torch.Tensor:
        """What the last number means, as `motiflab.layers.HEADS` has it for arrays."""
        if self.settings.head == "classify":
            return z.sigmoid()
        if self.settings.head == "profile":
            return z[..., :-1].softmax(-1) * z[..., -1:].expm1().clamp(min=0)
        return z.exp() if self.settings.head == "count" else z

    def _last_maps(self, x: torch.Tensor, lengths: torch.Tensor | None = None):
        """The map of the last layer, and which of its positions count (None: all)."""
        s = self.settings
        require(
            "lengths",
            lengths is None or s.head != "profile",
            "not be given for a profile: all its sequences have one length",
        )
        maps, counts = self.pooled(x, lengths)
        window = s.window
        if self.second is not None:
            if counts is not None and s.second_padding:
                # Behind its end a shorter sequence has zeros, as if it were alone.
                maps = maps.masked_fill(~_within(counts, maps.shape[-1]), 0.0)
            maps, window = self.second_activate(self.second_scores(maps)), s.second_window
            if counts is not None:
                counts = (counts + 2 * s.second_padding - s.second_span + 1).clamp(min=1)
            maps, counts = _in_windows(self.pool_second_windows, maps, window, counts)
        # A tensor of its own: if two modules share one, captum's DeepLIFT loses the rule of the
        # second.
        maps = maps.view_as(maps)
        in_windows = window or counts is None
        return maps, None if in_windows else _within(counts, maps.shape[-1])

    def _pooled_features(self, maps: torch.Tensor, inside: torch.Tensor | None) -> torch.Tensor:
        return self.pool_all(maps, inside=inside).flatten(1)


def _normalised(norm: nn.BatchNorm1d | None, y: torch.Tensor) -> torch.Tensor:
    """Normalise each filter over the sequences, strands and positions of (N, strands, F, M)."""
    if norm is None:
        return y
    by_filter = y.transpose(1, 2)
    return norm(by_filter.flatten(2)).view(by_filter.shape).transpose(1, 2)


def _in_windows(pool: Pool, maps, width: int, counts=None):
    """Pool disjoint windows of `width` positions, if it is not 0.

    Returns the maps, and how many of their positions belong to each sequence.
    """
    if not width:
        return maps, counts
    m = maps.shape[-1] // width  # positions that fill no window are left out
    windows = maps[..., : m * width].unflatten(-1, (m, width))
    inside = None
    if counts is not None:
        inside = _within(counts, m * width).unflatten(-1, (m, width))
        # Rounded up: a window that is filled in part still belongs to its sequence.
        counts = (counts + width - 1) // width
    return pool(windows, inside=inside), counts


def _within(counts: torch.Tensor, m: int) -> torch.Tensor:
    """True for the first `counts` of `m` positions; shape (N, 1, 1, m)."""
    return (torch.arange(m) < counts[:, None])[:, None, None, :]
