"""The plan of a load: what would be stored, and what the reader is told about it."""

import random
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.catalogue import CARD_FEATURES, Catalogue, card_catalogue
from analytics.errors import DataRefused
from analytics.files.loading import LoadPlan, as_of_from_name, explain, plan_load

MONDAY = date(2026, 1, 5)
CARDS = card_catalogue()
READ = [feature for feature in CARD_FEATURES if not feature.ratio_of]


def plan(path: Path, **options: object) -> LoadPlan:
    return plan_load(path, **({"catalogue": CARDS, "as_of": MONDAY} | options))


@pytest.fixture
def planned(tmp_path):
    def planned(text: str, *, name: str = "file.csv", **options: object) -> LoadPlan:
        (tmp_path / name).write_text(text)
        return plan(tmp_path / name, **options)

    return planned


def card_table(customers: int = 200) -> pd.DataFrame:
    """Customers with all 17 card features under their usual names, clean but for known gaps."""
    chance = np.random.default_rng(7)
    table = pd.DataFrame({"CUST_ID": [f"C{10001 + i}" for i in range(customers)]})
    for feature in READ:
        high = {"share": 1.0, "months": 12.0}.get(feature.unit, 5_000.0)
        table[feature.name] = chance.uniform(0, high, customers).round(2)
    table.loc[:2, "PAYMENTS"] = 0.0
    table.loc[:3, "MINIMUM_PAYMENTS"] = np.nan
    table.loc[4, "CREDIT_LIMIT"] = 0.0
    table.loc[5, "CASH_ADVANCE_FREQUENCY"] = 1.25
    return table


def test_a_card_file_as_it_would_be_stored(tmp_path):
    table = card_table()
    table.sample(frac=1, random_state=1).to_csv(tmp_path / "cards.csv", index=False)
    cards = plan(tmp_path / "cards.csv")

    assert [f.name for f in cards.features] == [f.name for f in CARD_FEATURES]
    assert list(cards.frame.columns) == ["customer_id", *(f.column for f in CARD_FEATURES)]
    assert cards.frame["customer_id"].tolist() == table["CUST_ID"].tolist()
    assert (cards.frame.dtypes.iloc[1:] == np.float64).all()
    for feature in READ:
        if feature.name != "MINIMUM_PAYMENTS":
            np.testing.assert_array_equal(cards.frame[feature.column], table[feature.name])

    minimum = cards.frame["minimum_payments"]
    assert minimum[:3].tolist() == [0, 0, 0]  # paid nothing
    assert np.isnan(minimum[3])  # paid something, minimum unknown
    utilisation = cards.frame["utilisation"]
    assert utilisation[0] == table["BALANCE"][0] / table["CREDIT_LIMIT"][0]
    assert np.isnan(utilisation[4])  # a limit of 0
    assert cards.traits is None
    assert cards.lost == ()


def test_what_is_said_about_a_clean_card_file(tmp_path):
    card_table().to_csv(tmp_path / "cards.csv", index=False)
    assert explain(plan(tmp_path / "cards.csv")) == [
        "cards.csv: 200 rows, 200 customers as of 5 Jan 2026.",
        "16 features to make segments with, 2 more to describe them; computed: UTILISATION from "
        "BALANCE / CREDIT_LIMIT.",
        "3 missing MINIMUM_PAYMENTS values read as 0, because PAYMENTS is 0 there.",
        "Warning: CASH_ADVANCE_FREQUENCY is above 1 for 1 of 200 customers (at most 1.25); it is "
        "kept and counts as 1 when segments are made.",
    ]


def messy_file(path: Path) -> None:
    lines = [
        f'{i:05d};Ann;ann{i}@example.com;{1000 + i},5;"1.{i % 7}00,25";2.000;M;12;x'
        for i in range(1, 121)
    ]
    lines[4] = "00005;Bob;bob@example.com;abc;1,0;2.000;M;12;x"
    lines[9] = "00010;Bob;bob@example.com;12,5;1,0;-2.000;M;12;x"
    lines[11] = ";Bob;bob@example.com;12,5;1,0;2.000;M;12;x"
    lines[19] = lines[18]
    lines[29] = lines[28].replace("x", "y")
    lines[40] = "00041;Bob;12,5"
    lines[50] = "00051;Bob;M;bob@example.com;1,0;2.000;M;12;x"
    header = "Kunde;first_name;E-Mail;Saldo;Purchases;Credit-Limit;Gender;visits;Besuch"
    path.write_bytes("\r\n".join([header, *lines, ""]).replace(";x", ";Café").encode("cp1252"))


