import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from analytics.clustering import (
    choose_k,
    explained,
    kmeans,
    silhouette,
    stability,
    zero_pattern,
)
from analytics.errors import DataRefused

FOUR = np.array([[0, 0], [0, 2], [10, 0], [10, 2]], dtype=np.float32)


def blobs(*sizes, seed=0):
    """Round groups of these sizes, 20 or more apart, in ten dimensions; the customers shuffled."""
    rng = np.random.default_rng(seed)
    group = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    Z = rng.normal(size=(len(group), 10))
    Z[:, 0] += 20 * group
    Z[:, 1] += 20 * (group % 2)
    return Z.astype(np.float32), group


def noise(n=600, seed=0):
    """Customers without any groups."""
    return np.random.default_rng(seed).normal(size=(n, 8)).astype(np.float32)


def test_kmeans_by_hand():
    fit = kmeans(FOUR, 2, seed=0)
    assert sorted(fit.centroids.tolist()) == [[0, 1], [10, 1]]
    assert fit.inertia == 4
    assert fit.labels[0] == fit.labels[1] != fit.labels[2] == fit.labels[3]
    assert (fit.centroids.dtype, fit.labels.dtype) == (np.float64, np.int64)


def test_one_seed_gives_one_fit_on_any_number_of_threads():
    Z = noise(3000)
    fits = []
    for threads in (1, 2):
        with threadpool_limits(limits=threads):
            fits.append(kmeans(Z, 6, seed=3))
    assert np.array_equal(fits[0].centroids, fits[1].centroids)
    assert np.array_equal(fits[0].labels, fits[1].labels)


def test_a_start_is_continued_and_keeps_its_order():
    Z, _ = blobs(50, 60, 70)
    fit = kmeans(Z, 3, seed=0)
    reversed_ = kmeans(Z, 3, seed=99, start=fit.centroids[::-1])
    assert np.array_equal(reversed_.labels, 2 - fit.labels)


def test_more_segments_than_different_customers_is_refused():
    Z = np.repeat(FOUR, 1000, axis=0)
    with pytest.raises(DataRefused, match="5 segments were asked for, but only 4 customers differ"):
        kmeans(Z, 5, seed=0)
    assert kmeans(Z, 4, seed=0).inertia == 0


def test_a_large_base_is_fitted_from_a_sample_and_polished_on_everyone():
    Z, group = blobs(90_000, 60_000, 10_000)
    fit = kmeans(Z, 3, seed=0)
    assert len(np.unique(fit.labels * 3 + group)) == 3
    means = [Z[fit.labels == j].mean(axis=0, dtype=np.float64) for j in range(3)]
    assert fit.centroids == pytest.approx(np.array(means), abs=1e-4)
    assert fit.inertia == pytest.approx(((Z - np.array(means)[fit.labels]) ** 2).sum(), rel=1e-4)


def test_silhouette_by_hand():
    # 0 and 11: (10.5 - 1) / 10.5; 1 and 10: (9.5 - 1) / 9.5
    Z = np.array([[0.0], [1], [10], [11]])
    by_hand = (9.5 / 10.5 + 8.5 / 9.5) / 2
    assert silhouette(Z, np.array([0, 0, 1, 1]), seed=0) == pytest.approx(by_hand)


def test_silhouette_of_a_large_base_is_estimated_from_samples():
    # half of each group 1 away from the other half: a = 0.5, b = 10.5 or 9.5
    Z = np.tile([[0.0], [1], [10], [11]], (3100, 1))
    by_hand = (10 / 10.5 + 9 / 9.5) / 2
    assert silhouette(Z, np.tile([0, 0, 1, 1], 3100), seed=0) == pytest.approx(by_hand, abs=5e-4)


def test_real_groups_come_back_and_halves_of_one_do_not():
    Z, _ = blobs(200, 200, 200)
    assert stability(Z, kmeans(Z, 3, seed=0), seed=0) == pytest.approx(1)
    jaccards = stability(Z, kmeans(Z, 4, seed=0), seed=0)
    assert sorted(jaccards > 0.9) == [False, False, True, True]


def test_a_sample_finds_the_same_stability():
    Z, _ = blobs(9_000, 8_000, 5_000)
    assert stability(Z, kmeans(Z, 3, seed=0), seed=0, n_boot=3) == pytest.approx(1)


def test_k_is_the_largest_number_of_stable_segments():
    Z, _ = blobs(150, 150, 150)
    heard: list[str] = []
    choice = choose_k(Z, [2, 3, 4], seed=0, progress=heard.append)
    assert choice.k == 3
    assert [row.passes for row in choice.table][1:] == [True, False]
    assert "100 %" in choice.why
    assert "33.3 %" in choice.why
    assert "not found again" in choice.table[2].reason
    assert len(heard) == 3


def test_a_tiny_segment_is_no_segment():
    Z, _ = blobs(290, 300, 10)
    choice = choose_k(Z, [2, 3], seed=0)
    assert choice.k == 2
    assert choice.table[1].reason == "the smallest segment holds 1.67 % of customers (5 % needed)"
    assert choose_k(Z, [2, 3], seed=0, min_share=0.01).k == 3


def test_without_groups_the_choice_says_so():
    choice = choose_k(noise(), [5, 6, 7], seed=0)
    best = max(choice.table, key=lambda row: row.min_jaccard)
    assert choice.k == best.k
    assert not best.passes
    assert choice.why.startswith(f"No number of segments passes every test; {best.k} is the most")


def test_candidates_beyond_the_different_customers_are_left_out():
    Z = np.repeat(FOUR, 5, axis=0)
    assert [row.k for row in choose_k(Z, range(2, 9), seed=0).table] == [2, 3, 4]
    with pytest.raises(DataRefused):
        choose_k(Z, range(5, 9), seed=0)


def test_the_choice_depends_on_the_seed_only():
    Z = noise(300)
    assert choose_k(Z, [3, 4], seed=5) == choose_k(Z, [3, 4], seed=5)


def test_explained_variance_by_hand():
    Z = np.array([[0.0], [2], [10], [12]])
    assert explained(Z, np.array([0, 0, 1, 1])) == pytest.approx(1 - 4 / 104)
    assert explained(Z, np.zeros(4, dtype=int)) == 0


def test_zero_pattern_groups_by_what_is_zero():
    # both, both, cash only, cash only, cash only, purchases only; the last column is never zero
    values = np.array([[1, 1, 5], [2, 9, 5], [0, 1, 5], [0, 2, 5], [0, np.nan, 5], [3, 0, 5]])
    assert zero_pattern(values, 3).tolist() == [1, 1, 0, 0, 0, 2]
    assert zero_pattern(values, 2).tolist() == [1, 1, 0, 0, 0, 1]
