"""The command `booth`: thin, all work is done by `service`."""

import argparse
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from appliance.domain.errors import BoothError
from appliance.operations.arguments import (
    add_bench,
    add_config,
    add_config_file,
    add_models,
    add_questions,
    add_run,
    add_sessions,
)
from appliance.operations.evaluation.arguments import add_tasks

if TYPE_CHECKING:
    from appliance.devices.microphone.level import Level
    from appliance.domain.health import Health
    from appliance.domain.settings import Settings

_PACKAGE = "interview-booth"
DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """End with one line, instead of the usage and a line."""
        self.exit(WRONG_USAGE, f"booth: {message}. Try '{self.prog} --help'.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrong usage."""
    # Libraries may warn; what the person must know, the booth says itself.
    logging.basicConfig(level=logging.ERROR, format="booth: %(message)s")
    options = _parser().parse_args(arguments)
    code = _run(options)
    return code if _output_arrived() else FAILED


def _run(options: argparse.Namespace) -> int:
    try:
        return int(options.run(options))
    except BrokenPipeError:  # the reader of stdout went away, as `head` does
        return DONE
    except KeyboardInterrupt:
        _say("stopped.")
        return INTERRUPTED
    except Exception as error:
        if options.debug:
            raise
        if isinstance(error, BoothError):
            _say(str(error))
            return error.exit_code
        # What nobody foresaw is a fault of the booth: one line for the person, all with --debug.
        _say(f"{type(error).__name__}: {error}. Run it again with '--debug' to see where.")
        return FAILED


def _output_arrived() -> bool:
    """Flush stdout; where that fails, say so once, and let Python not try again at its end."""
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return True
        _say(f"The output could not be written: {(error.strerror or str(error)).lower()}.")
        return False
    return True


def _say(message: str) -> None:
    """One line on stderr, whatever a file's name may hold."""
    line = "".join(c if c.isprintable() else "?" for c in message)
    sys.stderr.write(f"booth: {line}\n")


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show the traceback of a fault")
    parser = _Parser(
        prog="booth", description="Interview practice: honest, kind, specific feedback."
    )
    parser.add_argument("--version", action="version", version=f"booth {version(_PACKAGE)}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=_Parser
    )

    analyse = commands.add_parser(
        "analyse", parents=[common], help="one recording to report.json and report.html"
    )
    analyse.add_argument("clip", type=Path, metavar="CLIP", help="a video, or sound alone")
    analyse.add_argument("--question", metavar="ID", help="what was asked; see 'booth questions'")
    analyse.add_argument("--out", type=Path, metavar="DIR", help="folder for the report")
    analyse.add_argument("--json", action="store_true", help="print the report as JSON, only that")
    analyse.set_defaults(run=_analyse)

    demo = commands.add_parser(
        "demo", parents=[common], help="the booth and its panel on the packaged sample"
    )
    demo.add_argument(
        "--once", action="store_true", help="no panel and no person: write a report, end"
    )
    demo.add_argument("--out", type=Path, default=Path("reports", "demo"), metavar="DIR")
    demo.set_defaults(run=_demo)

    add_config(commands, common).set_defaults(run=_config)
    doctor = commands.add_parser(
        "doctor",
        parents=[common],
        help="look at every device, model, disk and host; exit 1 on a fault",
    )
    add_config_file(doctor)
    ways = doctor.add_mutually_exclusive_group()
    ways.add_argument("--json", action="store_true", help="as JSON")
    ways.add_argument(
        "--speak-now", action="store_true", help="only find the microphone that you speak into"
    )
    doctor.set_defaults(run=_doctor)

    evaluate = commands.add_parser(
        "evaluate", parents=[common], help="how well a model does on labelled data"
    )
    add_tasks(evaluate, common)
    evaluate.set_defaults(run=_evaluate)

    add_bench(commands, common).set_defaults(run=_bench)
    add_questions(commands, common).set_defaults(run=_questions)
    add_run(commands, common).set_defaults(run=_run_booth)
    add_sessions(commands, common).set_defaults(run=_sessions)
    add_models(commands, common).set_defaults(run=_models)
    return parser


def _analyse(options: argparse.Namespace) -> int:
    # Loaded here, since the models' libraries take a second that 'booth --help' should not.
    from appliance.coaching.messages import load_messages
    from appliance.coaching.rating_guide import rating_guide
    from appliance.operations.settings.loading import load
    from appliance.reporting.files import require_folder, to_json, write_report
    from appliance.reporting.summary import summarise
    from appliance.service import Setup, analyse_recording, default_models_dir

    # A site that wants no model of emotions has none here either.
    estimates = load(os.environ).settings.loads_emotion_models
    setup = Setup(default_models_dir(), estimates=estimates)
    progress = _show_progress if sys.stderr.isatty() else _keep_quiet
    folder = options.out or _own_folder(options.clip)
    if options.out or not options.json:
        require_folder(folder)
    try:
        report = analyse_recording(options.clip, options.question, setup, progress)
    finally:
        if progress is _show_progress:
            sys.stderr.write("\r\x1b[K")
    guide = rating_guide(load_messages(report.language))
    if options.json:
        if options.out:
            write_report(report, folder, guide)
        sys.stdout.write(to_json(report))
        return DONE
    page = write_report(report, folder, guide)
    sys.stdout.write(f"{summarise(report)}\n\nThe whole report: {page.absolute()}\n")
    return DONE


def _own_folder(clip: Path) -> Path:
    """A folder for the report of a clip; its ending is kept, since a.mp4 and a.wav are two."""
    return Path("reports", clip.name.replace(".", "-").strip("-") or "report")


def _demo(options: argparse.Namespace) -> int:
    from appliance.service import sample_recording

    if options.once:
        options.clip, options.question, options.json = sample_recording(), "solved-problem", False
        return _analyse(options)
    options.config, options.simulate = None, sample_recording()
    options.devices, options.visits = False, None
    return _run_booth(options)


def _run_booth(options: argparse.Namespace) -> int:
    from appliance.operations.settings.loading import load
    from appliance.operations.terminal_screen import TerminalScreen
    from appliance.service import Running, run_booth

    loaded = load(os.environ, options.config)
    for mistake in (*loaded.mistakes, *loaded.warnings):
        _say(str(mistake))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if options.devices:
        return _run_devices(options, loaded.settings, stop)
    watched = sys.stdout.isatty() and options.visits is None
    screen = TerminalScreen(_write) if watched else None
    running = Running(
        options.simulate, options.visits, stop, _print, screen, options.config, loaded.health()
    )
    try:
        run_booth(loaded.settings, os.environ, running)
    finally:
        if screen is not None:
            screen.close()
    return DONE


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _print(line: str) -> None:
    _write(f"{line}\n")


def _run_devices(options: argparse.Namespace, settings: "Settings", stop: threading.Event) -> int:
    from appliance.service import Onlookers, run_devices

    watched = sys.stderr.isatty()
    level = _show_level if watched else _keep_quiet
    try:
        tally = run_devices(settings, options.simulate, stop, Onlookers(_tell, level))
    finally:
        if watched:
            sys.stderr.write("\r\x1b[K")
    sys.stdout.write(f"{tally}\n")
    return DONE if tally.frames or tally.sound_s else FAILED


def _tell(part: "Health") -> None:
    """One line of a device."""
    device = part.details.get("device")
    words = " ".join(text for text in (part.message, part.advice) if text)
    which = f" ({device})" if device else ""
    sys.stdout.write(f"{part.name:<11} {part.status.value:<9} {words}{which}\n")
    sys.stdout.flush()


def _show_level(level: "Level") -> None:
    """A bar on a terminal: from -60 dBFS, 2 dB for each place; a bang where it is too loud."""
    places = max(0, round((level.rms_dbfs + 60) / 2))
    warning = " too loud" if level.clips else ""
    sys.stderr.write(f"\r\x1b[K{'=' * places:<30} {level.rms_dbfs:4.0f} dBFS{warning}")
    sys.stderr.flush()


def _doctor(options: argparse.Namespace) -> int:
    from appliance.operations.doctor.command import run_doctor, run_speak_now
    from appliance.service import doctored

    if options.speak_now:
        return DONE if run_speak_now() else FAILED
    return DONE if run_doctor(options, doctored(os.environ, options.config)) else FAILED


def _config(options: argparse.Namespace) -> int:
    from appliance.operations.settings.command import check_settings, show_settings

    options.config = options.file or options.config
    command = show_settings if options.config_command == "show" else check_settings
    return DONE if command(options, os.environ) else FAILED


def _evaluate(options: argparse.Namespace) -> int:
    from appliance.operations.evaluation.command import evaluate
    from appliance.service import default_models_dir

    watched = sys.stderr.isatty()
    progress = _show_share if watched else _show_nothing
    try:
        result = evaluate(options, default_models_dir(), progress)
    finally:
        if watched:
            sys.stderr.write("\r\x1b[K")
    if options.json:
        value = json.dumps(result.to_json_value(), ensure_ascii=False, indent=1)
        sys.stdout.write(f"{value}\n")
    else:
        sys.stdout.write(f"{result.to_text()}\n")
    return DONE


def _bench(options: argparse.Namespace) -> int:
    from appliance.coaching.coach import Coach
    from appliance.coaching.tools import load_tools
    from appliance.operations.bench.command import bench
    from appliance.operations.settings.loading import load
    from appliance.service import Setup, build_senses, default_models_dir, sample_recording

    estimates = load(os.environ).settings.loads_emotion_models
    setup = Setup(default_models_dir(), estimates=estimates)
    watched = sys.stderr.isatty()
    progress = _show_share if watched else _show_nothing
    parts = build_senses(setup), Coach(load_tools(setup.language, setup.models_dir))
    try:
        found = bench(options, sample_recording(), parts, progress)
    finally:
        if watched:
            sys.stderr.write("\r\x1b[K")
    if options.json:
        sys.stdout.write(f"{json.dumps(found.to_json_value(), indent=1)}\n")
    else:
        sys.stdout.write(f"{found.to_text()}\n")
    return DONE


def _questions(options: argparse.Namespace) -> int:
    from appliance.operations.questions import list_questions

    sys.stdout.write(f"{list_questions(options)}\n")
    return DONE


def _sessions(options: argparse.Namespace) -> int:
    from appliance.operations.sessions import run_sessions
    from appliance.operations.settings.loading import load
    from appliance.service import open_store

    store = open_store(load(os.environ, options.config).settings, os.environ)
    try:
        return DONE if run_sessions(options, store) else FAILED
    finally:
        store.close()


def _models(options: argparse.Namespace) -> int:
    from appliance.operations.models.command import fetch_models, list_models, verify_models
    from appliance.service import default_models_dir

    models_dir = options.models_dir or default_models_dir()
    if options.models_command == "fetch":
        well = fetch_models(options, models_dir, _say)
    elif options.models_command == "verify":
        well = verify_models(options, models_dir)
    else:
        well = list_models(options, models_dir)
    return DONE if well else FAILED


def _show_progress(share: float) -> None:
    _show_share("Analysing", share)


def _show_share(doing: str, share: float) -> None:
    """Rewrite one line on a terminal in place."""
    sys.stderr.write(f"\r\x1b[K{doing} {share:4.0%}")
    sys.stderr.flush()


def _keep_quiet(_: object) -> None:
    """Show nothing: nobody watches."""


def _show_nothing(doing: str, share: float) -> None:
    """Show nothing: nobody watches."""


if __name__ == "__main__":
    sys.exit(main())
