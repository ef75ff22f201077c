"""Right answers in other forms are taken, and what is not right is told in words that help."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from motiflab.exercises import find


@pytest.mark.parametrize("form", [int, float, Fraction, np.float32, lambda n: [n], np.atleast_1d])
def test_one_number_is_taken_in_any_form(form):
    exercise = find("scanning.windows")
    given = exercise.given("Ada")
    assert exercise.check(form(exercise.right(given)), given).state == "right"


def test_a_tensor_that_carries_a_gradient_is_taken():
    torch = pytest.importorskip("torch")
    exercise = find("activating.slope")
    given = exercise.given("Ada")
    answer = torch.tensor([exercise.right(given)], requires_grad=True)
    assert exercise.check(answer, given).state == "right"


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ([1, 0, 0, 0], "1 of the 11 numbers differs from"),
        ([1, 1, 0, 0], "2 of the 11 numbers differ from"),
        ([1] * 11, "None of the 11 numbers is the right one yet"),
    ],
)
def test_wrong_numbers_are_counted_in_english(slip, said):
    exercise = find("pooling.routed")
    given = exercise.given("Ada")
    answer = exercise.right(given) + 0.13 * np.array([*slip, *[0] * (11 - len(slip))])
    assert exercise.check(answer, given).message.startswith(said)


def test_true_and_false_are_no_numbers_and_are_told_so():
    exercise = find("encoding.encode")
    given = exercise.given("Ada")
    right = exercise.right(given)
    verdict = exercise.check(lambda *case: right(*case) == 1, given)
    assert "holds True and False. `.astype(int)` makes numbers" in verdict.message


def test_of_two_results_the_one_that_is_amiss_is_told():
    exercise = find("activating.cross_entropy")
    given = exercise.given("Ada")
    right = exercise.right(given)

    def doubled(logits, labels):
        loss, gradient = right(logits, labels)
        return 2 * loss + 1, gradient

    message = exercise.check(doubled, given).message
    assert "gave as its first result `1.6" in message and "second" not in message


def test_an_exception_that_only_a_property_finds_is_told_with_the_call():
    exercise = find("activating.cross_entropy")
    given = exercise.given("Ada")
    right = exercise.right(given)

    def overflows(logits, labels):
        [math.exp(-z) for z in logits]
        return right(logits, labels)

    message = exercise.check(overflows, given).message
    assert "OverflowError" in message and "cross_entropy([-800.,  800.], [1, 0])" in message


def test_functions_of_torch_are_taken_with_their_few_digits_and_their_gradients():
    torch = pytest.importorskip("torch")

    def scan(x, w, b, S, P, D):
        x, w = (torch.tensor(one.T[None], dtype=torch.float32) for one in (x, w))
        return torch.nn.functional.conv1d(x, w, torch.tensor([float(b)]), S, P, D)[0, 0]

    def cross_entropy(logits, labels):
        z = torch.tensor(logits, dtype=torch.float32, requires_grad=True)
        y = torch.tensor(labels, dtype=torch.float32)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y)
        loss.backward()
        return loss, z.grad

    def pwm(counts, background, pseudocount):
        n, q = (torch.tensor(one, dtype=torch.float32) for one in (counts, background))
        added = n + pseudocount * q
        return torch.log(added / added.sum(1, keepdim=True) / q)

    for function, key in ((scan, "scanning"), (cross_entropy, "activating"), (pwm, "scoring")):
        exercise = find(f"{key}.{function.__name__}")
        assert exercise.check(function, exercise.given("Ada")).state == "right"


def test_what_a_property_cannot_use_raises_nothing():
    exercise = find("activating.cross_entropy")
    given = exercise.given("Ada")
    right = exercise.right(given)

    class Odd:
        def __array__(self, *args, **kwargs):
            raise RuntimeError

    verdict = exercise.check(lambda z, y: Odd() if abs(z[0]) > 99 else right(z, y), given)
    assert verdict.state == "not yet right" and verdict.mistake == "a result of another form"


def test_a_small_difference_is_still_a_difference():
    exercise = find("scanning.scan")
    given = exercise.given("Ada")
    right = exercise.right(given)
    assert exercise.check(lambda *case: right(*case) + 0.001, given).state == "not yet right"


def test_a_generator_that_may_never_end_is_not_unrolled():
    def drips(*arguments):
        yield from range(1000)
        raise AssertionError("somebody waits for the end of it")

    exercise = find("pooling.max_pool")
    verdict = exercise.check(drips, exercise.given("Ada"))
    assert verdict.state == "not yet right" and "should return 2 things" in verdict.message
