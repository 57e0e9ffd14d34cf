"""What goes on in the virtual machine of run-power-cut.sh until its power is cut.

It looks at what the last cut left, starts the booth, looks at it through its panel, and then lets
people practise, staff change things, and a new release be installed, until the end. Each line that
it prints is a fact for `power_cuts.py`, outside: `will KEY VALUE` before something is done, `did
KEY VALUE` once it was acknowledged, `found JSON` after a start, and where it is now.
"""

import json
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.hardware.vm.power_cut_finds import (
    STATE,
    faults_of_database,
    find_files,
    find_tallies,
    secret_of_device,
    wait_for_tally,
)
from tests.hardware.vm.power_cut_panel import Panel, PanelError, Running
from tests.hardware.vm.power_cut_release import HOME, install, make_source, name_of

_TELLING = threading.Lock()
_CODE = "abandon ability able about above"
_SPARE = "absent absorb abstract absurd abuse"
_FIRST_PIN = "482913"
_NOTHING = {"voice": False, "camera": False, "expression": False}
_ANSWER = (
    "Last summer our shop had to move within three days. I made a plan, asked two colleagues to "
    "help me, and packed the most needed things first. We opened again on time."
)


def main(plan_file: Path) -> None:
    """Go through one life of the machine; only a cut ends it."""
    plan = json.loads(plan_file.read_text())
    say("booted")
    if plan["fresh"]:
        for one in STATE.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        subprocess.run(["sync"], check=True)
        say("fresh")
    files = find_files(plan["pins"])
    say("found", json.dumps(files))
    if not (HOME / "current").exists():
        update(f"{plan['number']}-first")
    say("starting")
    running = Running()
    ready_s = running.wait_until_ready()
    say("found", json.dumps({"ready_s": ready_s, "words": running.words()[-300:]}))
    if ready_s is None:
        return
    session = Session(plan, files["pin"])
    session.look()
    say("did secret", secret_of_device())
    say("session")
    if plan["update"]:
        threading.Thread(target=update, args=(str(plan["number"]),), daemon=True).start()
    try:
        while True:
            session.go_on()
    except (PanelError, OSError) as error:
        say("fault", error, running.words()[-300:])


def say(*words: object) -> None:
    """Tell a fact, in one line, which no other thread breaks."""
    line = " ".join(str(word) for word in words).replace("\n", " ")
    with _TELLING:
        print(line, flush=True)


@contextmanager
def told(key: str, value: object) -> Iterator[None]:
    """Tell of something before and after it is done."""
    say("will", key, value)
    yield
    say("did", key, value)


def update(release: str) -> None:
    """Install a release of its own name."""
    say("update")
    source = make_source(release)
    name = name_of(source)
    say("will release", name)
    fault = install(source)
    say("fault", fault) if fault else say("did release", name)


class Session:
    """People who practise, and staff.

    Args:
        plan: of this life, with a seed and a number.
        pin: that is set; None for none yet.
    """

    def __init__(self, plan: dict[str, Any], pin: str | None) -> None:
        self._panel = Panel()
        self._chance = random.Random(plan["seed"])
        self._pin = pin
        self._number = plan["number"]
        self._changes = 0
        self._kept = {_CODE: 0, _SPARE: 0}
        self._counted = {"started": 0, "completed": 0}

    def look(self) -> None:
        """Tell what the booth has kept, beside it and through its panel."""
        self._counted = find_tallies()
        say("found", json.dumps({**self._counted, "faults": faults_of_database()}))
        self._start()
        self._kept = {_CODE: self._open(_CODE), _SPARE: self._open(_SPARE)}
        self._leave()
        say("found", json.dumps({"records": self._kept[_CODE], "spare": self._kept[_SPARE]}))

    def go_on(self) -> None:
        """Do one more thing."""
        what = self._chance.choices(
            (self._practise, self._rename, self._change_pin, self._practise_and_regret),
            (4, 3, 1, 2),
        )[0]
        what()

    def _practise(self) -> None:
        self._interview("records", _CODE)

    def _practise_and_regret(self) -> None:
        """Keep a session, come again, and delete it."""
        self._interview("spare", _SPARE)
        self._start()
        self._open(_SPARE)
        with told("spare", 0):
            self._panel.api("DELETE", "/record")
        self._kept[_SPARE] = 0
        self._leave()

    def _interview(self, name: str, code: str) -> None:
        self._start()
        panel = self._panel
        panel.act("go_on")
        panel.api("PUT", "/session/consent", _NOTHING)
        panel.api("PUT", "/session/choice", {"role": "general", "focus": None, "count": 3})
        panel.act("answer")
        panel.api("POST", "/session/answer", {"text": _ANSWER})
        panel.wait_for("review")
        with self._counting("completed"):
            panel.act("to_report")
        with told(name, self._kept[code] + 1):
            panel.api("POST", "/record/keep", {"code": code, "transcript": True})
        self._kept[code] += 1
        self._leave()

    def _rename(self) -> None:
        self._sign_in()
        self._changes += 1
        name = f"Library-{self._number}-{self._changes}"
        with told("name", name):
            self._panel.send_form("/admin/setup/site", site__name=name)

    def _change_pin(self) -> None:
        self._sign_in()
        self._changes += 1
        pin, old = f"{self._number % 100:02}{self._changes % 100:02}41", str(self._pin)
        with told("pin", pin):
            self._panel.send_form("/admin/change-pin", old=old, pin=pin, again=pin)
        self._pin = pin

    def _sign_in(self) -> None:
        """Whoever came to practise since then has signed staff out."""
        if self._pin is None:
            with told("pin", _FIRST_PIN):
                self._panel.send_form("/admin/pin", pin=_FIRST_PIN, again=_FIRST_PIN)
            self._pin = _FIRST_PIN
        else:
            self._panel.send_form("/admin/sign-in", pin=self._pin)

    def _start(self) -> None:
        self._panel.wait_for("attract")
        with self._counting("started"):
            self._panel.act("start")

    def _leave(self) -> None:
        self._panel.act("leave")
        self._panel.wait_for("attract")

    @contextmanager
    def _counting(self, name: str) -> Iterator[None]:
        count = self._counted[name] + 1
        with told(name, count):
            yield
            wait_for_tally(name, count)
        self._counted[name] = count

    def _open(self, code: str) -> int:
        try:
            return len(self._panel.api("POST", "/record/open", {"code": code})["sessions"])
        except PanelError as error:
            if " 404 " in str(error):
                return 0
            raise


if __name__ == "__main__":
    main(Path(sys.argv[1]))
