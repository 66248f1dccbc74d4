"""From a customer's latent habits to the 17 card features, with the file's identities exact.

The latents are described in ``synth_archetypes``. Everything that makes card data odd (zeros,
twelfths, missing minimum payments, round limits) comes from the rules below.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from analytics.catalogue import CARD_FEATURES
from analytics.model import Floats, Ints
from analytics.synthetic.archetypes import LATENTS

CARD_COLUMNS = [feature.name for feature in CARD_FEATURES if feature.ratio_of is None]

# P(months on book <= 6, 7, ... 11) in the card file; the rest are at 12.
_TENURE_CUTS = norm.ppf(np.cumsum([0.0228, 0.0212, 0.0219, 0.0196, 0.0264, 0.0408]))
_ARREARS_FROM, _ARREARS_PACE = 6.0, 0.65  # above exp(6), about 400, minimums pile up faster
_LIMIT_BEND = 2.5  # how abruptly a limit stops a balance that would exceed it
_UNSEEN_MINIMUM = 0.008  # share of payers whose minimum payments are not recorded
_ALL_STATEMENTS = 0.86  # share of customers with a statement for every month on book


def months_on_book(tenure_latent: Floats) -> Ints:
    """Months on book, 6 to 12, of each customer; array of shape (n_customers,)."""
    return 6 + np.searchsorted(_TENURE_CUTS, tenure_latent)


def _months(share: Floats, months: Ints) -> Floats:
    return np.clip(np.rint(share * months), 0, months)


def _times(months: Floats, rate: Floats) -> Ints:
    return np.rint(months * np.exp(np.maximum(rate, 0))).astype(np.int64)


def card_frame(latent: Floats, tenure: Ints, luck: Floats) -> pd.DataFrame:
    """The card features of customers with these habits.

    Parameters
    ----------
    latent : array of shape (n_customers, len(LATENTS)).
    tenure : months on book, 6 to 12, of shape (n_customers,).
    luck : uniform [0, 1) of shape (n_customers, 2): whose minimum payments and statements lack.

    Returns
    -------
    DataFrame of the 17 card features in the order and precision of the card file.
    """
    habit = dict(zip(LATENTS, latent.T, strict=True))
    months = _months(latent[:, :3], tenure[:, None])
    idle = ~months.any(axis=1)  # nearly everyone does something: the likeliest, in one month
    months[idle, latent[idle, :3].argmax(axis=1)] = 1
    oneoff, instalment, cash = months.T
    buying = np.ceil(oneoff + instalment - oneoff * instalment / tenure)
    buying = np.clip(buying, np.maximum(oneoff, instalment), oneoff + instalment)

    one_off_spend = np.round(oneoff * np.exp(habit["oneoff_amount"]), 2)
    instalment_spend = np.round(instalment * np.exp(habit["instalment_amount"]), 2)
    one_off_spend = np.where(oneoff > 0, np.maximum(one_off_spend, 0.01), 0)
    instalment_spend = np.where(instalment > 0, np.maximum(instalment_spend, 0.01), 0)
    drawn = cash * np.exp(habit["cash_amount"])

    limit = np.clip(np.exp(habit["limit"]), 500, 30_000)
    step = np.where(limit < 2_000, 100, 500)
    limit = np.rint(limit / step) * step
    owing = np.where(tenure == 12, 11, tenure)
    owed_months = _months(habit["balance_months"], owing)
    owed = np.exp(habit["balance"])
    owed *= (1 + (owed / limit) ** _LIMIT_BEND) ** (-1 / _LIMIT_BEND)
    owed = np.where(owed_months > 0, owed, 0)

    pays = habit["silence"] >= 0
    payments = np.where(pays, tenure * np.exp(habit["payments"]), 0)
    arrears = _ARREARS_PACE * np.maximum(habit["minimum"] - _ARREARS_FROM, 0)
    due = np.exp(habit["minimum"] + arrears)
    minimum = np.where(pays & (luck[:, 0] >= _UNSEEN_MINIMUM), due, np.nan)
    statements = np.where(luck[:, 1] < _ALL_STATEMENTS, tenure, tenure - 1)
    full = np.where(pays, _months(habit["full_months"], statements), 0)

    columns = {
        "BALANCE": owed.round(6),
        "BALANCE_FREQUENCY": (owed_months / owing).round(6),
        "PURCHASES": (one_off_spend + instalment_spend).round(2),
        "ONEOFF_PURCHASES": one_off_spend,
        "INSTALLMENTS_PURCHASES": instalment_spend,
        "CASH_ADVANCE": drawn.round(6),
        "PURCHASES_FREQUENCY": (buying / tenure).round(6),
        "ONEOFF_PURCHASES_FREQUENCY": (oneoff / tenure).round(6),
        "PURCHASES_INSTALLMENTS_FREQUENCY": (instalment / tenure).round(6),
        "CASH_ADVANCE_FREQUENCY": (cash / tenure).round(6),
        "CASH_ADVANCE_TRX": _times(cash, habit["advance_rate"]),
        "PURCHASES_TRX": _times(buying, habit["purchase_rate"]),
        "CREDIT_LIMIT": limit,
        "PAYMENTS": payments.round(6),
        "MINIMUM_PAYMENTS": minimum.round(6),
        "PRC_FULL_PAYMENT": (full / statements).round(6),
        "TENURE": tenure,
    }
    return pd.DataFrame(columns)[CARD_COLUMNS]
