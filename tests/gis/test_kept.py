from gis.kept import Kept


def test_a_value_is_made_once_and_the_longest_unasked_goes_first():
    made = []
    kept: Kept[str, str] = Kept(at_most=2)

    def ask(key: str) -> str:
        return kept.get(key, lambda: made.append(key) or key.upper())

    assert [ask(key) for key in "abacb"] == ["A", "B", "A", "C", "B"]
    assert made == ["a", "b", "c", "b"]
    assert len(kept) == 2
