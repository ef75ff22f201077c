"""A scene restores the state, and any other text gives an error."""

from __future__ import annotations

import contextlib
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from motiflab.widgets.fields import CardState, lines
from motiflab.widgets.scene import from_scene, to_scene


def sealed(body: str) -> str:
    """Return a scene with the right checksum, as a forger would make it."""
    return f"{body}#{zlib.crc32(body.encode()):08x}"


FIELDS = {
    "width": st.integers(1, 10),
    "share": st.floats(0, 1),
    "count": st.integers(10, 10_000),
    "rate": st.floats(1e-6, 1),
    "shape": st.sampled_from(["square", "disc"]),
    "depth": st.sampled_from([1, 2, 9]),
    "both": st.booleans(),
    "name": st.text(st.characters(codec="utf-8"), max_size=200),
}
NAMES = st.frozensets(st.sampled_from(sorted(FIELDS)))


@given(values=st.fixed_dictionaries({}, optional=FIELDS), locked=NAMES, hidden=NAMES)
@example({"name": " a&b=c#d?;\n,%<b>é中"}, frozenset(), frozenset())
def test_every_state_comes_back_from_its_scene(toy_class, values, locked, hidden):
    state = toy_class.State(**values)
    text = to_scene("Toy", state, locked, hidden)
    assert text.isascii() and " " not in text and len(text) < 4000
    assert from_scene(text, "Toy", toy_class.State) == (state, locked, hidden, "")


def test_a_scene_names_only_what_differs(toy_class):
    state = toy_class.State(both=True, name="a b")
    assert to_scene("Toy", state, ["width"]) == sealed("Toy/1?both=yes&name=a%20b&lock=width")
    assert to_scene("Toy", toy_class.State()) == sealed("Toy/1?")


@pytest.mark.parametrize("cut", range(1, 36))
def test_a_scene_that_was_cut_is_known(toy_class, cut):
    text = to_scene("Toy", toy_class.State(width=7, name="CTCF"))
    with pytest.raises(
        ValueError, match=r"part of it was lost or changed: copy the whole line again\.$"
    ):
        from_scene(text[:-cut], "Toy", toy_class.State)


