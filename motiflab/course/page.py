"""The page of a report: one file of HTML, without scripts and without anything from elsewhere.

What students wrote goes through `safe` and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from motiflab.course.bars import INKS, bars_svg
from motiflab.course.classwork import ABSENT, STATES, Classwork, Slip, StudentEntry
from motiflab.course.markup import inline, many, markdown, page_table, safe
from motiflab.course.page_style import STYLE
from motiflab.exercises import exercise_set
from motiflab.exercises.exercise import NOT_ATTEMPTED, NOT_YET, RIGHT, Exercise

MARKS = dict(zip(STATES, "●◐○∅·"))
"""A sign for each state; the word always goes with it."""

_MOST_SLIPS = 6


def page(work: Classwork) -> str:
    """Return the whole page.

    Parameters
    ----------
    work : Classwork

    Returns
    -------
    str
    """
    parts = work.parts()
    sets = [(key, exercise_set(key).title) for key in parts]
    links = [("explain", "To explain again")]
    links += [("matrix", "Who did what")] if work.students else []
    links += [(f"set-{key}", title) for key, title in sets]
    links += [("files", "Files")] if work.remarks else []
    nav = " ".join(f"<a href='#{target}'>{escape(name)}</a>" for target, name in links)
    body = [
        "<header><h1>Class report</h1>",
        f"<p class='faint'>{many(len(work.students), 'student')}, "
        f"{many(len(parts), 'notebook')}, {many(len(work.exercises), 'exercise')}. "
        f"Read on {date.today().isoformat()}.</p></header>",
        f"<nav aria-label='Sections'>{nav}</nav><main>",
        _explain(work),
        _matrix(work),
        *(_set(work, key, title, parts[key]) for key, title in sets),
        _files(work.remarks),
        "</main>",
    ]
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        # Should anything get loose in spite of all, the browser neither runs nor fetches it.
        "<meta http-equiv='Content-Security-Policy' "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>Class report</title><style>{STYLE}</style></head><body>{''.join(body)}"
        "</body></html>\n"
    )


# -- what to explain again ----------------------------------------------------------------------


def _explain(work: Classwork) -> str:
    slips = work.slips()
    known = [slip for slip in slips if slip.message]
    others = [slip for slip in slips if not slip.message]
    first, rest = known[:_MOST_SLIPS], known[_MOST_SLIPS:]
    cards = "".join(_card(slip, len(work.students)) for slip in first)
    if not cards:
        cards = "<p>No known mistake was recognised in these notebooks.</p>"
    more = _slip_table("Mistakes of fewer students", rest)
    more += _slip_table("Other things that held students up", others)
    return (
        "<section aria-labelledby='explain'><h2 id='explain'>What to explain again tomorrow</h2>"
        "<p class='faint'>The most frequent recognised mistakes, each with what was asked (with "
        "the numbers of nobody in particular) and what the learner was told.</p>"
        f"<div class='cards'>{cards}</div>{more}</section>"
    )


def _card(slip: Slip, total: int) -> str:
    exercise = slip.exercise
    has = "has" if slip.since == 1 else "have"
    solved = f"{slip.since} of them {has} it right by now." if slip.since else ""
    part = exercise_set(exercise.id.partition(".")[0]).title
    return (
        f"<article class='card'><p class='count'><b>{slip.students}</b> of {total}<br>students</p>"
        f"<div><h3>{inline(slip.name)}</h3>"
        f"<p class='faint'>{escape(exercise.title)} · {escape(part)}. {solved}</p>"
        f"<h4>What the learner was told</h4><div class='told'>{markdown(slip.message)}</div>"
        f"<details><summary>What was asked</summary><div class='asked'>"
        f"{markdown(exercise.statement(exercise.given('')))}</div></details></div></article>"
    )


def _slip_table(caption: str, slips: Sequence[Slip]) -> str:
    if not slips:
        return ""
    rows = [
        [safe(slip.name), escape(slip.exercise.title), str(slip.students), str(slip.since)]
        for slip in slips[:60]
    ]
    heads = ["Mistake", "Exercise", "Students", "Of these right by now"]
    return (
        f"<details><summary>{caption} ({len(slips)})</summary>{page_table(heads, rows)}</details>"
    )


# -- who did what -------------------------------------------------------------------------------


def _matrix(work: Classwork) -> str:
    if not work.students:
        return ""
    groups, numbers = "", ""
    for key, exercises in work.parts().items():
        title = escape(exercise_set(key).title)
        groups += f"<th scope='colgroup' colspan='{len(exercises)}'>{title}</th>"
        for number, exercise in enumerate(exercises, 1):
            unseen = f"<span class='unseen'>: {escape(exercise.title)}</span>"
            edge = " class='edge'" if number == 1 else ""
            numbers += (
                f"<th scope='col'{edge} title='{escape(exercise.title)}'>{number}{unseen}</th>"
            )
    first = {exercises[0].id for exercises in work.parts().values()}
    rows = ""
    for student in work.students:
        cells = ""
        for exercise in work.exercises:
            entry = work.entry(student, exercise)
            edge = " edge" if exercise.id in first else ""
            cells += f"<td class='{_class(entry.state)}{edge}'>{_mark(entry, unseen=True)}</td>"
        rows += f"<tr>{_student(work, student)}{cells}</tr>"
    return (
        "<section aria-labelledby='matrix'><h2 id='matrix'>Who did what</h2>"
        f"{_legend()}<div class='wide' tabindex='0' role='region' aria-label='Who did what'>"
        "<table class='matrix'><caption class='unseen'>State of each exercise, by student</caption>"
        f"<thead><tr><td></td>{groups}</tr><tr><th scope='col'>Student</th>{numbers}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _legend() -> str:
    items = "".join(
        f"<li><span class='swatch' style='background:{INKS[state][0]}'></span>"
        f"<span class='{_class(state)}' aria-hidden='true'>{MARKS[state]}</span> {state}"
        f"{' (of a text: kept)' if state == RIGHT else ''}</li>"
        for state in STATES
    )
    return f"<ul class='legend'>{items}</ul>"


def _student(work: Classwork, student: str) -> str:
    name = work.names(student)
    differs = name.casefold() != student.casefold()
    told = f"<span class='faint name'>{safe(name)}</span>" if name and differs else ""
    return f"<th scope='row'>{safe(student)}{told}</th>"


def _mark(entry: StudentEntry, unseen: bool = False) -> str:
    word = f"<span class='unseen'>{entry.word}</span>" if unseen else f" {entry.word}"
    return f"<span class='sign' aria-hidden='true'>{MARKS[entry.state]}</span>{word}"


# -- one set ------------------------------------------------------------------------------------


def _set(work: Classwork, key: str, title: str, exercises: Sequence[Exercise]) -> str:
    counts = [Counter(entry.state for entry in work.of(exercise)) for exercise in exercises]
    pairs = [(f"{n}. {e.title}", count) for n, (e, count) in enumerate(zip(exercises, counts), 1)]
    words = " ".join(
        f"{name}: {', '.join(f'{count[state]} {state}' for state in STATES if count[state])}."
        for name, count in pairs
    )
    picture = bars_svg(f"{title}: students by state", pairs, f"bars-{key}", words)
    return (
        f"<section aria-labelledby='set-{key}'><h2 id='set-{key}'>{escape(title)}</h2>"
        f"<figure>{picture}</figure>{_legend()}{_numbers(work, exercises, counts)}"
        f"{_by_student(work, exercises)}"
        f"<h3>In their own words</h3>{_said(work, exercises)}</section>"
    )


def _numbers(work: Classwork, exercises: Sequence[Exercise], counts: Sequence[Counter]) -> str:
    rows = []
    for exercise, count in zip(exercises, counts):
        answers = [entry.answer for entry in work.of(exercise) if entry.answer]
        tries = sorted(answer.tries for answer in answers if answer.tries)
        helped = sum(answer.hints > 0 for answer in answers)
        opened = sum(answer.solution for answer in answers)
        row = [escape(exercise.title), *(str(count[state]) for state in STATES)]
        rows.append([*row, str(tries[len(tries) // 2]) if tries else "", str(helped), str(opened)])
    heads = ["Exercise", *(state.capitalize() for state in STATES)]
    heads += ["Tries, median", "Took hints", "Opened the solution"]
    summary = "The same in numbers, and what was used"
    return f"<details open><summary>{summary}</summary>{page_table(heads, rows)}</details>"


def _by_student(work: Classwork, exercises: Sequence[Exercise]) -> str:
    heads = "".join(f"<th scope='col'>{escape(exercise.title)}</th>" for exercise in exercises)
    rows = ""
    for student in work.students:
        entries = [work.entry(student, exercise) for exercise in exercises]
        if any(entry.state != ABSENT for entry in entries):
            cells = "".join(
                f"<td class='{_class(entry.state)}'>{_mark(entry)}{_used(entry)}</td>"
                for entry in entries
            )
            rows += f"<tr>{_student(work, student)}{cells}</tr>"
    return (
        "<details><summary>Student by student, with tries and help</summary><div class='wide'>"
        "<table class='each'><caption class='unseen'>State, tries and help used</caption><thead>"
        f"<tr><th scope='col'>Student</th>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        "</div></details>"
    )


def _used(entry: StudentEntry) -> str:
    answer = entry.answer
    if answer is None:
        return ""
    told = [many(answer.tries, "try")] * bool(answer.tries)
    told += [many(answer.hints, "hint")] * bool(answer.hints)
    told += ["solution opened"] * answer.solution
    return f"<br><span class='faint'>{', '.join(told)}</span>" if told else ""


def _said(work: Classwork, exercises: Sequence[Exercise]) -> str:
    blocks = ""
    for exercise in exercises:
        entries = [entry for entry in work.of(exercise) if entry.answer]
        texts = [(e.student, e.answer.prediction) for e in entries if e.answer.prediction]
        blocks += _list(f"{exercise.title} · predictions", exercise.prediction, texts)
        if not exercise.graded:
            texts = [(e.student, e.answer.answer) for e in entries if e.answer.answer]
            asked = exercise.statement(exercise.given(""))
            blocks += _list(f"{exercise.title} · texts", asked, texts)
    return blocks or "<p class='faint'>No prediction and no text is stored yet.</p>"


def _list(caption: str, asked: str, texts: Iterable[tuple[str, str]]) -> str:
    texts = list(texts)
    if not texts:
        return ""
    items = "".join(f"<dt>{safe(who)}</dt><dd>{safe(text)}</dd>" for who, text in texts)
    return (
        f"<details><summary>{escape(caption)} ({len(texts)})</summary>"
        f"<div class='asked'>{markdown(asked)}</div><dl>{items}</dl></details>"
    )


# -- files, and small parts ---------------------------------------------------------------------


def _files(remarks: Sequence[tuple[str, str]]) -> str:
    if not remarks:
        return ""
    rows = [[safe(file), safe(said)] for file, said in remarks]
    return (
        "<section aria-labelledby='files'><h2 id='files'>Files that need a look</h2>"
        f"{page_table(['File', 'What about it'], rows)}</section>"
    )


def _class(state: str) -> str:
    named = {RIGHT: "right", NOT_YET: "not-yet", NOT_ATTEMPTED: "untouched"}
    return named.get(state, "nothing")
