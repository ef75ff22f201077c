"""Planted data, CTCF peaks and a learner's own FASTA, good and bad."""

from __future__ import annotations

import gzip
import importlib.resources
import re
import shutil
import tarfile
import tracemalloc
from collections import Counter
from itertools import pairwise, product

import make_lambda
import make_peaks
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, chisquare

from motiflab.datasets import planting, sources
from motiflab.datasets.planting import Arrangement, log_likelihood_ratio, plant
from motiflab.datasets.published_sites import splice_sites
from motiflab.datasets.sources import coupled_windows, splice_windows
from motiflab.evaluation.curves import roc
from motiflab.motifs.dependencies import mutual_information, pair_table
from motiflab.motifs.motif import Motif
from motiflab.sequences.encoding import decode, random_sequences

BOX = Motif("box", [[98, 1, 0, 1], [0, 0, 99, 1], [99, 0, 1, 0], [0, 0, 0, 9]])
TAIL = Motif("tail", [[0, 9, 0, 0], [0, 8, 0, 1], [9, 0, 0, 0]])
PEAKS = b">one\nacgtNNaccgtta\n>two <b>bold</b>\nGGATTACCAGG\n>two <b>bold</b>\nTTTTTTTTACGA\n"


def pairs(sequence):
    return Counter(pairwise(sequence))


def fasta(sequences):
    return "".join(f">s{i}\n{text}\n" for i, text in enumerate(sequences)).encode()


# --- planted -----------------------------------------------------------------------------------


def test_planted_data_is_what_plant_made():
    positive = Arrangement((BOX, TAIL), gaps=((2, 5),))
    data = sources.planted(positive, n=30, length=40, positive_fraction=0.3, seed=4)
    made = plant(30, 40, positive, positive_fraction=0.3, seed=4)
    assert data.sequences == made.sequences
    assert data.labels.tolist() == made.labels.tolist() and data.labels.sum() == 9
    assert list(data.sites) == made.sites
    assert data.motifs == (BOX, TAIL)
    np.testing.assert_array_equal(data.optimum, made.optimum)
    assert [decode(x, channels="first") for x in data.x] == made.sequences
    assert len(data) == 30 and data.shortest == 40
    assert "is known" in data.note and "by luck" in data.note


def test_the_sites_of_both_classes_name_their_motif():
    same_twice = Arrangement((BOX, TAIL, BOX), gaps=((0, 0), (0, 0)), both_strands=False)
    data = sources.planted(same_twice, Arrangement((TAIL, BOX), gaps=((3, 3),)), n=20, length=30)
    assert data.motifs == (BOX, TAIL)
    for site in data.sites:
        assert site.end - site.start == data.motifs[site.motif].width
    per_sequence = Counter(site.sequence for site in data.sites)
    assert all(per_sequence[i] == (3 if data.labels[i] else 2) for i in range(20))
    assert "arrangement" in data.note


def test_the_optimum_is_computed_when_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(planting, "log_likelihood_ratio", lambda *given: 1 / 0)
    train, test = sources.planted(Arrangement((BOX,)), n=40, length=30).split(0.3)
    for part in (train, test.subset([0])):
        with pytest.raises(ZeroDivisionError):
            part.optimum  # noqa: B018


def test_sites_and_optimum_follow_a_subset_and_a_split():
    positive = Arrangement((BOX,), copies=(1, 3))
    data = sources.planted(positive, n=60, length=50, seed=1)
    for part in (data.subset([7, 3, 7]), *data.split(0.3, seed=2)):
        scores = log_likelihood_ratio(part.sequences, positive)
        np.testing.assert_allclose(part.optimum, scores)
        assert [decode(x, channels="first") for x in part.x] == part.sequences
        for new, name in enumerate(part.names):
            old = data.names.index(name)
            assert part.labels[new] == data.labels[old]
            assert part.sequences[new] == data.sequences[old]
            assert [
                (site.motif, site.start, site.end, site.strand)
                for site in part.sites
                if site.sequence == new
            ] == [
                (site.motif, site.start, site.end, site.strand)
                for site in data.sites
                if site.sequence == old
            ]
        assert part.motifs == data.motifs and part.note == data.note
    assert data.subset([7, 3, 7]).names == ["planted 7", "planted 3", "planted 7"]