@given(st.data())
def test_a_scene_with_one_character_changed_is_known(toy_class, data):
    text = to_scene("Toy", toy_class.State(width=7, name="CTCF"))
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda c: c != text[place]))
    altered = text[:place] + other + text[place + 1 :]
    if altered.strip() != text:
        with pytest.raises(ValueError, match=r"scene"):
            from_scene(altered, "Toy", toy_class.State)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This is not a scene"),
        ("hello", "This is not a scene"),
        ("Toy/1?width=7#00000000", "lost or changed"),
        ("Toy/1?" + "a" * 10**6, "a text of at most 4,000 characters"),
        (None, "a text of at most 4,000 characters"),
        (sealed("MotifLab/1?width=7"), "This scene is for MotifLab, not for Toy"),
        (sealed("Toy/2?width=7"), "This scene has format 2, but this motiflab reads format 1"),
        (sealed("Toy/1?size=7"), "Toy has no control named 'size'"),
        (sealed("Toy/1?__class__=7"), "Toy has no control named '__class__'"),
        (sealed("Toy/1?width=7&width=8"), "names a control twice"),
        (sealed("Toy/1?width=seven"), r"Width must be a whole number from 1 to 10, not 'seven'"),
        (sealed("Toy/1?width=" + "9" * 3900), "Width must be a whole number from 1 to 10"),
        (sealed("Toy/1?share=nan"), "Share must be a number from 0 to 1"),
        (sealed("Toy/1?both=True"), "Both must be yes or no"),
        (sealed("Toy/1?shape=__import__('os')"), "Shape must be one of square, disc"),
        (sealed("Toy/1?width=9&count=5"), "Width 9 does not fit into 5"),
        (sealed("Toy/1?lock=secret"), "Toy has no control named 'secret'"),
        (sealed("Toy/1?hide=<script>"), "Toy has no control named '<script>'"),
    ],
)
def test_foreign_and_hostile_scenes_get_one_sentence(toy_class, text, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        from_scene(text, "Toy", toy_class.State)
    assert str(caught.value).endswith(".") and len(str(caught.value)) < 300


def test_a_scene_from_before_a_change_of_meaning_opens_and_says_so(toy_class):
    class Changed(toy_class.State):
        meant_before = ("Width was in inches.", "Both meant neither.")

    changed = type("Toy", (toy_class,), {"State": Changed})
    first, second = (sealed(f"Toy/{version}?width=7") for version in (1, 2))
    assert from_scene(first, "Toy", Changed).note == "Width was in inches. Both meant neither."
    assert from_scene(second, "Toy", Changed).note == "Both meant neither."
    now = to_scene("Toy", Changed(width=7))
    assert now.startswith("Toy/3?width=7#") and from_scene(now, "Toy", Changed).note == ""
    with pytest.raises(ValueError, match="has format 4, but this motiflab reads format 3"):
        from_scene(sealed("Toy/4?width=7"), "Toy", Changed)
    with pytest.raises(ValueError, match="has format 0"):
        from_scene(sealed("Toy/0?width=7"), "Toy", Changed)
    card = changed.from_scene(second)
    assert card.state.width == 7 and "Both meant neither." in card._scene.widget.description
    card.load(now)
    assert "neither" not in card._scene.widget.description
    card.load(first)
    assert "Width was in inches." in card._scene.widget.description and card.scene == now


@pytest.mark.parametrize(
    "wrap",
    ["Scene: {}", "scene\n{}", " “{}” ", "`{}`", "```\n{}\n```", "<{}>.", "\ufeff{}\u200b", "({})"],
)
def test_what_comes_along_with_a_pasted_scene_is_left_out(toy_class, wrap):
    state = toy_class.State(width=7, name="a scene; it's (new).")
    text = to_scene("Toy", state, ["width"])
    broken = "\r\n  ".join([text[:9], text[9:25], text[25:]])
    for whole in (text, broken):
        assert from_scene(wrap.format(whole), "Toy", toy_class.State) == (
            state,
            {"width"},
            set(),
            "",
        )
    with pytest.raises(ValueError, match="lost or changed"):
        from_scene(wrap.format(text[:-1]), "Toy", toy_class.State)


@pytest.mark.parametrize("text", [sealed("Toy/1?name=é"), "Toy/1?name=\ud800#00000000"])
def test_a_scene_holds_no_other_letters(toy_class, text):
    with pytest.raises(ValueError, match="This is not a scene"):
        from_scene(text, "Toy", toy_class.State)


@given(st.text(st.characters()))
def test_no_text_raises_anything_but_a_value_error(toy_class, text):
    whole = text.encode("utf-8", "replace").decode()  # half a character has no checksum
    for scene in (text, f"Toy/1?{text}", sealed(f"Toy/1?{whole}")):
        with contextlib.suppress(ValueError):
            from_scene(scene, "Toy", toy_class.State)


def test_the_latest_long_texts_are_kept_and_the_oldest_forgotten():
    class Texts(CardState):
        notes: str = lines("Notes", lambda text: "", longest=10_000)

    scenes = [to_scene("Texts", Texts(notes=f"{i}\n" * 3000)) for i in range(10, 32)]
    to_scene("Texts", Texts(notes="12\n" * 3000))  # shown again: one of the latest now
    to_scene("Texts", Texts(notes="99\n" * 3000))
    opened = [from_scene(scenes[i - 10], "Texts", Texts).state.notes[:2] for i in (12, 31)]
    assert opened == ["12", "31"]
    for forgotten in (10, 11, 13):
        with pytest.raises(ValueError, match="needs the text that was"):
            from_scene(scenes[forgotten - 10], "Texts", Texts)
