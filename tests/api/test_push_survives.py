from bench.push_load import Server, prepare, replay, stored
from tests.town_database import NIS

SENSORS, STEPS = 20, 16


def test_when_the_server_is_killed_while_suppliers_push_nothing_is_lost_and_nothing_stored_twice(own_town):
    tokens = prepare(NIS, sensors=SENSORS, suppliers=2)
    server = Server(own_town.url)
    server.start()
    try:
        told, _ = replay(server, tokens, sensors=SENSORS, steps=STEPS, steps_a_batch=1, kill_at=0.3)
    finally:
        server.kill()
    # The kill was noticed by somebody, else this proves nothing.
    assert told.sent_again > 0
    assert stored(NIS, sensors=SENSORS, steps=STEPS) == {
        "lost": 0, "twice": 0, "wrong": 0, "changed": 0, "sums_off": 0,
    }  # fmt: skip
