"""Which languages a site can choose: those that the booth can also hear."""

from collections.abc import Callable
from dataclasses import replace

from appliance.coaching.language import known_languages
from appliance.domain.setting_form import FieldKind, SettingField, SettingForm

CanHear = Callable[[str], bool]

LANGUAGE = ("site", "language")


def with_languages(form: SettingForm, can_hear: CanHear) -> SettingForm:
    """The form with the language as a choice of those that can be heard, and that which is set.

    Args:
        form: of the settings.
        can_hear: whether there is a recogniser for a language.
    """
    known = known_languages()
    unheard = [one for one in known if not can_hear(one)]

    def as_choice(field: SettingField) -> SettingField:
        choices = dict.fromkeys((*(one for one in known if one not in unheard), field.typed))
        return replace(
            field, kind=FieldKind.CHOICE, choices=tuple(choices), advice=_advice(unheard)
        )

    return form.changed(".".join(LANGUAGE), as_choice)


def language_fault(language: object, can_hear: CanHear) -> str:
    """Why a language cannot be chosen here, and what to do; empty where it can, or is none.

    Args:
        language: as it was typed.
        can_hear: whether there is a recogniser for a language.
    """
    if language not in known_languages() or can_hear(str(language)):
        return ""
    return (
        f"There is no speech recogniser for '{language}' on this booth, which would not start with "
        f"it. First fetch one, with 'booth models fetch --language {language}'."
    )


def _advice(unheard: list[str]) -> str:
    if not unheard:
        return ""
    return (
        f"There is no speech recogniser yet for: {', '.join(unheard)}. Fetch one with "
        f"'booth models fetch --language {unheard[0]}'; then it can be chosen here."
    )
