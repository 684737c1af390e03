"""Bodies that somebody sends, spoiled: never a fault of ours, and nothing is kept of what is refused."""

import gzip
import io
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.api.conftest import problem
from tests.api.test_case_documents import AN, OPEN_TEXT, PDF, make, packed, word
from tests.api.test_push import PATH, counts, token  # noqa: F401 - a fixture
from tests.api.test_round import Walk, picture
from tests.held import held
from tests.importers import spoiling

FREE = [spoiling.flipped, spoiling.cut_off, spoiling.with_a_gap, spoiling.packed]
BATCH = json.dumps({"counts": counts(1, 2, 3)}).encode()


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "#7799aa").save(out, "PNG")
    return out.getvalue()


def _hides_its_size() -> bytes:
    """A small picture that says it is a hundred thousand wide and as high."""
    whole = bytearray(_png())
    whole[16:24] = (100_000).to_bytes(4) * 2
    return bytes(whole)


KEPT = ("unit_photo", "survey_photo", "case_document", "footfall_count", "footfall_hour", "import_batch")
PICTURES = [picture((400, 300)), _png(), picture((400, 300), kind="WEBP"), _hides_its_size()]
DOCUMENTS = [PDF, word(), packed(OPEN_TEXT), _png()]


@pytest.fixture
def unit_photo(client, own_town):
    path = f"/api/shop-units/{own_town.units['H2']}/photos"
    return lambda body: client.post(path, params={"is_without_persons": True}, content=body, headers=AN)


@pytest.fixture
def round_photo(client, own_town):
    walk = Walk(client, own_town)
    (one,) = walk.send(walk.saw(next(iter(own_town.units)), "same"))
    asked = {"observation": one["uid"]}
    return lambda body: client.put(f"{walk.path}/photos/{uuid.uuid4()}", params=asked, content=body)


@pytest.fixture
def document(client, own_town):
    path = f"/api/cases/{make(client)['id']}/documents"
    return lambda body: client.post(path, params={"name": "voorstel.pdf"}, content=body, headers=AN)


@pytest.fixture
def pushed(client, token):  # noqa: F811 - the fixture of that name
    said = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return lambda body: client.post(PATH, content=body, headers=said)


@pytest.fixture
def pushed_packed(client, token):  # noqa: F811
    said = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
    }
    return lambda body: client.post(PATH, content=body, headers=said)


@pytest.mark.parametrize(
    "sent",
    [
        ("unit_photo", PICTURES, FREE),
        ("round_photo", PICTURES, FREE),
        ("document", DOCUMENTS, FREE),
        ("pushed", [BATCH], [*FREE, spoiling.re_encoded, *[spoiling.tree] * 6]),
        ("pushed_packed", [gzip.compress(BATCH), BATCH], FREE),
    ],
    ids=lambda sent: sent[0],
)
@spoiling.tried(12)
@given(data=st.data(), rng=st.randoms(use_true_random=True))
def test_a_spoiled_body_is_kept_whole_or_refused_with_a_reason(request, sent, data, rng):
    route, sound, ways = sent
    send = request.getfixturevalue(route)
    body = data.draw(st.sampled_from(sound))
    spoiled = data.draw(st.sampled_from(ways))(body, rng) if rng.random() < 0.9 else body
    before = held(*KEPT)
    answer = send(spoiled)
    if answer.is_success:
        return
    told = problem(answer, answer.status_code)
    assert 400 <= answer.status_code < 500
    assert told["detail"].strip()
    assert held(*KEPT) == before