MESSY = {
    "id_column": "Kunde",
    "mapping": {"Saldo": "BALANCE"},
    "catalogue": CARDS.extended({"Gender": {"unit": "text", "kind": "demographic"}}),
    "earlier_features": ("BALANCE", "PURCHASES", "PAYMENTS", "TENURE"),
}


def test_what_is_said_about_a_messy_file(tmp_path):
    messy_file(tmp_path / "kunden_2026-01-12.csv")
    assert explain(plan(tmp_path / "kunden_2026-01-12.csv", **MESSY)) == [
        "kunden_2026-01-12.csv: 120 rows, 112 customers as of 5 Jan 2026.",
        "3 features to make segments with, 1 more to describe them; computed: UTILISATION from "
        "BALANCE / CREDIT_LIMIT.",
        "1 trait of customers: gender.",
        "Personal data, left in the file: first_name, E-Mail.",
        "Not used: visits, Besuch.",
        "The file is not UTF-8; it was read as cp1252. Check names with accents.",
        "1 row is a copy of an earlier row, the first in row 21; one of each was kept.",
        "Set aside 7 rows of 120 (5.8 %):",
        "  row 6, Saldo: 'abc' (not a number)",
        "  row 11, Credit-Limit: '-2.000' (an amount below 0)",
        "  row 13, Kunde: (no customer id)",
        "  row 30, Kunde: '00029' (the customer has rows that differ)",
        "  row 31, Kunde: '00029' (the customer has rows that differ)",
        '  and 2 more; after the next refit `segmentry sql "FROM quarantine"` shows all.',
        "Warning: The file name says 12 Jan 2026, and it is loaded as of 5 Jan 2026.",
        "Warning: PAYMENTS was in the last load and is not in this one.",
        "Warning: CREDIT_LIMIT is 2000 for every customer, so it cannot tell them apart.",
    ]


def test_personal_data_is_nowhere_in_the_plan(tmp_path):
    messy_file(tmp_path / "kunden.csv")
    messy = plan(tmp_path / "kunden.csv", **MESSY)
    everything = repr(messy) + messy.frame.to_csv() + messy.quarantine.to_csv()
    assert messy.traits is not None
    everything += messy.traits.to_csv()
    for secret in ("Ann", "Bob", "example.com"):
        assert secret in (tmp_path / "kunden.csv").read_text("cp1252")
        assert secret not in everything


def test_a_customer_file_brings_typed_traits(planned):
    customers = planned(
        "customer_id,age,city,income\n2,41,Rome,1.200\n10,,N/A,900\n1,30,Oslo,\n",
        kind="customers",
    )
    assert customers.frame["customer_id"].tolist() == ["1", "10", "2"]
    assert list(customers.frame.columns) == ["customer_id"]
    assert customers.features == ()
    assert customers.traits is not None
    traits = customers.traits.astype(object).where(customers.traits.notna(), None)
    assert traits.to_numpy().tolist() == [
        ["1", 30, "Oslo", None],
        ["10", None, None, 900],
        ["2", 41, "Rome", 1.2],
    ]
    assert [(t.kind, t.unit) for t in customers.trait_features] == [
        ("demographic", "number"),
        ("geographic", "text"),
        ("demographic", "money"),
    ]


def test_an_odd_trait_cell_does_not_cost_the_customer(planned):
    catalogue = CARDS.extended({"age": {"unit": "number", "kind": "demographic"}})
    customers = planned("id,age\n1,30\n2,old\n3,41\n", catalogue=catalogue)
    assert customers.kind == "customers"
    assert customers.traits is not None
    assert np.isnan(customers.traits["age"][1])
    assert customers.quarantine.empty


@pytest.mark.parametrize("name", ["BALANCE", "CUST_ID"])
def test_ids_stay_as_written_and_sort_as_text(planned, name):
    column = {"BALANCE": "CLIENTNUM", "CUST_ID": "CUST_ID"}[name]
    cards = planned(f"{column},BALANCE,PAYMENTS\n 768805383 ,1,1\n00012,2,2\nC1,3,3\n")
    assert cards.frame["customer_id"].tolist() == ["00012", "768805383", "C1"]


