import pytest

HEAD = "gebied;periode;soort;herkomst;waarde;kaarten;handelaars;aandeel_grootste_handelaar\n"
ROWS = (
    ("besteding", "Gent", 0.59), ("besteding", "Brugge", 0.6), ("besteding", "Aalst", 0.95), ("besteding", "Kortrijk", ""),
    ("bezoekers", "Ronse", 0.9),
)  # fmt: skip


@pytest.fixture
def saved(tmp_path):
    def save(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return save


def file(factor):
    lines = [
        f"Markt;2026-05;{kind};{origin};5000;90;5;{'' if share == '' else round(share * factor, 4)}"
        for kind, origin, share in ROWS
    ]
    return HEAD + "\n".join(lines) + "\n"


@pytest.mark.parametrize("factor", [1, 100], ids=["share", "per cent"])
def test_r3_spending_that_one_merchant_dominates_is_suppressed_and_its_value_not_kept(read, saved, factor):
    result = read("area-figures", saved("f.csv", file(factor)), nis_code="34040")["area_figure"]
    told = {row.origin: row.state for row in result.rows.itertuples()}
    assert told == {
        "Gent": "known", "Brugge": "suppressed", "Aalst": "suppressed", "Kortrijk": "known", "Ronse": "known",
    }  # fmt: skip
    hidden = result.rows[result.rows["state"] == "suppressed"]
    assert hidden["value"].isna().all()
    assert hidden["largest_merchant_share"].isna().all()
    assert result.rows.set_index("origin").loc["Gent", "largest_merchant_share"] == pytest.approx(0.59)
    assert result.says("In 2 figures one merchant has 60% or more")
