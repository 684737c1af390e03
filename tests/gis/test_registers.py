import datetime as dt
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.errors import FrameError
from gis.registers import compare_notions, narrow_to_address, one_parcel, parcels_under

CRS = 31370
ON = dt.date(2026, 1, 1)


def frame(**shapes):
    return gpd.GeoDataFrame(index=pd.Index(list(shapes)), geometry=list(shapes.values()), crs=CRS)


def shares(earlier, today):
    found = parcels_under(earlier, today)
    return {(row.earlier, row.today): pytest.approx(row.share) for row in found.itertuples()}


def box(x0, y0, x1, y1):
    return shapely.box(x0, y0, x1, y1)


def test_a_split_parcel_is_shared_by_its_parts_and_becomes_no_single_one():
    earlier = frame(old=box(0, 0, 10, 10))
    today = frame(left=box(0, 0, 4, 10), right=box(4, 0, 10, 10), far=box(50, 0, 60, 10))
    assert shares(earlier, today) == {("old", "right"): 0.6, ("old", "left"): 0.4}
    found = parcels_under(earlier, today.reset_index(drop=True))
    assert one_parcel(found).isna().all()


def test_a_renumbered_parcel_and_one_that_was_joined_become_one_each():
    earlier = frame(renamed=box(0, 0, 10, 10), joined=box(20, 0, 30, 10))
    today = gpd.GeoDataFrame(index=[7, 8], geometry=[box(0.02, 0, 10, 10), box(20, 0, 60, 10)], crs=CRS)
    assert one_parcel(parcels_under(earlier, today)).to_dict() == {"renamed": 7, "joined": 8}


def test_a_sliver_of_a_neighbour_is_no_part_of_a_parcel():
    today = frame(same=box(0.05, 0, 10, 10), neighbour=box(-5, 0, 0.05, 10))
    assert list(shares(frame(old=box(0, 0, 10, 10)), today)) == [("old", "same")]


def test_a_parcel_that_became_mostly_street_becomes_none():
    today = gpd.GeoDataFrame(index=[1], geometry=[box(0, 0, 4, 10)], crs=CRS)
    found = parcels_under(frame(old=box(0, 0, 10, 10)), today)
    assert found["share"].tolist() == [pytest.approx(0.4)]
    assert one_parcel(found).isna().all()


def test_ground_that_two_parcels_claim_is_counted_once():
    today = frame(big=box(0, 0, 8, 10), small=box(5, 0, 10, 10))
    assert shares(frame(old=box(0, 0, 10, 10)), today) == {("old", "big"): 0.8, ("old", "small"): 0.2}


def test_shapes_without_a_crs_are_refused():
    with pytest.raises(FrameError, match="CRS"):
        parcels_under(frame(a=box(0, 0, 1, 1)).set_crs(None, allow_override=True), frame(b=box(0, 0, 1, 1)))


BOXES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 20), st.integers(1, 20)),
    min_size=1,
    max_size=6,
).map(lambda rows: [box(x, y, x + w, y + h) for x, y, w, h in rows])


@settings(max_examples=60, deadline=None)
@given(BOXES, BOXES)
def test_matching_never_invents_ground(olds, news):
    earlier = gpd.GeoDataFrame(geometry=olds, crs=CRS)
    today = gpd.GeoDataFrame(geometry=news, crs=CRS)
    found = parcels_under(earlier, today)
    assert found["share"].between(0.01, 1).all()
    covered = shapely.union_all(news)
    for key, mine in found.groupby("earlier"):
        old = olds[key]
        assert mine["share"].sum() <= 1 + 1e-9
        assert mine["share"].sum() * old.area <= old.intersection(covered).area + 1e-6
        for row in mine.itertuples():
            assert row.share * old.area <= old.intersection(news[row.today]).area + 1e-6


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9))
def test_a_parcel_cut_in_pieces_is_shared_out_whole(columns, rows):
    pieces = [
        box(x * 90 / columns, y * 90 / rows, (x + 1) * 90 / columns, (y + 1) * 90 / rows)
        for x in range(columns)
        for y in range(rows)
    ]
    found = parcels_under(frame(old=box(0, 0, 90, 90)), gpd.GeoDataFrame(geometry=pieces, crs=CRS))
    assert found["share"].sum() == pytest.approx(1)
    assert one_parcel(found).notna().all() == (columns * rows == 1)


