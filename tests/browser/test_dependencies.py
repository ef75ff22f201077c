"""The explorers of dependencies by keyboard in JupyterLab, against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from reading import says
from sklearn.metrics import mutual_info_score

from motiflab.datasets.published_sites import splice_sites

pytestmark = pytest.mark.browser

CELLS = (
    "from motiflab.explorers.dependency_explorer import DependencyExplorer\nDependencyExplorer()",
    "from motiflab.explorers.splice_explorer import SpliceExplorer\nSpliceExplorer()",
)


@pytest.fixture(scope="module")
def notebook(opened):
    with opened(*CELLS) as notebook:
        notebook.run()
        yield notebook


def test_a_relu_and_two_more_filters_find_what_a_linear_filter_cannot(notebook):
    card = notebook.page.locator(".motiflab-card").first
    says(card, f"loss {np.log(2):.3f}; a guess")
    card.get_by_label("ReLU").press("Space")
    filters = card.get_by_role("slider", name="Filters")
    filters.press("ArrowRight")
    filters.press("ArrowRight")
    # log 2 minus the Jensen-Shannon divergence of pairs at a strength of 0.8 from even words
    p, q = np.repeat([0.2125, 0.0125], [4, 12]), np.full(16, 1 / 16)
    least = -(p * np.log(p / (p + q)) + q * np.log(q / (p + q))).sum() / 2
    says(card, f"the least possible is {least:.3f}")
    says(card, "has learned all there is to learn")


def test_another_pair_of_positions_is_answered_with_scikit_learns_number(notebook):
    card = notebook.page.locator(".motiflab-card").nth(1)
    group = card.locator(".widget-radio", has_text="First position")
    group.get_by_label("+4", exact=True).press("Space")
    sites, counts = splice_sites()
    letters = [np.repeat([site[k] for site in sites], counts) for k in (6, 7)]
    bits = mutual_info_score(*letters) / np.log(2)
    says(card, f"= {bits:.3f} bits")
