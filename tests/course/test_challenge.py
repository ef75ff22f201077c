"""A class challenge: what is handed out tells nothing, and whatever is handed in is answered."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score
from whole_page import Page

from motiflab.course import challenge
from motiflab.course.challenge import (
    challenge_data,
    hand_in,
    make_challenge,
    read_board,
    read_challenge,
    score_challenge,
)
from motiflab.course.command import main
from motiflab.course.found import judge_rule, match_motifs
from motiflab.course.handed_in import read_rule, read_scores
from motiflab.datasets import LEVELS, Rule, challenge_world
from motiflab.datasets.challenge_worlds import ANY
from motiflab.evaluation import bootstrap_areas, bootstrap_counts, shared_places
from motiflab.motifs import Motif, read_motifs, write_meme


@pytest.fixture(autouse=True)
def numbers(monkeypatch) -> None:
    """Seed the secret numbers: in one of twenty worlds a guess is clearly better than a tie."""
    monkeypatch.setattr(challenge.secrets, "randbits", random.Random(0).getrandbits)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A challenge of level 3, to read only."""
    folder = tmp_path_factory.mktemp("made") / "class"
    with pytest.MonkeyPatch.context() as patch:  # made before the fixture of a single test
        patch.setattr(challenge.secrets, "randbits", random.Random(1).getrandbits)
        make = ["challenge", "make", str(folder), "--level", "3", "--title", "Our <b>test"]
        assert main(make) == 0
    return folder


@pytest.fixture
def small(tmp_path, monkeypatch) -> Path:
    """A challenge of level 1 with few sequences, to hand in to."""
    few = LEVELS[1]._replace(train=20, test=30)
    monkeypatch.setitem(LEVELS, 1, few)
    make_challenge(tmp_path / "small")
    return tmp_path / "small"


def key(folder: Path) -> dict:
    return json.loads((folder / "key" / "key.json").read_text())