def test_a_subset_by_truth_values_and_wrong_indices():
    data = sources.from_fasta(PEAKS)
    assert data.subset(data.labels == 1).names == data.names[:3]
    for wrong in ([], [6], [-1], [0.5], 2, [True], np.zeros(6, bool), "ab", [[0]]):
        with pytest.raises(ValueError, match="indices must be .* from 0 to 5") as error:
            data.subset(wrong)
        assert "\n" not in str(error.value)


def test_planted_data_must_fit_in_memory():
    with pytest.raises(ValueError, match="n times length must be at most 10,000,000"):
        sources.planted(Arrangement((BOX,)), n=10**9, length=100)


# --- CTCF --------------------------------------------------------------------------------------


def test_ctcf_peaks_are_the_file_of_gimmemotifs():
    data = sources.ctcf()
    assert data.x.shape == (1000, 4, 200)
    assert data.labels.tolist() == [1] * 500 + [0] * 500
    assert data.names[0] == "chr11:190037-190237"
    assert data.sequences[0].startswith("TGCTCACAGTGTAGTGGCAGCACGACCCC")
    assert len(set(data.sequences[:500])) == 500
    assert data.optimum is None and not data.sites and not data.motifs
    assert "not known" in data.note and "pair of neighbouring bases" in data.note
    train, test = data.split(0.3)
    assert (len(train), len(test)) == (700, 300)
    assert train.labels.sum() == 350


def test_an_altered_file_is_refused(monkeypatch):
    monkeypatch.setattr(sources, "CTCF_SHA256", "0" * 64)
    with pytest.raises(ValueError, match="must have the checksum 0000"):
        sources.ctcf()


def test_tap73_peaks_are_the_file_of_gimmemotifs(monkeypatch):
    data = sources.tap73()
    assert data.x.shape == (2000, 4, 200) and data.labels.tolist() == [1] * 1000 + [0] * 1000
    assert data.names[0] == "chr1:85794585-85794785 677"
    assert data.sequences[0].startswith("TTTTGGGATCATATTCCTTTCCCAAAG")
    assert len({*data.sequences[:1000]} | {*sources.ctcf().sequences[:500]}) == 1500
    places = sorted(re.match(r"(\w+):(\d+)-(\d+)", name).groups() for name in data.names[:1000])
    by_place = sorted((chromosome, int(start), int(end)) for chromosome, start, end in places)
    for (one, _, end), (other, start, _) in pairwise(by_place):
        assert one != other or end <= start
    monkeypatch.setattr(sources, "TAP73_SHA256", "0" * 64)
    with pytest.raises(ValueError, match="tap73_.* must have the checksum 0000"):
        sources.tap73()


def test_the_genome_of_lambda_is_the_file_that_its_tool_makes(tmp_path, monkeypatch):
    record = sources.lambda_phage()
    assert len(record.sequence) == 48_502 and {*record.sequence} == {*"ACGT"}
    assert "NC_001416.1" in record.name
    shipped = importlib.resources.files("motiflab") / "data" / sources.LAMBDA_FILE
    source = tmp_path / "lambda_virus.fa.gz"
    source.write_bytes(gzip.compress(gzip.decompress(shipped.read_bytes()), mtime=7))
    make_lambda.main(source, tmp_path)
    assert (tmp_path / sources.LAMBDA_FILE).read_bytes() == shipped.read_bytes()
    source.write_bytes(gzip.compress(b">altered\nACGT\n"))
    with pytest.raises(SystemExit, match="must have the checksum 0a04"):
        make_lambda.main(source, tmp_path)
    monkeypatch.setattr(sources, "LAMBDA_SHA256", "0" * 64)
    with pytest.raises(ValueError, match="lambda_.* must have the checksum 0000"):
        sources.lambda_phage()


def test_the_tool_makes_the_shipped_files_and_no_others(tmp_path):
    shipped = importlib.resources.files("motiflab") / "data"
    content = {
        member: gzip.decompress((shipped / name).read_bytes())
        for member, (name, _) in make_peaks.MEMBERS.items()
    }
    assert len(content) == 2
    archive, made = tmp_path / "source.tar.gz", tmp_path / "made"
    for altered in (None, *content):
        made.mkdir()
        with tarfile.open(archive, "w:gz") as files:
            for member, text in content.items():
                (tmp_path / "peaks.fa").write_bytes(text[:-1] if member == altered else text)
                files.add(tmp_path / "peaks.fa", member)
        if altered:
            with pytest.raises(SystemExit, match=f"{altered} must have the checksum"):
                make_peaks.main(archive, made)
            assert not (made / make_peaks.MEMBERS[altered][0]).exists()
        else:
            make_peaks.main(archive, made)
            for name, _ in make_peaks.MEMBERS.values():
                assert (made / name).read_bytes() == (shipped / name).read_bytes()
        shutil.rmtree(made)


