"""What a person can agree to at a site, whatever a screen or a program sends."""

from collections.abc import Container
from dataclasses import replace

from appliance.domain.settings import Accommodations, Settings
from appliance.interview.session import Consent
from appliance.interview.session_events import Gave, Kind


def possible(consent: Consent, needs: Accommodations, settings: Settings) -> Consent:
    """What somebody agrees to, as far as it may be.

    Args:
        consent: what they would agree to.
        needs: of the person.
        settings: of the site.
    """
    return Consent(
        voice=consent.voice and not needs.typed_answers,
        camera=consent.camera and not needs.no_camera,
        expression=consent.expression and settings.loads_emotion_models,
        wording=consent.wording and bool(settings.ollama.hosts),
    )


def allowed(
    event: Gave, questions: Container[str], needs: Accommodations, settings: Settings
) -> Gave:
    """What somebody gave, as far as it may be.

    Args:
        event: with what they gave.
        questions: ids of those that can be chosen.
        needs: of the person.
        settings: of the site.
    """
    if event.kind is Kind.CHOSE:
        return replace(event, questions=tuple(one for one in event.questions if one in questions))
    given = Consent(event.voice, event.camera, event.expression, event.wording)
    may = possible(given, needs, settings)
    return replace(
        event,
        voice=may.voice,
        camera=may.camera,
        expression=may.expression,
        wording=may.wording,
    )
