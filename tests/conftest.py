"""What tests share: the data set beside the repository, the packaged sample, the models."""

from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The data folder beside the repository; never part of it."""
    path = _ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("needs the data set in ../shared/data, which is not here")
    return path


@pytest.fixture(scope="session")
def clips(shared_data: Path) -> Path:
    """Real recordings of talking people."""
    return shared_data / "clips"


@pytest.fixture(scope="session")
def sample() -> Path:
    """The recording that the project ships."""
    return _ROOT / "appliance" / "sample" / "answer.mp4"


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The models that the project ships."""
    return _ROOT / "models_tflite"
