"""Train the networks of the card on other alphabets from five seeds, and keep all results.

    python tools/study_alphabets.py

For each alphabet and each kind of negatives, with true and with shuffled labels, this trains the
network of the card from the seeds 1 to 5; the seed also chooses the data. It keeps the AUROC on
held-out positives against both kinds of negatives, and what the strongest filter reads. It also
fits a logistic regression to digitised windows with and without a spike, in white and in coloured
noise. About five minutes on one core; `tools/study_alphabets.json` is written anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from motiflab.datasets import SPIKE, VOLTAGES, Dataset, digitise, noisy_traces
from motiflab.explorers.alphabets_explorer import ALPHABETS, NEGATIVES, passes_of, settings_of
from motiflab.explorers.alphabets_explorer import alphabet_trial as trial_of
from motiflab.interpretation import filter_motifs
from motiflab.motifs import fit_aligned, matched_filter, noise_covariance, slopes
from motiflab.networks import one_thread, untrained
from motiflab.sequences import LEVELS, background

RESULTS = Path(__file__).with_suffix(".json")
SEEDS = range(1, 6)


def network_run(alphabet: str, negatives: str, shuffled: bool, seed: int) -> dict:
    """Train one network, and return what it can do and what its strongest filter reads."""
    *_, last = passes_of(alphabet, negatives, shuffled, seed)
    train = trial_of(alphabet, negatives, seed).train
    network = untrained(settings_of(alphabet), train.x.shape[2], alphabet=train.alphabet)
    network.load_state_dict(last.weights)
    best = max(filter_motifs(network, train), key=lambda one: one.strength)
    areas = {kind: round(area, 4) for kind, area in last.areas.items()}
    return {**areas, "reads": best.motif.consensus(), "alone": round(best.strength, 4)}


def spike_windows(n: int, colour: float, seed: int, size: float = 0.6) -> Dataset:
    """Return ``n`` digitised windows with a spike, at the same place in each, and ``n`` without."""
    spike = size * np.array(SPIKE)
    with_spike = noisy_traces(n, len(spike), colour, spike, seed)
    without = noisy_traces(n, len(spike), colour, (), seed + 100)
    texts = digitise(np.concatenate([with_spike, without]))
    return Dataset.of(texts, np.repeat([1, 0], n), texts, LEVELS)


def spike_run(colour: float, shuffled: bool, seed: int) -> dict:
    """Fit a filter to windows, and compare its slopes with the spike and the matched filter."""
    data = spike_windows(4000, colour, seed)
    labels = np.random.default_rng(seed).permutation(data.labels) if shuffled else data.labels
    weights, _ = fit_aligned(data.sequences, labels, LEVELS)
    found = slopes(weights, VOLTAGES, background(data.sequences, alphabet=LEVELS))
    best, _ = matched_filter(0.6 * np.array(SPIKE), noise_covariance(len(SPIKE), colour))
    alike = {
        name: round(float(np.corrcoef(found, shape)[0, 1]), 3)
        for name, shape in (("spike", SPIKE), ("matched", best))
    }
    return {**alike, "scale": round(float(found @ best / (best @ best)), 3)}


def main() -> None:
    """Run everything, in the order of the file."""
    kept = {"networks": {}, "spikes": {}}
    with one_thread():
        for alphabet in ALPHABETS:
            for negatives in NEGATIVES:
                for labels in ("true", "shuffled"):
                    for seed in SEEDS:
                        key = f"{alphabet} {negatives} {labels} {seed}"
                        run = network_run(alphabet, negatives, labels == "shuffled", seed)
                        kept["networks"][key] = run
        for colour in (0.0, 0.7):
            for labels in ("true", "shuffled"):
                for seed in SEEDS:
                    key = f"{colour:g} {labels} {seed}"
                    kept["spikes"][key] = spike_run(colour, labels == "shuffled", seed)
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
