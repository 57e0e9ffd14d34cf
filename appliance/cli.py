"""The command `booth`: thin, all work is done by `service`."""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from appliance.domain.errors import BoothError

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
    try:
        return int(options.run(options))
    except BoothError as error:
        if options.debug:
            raise
        sys.stderr.write(f"booth: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("\nbooth: stopped.\n")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="booth", description="Interview practice: honest, kind, specific feedback."
    )
    parser.add_argument("--debug", action="store_true", help="show the traceback of a fault")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=_Parser
    )

    analyse = commands.add_parser("analyse", help="one recording to report.json and report.html")
    analyse.add_argument("clip", type=Path, metavar="CLIP", help="a video, or sound alone")
    analyse.add_argument("--question", metavar="ID", help="what was asked; see 'booth questions'")
    analyse.add_argument("--out", type=Path, metavar="DIR", help="folder for the report")
    analyse.add_argument("--json", action="store_true", help="print the report as JSON, only that")
    analyse.set_defaults(run=_analyse)

    demo = commands.add_parser("demo", help="one whole answer from the packaged sample")
    demo.add_argument("--once", action="store_true", help="without a person; write the report, end")
    demo.add_argument("--out", type=Path, default=Path("reports", "demo"), metavar="DIR")
    demo.set_defaults(run=_demo)

    questions = commands.add_parser("questions", help="the questions that can be practised")
    questions.add_argument("--json", action="store_true", help="as JSON")
    questions.set_defaults(run=_questions)
    return parser


def _analyse(options: argparse.Namespace) -> int:
    # Loaded here, since the models' libraries take a second that 'booth --help' should not.
    from appliance.reporting.files import to_json, write_report
    from appliance.reporting.summary import summarise
    from appliance.service import Setup, analyse_recording, default_models_dir

    setup = Setup(default_models_dir())
    progress = _show_progress if sys.stderr.isatty() else _keep_quiet
    report = analyse_recording(options.clip, options.question, setup, progress)
    folder = options.out or Path("reports", options.clip.stem)
    if options.json:
        if options.out:
            write_report(report, folder)
        sys.stdout.write(to_json(report))
        return DONE
    page = write_report(report, folder)
    sys.stdout.write(f"{summarise(report)}\n\nThe whole report: {page.absolute()}\n")
    return DONE


def _demo(options: argparse.Namespace) -> int:
    from appliance.service import sample_recording

    options.clip, options.question, options.json = sample_recording(), "solved-problem", False
    return _analyse(options)


def _questions(options: argparse.Namespace) -> int:
    from appliance.coaching.question_bank import load_questions

    questions = load_questions("en")
    if options.json:
        entries = [question.model_dump() for question in questions]
        sys.stdout.write(json.dumps(entries, ensure_ascii=False, indent=1) + "\n")
        return DONE
    width = max(len(question.id) for question in questions)
    for question in questions:
        sys.stdout.write(f"{question.id:<{width}}  {question.text}\n")
    return DONE


def _show_progress(share: float) -> None:
    """Rewrite one line on a terminal in place; clear it at the end."""
    sys.stderr.write(f"\rAnalysing {share:4.0%}" if share < 1 else "\r\x1b[K")
    sys.stderr.flush()


def _keep_quiet(share: float) -> None:
    """Show nothing: nobody watches."""