def board(folder: Path) -> dict[str, dict[str, str]]:
    score_challenge(folder)
    with (folder / "leaderboard.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def test_what_is_handed_out_is_complete_and_in_the_archive_with_one_date(made):
    out = made / "hand_out"
    train, ids, sequences = read_challenge(out)
    size = LEVELS[3]
    assert (len(train), len(ids)) == (size.train, size.test) and train.labels.mean() == 0.5
    assert {len(s) for s in [*train.sequences, *sequences]} == {size.length}
    secret = key(made)
    again, test, rule = challenge_data(3, int(secret["number"], 16))
    assert test.sequences == sequences and test.labels.tolist() == secret["labels"]
    assert again.sequences == train.sequences and list(rule)[:2] == secret["rule"][:2]
    files = {p.relative_to(made).as_posix(): p for p in out.rglob("*") if p.is_file()}
    with zipfile.ZipFile(made / "hand_out.zip") as archive:
        assert set(archive.namelist()) == set(files)
        assert {info.date_time for info in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert all(archive.read(name) == path.read_bytes() for name, path in files.items())
    assert len({path.stat().st_mtime for path in files.values()}) == 1
    with pytest.raises(ValueError, match="new or an empty folder"):
        make_challenge(made)


def test_the_page_for_learners_is_whole_and_escaped(made):
    html = (made / "hand_out" / "instructions.html").read_text(encoding="utf-8")
    assert any("Our <b>test" in text for text in Page(html).texts)


def test_nothing_handed_out_names_the_key(made):
    secret = key(made)
    number = int(secret["number"], 16)
    spoken = [secret["number"], str(number), *(str(challenge._seed(number, p)) for p in
              ("world", "train", "test"))]  # fmt: skip
    planted = ["".join("ACGT"[a] for a in m.counts.argmax(axis=1)) for m in
               read_motifs(made / "key" / "motifs.txt")]  # fmt: skip
    for path in (made / "hand_out").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        assert not any(word in text for word in spoken)
        if path.suffix in {".html", ".txt"}:
            assert not any(word in text for word in planted)


@pytest.mark.parametrize("level", LEVELS)
def test_names_order_and_composition_tell_no_label(level, tmp_path, monkeypatch):
    """Over many makes: the range of chance is narrow, and a score that tells falls outside."""
    monkeypatch.setitem(LEVELS, level, LEVELS[level]._replace(train=2, test=200))
    told: dict[str, list[float]] = {}
    seen = set()
    for turn in range(12):
        folder = tmp_path / str(turn)
        out = make_challenge(folder, level)
        _, ids, sequences = read_challenge(out)
        secret = key(folder)
        y = np.array(secret["labels"])
        assert ids == secret["ids"] == sorted(ids) and len(set(sequences)) == len(sequences)
        seen |= set(sequences)
        place = np.arange(len(ids))
        for name, score in {
            "order": place,
            "odd rows": place % 2,
            "hash of the name": [hashlib.md5(id.encode()).digest()[0] for id in ids],
            "hash of the sequence": [hashlib.md5(s.encode()).digest()[0] for s in sequences],
            "label before": np.roll(y, 1),
            "G and C": [s.count("G") + s.count("C") for s in sequences],
            "first base": ["ACGT".index(s[0]) for s in sequences],
            "last base": ["ACGT".index(s[-1]) for s in sequences],
            "told": secret["optimum"],
        }.items():
            told.setdefault(name, []).append(roc_auc_score(y, score))
    assert len(seen) == 12 * 200
    # The standard deviation of an AUROC of chance: sqrt((m + n + 1) / (12 m n)).
    limit = 4 * np.sqrt(201 / (12 * 100 * 100)) / np.sqrt(12)
    means = {name: np.mean(areas) - 0.5 for name, areas in told.items()}
    assert means.pop("told") > 5 * limit
    assert {name for name, mean in means.items() if abs(mean) > limit} == set()


def test_the_number_has_128_random_bits_and_no_other_rebuilds_the_data(small, monkeypatch):
    asked = []
    monkeypatch.setattr(challenge.secrets, "randbits", lambda bits: asked.append(bits) or 2**127)
    make_challenge(small.parent / "other")
    assert asked == [128] and key(small.parent / "other")["number"] == f"{2**127:032x}"
    train, _, sequences = read_challenge(small / "hand_out")
    assert int(key(small)["number"], 16) > 2**64
    when = int((small / "key" / "key.json").stat().st_mtime)
    guesses = [*range(30), *range(when - 5, when + 5), os.getpid(), 946_684_800, 2**127]
    guesses += [int(hashlib.md5(s.encode()).hexdigest(), 16) for s in ("small", "Motif challenge")]
    for guess in guesses:
        rebuilt, test, _ = challenge_data(1, guess)
        assert not {*rebuilt.sequences, *test.sequences} & {*train.sequences, *sequences}
        # Nor does the number itself as a seed of the world or of the data.
        assert challenge_world(1, guess).draw(20, guess).sequences != train.sequences


def test_a_perfect_hand_in_ends_at_the_limit_and_a_guess_at_one_half(made):
    secret = key(made)
    motifs = read_motifs(made / "key" / "motifs.txt")
    rule = read_rule((made / "key" / "grammar.txt").read_text())
    turned = [motifs[1], motifs[0].reverse_complement()]
    hand_in(made / "handed_in" / "Ada", secret["ids"], secret["optimum"], motifs, rule)
    # Ids in any order, separated by semicolons, with decimal commas and a byte-order mark.
    rows = [f"{id};{y:.6f}".replace(".", ",") for id, y in zip(secret["ids"], secret["optimum"])]
    folder = made / "handed_in" / "Bea"
    folder.mkdir()
    (folder / "predictions.csv").write_text(
        "\ufeffid;score\r\n" + "\r\n".join(rows[::-1]), encoding="utf-8"
    )
    write_meme(turned, folder / "motifs.txt")
    guess = np.random.default_rng(1).normal(size=len(rows))
    hand_in(made / "handed_in" / "Cleo", secret["ids"], guess)
    hand_in(made / "handed_in" / "Dan", secret["ids"], np.zeros(len(rows)))
    found = board(made)
    best = average_precision_score(secret["labels"], secret["optimum"])
    for name in ("Ada", "Bea", "Best possible"):
        assert found[name]["AUPRC"] == f"{best:.3f}"
    assert found["Ada"]["place"] == found["Bea"]["place"] == "1 to 2"
    assert found["Ada"]["motifs found"] == found["Bea"]["motifs found"] == "2 of 2 (1.00, 1.00)"
    assert found["Ada"]["grammar"] == "right (order right, strands right, gap right)"
    assert found["Cleo"]["place"] == found["Dan"]["place"] == "3 to 4"
    cleo = average_precision_score(secret["labels"], guess)
    assert found["Cleo"]["AUPRC"] == f"{cleo:.3f}"
    assert (
        found["Dan"]["AUPRC"] == "0.500"
        and "Different scores: 1 of 400." in found["Dan"]["remarks"]
    )
    assert abs(float(found["Guessing"]["AUPRC"]) - 0.5) < 0.02
    assert "motifs.txt: It is missing." in found["Cleo"]["remarks"]
    html = (made / "leaderboard.html").read_text(encoding="utf-8")
    assert secret["number"] not in html and any("Ada" in text for text in Page(html).texts)


def bad(folder: Path, ids: list[str]) -> dict[str, str]:
    """Write hostile hand-ins; return what the board must say of each."""
    good = [f"{id},{i}" for i, id in enumerate(ids)]
    texts = {
        "short": (["id,score", *good[:-2]], "2 of 30 ids are missing; the first is test_0029."),
        "twice": (["id,score", *good, good[3]], "test_0004 stands in two lines."),
        "nan": (["id,score", f"{ids[0]},nan", *good[1:]], "must be a finite number, got 'nan'."),
        "inf": (["id,score", f"{ids[0]},-1e999", *good[1:]], "a finite number, got '-1e999'."),
        "words": (["id,score", f"{ids[0]},high", *good[1:]], "a finite number, got 'high'."),
        "unknown": (["id,score", "<script>,1", *good[1:]], "is not an id of the test sequences."),
        "headless": (good, "The first line must be id,score"),
        "empty": ([], "The first line must be id,score, got ''."),
        "wide": (["id,score", f"{ids[0]},1,x", *good[1:]], "it must hold an id and a score"),
        "comma": (["id,score", f"{ids[0]},0,5", *good[1:]], "Line 2: 0,5 has a decimal comma"),
        "quoted": (["id,score", f'{ids[0]},"0,5"', *good[1:]], "Line 2: 0,5 has a decimal comma"),
        "named": (["id,prob", *good], "The second column is called 'prob': call it score."),
        "long": (["id,score", "x" * 200_000], "field larger than field limit"),
    }
    said = {}
    for name, (lines, sentence) in texts.items():
        (folder / name).mkdir()
        (folder / name / "predictions.csv").write_text("\n".join(lines), encoding="utf-8")
        said[name] = sentence
    for name, content, sentence in (
        ("utf-16", "id,score\n".encode("utf-16"), "must be text in UTF-8"),
        ("latin", b"id,score\n\xe9,1\n", "It must be text in UTF-8."),
        ("binary", b"PK\x03\x04" + bytes(200), "must be text in UTF-8"),
    ):
        (folder / name).mkdir()
        (folder / name / "predictions.csv").write_bytes(content)
        said[name] = sentence
    for name in ("huge", "link", "folder", "pipe"):
        (folder / name).mkdir()
    with (folder / "huge" / "predictions.csv").open("wb") as file:
        file.truncate(10 * 2**30)  # 10 GB of nothing: takes no room on the disk
    (folder / "link" / "predictions.csv").symlink_to(folder.parent / "key" / "key.json")
    (folder / "folder" / "predictions.csv").mkdir()
    os.mkfifo(folder / "pipe" / "predictions.csv")
    (folder / "bomb.zip").write_bytes(b"PK\x03\x04")
    (folder / "outside").symlink_to(folder.parent / "key")
    return said | {
        "huge": "larger than 1 MB, so it was not read.",
        "link": "It is a link, so it was not read.",
        "folder": "It is a folder, so it was not read.",
        "pipe": "is a device, a pipe or a socket, so it was not read.",
        "bomb.zip": "This is not a folder: an archive must be unpacked first.",
        "outside": "This is a link, so it was not read.",
    }


def test_every_hostile_hand_in_is_answered_and_the_others_still_score(small, capsys):
    folder, secret = small / "handed_in", key(small)
    said = bad(folder, secret["ids"])
    names = ["<script>alert(1)<", "=1+1", "..", "-c&quot;'", "\u202eback\x07", "x" * 200]
    for name in names:
        if name != "..":
            hand_in(folder / name, secret["ids"], secret["optimum"])
    hand_in(folder / "good", secret["ids"], secret["optimum"])
    assert main(["challenge", "score", str(small)]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    found = board(small)
    for name, sentence in said.items():
        assert sentence in found[name]["remarks"], name
        assert f"{name}: " in printed.out and found[name]["AUPRC"] == "", name
    scored = [name for name, row in found.items() if row["AUPRC"]]
    assert {"good", "'=1+1", "<script>alert(1)<"} <= set(scored) and len(scored) == 8
    assert not any(name.startswith(("=", "-", "\u202e")) for name in found)
    html = (small / "leaderboard.html").read_text(encoding="utf-8")
    assert "<script" not in html and "<script>alert(1)<" in "".join(Page(html).texts)


@pytest.mark.parametrize(("content", "sentence"), [
    (b">x\n", "motifs.txt: "),
    (b">x\nA [0]\nC [0]\nG [0]\nT [0]\n", "got zeros in row 0"),
    (b">x\nA [3 3]\nC [2 2]\nG [2 3]\nT [3 2]\n", "less than 1 bit"),
    (b">x\nA [1e999]\nC [0]\nG [0]\nT [0]\n", "motifs.txt: "),
    (b">x\nA [nan]\nC [0]\nG [0]\nT [0]\n", "motifs.txt: "),
    (b"<html>", "motifs.txt: "),
    (b"GCGCTACTAAGT\n", "It must hold a matrix, not letters"),
    (b"\xff\xfe" + b"a\x00" * 9, "must be text in UTF-8"),
    (b">x\n" + b"9 0 0 0\n" * 41, "at most 20 positions"),
    (b">x\n" + b"9 0 0 0\n" * 12 + b">y\n" + b"9 0 0 0\n" * 12, "Only the first 1 of 2 motifs"),
])  # fmt: skip
def test_bad_motifs_cost_only_the_motifs(small, content, sentence):
    secret = key(small)
    hand_in(small / "handed_in" / "one", secret["ids"], secret["optimum"])
    (small / "handed_in" / "one" / "motifs.txt").write_bytes(content)
    row = board(small)["one"]
    assert sentence in row["remarks"] and row["AUPRC"] and row["grammar"] == ""
    assert not row["motifs found"].startswith("1")


@pytest.mark.parametrize(("text", "sentence"), [
    ("gap 7", "must begin with order"),
    ("gap: seven", "must be any, or such as 7"),
    ("gap: 7-9-11", "must be any, or such as 7"),
    ("order: 1 before 2", "strands must be same or opposite"),
    ("order: first", "order must be one of"),
    ("sequence: any", "must begin with order"),
])  # fmt: skip
def test_a_bad_grammar_is_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_rule(text)


def test_a_grammar_may_leave_things_out():
    assert read_rule("\n Gap : 4 to 9 \n") == Rule(ANY, ANY, (4, 9)) and read_rule("") == Rule()
    assert read_scores("ID, Score ,\n\nb,1,\na,2", ["a", "b"]).tolist() == [2, 1]
    assert read_scores("sep=;\nid;score\nb;1,5\na;2", ["a", "b"]).tolist() == [2, 1.5]


def test_a_folder_in_a_folder_is_read(small):
    secret = key(small)
    hand_in(small / "handed_in" / "Ada" / "Ada", secret["ids"], secret["optimum"])
    (small / "handed_in" / "Ada" / "__MACOSX").mkdir()
    hand_in(small / "handed_in" / "Bea" / "old", secret["ids"], secret["optimum"])
    hand_in(small / "handed_in" / "Bea" / "new", secret["ids"], secret["optimum"])
    (small / "handed_in" / "Cleo").mkdir()
    (small / "handed_in" / "Cleo" / "inner").symlink_to(small / "handed_in" / "Ada" / "Ada")
    found = board(small)
    assert found["Ada"]["AUPRC"] and not found["Bea"]["AUPRC"] and not found["Cleo"]["AUPRC"]
    # As in the picture: the best possible on top, guessing below all that have scores.
    assert list(found) == ["Best possible", "Ada", "Guessing", "Bea", "Cleo"]
    for path in (small / "handed_in").iterdir():
        path.rename(small / path.name)
    assert list(board(small)) == ["Best possible", "Guessing"]


def test_one_motif_has_no_grammar_and_the_example_is_right_nowhere(small, made, tmp_path):
    assert not (small / "hand_out" / "example" / "grammar.txt").exists()
    assert "grammar.txt" not in (small / "hand_out" / "instructions.html").read_text()
    hand_in(small / "handed_in" / "Ada", key(small)["ids"], key(small)["optimum"])
    assert board(small)["Ada"]["grammar"] == ""
    example = read_rule((made / "hand_out" / "example" / "grammar.txt").read_text())
    found = match_motifs([], challenge_world(2, 0).motifs)
    assert not any(judge_rule(example, Rule(), found).values())


def test_many_guessers_are_not_all_told_apart():
    """As the page says: of 780 pairs about 50 look clearly different."""
    rng, labels = np.random.default_rng(0), np.repeat([0, 1], 200)
    counts = bootstrap_counts(labels, 1000, seed=0)
    areas = [bootstrap_areas(labels, rng.random(400), counts) for _ in range(40)]
    places = shared_places(areas)
    assert 30 <= sum(best - 1 for best, _ in places) <= 75


def test_a_damaged_or_missing_key_is_a_sentence(small, capsys):
    (small / "key" / "key.json").write_text("{}")
    assert main(["challenge", "score", str(small)]) == 1
    assert "The key in" in capsys.readouterr().err
    assert main(["challenge", "score", str(small / "key")]) == 1
    assert "it holds no key" in capsys.readouterr().err
    with pytest.raises(ValueError, match=r"There is no challenge in .*key: train.csv is missing"):
        read_challenge(small / "key")


A, B = (
    Motif.from_probabilities(np.where(np.eye(4)[list(codes)] > 0, 0.94, 0.02), name)
    for codes, name in (((0, 2, 0, 3, 0, 0, 2, 2), "A"), ((1, 0, 1, 1, 3, 2, 1, 3), "B"))
)
TRUTHS = [
    Rule("1 before 2", "same", (7, 7)),
    Rule("2 before 1", "opposite", (4, 9)),
    Rule(ANY, "opposite", (3, 3)),
    Rule("2 before 1", "same", None),
    Rule(ANY, ANY, (5, 10)),
]


def seen(motifs: list[Motif], truth: Rule) -> set[tuple]:
    """What one reads of these motifs in every sequence of a world: order, strands and gap.

    By brute force: writes each pair as letters and looks for each motif on both strands.
    """
    found = set()
    words = ["".join("ACGT"[a] for a in m.counts.argmax(axis=1)) for m in motifs]
    planted = ["".join("ACGT"[a] for a in m.counts.argmax(axis=1)) for m in (A, B)]
    turn = str.maketrans("ACGT", "TGCA")
    gaps = range(truth.gap[0], truth.gap[1] + 1) if truth.gap else range(25)
    for order, strands in truth.layouts:
        for gap in gaps:
            second = planted[1] if strands == "same" else planted[1].translate(turn)[::-1]
            pair = [planted[0], second][:: 1 if order == "1 before 2" else -1]
            text = "N" * 9 + ("N" * gap).join(pair) + "N" * 9
            for strand in (text, text.translate(turn)[::-1]):
                bare = [word.strip("N") for word in words]
                if bare[0] in strand:
                    first = strand.find(bare[0]) - words[0].find(bare[0])
                    other = bare[1] if bare[1] in strand else bare[1].translate(turn)[::-1]
                    same = "same" if bare[1] in strand else "opposite"
                    wide = words[1] if same == "same" else words[1].translate(turn)[::-1]
                    at = strand.find(other) - wide.find(other)
                    after = at > first
                    between = at - first - len(words[0]) if after else first - at - len(words[1])
                    found.add(("1 before 2" if after else "2 before 1", same, between))
    return found


@pytest.mark.parametrize("truth", TRUTHS)
@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("turned", [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_a_grammar_is_right_however_the_motifs_are_written(truth, swap, turned):
    handed = [m.reverse_complement() if t else m for m, t in zip((A, B), turned)]
    handed = handed[::-1] if swap else handed
    read = seen(handed, truth)
    orders, strands, gaps = (sorted({row[i] for row in read}) for i in range(3))
    claim = Rule(
        orders[0] if len(orders) == 1 else ANY,
        strands[0] if len(strands) == 1 else ANY,
        (gaps[0], gaps[-1]) if truth.gap else None,
    )
    found = match_motifs(handed, [A, B])
    assert [round(one.similarity, 6) for one in found] == [1, 1]
    assert set(judge_rule(claim, truth, found).values()) == {True}
    other = {"same": "opposite", "opposite": "same", ANY: ANY}[claim.strands]
    if other != ANY:
        assert not judge_rule(claim._replace(strands=other), truth, found)["strands"]
    flipped = {"1 before 2": "2 before 1", "2 before 1": "1 before 2", ANY: ANY}[claim.order]
    if flipped != ANY:
        assert not judge_rule(claim._replace(order=flipped), truth, found)["order"]
    if claim.gap:
        near, far = (tuple(end + by for end in claim.gap) for by in (1, 2))
        assert judge_rule(claim._replace(gap=near), truth, found)["gap"]
        assert not judge_rule(claim._replace(gap=far), truth, found)["gap"]
        assert not judge_rule(claim._replace(gap=None), truth, found)["gap"]
        assert not judge_rule(claim._replace(gap=(gaps[0], gaps[-1] + 1)), truth, found)["gap"] or (
            gaps[0] != gaps[-1]
        )


@pytest.mark.parametrize("turned", [(0, 0), (1, 0), (0, 1), (1, 1)])
@pytest.mark.parametrize("truth", TRUTHS[:2])
def test_columns_beside_a_motif_lie_in_the_gap(truth, turned):
    flat = np.full((1, 4), 0.25)
    pads = [(2, 1), (0, 3)]
    wide = [
        Motif.from_probabilities(np.concatenate([*[flat] * a, m.probabilities(), *[flat] * b]))
        for m, (a, b) in zip((A, B), pads)
    ]  # fmt: skip
    handed = [m.reverse_complement() if t else m for m, t in zip(wide, turned)]
    found = match_motifs(handed, [A, B])
    for one, (a, b), t in zip(found, pads, turned):
        assert (one.before, one.after) == ((b, a) if t else (a, b))
    # On planted motif 1's strand: B's near side, and what the columns take of the gap.
    first = pads[0][1] if truth.order == "1 before 2" else pads[0][0]
    near = (truth.order == "1 before 2") == (truth.strands == "same")
    taken = first + (pads[1][0] if near else pads[1][1])
    bare = [m.reverse_complement() if t else m for m, t in zip((A, B), turned)]
    ((order, strands),) = {row[:2] for row in seen(bare, truth)}
    claim = Rule(order, strands, tuple(end - taken for end in truth.gap))
    if claim.gap[0] >= 0:
        assert set(judge_rule(claim, truth, found).values()) == {True}


def test_a_random_motif_is_not_found():
    rng = np.random.default_rng(3)
    hits = 0
    for seed in range(60):
        world = challenge_world(3, seed)
        words = ["".join(rng.choice(list("ACGT"), 8)) for _ in range(2)]
        handed = [Motif.from_sites([word]) for word in words]
        hits += any(one.strand for one in match_motifs(handed, world.motifs))
    assert hits <= 6
    # Without both motifs only the claim that there is no rule is judged.
    found = match_motifs([A], [A, B])
    assert judge_rule(Rule(gap=(7, 7)), Rule(gap=(7, 7)), found)["gap"] is False
    assert judge_rule(Rule(), Rule("1 before 2", "same"), found) == {
        "order": False, "strands": False, "gap": True,
    }  # fmt: skip


def test_the_help_names_the_two_commands(capsys):
    with pytest.raises(SystemExit):
        main(["challenge", "--help"])
    said = capsys.readouterr().out
    assert "make" in said and "score" in said
    assert read_board  # the board can be read from Python, too
