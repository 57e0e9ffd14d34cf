"""Whether the model files are there, and whole."""

from pathlib import Path

from appliance.domain.health import Health, Status
from appliance.operations.models.manifest import load_manifest
from appliance.operations.models.status import State, inspect

_HARMLESS = {State.OK, State.OPTIONAL_MISSING}


def check_models(models_dir: Path) -> list[Health]:
    """Compare every model with its hash; one finding for all that are well, one for each fault.

    Args:
        models_dir: the folder with the manifest and the models.

    Raises:
        ManifestError: there is no usable manifest.
    """
    found = inspect(load_manifest(models_dir), models_dir)
    whole = [model for model in found if model.state is State.OK]
    optional = [model.place for model in found if model.state is State.OPTIONAL_MISSING]
    more = f" {len(optional)} optional ones are not installed." if optional else ""
    details = {"whole": [model.place for model in whole], "optional_and_missing": optional}
    faults = [
        Health(
            "models",
            Status.WARNING if model.state is State.UNVERIFIED else Status.CRITICAL,
            model.problem or f"{model.name} is {model.state.value}.",
            model.advice or "",
            {"file": model.place},
        )
        for model in found
        if model.state not in _HARMLESS
    ]
    message = f"{len(whole)} models are whole.{more}"
    well = [] if faults else [Health("models", Status.HEALTHY, message, details=details)]
    return [*well, *faults]
