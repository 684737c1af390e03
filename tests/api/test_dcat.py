import re

from tests.api.conftest import good
from tests.town_database import NIS


def nodes(value):
    if isinstance(value, list):
        for each in value:
            yield from nodes(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from nodes(each)


def test_the_catalogue_has_what_dcat_ap_asks_of_each_class(client, town):
    answer = client.get("/api/dcat")
    assert answer.headers["content-type"] == "application/ld+json"
    graph = good(answer)
    assert {"dct:title", "dct:description", "dct:publisher", "dcat:dataset", "dcat:service"} <= graph.keys()
    assert graph["dct:publisher"]["foaf:name"]
    for dataset in graph["dcat:dataset"]:
        assert {
            "dct:title",
            "dct:description",
            "dct:publisher",
            "dcat:theme",
            "dcat:distribution",
        } <= dataset.keys()
        assert {said["@language"] for said in dataset["dct:title"]} == {"nl", "fr", "en"}
        for given in dataset["dcat:distribution"]:
            assert {"dcat:accessURL", "dct:format"} <= given.keys()
    assert {"dcat:endpointURL", "dct:title"} <= graph["dcat:service"].keys()


def test_only_what_is_public_stands_in_it_and_every_file_can_be_had(client, own_town):
    assert "shop-units" not in str(good(client.get("/api/dcat"))["dcat:dataset"])
    body = {"subject": "units", "level": "public"}
    good(client.put("/api/sharing", params={"municipality": NIS}, json=body))
    client.cookies.clear()
    graph = good(client.get("/api/dcat"))
    named = {dataset["dct:identifier"] for dataset in graph["dcat:dataset"]}
    assert {"shop-units", "parcels", "vacancy-clusters"} <= named
    assert not named & {"cases", "observations", "worklist", "count-findings", "legal-vacancy"}
    (units,) = [one for one in graph["dcat:dataset"] if one["dct:identifier"] == "shop-units"]
    files = [
        one["dcat:downloadURL"]["@id"] for one in units["dcat:distribution"] if "dcat:downloadURL" in one
    ]
    here = [address for address in files if f"municipality={NIS}" in address]
    assert len(here) == 6
    for address in here:
        assert client.get(address).status_code == 200


def test_turtle_says_every_thing_that_json_says(client, town):
    graph = good(client.get("/api/dcat?f=jsonld"))
    answer = client.get("/api/dcat", headers={"accept": "text/turtle"})
    assert answer.headers["content-type"].startswith("text/turtle")
    turtle = answer.text
    assert all(f"<{node['@id']}>" in turtle for node in nodes(graph) if "@id" in node)
    # Quotes and brackets close, and every block ends on a dot: read as a reader of Turtle would, token by token.
    body = re.sub(r"^@prefix .*$", "", turtle, flags=re.MULTILINE)
    tokens = re.findall(
        r'"(?:[^"\\]|\\.)*"(?:@[a-z]+|\^\^[a-z]+:\w+)?|<[^<>"{}|^`\\\s]*>|[a-z]+:\w+|[\[\];,.]|\ba\b', body
    )
    assert "".join(tokens) == re.sub(r"\s+(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", "", body)
    assert tokens.count("[") == tokens.count("]")
    types = [node["@type"] for node in nodes(graph) if "@type" in node and "@value" not in node]
    assert tokens.count("a") == len(types)
