"""The settings as a form."""

from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.domain.errors import BoothError
from appliance.domain.setting_form import FieldKind, SettingField, SettingForm
from web_panel.access import Audience, for_
from web_panel.admin.office import Office, status_of

_UNTICKED = "off"
_FORGET = "forget."


def add_settings(views: Blueprint, office: Office) -> None:
    """The views of the settings."""
    desk = office.staff.settings

    @views.get("/settings")
    @for_(Audience.ADMIN)
    def settings() -> str:
        return _shown(desk.look(), is_saved="saved" in request.args)

    @views.post("/settings")
    @for_(Audience.ADMIN)
    def save_settings() -> Response | tuple[str, int]:
        before = desk.look()
        typed = typed_in(field for part in before.sections for field in part.fields)
        version = request.form.get("version", "")
        try:
            after = desk.write(typed, version)
        except BoothError as error:
            return _shown(before.filled_in(typed, version), says=str(error)), status_of(error)
        if after.is_refused:
            return _shown(after), 400
        return redirect(url_for("admin.settings", saved=""), code=303)


def typed_in(fields: Iterable[SettingField]) -> dict[str, str]:
    """What a browser sent of some settings; one that is not ticked is not sent at all.

    A secret is left out, and so stays as it is, unless one was typed or it is to be forgotten.

    Args:
        fields: that the form showed.
    """
    typed: dict[str, str] = {}
    for field in fields:
        text = request.form.get(field.name)
        if field.kind is FieldKind.CHECK:
            typed[field.name] = text or _UNTICKED
        elif field.kind is not FieldKind.SECRET and text is not None:
            typed[field.name] = text
        elif text or f"{_FORGET}{field.name}" in request.form:
            typed[field.name] = text or ""
    return typed


def _shown(form: SettingForm, says: str = "", *, is_saved: bool = False) -> str:
    return render_template("admin/settings.html", page=form, says=says, is_saved=is_saved)
