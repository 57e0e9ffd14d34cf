"""`booth evaluate fusion`: whatever of it the data allows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.operations.bench.fusion import measure_fusion
from appliance.operations.evaluation.figures import Figures
from appliance.operations.evaluation.fusion.held_back import judge_held_back
from appliance.operations.evaluation.fusion.material import load_material
from appliance.operations.evaluation.fusion.talking import Repair, judge_repairs
from appliance.operations.evaluation.fusion.units_result import UnitsResult
from appliance.operations.evaluation.fusion.videos import DevicePath, VideoResult, judge_videos
from appliance.operations.evaluation.progress import Progress
from appliance.operations.evaluation.ravdess import find_videos

_LOOKS_HZ = (25.0, 10.0, 5.0)


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of an evaluation.

    Attributes:
        models: of the booth.
        work: for what is kept between runs.
        clips: recordings of people who talk; None where no offset is to be found.
    """

    models: Path
    work: Path
    clips: Path | None


@dataclass(frozen=True, slots=True, eq=False)
class FusionResult:
    """How face and voice do together.

    Attributes:
        window_ms: what a window costs on this machine, in milliseconds of one core.
        units: from sound and action units; None where there are videos.
        videos: from videos; None where there are none.
        repairs: of clips whose picture was shifted.
    """

    window_ms: float
    units: UnitsResult | None
    videos: VideoResult | None
    repairs: list[Repair]

    def to_json_value(self) -> dict[str, Any]:
        """What `--json` prints."""
        value: dict[str, Any] = {"task": "fusion"}
        if self.units is not None:
            value |= self.units.to_json_value()
        if self.videos is not None:
            value |= self.videos.to_json_value()
        value["offsets"] = [repair.to_json_value() for repair in self.repairs]
        return value | {"window_ms": round(self.window_ms, 3)}

    def named_figures(self) -> dict[str, Figures]:
        """What can be drawn."""
        figures = self.units.named_figures() if self.units is not None else {}
        if self.videos is not None:
            figures |= {f"videos {name}": one for name, one in self.videos.figures.items()}
        return figures

    def to_text(self) -> str:
        """For a person."""
        lines = self.units.lines() if self.units is not None else []
        if self.videos is not None:
            lines += self.videos.lines()
        if self.repairs:
            lines += ["", "Clips whose picture was shifted: what is found, by the shift"]
        lines += [f"  {repair.line()}" for repair in self.repairs]
        lines += ["", f"A window costs {self.window_ms:.2f} ms of one core of this machine."]
        return "\n".join(lines)


def evaluate_fusion(
    data: Path, path: DevicePath, places: Places, progress: Progress
) -> FusionResult:
    """Judge videos by the device's own path; else voices and action units, fold by fold.

    Raises:
        DataError: the data is missing or not laid out as it must be.
        RecordingError: a clip cannot be decoded.
        OutputError: what is kept cannot be written.
    """
    films = find_videos(data)
    videos = judge_videos(films, path, progress) if films else None
    units = None
    if videos is None:
        material = load_material(data, places.models, places.work, progress)
        units = UnitsResult(material, judge_held_back(material, progress))
    repairs = judge_repairs(places.clips, path.face, _LOOKS_HZ, progress) if places.clips else []
    return FusionResult(
        measure_fusion(path.fusion, answers=2, answer_s=60.0).window_ms, units, videos, repairs
    )
