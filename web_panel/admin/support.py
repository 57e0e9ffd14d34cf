"""What staff send to whoever helps them: shown file by file, then as one archive."""

import io
import zipfile
from collections.abc import Iterable

from flask import Blueprint, Response, render_template

from appliance.domain.support import SupportFile
from web_panel.access import Audience, for_
from web_panel.admin.office import Office
from web_panel.machine import machine


def add_support(views: Blueprint, office: Office) -> None:
    """The views of the archive; it is made anew each time, in memory alone."""

    def files() -> tuple[SupportFile, ...]:
        parts = (*machine(), *office.desk.booth.health())
        return office.staff.support.files(parts, office.metrics())

    @views.get("/support")
    @for_(Audience.ADMIN)
    def support() -> str:
        shown = [(file.name, file.content.decode()) for file in files()]
        return render_template("admin/support.html", files=shown, looked=office.staff.doctor.last)

    @views.get("/support.zip")
    @for_(Audience.ADMIN)
    def support_archive() -> Response:
        response = Response(archive_of(files()), mimetype="application/zip")
        response.headers["Content-Disposition"] = 'attachment; filename="booth-support.zip"'
        return response


def archive_of(files: Iterable[SupportFile]) -> bytes:
    """A zip archive; without times, which would tell of the clock at most."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name), file.content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
