from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from n1trial.pack.sealed import secrets
from n1trial.pack.trial.draws import generator
from tests.pack.packable import secret_bytes


def test_secrets_of_the_system_have_128_bits_and_differ() -> None:
    one, other = secrets.of_the_system(), secrets.of_the_system()
    every = [one.assignment, one.codes, one.nonce, other.assignment, other.codes, other.nonce]
    assert len(set(every)) == 6
    assert {len(secret) for secret in every} == {16}


@given(st.integers(0, 2**63 - 1))
def test_a_seed_brings_its_secrets_back_and_none_tells_another(seed: int) -> None:
    made = secrets.of_a_rehearsal(seed)
    assert made == secrets.of_a_rehearsal(seed)
    assert made != secrets.of_a_rehearsal(seed + 1)
    assert len({made.assignment, made.codes, made.nonce}) == 3


@given(secret_bytes())
def test_each_use_of_a_secret_has_random_numbers_of_its_own(secret: bytes) -> None:
    draws = [generator(secret, use).integers(0, 2**62, 4).tolist() for use in ("order", "switch", "order")]
    assert draws[0] == draws[2] != draws[1]


@given(secret_bytes())
def test_phrases_have_five_groups_and_differ_by_use(secret: bytes) -> None:
    phrases = {secrets.phrase(secret, f"kit {number}") for number in range(50)}
    assert len(phrases) == 50
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", phrase) for phrase in phrases)


def test_characters_of_phrases_are_even() -> None:
    text = "".join(secrets.phrase(bytes(16), str(number)) for number in range(2000)).replace("-", "")
    counts = np.unique(list(text), return_counts=True)[1]
    # Binomial, n = 40,000, p = 1/32: SD 35; k = 5 over 32 characters.
    assert len(counts) == 32
    assert abs(counts - 1250).max() < 5 * 35


def test_a_seed_of_any_length_makes_a_rehearsal() -> None:
    long = 10**80
    assert secrets.of_a_rehearsal(long) == secrets.of_a_rehearsal(long)
    assert secrets.of_a_rehearsal(long) != secrets.of_a_rehearsal(long + 1)