def units(*rows):
    names = ["state", "vacant_start_earliest_on", "vacant_start_latest_on", "legal", "business"]
    out = pd.DataFrame(rows, columns=names, index=range(len(rows)))
    for name in names[1:3]:
        out[name] = pd.to_datetime(out[name])
    return out


def test_who_is_a_candidate_for_the_register_and_who_to_leave_it():
    found = compare_notions(
        units(
            ("vacant", "2024-06-01", "2024-06-01", None, None),
            ("vacant", "2025-01-01", "2025-01-01", None, None),
            ("vacant", "2025-01-02", "2025-01-02", None, None),
            ("vacant", "2024-06-01", "2025-06-01", None, None),
            ("vacant", "2020-01-01", "2020-01-01", "sure", None),
            ("vacant", "2020-01-01", "2020-01-01", "unsure", None),
            ("vacant", "2020-01-01", "2020-01-01", None, "sure"),
            ("occupied", None, None, "sure", None),
            ("non_retail", None, None, "sure", None),
            ("occupied", None, None, "unsure", None),
            ("unknown", None, None, "sure", None),
        ),
        on=ON,
    )
    assert found.index[found["is_entry_candidate"]].tolist() == [0, 1, 3, 5]
    assert found.index[found["is_entry_uncertain"]].tolist() == [3, 5]
    assert found.index[found["is_removal_candidate"]].tolist() == [7, 8]
    assert found.index[found["is_vacant_registered"]].tolist() == [4]


STATES = st.sampled_from(["vacant", "occupied", "non_retail", "unknown"])
SURE = st.sampled_from(["sure", "unsure", None])
DAYS = st.dates(dt.date(2015, 1, 1), ON)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(STATES, DAYS, DAYS, SURE, SURE), min_size=1, max_size=12))
def test_a_unit_is_never_on_two_lists(rows):
    ordered = [(state, min(a, b), max(a, b), legal, business) for state, a, b, legal, business in rows]
    found = compare_notions(units(*ordered), on=ON)
    lists = found[["is_vacant_registered", "is_entry_candidate", "is_removal_candidate"]]
    assert (lists.sum(axis=1) <= 1).all()
    assert not (found["is_entry_uncertain"] & ~found["is_entry_candidate"]).any()


def links(*rows):
    return pd.DataFrame(rows, columns=["record", "shop_unit_id", "is_same_address", "is_sure"])


def test_of_several_units_on_a_parcel_the_one_with_the_address_is_meant():
    found = narrow_to_address(links(("a", 1, False, True), ("a", 2, True, True), ("b", 3, False, True)))
    assert found["shop_unit_id"].tolist() == [2, 3]
    assert found["is_sure"].tolist() == [True, True]


def test_where_no_address_fits_any_unit_of_the_parcel_may_be_meant():
    found = narrow_to_address(links(("a", 1, False, True), ("a", 2, False, True)))
    assert found["is_sure"].tolist() == [False, False]


LEUVEN = "flanders/grb_leuven/leuven_parcels_reference_408_lambert72.geojson"
PARCELS = Path(__file__).parents[3] / "shared" / "data" / LEUVEN


@pytest.mark.skipif(not PARCELS.exists(), reason=f"real parcels {PARCELS.name} are not beside the project")
def test_real_parcels_joined_two_by_two_become_the_two_they_are_today():
    today = gpd.read_file(PARCELS).set_crs(CRS, allow_override=True)
    touching = today.geometry.iloc[::2]
    pairs = [(n, n + 1) for n in touching.index if n + 1 in today.index]
    earlier = gpd.GeoDataFrame(
        geometry=[today.geometry.loc[list(pair)].union_all() for pair in pairs], crs=CRS
    )
    found = parcels_under(earlier, today)
    assert len(pairs) > 100
    for key, mine in found.groupby("earlier"):
        own = today.geometry.area.loc[list(pairs[key])]
        shares = mine.set_index("today")["share"].reindex(own.index).fillna(0.0)
        assert shares.to_numpy() == pytest.approx((own / earlier.area[key]).to_numpy(), abs=0.02)
        assert mine["share"].sum() <= 1 + 1e-9
