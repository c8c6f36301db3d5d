"""The strategies cover every kind that the server stores."""

from hypothesis import HealthCheck, given, settings
from support.artefacts import BY_KIND, messages

from sdmx_server.model.kinds import STORED


def test_there_is_a_strategy_for_every_stored_kind():
    assert set(BY_KIND) == STORED


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(messages())
def test_messages_hold_each_artefact_once(message):
    seen = [(a.kind, a.agency, a.id, a.version) for a in message.artefacts]
    assert len(seen) == len(set(seen)) >= 1
