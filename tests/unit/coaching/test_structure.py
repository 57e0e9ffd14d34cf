"""Which parts of a story are found, and that habits and recipes are none."""

from dataclasses import replace

from appliance.coaching.question_bank import load_questions
from tests.coaches import coach_of
from tests.golden.marks import Golden, judge, load_golden, parts_of, rating_of

BANK = load_questions("en")

HABITS = (
    "I always bring energy and passion to my work, and I make sure that everybody feels heard. "
    "Whatever the task is, I get it done on time. Together we always deliver great results, and "
    "people are happy to work with me again."
)

DONE = (
    "Last winter I was on the desk of a hotel when the heating failed on a Friday night. Sixty "
    "guests were in the house, and I had to keep them warm until the fitter came. I rang the other "
    "hotels, I found twenty heaters and I carried one to every child's room. In the end nobody "
    "left, and three guests wrote to thank us."
)

SOUP = (
    "For a good lentil soup you need two onions, three carrots and three hundred grams of lentils. "
    "You chop the onions, you fry them for ten minutes, and then you add the lentils and a litre "
    "of stock. At the end you squeeze in a lemon. It tastes even better the next day."
)


def said(text: str, question: str = "solved-problem") -> Golden:
    """Somebody's answer to a question, as one of the golden answers."""
    return replace(load_golden("development")[0], text=text, question=question)


def test_what_was_done_is_a_story_and_what_is_always_done_is_none() -> None:
    habits, done = judge(coach_of(), BANK, (said(HABITS), said(DONE)))
    assert parts_of(habits) == frozenset()
    assert parts_of(done) == {"situation", "task", "action", "result"}


def test_what_others_did_is_no_action() -> None:
    text = DONE.replace("I rang", "She rang").replace("I found", "she found")
    text = text.replace("I carried", "she carried")
    (report,) = judge(coach_of(), BANK, (said(text),))
    assert "action" not in parts_of(report)


def test_details_of_a_recipe_make_no_relevant_story() -> None:
    stories = [question.id for question in BANK if question.form == "story"][::6]
    reports = judge(coach_of(), BANK, [said(SOUP, question) for question in stories])
    assert max(rating_of(report, "relevance") or 0 for report in reports) <= 2
