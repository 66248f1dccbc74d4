"""Who is in which segment: distances by hand, ids that outlive a refit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.identity import assign, match, nearest

LINE = np.array([[0.0], [10.0]])
IDS = np.array([7, 3])


def place(x: float, previous: int, hysteresis: float = 0.2) -> int:
    Z = np.array([[x]], dtype=np.float32)
    return int(assign(Z, LINE, IDS, np.array([previous]), hysteresis=hysteresis).segment_ids[0])


@pytest.mark.parametrize(
    ("x", "previous", "segment"),
    [
        (4.0, 0, 7),  # new: the nearest
        (6.0, 0, 3),
        (5.2, 7, 7),  # 4.8 squared = 23.0 is not below 0.8 x 5.2 squared = 21.6
        (5.4, 7, 3),  # 4.6 squared = 21.2 is below 0.8 x 5.4 squared = 23.3
        (4.8, 3, 3),
        (4.6, 3, 7),
        (6.0, 99, 3),  # the former segment is gone
    ],
)
def test_a_customer_moves_only_for_a_clearly_nearer_centre(x, previous, segment):
    assert place(x, previous) == segment


def test_distance_runner_up_and_margin_by_hand():
    Z = np.array([[2.0], [5.2]], dtype=np.float32)
    placed = assign(Z, LINE, IDS, np.array([0, 7]), hysteresis=0.2)
    assert placed.distance == pytest.approx([2.0, 5.2], abs=1e-5)
    assert placed.runner_up.tolist() == [3, 3]
    assert placed.margin == pytest.approx([(8 - 2) / 8, (4.8 - 5.2) / 4.8], abs=1e-5)
    assert placed.borderline.tolist() == [False, True]
    assert placed.inertia == pytest.approx(2.0**2 + 4.8**2, rel=1e-5)  # to the nearest, not the own


def test_the_nearest_of_many_centres_and_the_first_of_equals():
    centres = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 4.0], [4.0, 4.0]])
    Z = np.array([[1, 0], [3, 1], [0, 5], [4, 4], [2, 2]], dtype=np.float32)
    labels, squares = nearest(Z, centres)
    assert labels.tolist() == [0, 1, 2, 3, 0]
    assert squares.tolist() == [1, 2, 1, 0, 8]


def test_one_segment_has_no_runner_up():
    placed = assign(
        np.array([[1.0]], dtype=np.float32), LINE[:1], IDS[:1], np.array([0]), hysteresis=0.2
    )
    assert (placed.segment_ids[0], placed.margin[0]) == (7, 1.0)


def test_the_cluster_with_most_members_of_a_segment_is_that_segment():
    segments = np.array([1, 1, 1, 2, 2, 2, 3, 3])
    labels = np.array([2, 2, 0, 0, 0, 0, 1, 1])
    centres = np.array([[0.0], [5.0], [9.0]])
    ids = match(
        segments, labels, active=np.array([1, 2, 3]), old_centroids=centres, new_centroids=centres
    )
    assert ids.tolist() == [2, 3, 1]


def test_equal_overlap_goes_to_the_nearer_centre():
    segments, labels = np.array([1, 1, 2, 2]), np.array([0, 1, 0, 1])
    old, new = np.array([[0.0], [10.0]]), np.array([[9.0], [1.0]])
    ids = match(segments, labels, active=np.array([1, 2]), old_centroids=old, new_centroids=new)
    assert ids.tolist() == [2, 1]


def test_a_cluster_of_nobodys_members_is_no_segment():
    ids = match(
        np.array([1, 1, 0, 0]),
        np.array([0, 0, 1, 1]),
        active=np.array([1]),
        old_centroids=LINE[:1],
        new_centroids=LINE,
    )
    assert ids.tolist() == [1, 0]


@given(st.permutations(range(4)), st.integers(0, 2**32 - 1))
def test_ids_do_not_depend_on_the_order_of_clusters(order, seed):
    rng = np.random.default_rng(seed)
    Z = rng.normal(size=(60, 2)).astype(np.float32)
    centres, ids = rng.normal(size=(4, 2)), np.array([4, 9, 2, 7])
    previous = rng.choice([0, 2, 4, 7, 9], size=60)
    order = list(order)
    one = assign(Z, centres, ids, previous, hysteresis=0.1)
    other = assign(Z, centres[order], ids[order], previous, hysteresis=0.1)
    assert one.segment_ids.tolist() == other.segment_ids.tolist()
