"""What tests share: the data set beside the repository, the packaged sample, the models."""

from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.two_hours import Analysed, TwoHours

_BESIDE = pytest.StashKey[TwoHours]()
_BESIDE_MINUTES = 10

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


def pytest_configure() -> None:
    """No test fails for being slow on a machine that others use, too."""
    hypothesis.settings.register_profile("no deadline", deadline=None)
    hypothesis.settings.load_profile("no deadline")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What goes on beside the other tests is asked for last."""
    items.sort(key=_is_beside)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin what goes on beside the other tests, if it is to be run at all."""
    if not session.config.option.collectonly and any(map(_is_beside, session.items)):
        session.config.stash[_BESIDE] = TwoHours(_BESIDE_MINUTES)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End it, also where somebody stopped the tests."""
    if (beside := config.stash.get(_BESIDE, None)) is not None:
        beside.close()


def _is_beside(item: pytest.Item) -> bool:
    return item.get_closest_marker("beside") is not None


@pytest.fixture
def two_hours(request: pytest.FixtureRequest) -> Iterator[Callable[[int], Analysed]]:
    """The analysis of a recording of two hours."""
    begun: list[TwoHours] = []

    def analysed(minutes_apart: int) -> Analysed:
        beside = request.config.stash.get(_BESIDE, None)
        if beside is not None and minutes_apart == _BESIDE_MINUTES:
            return beside.result()
        begun.append(TwoHours(minutes_apart))
        return begun[-1].result()

    yield analysed
    for one in begun:
        one.close()
