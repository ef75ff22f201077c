"""Words counted, with gaps and without, against scikit-learn, a regular expression, and by hand."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from motiflab.sequences import count_words, gapped_patterns, reverse_complement

TEXTS = st.lists(st.text("ACGT", min_size=9, max_size=9), min_size=1, max_size=4)


@given(TEXTS, st.integers(1, 3))
def test_words_without_gaps_are_those_of_scikit_learn(sequences, k):
    words = ["".join(word) for word in itertools.product("ACGT", repeat=k)]
    reader = CountVectorizer(analyzer="char", ngram_range=(k, k), lowercase=False, vocabulary=words)
    forward = reader.transform(sequences).toarray()
    counts = count_words(sequences, ["#" * k], both_strands=False)
    assert counts.shape == (len(sequences), 4**k)
    np.testing.assert_array_equal(counts.toarray(), forward)
    back = reader.transform([reverse_complement(one) for one in sequences]).toarray()
    np.testing.assert_array_equal(count_words(sequences, ["#" * k]).toarray(), forward + back)


@given(TEXTS)
def test_gapped_words_are_those_of_a_regular_expression(sequences):
    patterns = ["##.#", "#", "#..#"]
    counts = count_words(sequences, patterns, both_strands=False).toarray()
    column = 0
    for pattern in patterns:
        for word in itertools.product("ACGT", repeat=pattern.count("#")):
            letters = iter(word)
            expression = "".join(next(letters) if sign == "#" else "." for sign in pattern)
            for n, sequence in enumerate(sequences):
                # A look-ahead, so that words that overlap are all found.
                assert counts[n, column] == len(re.findall(f"(?={expression})", sequence))
            column += 1
    assert column == counts.shape[1]


def test_a_gapped_word_by_hand():
    counts = count_words(["ACGTA"], ["##.#"], both_strands=False)
    # ACGT is read as ACT: 0 * 16 + 1 * 4 + 3 = 7. CGTA is read as CGA: 1 * 16 + 2 * 4 + 0 = 24.
    assert sorted(counts.indices.tolist()) == [7, 24] and counts.sum() == 2


@given(TEXTS)
def test_both_strands_count_alike_whichever_is_given(sequences):
    patterns = ["##", "##.#"]
    turned = [reverse_complement(one) for one in sequences]
    np.testing.assert_array_equal(
        count_words(sequences, patterns).toarray(), count_words(turned, patterns).toarray()
    )


@pytest.mark.parametrize(("read", "width"), [(2, 2), (2, 5), (3, 4), (6, 8), (4, 4)])
def test_patterns_are_all_there_are(read, width):
    every = {
        "".join(signs)
        for signs in itertools.product("#.", repeat=width)
        if signs.count("#") == read and signs[0] == signs[-1] == "#"
    }
    found = gapped_patterns(read, width)
    assert set(found) == every and len(found) == len(every)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: gapped_patterns(1, 3), "read must be a whole number of at least 2"),
        (lambda: gapped_patterns(4, 3), "width must be a whole number of at least 4"),
        (lambda: count_words(["ACG"], ["#x"]), "patterns must be made of # and . with at least"),
        (lambda: count_words(["ACG"], [".."]), "patterns must be made of # and . with at least"),
        (lambda: count_words(["ACG"], ["####"]), "patterns must be at most 3 wide"),
        (lambda: count_words(["ACG", "A"], ["#"]), "sequences must all have one length"),
    ],
)
def test_bad_input_is_answered_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}.*\\.$"):
        call()
