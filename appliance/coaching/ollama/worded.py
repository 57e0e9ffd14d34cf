"""Words of a model for one fact, which exist only where every rule holds."""

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from appliance.coaching.ollama.claims import Complaint, Rules
from appliance.coaching.ollama.facts import Fact


class Worded(BaseModel):
    """Words for a fact.

    Attributes:
        about: id of the sentence that they are about, or "none".
        text: the words, without what code says before them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    about: str
    text: str

    @model_validator(mode="after")
    def _is_true_to_its_fact(self, info: ValidationInfo) -> "Worded":
        given = info.context or {}
        fact, rules = given["fact"], given["rules"]
        wrong = rules.complaint(fact, self.text)
        if self.about != fact.sentence:
            wrong = Complaint("sentence")
        if wrong is not None:
            raise PydanticCustomError("complaint", wrong.name, {"complaint": wrong})
        return self


def checked(fact: Fact, about: str, text: str, rules: Rules) -> Worded | Complaint:
    """The words, or the first thing that is wrong with them.

    Args:
        fact: that they are for.
        about: the sentence that the model named.
        text: of the model.
        rules: of the language.
    """
    calm = " ".join(text.replace("!", ".").replace("¡", "").split())
    value = {"about": about, "text": calm}
    try:
        return Worded.model_validate(value, context={"fact": fact, "rules": rules})
    except ValidationError as error:
        context = error.errors()[0].get("ctx", {})
        wrong = context.get("complaint")
        return wrong if isinstance(wrong, Complaint) else Complaint("json")