# --- negatives ---------------------------------------------------------------------------------


@given(
    st.lists(st.text("ACGTN", min_size=1, max_size=20), min_size=2, max_size=5),
    st.integers(1, 3),
    st.integers(0, 99),
)
def test_dinucleotide_negatives_keep_pairs_and_the_company_of_their_positive(texts, ratio, seed):
    data = sources.from_fasta(fasta(texts), ratio=ratio, seed=seed)
    assert data.sequences[: len(texts)] == texts
    assert len(data) == len(texts) * (1 + ratio) and data.labels.sum() == len(texts)
    for made, group in zip(data.sequences[len(texts) :], data.groups[len(texts) :]):
        assert pairs(made) == pairs(texts[group]) and len(made) == len(texts[group])
    assert Counter(data.groups.tolist()) == dict.fromkeys(range(len(texts)), 1 + ratio)


def test_a_positive_and_its_shuffles_stay_on_one_side():
    texts = random_sequences(30, 40, None, np.random.default_rng(0))
    train, test = sources.from_fasta(fasta(texts), ratio=3).split(0.3)
    assert not set(train.groups) & set(test.groups)
    assert len(test) == 36 and test.labels.sum() == 9


def test_composition_negatives_have_the_proportions_and_lengths_of_the_positives():
    rng = np.random.default_rng(11)
    texts = [text + "N" for text in random_sequences(50, 99, [0.1, 0.2, 0.3, 0.4], rng)]
    texts.append("A" * 7)
    data = sources.from_fasta(fasta(texts), negatives="composition", ratio=2)
    made = data.sequences[51:]
    assert [len(text) for text in made] == [len(text) for text in texts] * 2
    counts = Counter("".join(made))
    assert set(counts) == set("ACGT")
    # Standard error at most sqrt(.24 / 10,000) = 0.005.
    shares = [counts[base] / counts.total() for base in "ACGT"]
    assert shares == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.025)
    assert data.groups is None and "proportions" in data.note
    poor = sources.from_fasta(fasta(["AAAA", "AAAA"]), negatives="composition")
    assert "A" in "".join(poor.sequences[2:])


def test_own_negatives_are_taken_as_they_are(tmp_path):
    path = tmp_path / "negatives.fa.gz"
    path.write_bytes(gzip.compress(b">x\nCCC\n>y\nACGTNNACCGTTA\n"))
    data = sources.from_fasta(PEAKS, negatives="own", negatives_source=path, ratio=9)
    assert data.labels.tolist() == [1, 1, 1, 0, 0]
    assert data.names[3:] == ["x", "y"] and data.shortest == 3
    assert "second file" in data.note
    # y is also a positive: both stay on one side, whatever the seed.
    for seed in range(10):
        train, _ = data.split(0.5, seed)
        assert ("one" in train.names) == ("y" in train.names)


@pytest.mark.parametrize("negatives", ["dinucleotide", "composition"])
def test_the_seed_decides(negatives):
    def made(seed):
        return sources.from_fasta(PEAKS, negatives=negatives, seed=seed).sequences

    assert made(1) == made(1) != made(2)


# --- a learner's own FASTA ---------------------------------------------------------------------


