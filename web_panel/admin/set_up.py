"""Setting the booth up, step by step; each step can be left, and taken up again."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from appliance.domain.errors import BoothError
from appliance.domain.health import Health
from appliance.domain.setting_form import SettingForm
from web_panel.access import Audience, for_, is_loopback
from web_panel.admin.office import Office, begin, status_of
from web_panel.admin.progress import STEPS
from web_panel.admin.settings import typed_in
from web_panel.words import say

_ASKED = {
    "site": ("site.profile", "site.language", "site.name"),
    "ollama": ("ollama.hosts", "ollama.model"),
    "retention": ("storage.practice_record", "storage.retention_days"),
}
"""The settings of each step."""

_STEP = f"<any({', '.join(STEPS)}):step>"


def add_set_up(views: Blueprint, office: Office) -> None:
    """The views of the steps."""
    steps = _Steps(office)

    @views.get("/setup")
    @for_(Audience.ADMIN)
    def set_up() -> Response:
        return redirect(url_for("admin.step", step=office.set_up.next), code=303)

    @views.get(f"/setup/{_STEP}")
    @for_(Audience.ADMIN)
    def step(step: str) -> str:
        return steps.shown(step, office.staff.settings.look())

    @views.post(f"/setup/{_STEP}")
    @for_(Audience.ADMIN)
    def do_step(step: str) -> Response | tuple[str, int]:
        return steps.done(step)

    @views.post("/setup/ask")
    @for_(Audience.ADMIN)
    def ask_host() -> tuple[str, int]:
        return steps.asked()

    @views.post("/setup/try")
    @for_(Audience.ADMIN)
    def try_sensors() -> Response:
        if office.desk.simulated:
            abort(409, say("A recording plays in place of camera and microphone."))
        if not is_loopback(request.remote_addr):
            abort(403, say("Camera and microphone are tried at the booth itself."))
        begin(office, office.staff.sensors)
        return redirect(url_for("admin.step", step="devices"), code=303)


class _Steps:
    """Shows the steps, and writes what they ask for.

    Args:
        office: what they work with.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._desk = office.staff.settings

    def shown(
        self, step: str, form: SettingForm, says: str = "", found: tuple[Health, ...] = ()
    ) -> str:
        """The page of a step.

        Args:
            step: one of `STEPS`.
            form: the settings.
            says: what is wrong.
            found: what Ollama hosts answered.
        """
        return render_template(
            f"admin/set_up/{step}.html",
            step=step,
            steps=STEPS,
            page=form,
            asked={name: form.field(name) for name in _ASKED.get(step, ())},
            says=says,
            found=found,
            parts=self._office.desk.booth.health() if step == "devices" else (),
            sensors=self._office.staff.sensors,
            is_free=self._office.is_free,
            is_simulated=self._office.desk.simulated,
        )

    def done(self, step: str) -> Response | tuple[str, int]:
        """Write what was typed, and go on; or show what is wrong."""
        before, version = self._desk.look(), request.form.get("version", "")
        typed = self._typed(step, before)
        if typed and not before.obstacle:
            try:
                after = self._desk.write(typed, version)
            except BoothError as error:
                form = before.filled_in(typed, version)
                return self.shown(step, form, str(error)), status_of(error)
            if after.is_refused:
                return self.shown(step, after), 400
        self._office.set_up.did(step)
        if step == STEPS[-1]:
            return redirect(url_for("admin.home"), code=303)
        following = STEPS[STEPS.index(step) + 1]
        return redirect(url_for("admin.step", step=following), code=303)

    def asked(self) -> tuple[str, int]:
        """Ask the hosts that were typed, and keep what was typed on the page."""
        before, version = self._desk.look(), request.form.get("version", "")
        typed = self._typed("ollama", before)
        form = before.filled_in(typed, version)
        hosts, model = (form.field(name).typed for name in _ASKED["ollama"])
        try:
            found = self._office.staff.hosts.ask(hosts, model)
        except BoothError as error:
            return self.shown("ollama", form, str(error)), 400
        return self.shown("ollama", form, found=found), 200

    def _typed(self, step: str, form: SettingForm) -> dict[str, str]:
        """What was typed; nothing where a step was left out."""
        if "skip" in request.form:
            return {}
        return typed_in(form.field(name) for name in _ASKED.get(step, ()))
