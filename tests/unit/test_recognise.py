"""What each column of a file is, and which column is the customer."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pytest

from analytics.catalogue import CARD_FEATURES, Catalogue, card_catalogue
from analytics.errors import DataRefused, WrongUsage
from analytics.files.recognise import Understood, recognise
from analytics.files.tabular import RawTable
from analytics.files.traits import guessed_trait

CATALOGUE = card_catalogue().extended(
    {
        "Total_Trans_Amt": {"unit": "money"},
        "Gender": {"unit": "text", "kind": "demographic"},
        "Score": {"unit": "number", "use": "never"},
    }
)


def raw(**columns: list[object]) -> RawTable:
    table = pa.table({name.replace("__", " "): cells for name, cells in columns.items()})
    return RawTable("file.csv", "", table, np.arange(2, table.num_rows + 2))


def understand(
    table: RawTable,
    *,
    catalogue: Catalogue = CATALOGUE,
    kind: str | None = None,
    id_column: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Understood:
    return recognise(table, catalogue, kind=kind, id_column=id_column, mapping=mapping or {})


def roles(understood: Understood) -> dict[str, str]:
    return {
        use.column: use.role + (f" {use.feature.name}" if use.feature else "")
        for use in understood.columns
    }


def test_card_features_are_found_in_any_case_and_punctuation():
    names = [f.name for f in CARD_FEATURES if not f.ratio_of]
    spellings = [
        "".join(name.title().split("_")) if i % 3 == 0 else name.lower().replace("_", ". -"[i % 2])
        for i, name in enumerate(names)
    ]
    table = raw(cust_id=["C1", "C2"], **{spelling: ["1", "2"] for spelling in spellings})
    understood = understand(table)
    assert [use.feature.name for use in understood.with_role("feature") if use.feature] == names


def test_every_kind_of_column_in_a_feature_file():
    table = raw(
        CLIENTNUM=["768805383", "818770008"],
        BALANCE=["1", "2"],
        total_trans_amt=["1", "2"],
        TENURE=["12", "11"],
        Utilisation=["0.5", "0.1"],
        Score=["1", "2"],
        Gender=["M", "F"],
        city=["Rome", "Oslo"],
        spend=["1", "2"],
        visits=["1", "2"],
        account_id=["1", "2"],
        email=["a@b.com", "c@d.com"],
        Naive_Bayes_Classifier_1=["0.1", "0.2"],
    )
    understood = understand(table)
    assert understood.kind == "features"
    assert roles(understood) == {
        "CLIENTNUM": "id",
        "BALANCE": "feature BALANCE",
        "total_trans_amt": "feature Total_Trans_Amt",
        "TENURE": "feature TENURE",
        "Utilisation": "unused",
        "Score": "unused",
        "Gender": "trait Gender",
        "city": "unused",
        "spend": "unused",
        "visits": "unused",
        "account_id": "unused",
        "email": "private",
        "Naive_Bayes_Classifier_1": "unused",
    }
    notes = {use.column: use.note for use in understood.columns if use.note}
    assert notes == {
        "TENURE": "describes segments, does not make them",
        "Utilisation": "computed from BALANCE and CREDIT_LIMIT, never read",
        "Score": "left out by the configuration (use = never)",
        "city": "text; load with --kind customers to describe segments with it",
        "spend": "not in the catalogue; if it is PURCHASES: --map 'spend=PURCHASES'",
        "visits": "not in the catalogue; to use it, add [features.visits] to segmentry.toml",
        "account_id": "a code or another id",
        "email": "looks like e-mail addresses: left in the file",
        "Naive_Bayes_Classifier_1": "output of another model",
    }


def test_every_kind_of_column_in_a_customer_file():
    people = 30
    table = raw(
        customer_id=[str(i) for i in range(people)],
        Age=[str(20 + i) for i in range(people)],
        Gender=["M", "F"] * 15,
        zip=["01234", "98765"] * 15,
        comment=[f"free text {i}" for i in range(people)],
        first__name=["Ann", "Bob", "Cem"] * 10,
        contact=[f"+44 20 7946 {i:04d}" for i in range(people)],
        BALANCE=["1"] * people,
        first_seen=["2020"] * people,
        nothing=[""] * people,
    )
    understood = understand(table, kind="customers")
    assert roles(understood) == {
        "customer_id": "id",
        "Age": "trait age",
        "Gender": "trait Gender",
        "zip": "trait zip",
        "comment": "unused",
        "first name": "private",
        "contact": "private",
        "BALANCE": "unused",
        "first_seen": "unused",
        "nothing": "unused",
    }
    kinds = {use.column: use.feature for use in understood.with_role("trait")}
    assert kinds["Age"].kind == "demographic"
    assert kinds["Age"].unit == "number"
    assert kinds["zip"].kind == "geographic"
    assert kinds["zip"].unit == "text"


@pytest.mark.parametrize(
    ("column", "kind", "unit"),
    [
        ("Customer_Age", "demographic", "number"),
        ("Annual income", "demographic", "money"),
        ("maritalStatus", "demographic", "number"),
        ("home_region", "demographic", "number"),
        ("State", "geographic", "number"),
        ("postal_code", "geographic", "text"),
        ("district_id", "geographic", "text"),
        ("eStatement", "technographic", "number"),
        ("mobile app", "technographic", "number"),
        ("main_interest", "psychographic", "number"),
        ("risk_attitude", "psychographic", "number"),
        ("amount_paid", "behavioural", "money"),
        ("Total_Amt_Chng_Q4_Q1", "behavioural", "number"),
        ("percentage", "behavioural", "number"),
        ("number of visits", "behavioural", "number"),
        ("branchNumber", "geographic", "text"),
    ],
)
def test_the_kind_and_unit_of_a_trait_are_guessed_from_whole_words(column, kind, unit):
    trait = guessed_trait(column, numeric=True)
    assert (trait.kind, trait.unit, trait.use) == (kind, unit, "profile")


def test_a_configured_trait_is_private_only_by_what_is_in_it():
    catalogue = card_catalogue().extended({"mobile": {"unit": "text", "kind": "technographic"}})
    phones = raw(id=["1", "2"], mobile=["iOS", "Android"])
    assert roles(understand(phones, catalogue=catalogue))["mobile"] == "trait mobile"
    with pytest.raises(DataRefused, match=r"mobile .looks like phone numbers"):
        understand(
            raw(id=["1", "2"], mobile=["+44 20 7946 0958", "+44 20 7946 0959"]), catalogue=catalogue
        )


def test_the_kind_is_recognised_by_what_the_file_holds():
    assert understand(raw(id=["1", "2"], Gender=["M", "F"])).kind == "customers"
    both = raw(id=["1", "2"], Gender=["M", "F"], BALANCE=["1", "2"], PAYMENTS=["1", "2"])
    assert understand(both).kind == "features"


@pytest.mark.parametrize(
    "name",
    [
        "CUST_ID",
        "customer_id",
        "CLIENTNUM",
        "customerid",
        "client id",
        "household_id",
        "account_id",
    ],
)
def test_the_id_is_found_by_its_name(name):
    table = raw(**{name: ["1", "2"], "BALANCE": ["1", "2"], "PAYMENTS": ["3", "4"]})
    assert understand(table).id_column == name


def test_of_two_ids_the_one_without_repeats_is_the_customer():
    table = raw(
        customer_id=["1", "1", "2"],
        account_id=["7", "8", "9"],
        BALANCE=["1"] * 3,
        PAYMENTS=["1"] * 3,
    )
    assert understand(table).id_column == "account_id"
    assert understand(table, id_column="Customer-ID").id_column == "customer_id"


def test_a_map_wins_over_a_name():
    table = raw(id=["1", "2"], Saldo=["1", "2"], BALANCE=["5", "6"], PAYMENTS=["1", "2"])
    understood = understand(table, mapping={"Saldo": "balance"})
    assert roles(understood)["Saldo"] == "feature BALANCE"
    assert roles(understood)["BALANCE"] == "unused"


BALANCE_PAYMENTS = {"BALANCE": ["1", "2"], "PAYMENTS": ["3", "4"]}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"kind": "transactions"}, "--kind transactions is unknown. Say features or customers."),
        ({"id_column": "Balanse"}, "no such column. Did you mean 'BALANCE'?"),
        ({"mapping": {"BALANCES": "PURCHASES"}}, "no column 'BALANCES'. Did you mean 'BALANCE'?"),
        ({"mapping": {"BALANCE": "PURCHASE"}}, "no feature PURCHASE. Did you mean 'PURCHASES'?"),
        ({"mapping": {"BALANCE": "UTILISATION"}}, "computed from BALANCE and CREDIT_LIMIT"),
        ({"mapping": {"BALANCE": "PURCHASES", "PAYMENTS": "PURCHASES"}}, "PURCHASES two columns"),
    ],
)
def test_what_the_user_says_must_exist(options, says):
    with pytest.raises(WrongUsage) as error:
        understand(raw(id=["1", "2"], **BALANCE_PAYMENTS), **options)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (
            {"card_id": ["1", "2"], "type": ["a", "a"], **BALANCE_PAYMENTS},
            "no column named like a customer id. Columns without a repeated value: card_id. "
            "Say which it is with --id.",
        ),
        (
            {"email": ["a@b.com", "c@d.com"], **BALANCE_PAYMENTS},
            "identify people elsewhere: email, BALANCE, PAYMENTS. Add a customer number.",
        ),
        (
            {"customer_id": ["a@b.com", "c@d.com"], **BALANCE_PAYMENTS},
            "customer_id of file.csv holds e-mail addresses, which Segmentry never stores",
        ),
        (
            {"customer_id": ["4111111111111111", "5555555555554444"], **BALANCE_PAYMENTS},
            "holds card numbers, which Segmentry never stores",
        ),
        ({"CLIENTNUM": ["7.68E+08", "8.1E+08"], **BALANCE_PAYMENTS}, "rounded 2 customer ids"),
        ({"CLIENTNUM": ["", "NA"], **BALANCE_PAYMENTS}, "CLIENTNUM of file.csv is empty"),
        (
            {"CUST_ID": ["1", "2"], "bal": ["1", "2"], "trips": ["1", "2"]},
            "none of the known features, and two are needed. It has bal, trips. "
            "Perhaps --map 'bal=BALANCE'. To use its own columns, add tables such as "
            "[features.bal], [features.trips] to segmentry.toml.",
        ),
        ({"CUST_ID": ["1", "2"], "BALANCE": ["1", "2"]}, "one feature only (BALANCE)"),
        ({"CUST_ID": ["1", "2"], "PAYMENTS": ["1", "2"], "pay ments": ["1", "2"]}, "both PAYMENTS"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_with_the_next_step(columns, says):
    with pytest.raises(DataRefused) as refusal:
        understand(raw(**columns))
    assert says in str(refusal.value)
    assert refusal.value.next_step


def test_transactions_are_told_from_customers():
    table = raw(
        customer_id=["1", "1", "1", "2", "2"], BALANCE=list("12345"), PAYMENTS=list("12345")
    )
    with pytest.raises(DataRefused, match="several rows for one customer: 5 rows, but only 2"):
        understand(table)


def test_a_customer_file_that_describes_nobody_is_refused():
    with pytest.raises(DataRefused, match="no column that describes customers: email"):
        understand(raw(id=["1", "2"], email=["a@b.com", "b@b.com"]), kind="customers")


@pytest.mark.parametrize("name", ["as_of", "Segment_ID"])
def test_a_feature_cannot_take_the_name_of_a_column_of_our_own(name):
    with pytest.raises(WrongUsage, match=rf"\[features.{name}\].*--map {name}=NEWNAME"):
        card_catalogue().extended({name: {"unit": "number"}})
