"""Arguments of the commands that have many."""

import argparse
from pathlib import Path
from typing import Any, get_args

from appliance.domain.questions import SET_LENGTHS, Competency, Level, Role


def add_config_file(command: argparse.ArgumentParser) -> None:
    """`--config FILE`, of every command that works by the settings."""
    command.add_argument(
        "--config", type=Path, metavar="FILE", help="settings, instead of the booth's own"
    )


def add_run(commands: Any, common: Any) -> argparse.ArgumentParser:
    """`booth run`; the work is in `service`."""
    run: argparse.ArgumentParser = commands.add_parser(
        "run",
        parents=[common],
        help="the service: devices and interview",
        description="Run the booth: devices, perception and interview. Ctrl-C ends it.",
    )
    run.add_argument(
        "--simulate", type=Path, metavar="CLIP", help="a recording as camera and microphone"
    )
    add_config_file(run)
    kinds = run.add_mutually_exclusive_group()
    kinds.add_argument(
        "--devices", action="store_true", help="only the devices, and how each of them does"
    )
    kinds.add_argument(
        "--visits", type=_count, metavar="N", help="end after N interviews by a visitor of software"
    )
    return run


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 on")
    return int(text)


def add_bench(commands: Any, common: Any) -> argparse.ArgumentParser:
    """`booth bench`; the work is in `operations.bench`."""
    bench: argparse.ArgumentParser = commands.add_parser(
        "bench",
        parents=[common],
        help="how fast the booth is on this machine",
        description="Measure each stage on the packaged sample, and then a whole booth that runs "
        "on it: from the end of an answer to its scores on the screen. 30 answers take eight "
        "minutes.",
    )
    bench.add_argument("--json", action="store_true", help="as JSON")
    bench.add_argument(
        "--answers",
        type=_count,
        default=30,
        metavar="N",
        help="how many are given to the whole booth (30)",
    )
    bench.add_argument(
        "--stages",
        action="store_const",
        const=0,
        dest="answers",
        help="only the stages, in a minute",
    )
    return bench


def add_questions(commands: Any, common: Any) -> argparse.ArgumentParser:
    """`booth questions`; the work is in `operations.questions`."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "questions", parents=[common], help="the questions that can be practised"
    )
    parser.add_argument("--json", action="store_true", help="as JSON: id, competency, role, text")
    parser.add_argument("--language", default="en", metavar="CODE", help="two letters")
    parser.add_argument(
        "--file", type=Path, metavar="FILE", help="with a site's own questions; checks the file"
    )
    parser.add_argument("--competency", choices=get_args(Competency))
    parser.add_argument("--role", choices=get_args(Role))
    parser.add_argument("--level", choices=get_args(Level))
    parser.add_argument(
        "--set",
        type=int,
        choices=SET_LENGTHS,
        dest="length",
        help="draw a set of so many, with a balance of what they look for",
    )
    return parser


def add_config(commands: Any, common: Any) -> argparse.ArgumentParser:
    """`booth config show|check`; the work is in `operations.settings`."""
    config: argparse.ArgumentParser = commands.add_parser(
        "config", help="the settings: show or check them"
    )
    kinds = config.add_subparsers(title="commands", metavar="COMMAND", required=True)
    show = kinds.add_parser("show", parents=[common], help="every setting, and where it is from")
    show.add_argument("--json", action="store_true", help="as JSON")
    check = kinds.add_parser("check", parents=[common], help="what is wrong; exit 1 where anything")
    for parser in (show, check):
        parser.add_argument(
            "file", nargs="?", type=Path, metavar="FILE", help="instead of the booth's own"
        )
        add_config_file(parser)
    show.set_defaults(config_command="show")
    check.set_defaults(config_command="check")
    return config


def add_sessions(commands: Any, common: Any) -> argparse.ArgumentParser:
    """`booth sessions list|export|delete|wipe`; the work is in `operations.sessions`."""
    sessions: argparse.ArgumentParser = commands.add_parser(
        "sessions", help="what is stored; taking it along, removing it"
    )
    kinds = sessions.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = kinds.add_parser("list", parents=[common], help="how much is stored, and of when")
    listing.add_argument("--json", action="store_true", help="as JSON")
    kinds.add_parser(
        "export", parents=[common], help="one person's records as JSON; asks for their code"
    )
    kinds.add_parser("delete", parents=[common], help="one person's records; asks for their code")
    wipe = kinds.add_parser("wipe", parents=[common], help="everybody's records")
    wipe.add_argument("--yes", action="store_true", help="really")
    for name, parser in kinds.choices.items():
        parser.set_defaults(sessions_command=name)
        add_config_file(parser)
    return sessions


def add_models(commands: Any, common: Any) -> argparse.ArgumentParser:
    """`booth models list|verify|fetch`; the work is in `operations.models`."""
    models: argparse.ArgumentParser = commands.add_parser(
        "models", help="the model files: list, verify or fetch them"
    )
    kinds = models.add_subparsers(title="commands", metavar="COMMAND", required=True)
    place = type(common)(add_help=False)
    place.add_argument(
        "--models-dir", type=Path, metavar="DIR", help="folder with manifest.toml and the models"
    )

    listing = kinds.add_parser("list", parents=[common, place], help="every model and its state")
    listing.add_argument("--json", action="store_true", help="as JSON")
    listing.set_defaults(models_command="list")

    verify = kinds.add_parser(
        "verify", parents=[common, place], help="check every file's sha256; exit 1 on a fault"
    )
    verify.add_argument("names", nargs="*", metavar="NAME", help="only these, by name or file")
    verify.add_argument("--json", action="store_true", help="as JSON")
    verify.set_defaults(models_command="verify")

    fetch = kinds.add_parser(
        "fetch",
        parents=[common, place],
        help="download models that are missing or damaged",
        description="Download models that are missing or damaged, check them and put them in "
        "place. Without NAME: those that a booth must have, and those for English. What a "
        "broken download has brought is kept, and the next one goes on from there.",
    )
    fetch.add_argument("names", nargs="*", metavar="NAME", help="only these, by name or file")
    fetch.add_argument("--all", action="store_true", help="all that have an address")
    fetch.add_argument("--language", metavar="XX", help="those of a language, such as es")
    fetch.add_argument("--url", metavar="URL", help="a zip archive of a Vosk model; needs --sha256")
    fetch.add_argument("--sha256", metavar="HEX", help="what the archive at --url must have")
    fetch.set_defaults(models_command="fetch")
    return models