def test_mixed_lengths_and_names_are_kept():
    data = sources.from_fasta(PEAKS)
    assert data.names[:3] == ["one", "two <b>bold</b>", "two <b>bold</b>"]
    assert data.lengths.tolist() == [13, 11, 12, 13, 11, 12]
    assert data.shortest == 11
    assert data.x.shape == (6, 4, 13) and not data.x[1, :, 11:].any()
    assert (data.x[0, :, 4] == 0.25).all()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (bytes(range(256)), "binary"),
        (b">a\nACGT\n", "at least 2 sequences.* got 1"),
        (b">a\nACGT\n>p\nMKVLAAGIE\n", "sequence 'p' .* 'L' at position 3 .* protein"),
        (b">a\nACGT\n>b\nACXT\n", "sequence 'b' .* 'X' at position 2 "),
        (b">a\nACGT\n>b\n" + b"A" * 10_001, "sequence 'b' must have at most 10,000 bases"),
    ],
)
def test_a_bad_file_is_one_sentence_for_positives_and_negatives(content, message):
    with pytest.raises(ValueError, match=message) as error:
        sources.from_fasta(content)
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match=f"negatives_source: .*{message}"):
        sources.from_fasta(PEAKS, negatives="own", negatives_source=content)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"negatives": "none"}, "negatives must be one of dinucleotide, composition, own, got"),
        ({"negatives": "own"}, "negatives_source must be given"),
        ({"negatives_source": PEAKS}, "negatives_source must be given"),
        ({"ratio": 0}, "ratio must be a whole number from 1 to 100, got 0"),
        ({"ratio": 10**9}, "ratio must be"),
        ({"ratio": 1.5}, "ratio must be"),
        ({"ratio": True}, "ratio must be"),
        ({"max_sequences": 1}, "max_sequences must be a whole number from 2 to 100,000, got 1"),
        ({"seed": -1}, "seed must be"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        sources.from_fasta(PEAKS, **arguments)


def test_two_peaks_with_shuffles_can_be_split_and_two_equal_ones_cannot():
    train, test = sources.from_fasta(fasta(["ACGTTACA", "GGATTCAG"])).split(0.1)
    assert len(train) == len(test) == 2
    equal = sources.from_fasta(fasta(["AACGTTGG", "CCAACGTT"]))
    with pytest.raises(ValueError, match="at least 2 unrelated positive sequences.* got 1 "):
        equal.split()


def test_a_large_file_is_drawn_from_evenly():
    content = fasta(random_sequences(12, 10, None, np.random.default_rng(0)))
    for n in (4, 12):
        seen = Counter()
        for seed in range(300):
            data = sources.from_fasta(fasta(["ACGT"] * n), max_sequences=3, seed=seed)
            kept = [int(name[1:]) for name in data.names[:3]]
            assert kept == sorted(kept)
            seen.update(kept)
        expected, error = 300 * 3 / n, np.sqrt(300 * 3 / n * (1 - 3 / n))
        assert len(seen) == n
        assert all(abs(times - expected) < 5 * error for times in seen.values())
    data = sources.from_fasta(content, max_sequences=3)
    assert "3 of the 12 positives are used, drawn at random" in data.note
    own = sources.from_fasta(PEAKS, "own", negatives_source=content, max_sequences=3)
    assert "3 of the 12 negatives are used" in own.note and "positives are used" not in own.note
    assert "drawn" not in sources.from_fasta(PEAKS).note


def test_what_is_encoded_is_limited(monkeypatch):
    monkeypatch.setattr(sources, "MOST_POSITIONS", 100)
    texts = random_sequences(12, 10, None, np.random.default_rng(0))
    data = sources.from_fasta(fasta(texts), ratio=3)
    assert data.x.shape == (8, 4, 10)
    assert "2 of the 12 positives" in data.note
    own = sources.from_fasta(fasta(texts), "own", negatives_source=fasta(texts), ratio=9)
    assert own.x.shape == (10, 4, 10) and own.labels.sum() == 5


def test_a_hundred_megabytes_are_read_by_path_in_little_memory(tmp_path):
    path = tmp_path / "large.fa.gz"
    block = fasta(random_sequences(50, 10_000, None, np.random.default_rng(0)))
    # Pieces of gzip one after another are one gzip file: 100 MB of text without making it.
    path.write_bytes(gzip.compress(block, compresslevel=1) * 200)
    tracemalloc.start()
    try:
        data = sources.from_fasta(path, max_sequences=20)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(data) == 40 and "20 of the 10,000 positives" in data.note
    assert peak < 40e6


def halves(data):
    half = len(data) // 2
    assert data.labels.tolist() == [1] * half + [0] * half
    return data.sequences[:half], data.sequences[half:]


def counts(sequences, position):
    column = [sequence[position] for sequence in sequences]
    return [column.count(base) for base in "ACGT"]


def test_coupled_windows_have_even_bases_everywhere_in_both_classes():
    for sequences in halves(coupled_windows(8000, 0.8, seed=3)):
        for position in range(8):
            assert chisquare(counts(sequences, position)).pvalue > 1e-4


def test_only_the_two_middle_bases_of_positives_pair():
    positives, negatives = halves(coupled_windows(8000, 0.8, seed=3))
    # Of a strength of 0.8: 4 pairs of (1 + 2.4) / 16 and 12 of 0.2 / 16, by Shannon's formula.
    expected = 4 * 0.2125 * np.log2(0.2125 * 16) + 12 * 0.0125 * np.log2(0.0125 * 16)
    assert mutual_information(pair_table(positives, 3, 4)) == pytest.approx(expected, abs=0.06)
    assert mutual_information(pair_table(negatives, 3, 4)) < 0.006
    for i, j in [(0, 3), (2, 3), (4, 5), (6, 7)]:
        assert mutual_information(pair_table(positives, i, j)) < 0.006


def test_the_optimum_of_coupled_windows_by_hand():
    data = coupled_windows(200, 0.5, width=2, seed=1)
    expected = {"AT": 2.5, "CG": 2.5, "GC": 2.5, "TA": 2.5}
    for sequence, score in zip(data.sequences, data.optimum):
        assert score == pytest.approx(np.log(expected.get(sequence, 0.5)))


def test_the_optimum_has_the_auroc_that_the_populations_have():
    words = list(product(range(4), repeat=2))
    p = np.array([(1 + 0.8 * (4 * (a + b == 3) - 1)) / 16 for a, b in words])
    above = p[:, None] / p > 1.000001, np.isclose(p[:, None] / p, 1)
    exact = ((above[0] + 0.5 * above[1]) * p[:, None] / 16).sum()
    data = coupled_windows(40_000, 0.8, width=2, seed=5)
    assert roc(data.labels, data.optimum).area == pytest.approx(exact, abs=0.008)


def test_splice_windows_have_the_same_bases_in_both_classes():
    for position in range(9):
        table = np.array([counts(half, position) for half in halves(splice_windows(20_000))])
        table = table[:, table.sum(axis=0) > 0]
        assert table.shape[1] == 1 or chi2_contingency(table).pvalue > 1e-4


def test_splice_positives_are_sites_as_often_as_they_occur():
    sites, times = splice_sites()
    positives, negatives = halves(splice_windows(20_000, seed=2))
    assert set(positives) <= set(sites)
    most = sites[int(times.argmax())]
    share = times.max() / times.sum()
    assert positives.count(most) / 10_000 == pytest.approx(share, rel=0.2)
    assert mutual_information(pair_table(positives, 6, 7)) > 0.04
    assert mutual_information(pair_table(negatives, 6, 7)) < 0.004


def test_the_optimum_of_splice_windows_from_the_counts_themselves():
    sites, times = splice_sites()
    total = times.sum()
    columns = [dict.fromkeys("ACGT", 0) for _ in range(9)]
    for site, count in zip(sites, times):
        for column, base in zip(columns, site):
            column[base] += count
    known = dict(zip(sites, times))
    data = splice_windows(2000, seed=4)
    for sequence, score in zip(data.sequences, data.optimum):
        if sequence in known:
            independent = np.prod([c[b] / total for c, b in zip(columns, sequence)])
            assert score == pytest.approx(np.log(known[sequence] / total / independent))
        else:
            assert score == -100 < min(data.optimum[:1000])
    assert roc(data.labels, data.optimum).area == pytest.approx(0.743, abs=0.03)


@pytest.mark.parametrize("make", [splice_windows, lambda n, seed: coupled_windows(n, 0.5, 8, seed)])
def test_a_seed_gives_the_same_windows_again(make):
    assert make(20, 7).sequences == make(20, 7).sequences != make(20, 8).sequences


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: splice_windows(3), "n must be an even number, got 3"),
        (lambda: coupled_windows(0, 0.5), "n must be a whole number of at least 2, got 0"),
        (
            lambda: coupled_windows(2, 0.5, width=1),
            "width must be a whole number of at least 2, got 1",
        ),
        (lambda: coupled_windows(2, -0.1), "strength must be a number from 0 to 1, got -0.1"),
        (lambda: splice_windows(2, seed=-1), "seed"),
    ],
)
def test_bad_input_is_answered_with_one_sentence(call, complaint):
    with pytest.raises(ValueError, match=complaint):
        call()