def test_a_feature_that_is_empty_now_is_lost_and_one_that_never_had_a_value_is_refused(planned):
    text = "CUST_ID,BALANCE,PURCHASES,PAYMENTS\n1,,3,1\n2,,4,1\n"
    later = planned(text, earlier_features=("BALANCE", "PURCHASES", "CASH_ADVANCE", "UTILISATION"))
    assert later.lost == ("BALANCE", "CASH_ADVANCE")
    assert "balance" not in later.frame
    assert [use.role for use in later.columns] == ["id", "unused", "feature", "feature"]
    with pytest.raises(DataRefused, match=r"Column BALANCE of file.csv is empty.*features.BALANCE"):
        planned(text)
    with pytest.raises(DataRefused, match="values for PURCHASES only"):
        planned("CUST_ID,BALANCE,PURCHASES\n1,,3\n2,,4\n", earlier_features=("BALANCE",))


def test_progress_is_told_in_the_order_of_work(planned):
    said: list[str] = []
    planned("CUST_ID,BALANCE,PAYMENTS\n1,1,1\n2,2,2\n", progress=said.append)
    assert said == ["Reading file.csv", "Recognising 3 columns", "Checking 2 rows"]


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_the_content_hash_ignores_the_order_of_rows_and_columns(tmp_path_factory, seed):
    folder, chance = tmp_path_factory.mktemp("orders"), random.Random(seed)
    table = card_table(20)
    table.to_csv(folder / "one.csv", index=False)
    columns = list(table.columns)
    chance.shuffle(columns)
    shuffled = table[columns].sample(frac=1, random_state=seed)
    shuffled.to_csv(folder / "two.csv", index=False, sep=";", lineterminator="\r\n")
    one, two = plan(folder / "one.csv"), plan(folder / "two.csv")
    assert one.content_hash == two.content_hash
    pd.testing.assert_frame_equal(one.frame, two.frame)

    changed = table.copy()
    changed.loc[seed % 20, READ[seed % len(READ)].name] += 0.5
    changed.to_csv(folder / "three.csv", index=False)
    gap = changed.loc[seed % 20].equals(table.loc[seed % 20])  # half more than nothing is nothing
    assert (plan(folder / "three.csv").content_hash == one.content_hash) == gap


def test_the_content_hash_of_traits_ignores_the_order_of_columns_and_sees_every_value(planned):
    one = planned("id,age,city\n1,30,Rome\n2,40,Oslo\n", kind="customers")
    same = planned("city,id,age\nOslo,2,40\nRome,1,30\n", kind="customers")
    moved = planned("id,age,city\n1,30,Oslo\n2,40,Oslo\n", kind="customers")
    renamed = planned("id,age,town\n1,30,Rome\n2,40,Oslo\n", kind="customers")
    assert one.content_hash == same.content_hash
    assert len({plan.content_hash for plan in (one, moved, renamed)}) == 3


def test_formats_of_one_table_give_one_plan(tmp_path):
    table = card_table(50)
    table.to_csv(tmp_path / "a.csv", index=False)
    table.to_csv(tmp_path / "a.csv.gz", index=False)
    table.to_csv(tmp_path / "a.tsv", index=False, sep="\t", encoding="utf-16")
    table.to_csv(tmp_path / "comma.csv", index=False, sep=";", decimal=",")
    table.to_excel(tmp_path / "a.xlsx", index=False)
    table.to_parquet(tmp_path / "a.parquet")
    files = list(tmp_path.iterdir())
    assert len(files) == 6
    assert len({plan(file).content_hash for file in files}) == 1


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("features_2026-01-05.csv", MONDAY),
        ("cards-20260105.parquet", MONDAY),
        ("2026_01_05 cards.xlsx", MONDAY),
        ("cards.2026.01.05.csv.gz", MONDAY),
        ("week_007.csv", None),
        ("cards_2026-13-05.csv", None),
        ("cards_202601051.csv", None),
        ("2026-01-01_2026-01-31.csv", None),
        ("2026-01-05_exported_20260105.csv", MONDAY),
    ],
)
def test_the_date_in_a_file_name(name, when):
    assert as_of_from_name(Path("folder-2020-02-02") / name) == when


def test_a_catalogue_of_other_columns_works_as_the_card_one(planned):
    shop = Catalogue([]).extended(
        {
            "visits": {"unit": "count"},
            "basket value": {"unit": "money"},
            "items": {"unit": "count", "use": "profile"},
            "items_per_visit": {"unit": "ratio", "ratio_of": ["items", "visits"]},
        }
    )
    plan = planned("member id,Visits,BASKET_VALUE,items\n7,2,10,8\n8,0,0,0\n", catalogue=shop)
    assert [f.name for f in plan.features] == ["visits", "basket value", "items", "items_per_visit"]
    assert plan.frame.fillna(-1).to_numpy().tolist() == [["7", 2, 10, 8, 4], ["8", 0, 0, 0, -1]]
