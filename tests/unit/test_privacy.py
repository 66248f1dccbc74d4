"""Personal data is recognised; plain ids and amounts are not mistaken for it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.files.privacy import masked, private_by_content, private_by_name, private_column


@pytest.mark.parametrize(
    ("names", "what"),
    [
        ("email e-mail E_Mail EmailAddress customer_email mail email2", "e-mail addresses"),
        ("phone Phone_Number phoneNumber mobile home_phone telephone fax", "phone numbers"),
        ("name first_name LastName surname Customer_Name cardholder_name", "people's names"),
        ("address street Home_Address address_line_1 ip_address", "addresses"),
        ("dob birth_date DateOfBirth birthday birth_number", "dates of birth"),
        ("ssn passport_no national_id tax_id", "identity numbers"),
        ("iban bank_account", "bank account numbers"),
        ("card_number CreditCardNumber pan", "card numbers"),
    ],
)
def test_columns_that_say_what_they_hold(names, what):
    assert {name: private_by_name(name) for name in names.split()} == dict.fromkeys(
        names.split(), what
    )


@pytest.mark.parametrize(
    "name",
    "CLIENTNUM CUST_ID Card_Category mobile_logins phone_os email_opens product_name plan_name "
    "state panel home_ownership birth_year account_id Contacts_Count_12_mon PRC_FULL_PAYMENT "
    "merchant_id segment_name channel address_changes".split(),
)
def test_columns_that_only_sound_like_it(name):
    assert private_by_name(name) is None


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("ann.o'hara+x@example.co.uk", "e-mail addresses"),
        ("Zoë.Müller@büro.example", "e-mail addresses"),
        ("4111 1111 1111 1111", "card numbers"),
        ("5555555555554444", "card numbers"),
        ("378282246310005", "card numbers"),
        ("DE89 3704 0044 0532 0130 00", "bank account numbers"),
        ("GB29NWBK60161331926819", "bank account numbers"),
        ("+44 20 7946 0958", "phone numbers"),
        ("+1-555-123-4567", "phone numbers"),
        ("(555) 123-4567", "phone numbers"),
        ("030/1234-567", "phone numbers"),
        ("078-05-1120", "identity numbers"),
        ("12 Main Street", "addresses"),
        ("221B Baker St, London", "addresses"),
        ("Hauptstraße 5", "addresses"),
    ],
)
def test_cells_that_identify_a_person(cell, what):
    assert private_by_content([cell]) == what
    assert masked(cell) == f"(hidden: looks like {what})"


@pytest.mark.parametrize(
    "cell",
    [
        "768805383", "C10001", "00123456", "0012345678", "CUS-2487424745", "4111111111111112",
        "81c48296-73be-44a7-befa-d053f48ce7cd", "2018-08-01", "31.12.2019", "1995-01-02 10:00:00",
        "2018-08-01 10.30", "DE00370400440532013000",
        "153.41 -27.95", "12.345.678", "123.456.789", "1234.56", "$60K - $80K", "45-54",
        "Less than $40K", "2 Adults No Kids", "abc", "#VALUE!",
    ],
)  # fmt: skip
def test_cells_that_do_not(cell):
    assert private_by_content([cell]) is None
    assert masked(cell) == cell


def test_a_few_addresses_in_free_text_are_enough():
    notes = ["called twice"] * 18 + ["write to bob@example.com please"] * 2
    assert private_column("notes", notes) == "e-mail addresses"


@given(st.sets(st.integers(10**8, 10**10), min_size=30, max_size=60))
def test_numeric_customer_ids_are_never_phones(ids):
    assert private_by_content([str(number) for number in ids]) is None


@given(st.integers(10**12, 10**13), st.integers(30, 60))
def test_consecutive_long_ids_are_not_cards_though_one_in_ten_passes_the_check_digit(start, count):
    assert private_by_content([f"4{number:015d}" for number in range(start, start + count)]) is None


def test_a_yes_or_no_about_contact_data_is_not_contact_data():
    assert private_column("email", ["Y", "N", "Y"]) is None
    assert private_column("phone", ["0", "1"]) is None


@given(st.from_regex(re.compile(r"[a-z0-9.]{1,10}@[a-z]{2,8}\.(com|de|co\.uk)"), fullmatch=True))
def test_any_plain_e_mail_address_is_hidden(address):
    assert address not in masked(f"reach me at {address} or so")
