"""The arguments of `booth evaluate`; quick to load, since every command's help needs it."""

import argparse
import tempfile
from pathlib import Path


def add_tasks(evaluate: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Add what can be evaluated as sub-commands; each sets `task`.

    Args:
        evaluate: the parser of `booth evaluate`.
        common: options that every command has.
    """
    shared = argparse.ArgumentParser(add_help=False, parents=[common])
    shared.add_argument("--json", action="store_true", help="print JSON, only that")
    tasks = evaluate.add_subparsers(title="what", metavar="WHAT", dest="task", required=True)

    expression = tasks.add_parser(
        "expression", parents=[shared], help="the expression model, on labelled faces"
    )
    _add_data(expression, "an npz file as FER2013's, or a folder of class folders")
    expression.add_argument(
        "--part", metavar="NAME", help="part of an npz file, such as train; else validation"
    )

    _add_pictures(expression)

    voice = tasks.add_parser("voice", parents=[shared], help="the voice model, on acted speech")
    _add_data(voice, "a folder of clips with RAVDESS names")
    voice.add_argument(
        "--model",
        type=Path,
        action="append",
        metavar="FOLDER",
        help="a voice model in place of the booth's own; may be given for each fold of a recipe",
    )
    voice.add_argument(
        "--own",
        type=int,
        default=0,
        metavar="N",
        help="know N other clips of the same actor, ten or more, without their labels",
    )
    _add_pictures(voice)

    speech = tasks.add_parser("speech", parents=[shared], help="the speech recogniser")
    _add_data(speech, "a folder with transcripts.tsv and its clips")
    speech.add_argument("--language", default="en", metavar="LANGUAGE", help="en, if not given")

    _add_feedback(
        tasks.add_parser(
            "feedback",
            parents=[shared],
            help="an Ollama host: how it words feedback",
            description="Have made-up answers worded by a host, and count what it does. Nothing of "
            "a person is sent.",
        )
    )
    _add_fusion(
        tasks.add_parser(
            "fusion", parents=[shared], help="face and voice together, on acted speech"
        )
    )


def _add_fusion(fusion: argparse.ArgumentParser) -> None:
    _add_data(
        fusion, "a folder of clips with RAVDESS names and action_units.csv, or of their videos"
    )
    fusion.add_argument(
        "--work",
        type=Path,
        default=Path(tempfile.gettempdir()) / "booth-fusion",
        metavar="DIR",
        help="where descriptions of sounds are kept, so that the next run takes minutes",
    )
    fusion.add_argument(
        "--clips",
        type=Path,
        metavar="DIR",
        help="also shift these recordings of people who talk, and find out by how much",
    )
    _add_pictures(fusion)


def _add_feedback(feedback: argparse.ArgumentParser) -> None:
    feedback.add_argument(
        "--host", required=True, metavar="URL", help="such as http://192.168.1.20:11434"
    )
    feedback.add_argument("--model", required=True, metavar="NAME", help="such as llama3.2:3b")
    feedback.add_argument(
        "--data",
        type=Path,
        metavar="FILE",
        help="answers as tests/golden has them; else the question bank's own",
    )
    feedback.add_argument("--language", default="en", metavar="LANGUAGE", help="en, if not given")
    feedback.add_argument(
        "--answers", type=_count, default=20, metavar="N", help="how many at most (20)"
    )
    feedback.add_argument(
        "--injections",
        type=_count,
        default=100,
        metavar="N",
        help="how many attempts to talk the model over at most (all)",
    )
    feedback.add_argument(
        "--deadline",
        type=_seconds,
        default=60.0,
        metavar="S",
        help="how long to wait for the words of one answer (60)",
    )


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is no number")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 2 <= seconds <= 120:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds from 2 to 120")
    return seconds


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pictures", type=Path, metavar="DIR", help="also draw the figures, as for a model's card"
    )


def _add_data(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="PATH", help=what)
