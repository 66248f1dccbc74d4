"""The six archetypes of made-up customers, as numbers estimated from the public card file.

A latent is one real number of a customer: a share of months, or the natural log of an amount. It is
normal within an archetype. The numbers were found by simulation until zero shares, log means, log
spreads and rank correlations agreed with the card file; no row of that file is in here.
"""

import numpy as np

ARCHETYPES = (
    "big spenders",
    "one-off buyers",
    "instalment shoppers",
    "mixed revolvers",
    "cash-advance revolvers",
    "near-dormant",
)
SHARES = np.array([0.16, 0.16, 0.19, 0.14, 0.24, 0.11])

# latent: its mean in each archetype, its spread in each archetype, and its correlation within an
# archetype with each latent above it
# fmt: off
_HABITS: dict[str, tuple[list[float], list[float], list[float]]] = {
    # share of the months on book with a one-off purchase; below 0 none, above 1 all
    "oneoff_months": (
        [0.74, 0.26, -0.1, 0.28, -0.13, -0.09], [0.38, 0.18, 0.17, 0.28, 0.13, 0.25],
        [],
    ),
    # the same, with an instalment purchase
    "instalment_months": (
        [0.79, -0.08, 0.86, 0.53, -0.5, -0.04], [0.61, 0.32, 0.28, 0.55, 0.27, 0.53],
        [-0.29],
    ),
    # the same, with a cash advance
    "cash_months": (
        [-0.1, -0.03, -0.17, 0.4, 0.29, -0.17], [0.14, 0.13, 0.17, 0.23, 0.24, 0.2],
        [0.15, -0.16],
    ),
    # log of the money in a month that has one
    "oneoff_amount": (
        [5.3, 5.06, 4.71, 5.14, 4.49, 4.86], [0.89, 1.07, 1.35, 0.88, 1.34, 1.25],
        [-0.13, 0.05, 0.01],
    ),
    # likewise
    "instalment_amount": (
        [4.57, 3.91, 3.95, 4.22, 3.82, 3.81], [0.84, 0.89, 0.8, 0.86, 0.79, 0.84],
        [0.06, -0.05, -0.01, 0.26],
    ),
    # likewise
    "cash_amount": (
        [5.6, 5.42, 5.63, 6.12, 5.89, 5.93], [1.14, 1.18, 1.23, 0.93, 1.23, 1.24],
        [-0.03, -0.01, -0.12, 0.22, 0.19],
    ),
    # log of the number of purchases in a month that has one; below 0 is one
    "purchase_rate": (
        [1.14, 0.22, 0.07, 0.61, -0.58, -0.28], [0.66, 0.64, 0.68, 0.72, 0.65, 0.71],
        [0.4, 0.23, 0.1, 0.31, 0.37, -0.01],
    ),
    # likewise, of cash advances
    "advance_rate": (
        [-0.33, -0.25, -0.42, 0.62, 0.41, -0.3], [0.56, 0.64, 0.69, 0.55, 0.61, 1],
        [0.12, -0.02, 0.33, 0.07, 0.04, 0.35, 0.1],
    ),
    # log of the balance, before the credit limit holds it back
    "balance": (
        [6.82, 7.22, 4.81, 8.62, 8.15, 2.64], [1.48, 1.68, 1.66, 1.26, 1.59, 2.04],
        [-0.13, 0.17, 0.3, 0.17, 0.14, 0.1, 0.14, 0.13],
    ),
    # share of the months with a balance
    "balance_months": (
        [1.31, 1.15, 1.09, 1.26, 1.24, 0.34], [0.31, 0.36, 0.31, 0.27, 0.41, 0.28],
        [-0.02, 0.24, 0.1, -0.18, -0.11, -0.3, 0.03, -0.13, 0.56],
    ),
    # log of the credit limit
    "limit": (
        [8.73, 7.8, 7.67, 8.45, 7.98, 7.84], [0.68, 0.8, 0.72, 0.74, 0.79, 0.77],
        [0.03, -0.11, 0.03, 0.17, 0.17, 0.41, 0.11, 0.09, 0.09, -0.03],
    ),
    # log of the payments in a month on book
    "payments": (
        [5.18, 4.03, 3.9, 5.05, 4.31, 3.33], [0.85, 0.9, 0.88, 0.96, 1.08, 1.21],
        [0.13, -0.02, 0.23, 0.4, 0.5, 0.41, 0.29, 0.17, 0.21, -0.17, 0.33],
    ),
    # log of the minimum payments, before missed ones pile up
    "minimum": (
        [5.49, 5.68, 5.13, 6.56, 6.16, 4.44], [0.74, 0.74, 0.88, 0.64, 0.71, 1.05],
        [0.05, 0.26, 0.06, 0.1, 0.08, 0.18, 0.14, 0.12,
         0.86, 0.59, 0.23, 0.28],
    ),
    # share of the statements paid in full
    "full_months": (
        [0.11, -0.44, 0.25, -0.23, -0.25, -0.19], [0.82, 0.56, 0.65, 0.32, 0.32, 0.93],
        [0.1, -0.1, -0.05, 0.04, 0.16, 0.22, 0.01, 0.11,
         -0.63, -0.39, 0.04, 0.33, -0.49],
    ),
    # standard normal around the archetype's mean, cut into months on book
    "tenure": (
        [0.58, 0.08, 0, -0.04, -0.14, -0.23], [1, 1, 1, 1, 1, 1],
        [-0.03, 0.2, -0.23, -0.13, -0.07, -0.18, 0.04, -0.23,
         0.08, 0.43, 0.23, 0.12, 0.3, -0.04],
    ),
    # below 0, the customer has paid nothing
    "silence": (
        [2.67, 2.77, 2.52, 2.8, 2.59, 0.79], [1, 1, 1, 1, 1, 1],
        [-0.21, 0.08, -0.32, -0.08, -0.07, -0.16, -0.13, -0.15,
         -0.27, -0.09, -0.1, -0.02, -0.07, 0.15, 0.04],
    ),
}
# fmt: on

LATENTS = tuple(_HABITS)
MEANS = np.array([means for means, _, _ in _HABITS.values()]).T
SPREADS = np.array([spreads for _, spreads, _ in _HABITS.values()]).T

# L with L @ L.T the correlations: multiplies independent normals into a customer's latents.
_below = np.zeros((len(LATENTS), len(LATENTS)))
for _row, (_, _, _correlations) in enumerate(_HABITS.values()):
    _below[_row, :_row] = _correlations
TOGETHER = np.linalg.cholesky(_below + _below.T + np.eye(len(LATENTS)))
