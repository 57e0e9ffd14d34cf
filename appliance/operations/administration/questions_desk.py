"""Takes a site's own questions: looked at in memory, kept only where nothing is wrong."""

from pathlib import Path

from appliance.coaching.question_bank import parse_questions
from appliance.coaching.site_file import read_site_file, reason_of, text_of
from appliance.domain.errors import BoothError, OutputError, StorageError, WrongUsageError
from appliance.domain.site_questions import KeptQuestions, SiteQuestions
from appliance.domain.whole_file import write_whole
from appliance.operations.administration.settings_desk import SettingsDesk

FILE = "questions.toml"

_SETTING = "site.questions"


class QuestionsDesk:
    """The questions of a site's own.

    Args:
        settings: name their file.
        folder: where the booth keeps what it is given.
    """

    def __init__(self, settings: SettingsDesk, folder: Path) -> None:
        self._settings = settings
        self._path = folder / FILE

    def look(self) -> SiteQuestions:
        """The file that the settings name now."""
        named = self._settings.look().field(_SETTING).typed
        if not named:
            return SiteQuestions("")
        try:
            return SiteQuestions(named, len(_parsed(read_site_file(Path(named)), named)))
        except OSError as error:
            return SiteQuestions(named, fault=f"It cannot be read: {reason_of(error)}.")
        except WrongUsageError as error:
            return SiteQuestions(named, fault=str(error))

    def keep(self, content: bytes, name: str) -> KeptQuestions:
        """Keep a file in the booth's own folder, and let the settings name it.

        Args:
            content: of the file.
            name: of the file, for what is said of it.

        Raises:
            WrongUsageError: something is wrong with it; it says which question and key.
            StorageError: it could not be kept; what was there before still is.
        """
        questions = _parsed(content, name)
        try:
            write_whole({self._path: content})
        except OutputError as error:
            raise StorageError(str(error.args[0]), "Free some space on the disk.") from error
        return KeptQuestions(str(self._path), len(questions), self._named())

    def _named(self) -> bool:
        """Let the settings name the file; whether they do."""
        form = self._settings.look()
        try:
            after = self._settings.write({_SETTING: str(self._path)}, form.version)
        except BoothError:
            return False
        return after.field(_SETTING).typed == str(self._path)


def _parsed(content: bytes, name: str) -> tuple[object, ...]:
    questions = parse_questions(text_of(content, name), name)
    if not questions:
        raise WrongUsageError(f"There is no question in '{name}'.", "docs/questions.md shows one.")
    return questions
