"""Peaks: coordinates against plain slices and Biopython, every dropped peak counted, fair pairs."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from Bio.Seq import reverse_complement
from hypothesis import example, given, settings
from hypothesis import strategies as st

from motiflab.datasets import (
    REASONS,
    from_peaks,
    gc_content,
    hold_out,
    made_genome,
    overlaps,
    read_peaks,
    windows_around,
)
from motiflab.datasets import peaks as module

RNG = np.random.default_rng(5)
CONTIGS = {
    name: "".join(RNG.choice(list("ACGTacgt"), bases)) for name, bases in (("1", 3000), ("2", 900))
}
GENOME = "".join(f">{name} made\n{text}\n" for name, text in CONTIGS.items()).encode()
ANY = {"gc_tolerance": 1, "repeat_tolerance": 1}


def bed(*rows, end: str = "\n") -> bytes:
    return (end.join("\t".join(map(str, row)) for row in rows) + end).encode()


def narrow(contig, start, stop, summit, strand="."):
    return (contig, start, stop, "p", 1, strand, 1, 1, 1, summit)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2"]), st.integers(90, 780), st.integers(1, 60), st.booleans()
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 81),
    st.integers(0, 5),
)
@settings(max_examples=60, deadline=None)
def test_sequences_are_slices_of_the_genome_with_the_summit_in_the_middle(rows, length, seed):
    rows = [(*row, "-" if minus else "+") for *row, minus in rows]
    peaks = bed(*(narrow(c, at - 20, at + 61, 20 + n % 30, s) for c, at, n, s in rows))
    found = from_peaks(peaks, GENOME, length, seed=seed, **ANY)
    wanted = {}
    for contig, at, n, strand in rows:
        summit = at + n % 30
        around = CONTIGS[contig].upper()[summit - length : summit + length + 1]
        turned = reverse_complement(around) if strand == "-" else around
        # The summit is base `length` of this stretch on either strand.
        text = turned[length - length // 2 :][:length]
        start = windows_around([summit], length, [strand == "-"])[0][0]
        wanted.setdefault((contig, start), (text, "(-)" if strand == "-" else ""))
    names = [f"{c}:{s}-{s + length}{sign}" for (c, s), (_, sign) in wanted.items()]
    assert found.data.sequences[: found.used] == [text for text, _ in wanted.values()]
    assert found.data.names[: found.used] == names
    for name, text in zip(found.data.names, found.data.sequences):
        contig, place = name.removesuffix("(-)").split(":")
        first, last = map(int, place.split("-"))
        plain = CONTIGS[contig][first:last].upper()
        assert text == (reverse_complement(plain) if name.endswith("(-)") else plain)


@given(*[st.lists(st.tuples(st.integers(0, 30), st.integers(1, 20)), max_size=9)] * 2)
@example([(5, 1)], [(0, 9), (1, 1)])  # a long stretch; one inside it
def test_overlaps_are_those_of_sets_of_bases(ours, theirs):
    sets = [[set(range(a, a + n)) for a, n in side] for side in (ours, theirs)]
    wanted = [any(one & other for other in sets[1]) for one in sets[0]]
    ends = [np.array([(a, a + n) for a, n in side], dtype=int).reshape(-1, 2).T
            for side in (ours, theirs)]  # fmt: skip
    assert overlaps(*ends[0], *ends[1]).tolist() == wanted


def test_windows_by_hand():
    assert np.transpose(windows_around([100] * 4, 5, [False, True, False, True])).tolist() == [
        [98, 103]] * 4  # fmt: skip
    assert windows_around([100], 6)[0] == 97 and windows_around([100], 6, [True])[0] == 98


def test_every_dropped_peak_is_counted_under_its_first_reason():
    genome = GENOME.replace(b">2 made", b">chrM x\n" + b"ACGT" * 100 + b"NN" + b"ACGT" * 25
                            + b"\n>2 made")  # fmt: skip
    rows = [
        ("1", 5, 5), ("1", -2, 9), narrow("1", 50, 60, 10), ("9", 5, 50),  # 2 no bases, 1 summit
        ("1", 0, 10), ("2", 890, 900), ("2", 849, 851), ("1", 500, 600), ("1", 500, 600),
        ("MT", 380, 402), ("1", 1000, 1100), ("1", 1150, 1160),
    ]  # fmt: skip
    black = bed(("chr1", 1099, 1100), ("2", 1, 2))
    found = from_peaks(bed(*rows), genome, 100, black, **ANY)
    assert found.counts == dict(
        zip(["in the file", *REASONS, "kept"], [12, 2, 1, 1, 2, 1, 1, 1, 0, 3])
    )
    # The window of 849-851 ends with its contig. That of 1000-1100 overlaps one base of the
    # blacklist, and that of 1150-1160 begins six bases after it.
    assert found.data.names[:3] == ["2:800-900", "1:500-600", "1:1105-1205"]
    assert found.renamed == {"MT": "chrM"} and sum(n for _, n in found.summary) == 24
    assert [words for words, _ in found.summary] == ["in the file", *REASONS[:7], "kept"]


@pytest.mark.parametrize(("ours", "theirs"), [("1", "chr1"), ("chr1", "1"), ("chr1", "chr1")])
def test_contigs_are_found_with_and_without_chr(ours, theirs):
    found = from_peaks(bed((ours, 500, 600)), GENOME.replace(b">1 ", f">{theirs} ".encode()), **ANY)
    assert found.data.names[0].startswith(f"{theirs}:")
    assert found.renamed == ({} if ours == theirs else {ours: theirs})
    with pytest.raises(ValueError, match="contig not in the genome: 1"):
        from_peaks(bed(("NC_1", 500, 600)), GENOME)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_genome(tmp_path_factory.mktemp("made"), seed=3)


@pytest.fixture(scope="module")
def found(made):
    return from_peaks(made.peaks, made.genome, 101, made.blacklist, seed=3)


def place(name):
    contig, _, rest = name.removesuffix("(-)").rpartition(":")
    return contig, *map(int, rest.split("-"))


def test_negatives_resemble_their_peaks_and_lie_where_nothing_is_known(made, found):
    n, data = found.used, found.data
    assert data.labels.tolist() == [1] * n + [0] * n and n > 550
    assert abs(found.gc[:n] - found.gc[n:]).max() <= 0.02
    assert abs(found.repeats[:n] - found.repeats[n:]).max() <= 0.1
    assert np.allclose(found.gc, gc_content(data.sequences))
    assert found.repeats.max() > 0.5 and not any("N" in text for text in data.sequences)
    places = [place(name) for name in data.names]
    assert [contig for contig, *_ in places[:n]] == [contig for contig, *_ in places[n:]]
    assert len({*places}) == len(places)
    peaks = read_peaks(made.peaks)
    middle = [*zip(peaks.contigs, peaks.summit, peaks.start, peaks.end)]
    taken = [(f"chr{c}", min(a, s - 50), max(b, s + 51)) for c, s, a, b in middle]
    taken += [(c, a, b) for c, a, b, *_ in zip(*vars(read_peaks(made.blacklist)).values())
              if isinstance(c, str)]  # fmt: skip
    for contig, first, last in places[n:]:
        assert not any(c == contig and first < b and a < last for c, a, b in taken)


def test_the_seed_decides_which_negatives_and_which_peaks(made, found):
    again, other = (
        from_peaks(made.peaks, made.genome, 101, made.blacklist, seed=seed) for seed in (3, 4)
    )
    n = found.used
    assert again.data.names == found.data.names
    assert len({*other.data.names[n:]} & {*found.data.names[n:]}) < 50
    few = from_peaks(made.peaks, made.genome, 101, made.blacklist, most=20, seed=3)
    assert few.counts == found.counts and few.used == 20 and len(few.data) == 40
    assert few.summary[-1] == ("used", 20) and few.data.note.endswith("20 of 608 peaks are used.")
    order = [found.data.names.index(name) for name in few.data.names[:20]]
    assert order == sorted(order) and order[-1] > 300
    assert abs(few.gc[:20] - few.gc[20:]).max() <= 0.02
    assert np.allclose(few.gc, gc_content(few.data.sequences))


def test_without_a_tolerance_no_peak_is_lost_and_gc_tells_the_classes_apart(made, found):
    anywhere = from_peaks(made.peaks, made.genome, 101, made.blacklist, seed=3, **ANY)
    n = anywhere.used
    assert anywhere.counts[REASONS[-1]] == 0 and n >= found.used
    assert anywhere.gc[:n].mean() - anywhere.gc[n:].mean() > 0.01
    assert abs(found.gc[: found.used].mean() - found.gc[found.used :].mean()) < 0.003


def test_a_peak_that_nothing_resembles_is_dropped_and_counted():
    genome = b">1\n" + b"AT" * 500 + b"GC" * 50 + b"AT" * 500
    with pytest.raises(ValueError, match="no negative of similar GC and repeats: 1") as told:
        from_peaks(bed(("1", 1000, 1100)), genome, 100)
    assert told.value.argument == "peaks"
    assert from_peaks(bed(("1", 1000, 1100)), genome, 100, gc_tolerance=1).used == 1
    lower = genome.replace(b"GC", b"at")
    assert from_peaks(bed(("1", 1000, 1100)), lower, 100, repeat_tolerance=1).used == 1
    with pytest.raises(ValueError, match="similar"):
        from_peaks(bed(("1", 1000, 1100)), lower, 100)


def test_as_many_pairs_are_made_as_the_cells_allow():
    rng = np.random.default_rng(1)
    ours, theirs = (rng.integers(0, 30, (2, n)) for n in (40, 60))
    a, b = module._match(ours, theirs, [5, 10], rng)
    cells = [Counter(zip(*(side // [[5], [10]]).tolist())) for side in (ours, theirs)]
    assert len(a) == (cells[0] & cells[1]).total() == len({*a.tolist()}) == len({*b.tolist()})
    assert (ours[:, a] // [[5], [10]] == theirs[:, b] // [[5], [10]]).all()


def test_two_hundred_thousand_peaks_are_counted_and_some_are_used(tmp_path):
    rng = np.random.default_rng(2)
    path, bases = tmp_path / "genome.fa", np.frombuffer(b"ACGT", np.uint8)
    texts = [rng.choice(bases, 1_000_000).tobytes() for _ in range(2)]
    path.write_bytes(b">chr0\n%s\n>chr1\n%s\n" % (*texts,))
    rows = [(i % 2, a, a + 9) for i, a in enumerate(rng.integers(0, 500_000, 200_000).tolist())]
    found = from_peaks(bed(*rows), path, 50, most=100, **ANY)
    counts, summits = found.counts, Counter((contig, start + 4) for contig, start, _ in rows)
    beyond = sum(number for (_, summit), number in summits.items() if summit < 25)
    assert counts["in the file"] == 200_000 and counts[REASONS[3]] == beyond
    assert counts[REASONS[5]] == sum(n - 1 for (_, summit), n in summits.items() if summit >= 25)
    assert found.used == 100 and sum(counts.values()) == 400_000


def test_a_genome_is_read_contig_by_contig(monkeypatch):
    """Each contig is requested only after the one before is done."""
    events, read, cut = [], module.iter_fasta, module._cut

    def reading(*args, **named):
        for record in read(*args, **named):
            events.append(f"read {record.name.split()[0]}")
            yield record

    monkeypatch.setattr(module, "iter_fasta", reading)
    monkeypatch.setattr(module, "_cut", lambda *args: (events.append("cut"), cut(*args))[1])
    from_peaks(bed(("1", 500, 600), ("2", 500, 600)), GENOME, 100, **ANY)
    assert events == ["read 1", "cut", "read 2", "cut"]


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"peaks": b"PK\x03\x04"}, "peaks"),
        ({"peaks": "nowhere.bed"}, "peaks"),
        ({"genome": b"ACGT"}, "genome"),
        ({"genome": b">1\nAC-T\n"}, "genome"),
        ({"genome": GENOME + b">1\nACGT\n"}, "genome"),
        ({"blacklist": b"chr1\t5\n"}, "blacklist"),
        ({"length": 0}, "length"),
        ({"length": 1e9}, "length"),
        ({"most": 1}, "most"),
        ({"gc_tolerance": 1.5}, "gc_tolerance"),
        ({"repeat_tolerance": -1}, "repeat_tolerance"),
        ({"seed": -1}, "seed"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_cannot_be_used_is_one_sentence_that_names_the_argument(changes, argument):
    asked = {"peaks": bed(("1", 500, 600)), "genome": GENOME} | changes
    with pytest.raises(ValueError, match=rf"^{argument}") as told:
        from_peaks(**asked)
    assert told.value.argument == argument and "\n" not in str(told.value)


def test_a_window_longer_than_its_contig_is_beyond_its_ends():
    with pytest.raises(ValueError, match="window beyond an end of its contig: 1"):
        from_peaks(bed(("2", 400, 500)), GENOME, 1000)


def test_whole_contigs_are_held_out(found):
    train, test = hold_out(found.data, ["chr2", "chr4"])
    assert {place(name)[0] for name in test.names} == {"chr2", "chr4"}
    assert {place(name)[0] for name in train.names} == {"chr1", "chr3", "chr5"}
    assert sorted(train.names + test.names) == sorted(found.data.names)
    assert hold_out(found.data, "chr2")[1].names == [n for n in found.data.names if "chr2:" in n]
    for contigs, said in (["chr9"], "chr9"), ([], "test data"), ([f"chr{i}" for i in range(1, 6)],
                                                                 "training data"):  # fmt: skip
        with pytest.raises(ValueError, match=said):
            hold_out(found.data, contigs)


def test_reasons_and_places_of_many_windows_are_those_of_each_alone():
    letters = np.frombuffer((CONTIGS["1"][:200] + "N" + CONTIGS["1"][:99]).encode(), np.uint8)
    start = np.arange(-3, 299)
    reasons, content = module.why_dropped(letters, start, 7, np.array([[20], [22]]))
    for i, (first, reason) in enumerate(zip(start.tolist(), reasons)):
        text = letters.tobytes().decode()[max(first, 0) : max(first, 0) + 7]
        wanted = REASONS[3] if first < 0 or first > 293 else REASONS[4] if 13 < first < 22 else ""
        assert reason == (wanted or (REASONS[6] if "N" in text else ""))
        if wanted != REASONS[3]:
            assert content[0, i] == sum(base in "GCgc" for base in text)
            assert content[1, i] == sum(base.islower() for base in text)
