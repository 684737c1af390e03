import pytest
from sqlalchemy.exc import IntegrityError

from tests.api.test_persons import write

INSERT = (
    "INSERT INTO area_figure (nis_code, area, from_on, to_on, state, kind, unit, value, largest_merchant_share) "
    "VALUES ('99001', 'A', '2026-01-01', '2026-02-01', 'known', '{}', 'eur', 5, {})"
)


def test_r3_spending_of_which_one_merchant_has_most_cannot_even_be_stored(own_town):
    for share in ("0.6", "0.99"):
        with pytest.raises(IntegrityError, match="one_merchant"):
            write(INSERT.format("spending", share))
    with pytest.raises(IntegrityError, match="largest_merchant_share"):
        write(INSERT.format("visitors", "1.2"))
    write(INSERT.format("spending", "0.59"))
