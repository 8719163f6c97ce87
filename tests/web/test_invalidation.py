"""Whatever is changed, by whomever: the next request of every public page shows it, though all pages were kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from tests.strategy.amending import Cast, adopt, again, in_state, make_strategy, more_trees, submitted

from kursbuch.chronicle.services import follow
from kursbuch.city.models import City, Office
from kursbuch.city.services import Look, add_office, change_languages, change_look, change_texts, rename_office
from kursbuch.domain.framework.changes import Revise
from kursbuch.identity.models import Membership
from kursbuch.identity.services import change_profile, delete_account
from kursbuch.kit import clock
from kursbuch.strategy.documents.document import DecisionData
from kursbuch.strategy.models import Amendment, Recommendation, State, Strategy
from kursbuch.strategy.queries import latest_edition, load_edition
from kursbuch.strategy.services.adopt_edition import adopt_edition, correct_edition, decide_amendments
from kursbuch.strategy.services.discuss_amendment import (
    comment_on_amendment,
    open_discussion,
    recommend_amendment,
    remove_comment,
    split_amendment,
)
from kursbuch.strategy.services.draft_amendment import submit_amendment, withdraw_amendment
from kursbuch.strategy.services.rebase_pending import resolve_conflicts
from kursbuch.strategy.services.render_element import render_element

DECISION = DecisionData(body="Rat", day=date(2021, 3, 1))
PAGES = (
    "/",
    "/en/",
    "/strategie/",
    "/en/strategie/",
    "/M001/",
    "/en/M001/",
    "/fassungen/",
    "/fassungen/1/",
    "/antraege/",
    "/suche/?q=Bäume",
    "/chronik/",
    "/chronik/element:M001/",
    "/chronik/element:M001/feed.atom",
    "/stadt/impressum/",
    "/stadt/look.css",
)


@dataclass
class Story:
    """A city with its strategy and an amendment in the state that the change starts from."""

    city: City
    strategy: Strategy
    cast: Cast
    office: Office
    amendment: Amendment

    @property
    def own(self) -> str:
        return f"/antraege/{self.amendment.pk}/"

    @property
    def pages(self) -> list[str]:
        return [*PAGES, self.own, f"/chronik/amendment:{self.amendment.pk}/"]


Act = Callable[[Story], object]


def withdraw(story: Story) -> None:
    withdraw_amendment(amendment=story.amendment, by=story.cast.author)


def split(story: Story) -> None:
    split_amendment(amendment=story.amendment, by=story.cast.editor, take=[1], title="Ein Teil davon")


def recommend(story: Story, amendment: Amendment | None = None) -> Amendment:
    amendment = amendment or story.amendment
    return recommend_amendment(
        amendment=amendment, by=story.cast.editor, kind=Recommendation.ACCEPT, reason="Das ist gut."
    )


def decide(story: Story, accept: bool) -> None:
    amendments = [story.amendment]
    decide_amendments(
        strategy=story.strategy, by=story.cast.clerk, amendments=amendments, accept=accept, decision=DECISION
    )


def adopt_another(story: Story, number: str) -> None:
    """What is in force now disputes the amendment, or is what it asked for."""
    other = submitted(story.strategy, story.cast.editor, [more_trees(story.strategy, number)], "Andere Zahl")
    adopt(story.strategy, story.cast.clerk, recommend(story, other))


def adopt_for_tomorrow(story: Story) -> None:
    adopt_edition(
        strategy=story.strategy,
        by=story.cast.clerk,
        amendments=[story.amendment],
        decision=DECISION,
        in_force_from=clock.today() + timedelta(days=1),
        expected=latest_edition(story.strategy),
    )


def resolve(story: Story) -> None:
    text = load_edition(latest_edition(story.strategy)).tree["M001"].fields["text"]
    changes = [Revise("M001", "text", text, str(text).replace("dreihundert", "tausend"))]
    resolve_conflicts(amendment=story.amendment, by=story.cast.author, changes=changes)


def correct(story: Story) -> None:
    before = latest_edition(story.strategy)
    text = load_edition(before).tree["L1"].fields["text"]
    correct_edition(
        strategy=story.strategy,
        by=story.cast.editor,
        changes=[Revise("L1", "text", text, "Die Stadt wird viel grüner.")],
        reason="Schöner gesagt",
        expected=before,
    )


def comment(story: Story) -> None:
    comment_on_amendment(amendment=story.amendment, by=story.cast.author, text="Das gefällt mir sehr.")


def remove(story: Story) -> None:
    remove_comment(comment=story.amendment.comments.get(), by=story.cast.editor, reason="Beleidigend")


def render(story: Story) -> None:
    version = load_edition(latest_edition(story.strategy)).versions
    trees = next(row for row in version if row.key == "M001")
    render_element(
        strategy=story.strategy,
        by=story.cast.editor,
        version=trees,
        language="en",
        fields={"title": "Trees", "text": "The city plants a hundred trees."},
        translator="Edda Ebel",
    )


def give_office(story: Story) -> None:
    value = {"office": story.office.slug}
    amendment = submitted(story.strategy, story.cast.editor, [Revise("M001", "office", None, value)], "Zuständig")
    adopt(story.strategy, story.cast.clerk, recommend(story, amendment))


# What is done, the state of the amendment before, what was done to the same pages before, and some of the pages that
# must look different afterwards ("own" is the amendment's).
CHANGES: dict[str, tuple[State, Act | None, Act, set[str]]] = {
    "submitted": (
        State.DRAFT,
        None,
        lambda s: submit_amendment(amendment=s.amendment, by=s.cast.author),
        {"/", "/en/", "/antraege/", "/M001/", "/strategie/", "/chronik/", "/chronik/element:M001/feed.atom", "own"},
    ),
    "discussed": (
        State.SUBMITTED,
        None,
        lambda s: open_discussion(amendment=s.amendment, by=s.cast.editor),
        {"/", "/antraege/", "own"},
    ),
    "recommended": (State.IN_DISCUSSION, None, recommend, {"/", "/antraege/", "/M001/", "own"}),
    "accepted": (State.RECOMMENDED, None, lambda s: decide(s, True), {"/", "/antraege/", "own"}),
    "rejected": (State.RECOMMENDED, None, lambda s: decide(s, False), {"/", "/antraege/", "/M001/", "own"}),
    "withdrawn": (State.SUBMITTED, None, withdraw, {"/", "/antraege/", "/M001/", "/strategie/", "own"}),
    "split": (State.SUBMITTED, None, split, {"/", "/antraege/", "own"}),
    "in conflict": (
        State.SUBMITTED,
        None,
        lambda s: adopt_another(s, "dreihundert"),
        {"/", "/antraege/", "/strategie/", "/M001/", "own"},
    ),
    "already in force": (
        State.SUBMITTED,
        None,
        lambda s: adopt_another(s, "zweihundert"),
        {"/", "/antraege/", "/strategie/", "own"},
    ),
    "resolved": (State.IN_CONFLICT, None, resolve, {"/antraege/", "/chronik/", "own"}),
    "adopted": (
        State.DECIDED,
        None,
        lambda s: adopt(s.strategy, s.cast.clerk, s.amendment),
        {"/", "/en/", "/strategie/", "/M001/", "/en/M001/", "/fassungen/", "/fassungen/1/", "/antraege/", "own"},
    ),
    "adopted for tomorrow": (State.DECIDED, None, adopt_for_tomorrow, {"/", "/fassungen/", "own"}),
    "corrected": (State.SUBMITTED, None, correct, {"/", "/strategie/", "/fassungen/", "/chronik/"}),
    "commented": (State.IN_DISCUSSION, None, comment, {"/", "/antraege/", "own"}),
    "comment removed": (State.IN_DISCUSSION, comment, remove, {"own"}),
    "rendered": (State.SUBMITTED, None, render, {"/en/M001/", "/en/strategie/"}),
    "look": (
        State.SUBMITTED,
        None,
        lambda s: change_look(
            city=s.city,
            actor=s.cast.editor.person,
            look=Look(name="Neustadt", tokens={"--kern-color-action-default": "#114477"}),
        ),
        {*PAGES} - {"/chronik/element:M001/feed.atom"},
    ),
    "texts": (
        State.SUBMITTED,
        None,
        lambda s: change_texts(
            city=s.city,
            actor=s.cast.editor.person,
            contact="wir@example.org",
            texts={"imprint": {"de": "Wir sind es."}, "privacy": {}, "accessibility": {}},
        ),
        {"/stadt/impressum/"},
    ),
    "notice": (
        State.SUBMITTED,
        None,
        lambda s: change_languages(
            city=s.city, actor=s.cast.editor.person, languages=["de", "en"], notice={"de": "Nur zur Probe"}
        ),
        {"/", "/strategie/", "/M001/", "/antraege/", "own"},
    ),
    "office renamed": (
        State.SUBMITTED,
        give_office,
        lambda s: rename_office(office=s.office, actor=s.cast.editor.person, name="Amt für Bäume"),
        {"/M001/", "/strategie/"},
    ),
    "office added": (
        State.SUBMITTED,
        None,
        lambda s: add_office(city=s.city, actor=s.cast.editor.person, name="Amt für Neues"),
        set(),
    ),
    "person renamed": (
        State.SUBMITTED,
        None,
        lambda s: change_profile(user=s.cast.author.person, name="Anna Neu", language="de"),
        {"own", "/chronik/"},
    ),
    "person gone": (
        State.SUBMITTED,
        None,
        lambda s: delete_account(user=s.cast.author.person),
        {"own", "/chronik/"},
    ),
    "followed": (
        State.SUBMITTED,
        None,
        lambda s: follow(user=s.cast.editor.person, city_id=s.city.pk, thing="element:M001"),
        set(),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_next_request_shows_the_change(
    visitor: Client, city: City, anna: Membership, edda: Membership, klara: Membership, change: str
) -> None:
    state, earlier, act, affected = CHANGES[change]
    story = make_story(city, Cast(anna, edda, klara), state, two_changes=change == "split")
    if earlier:
        earlier(story)
        story.amendment = again(story.amendment)
    before = {page: read(visitor, page) for page in story.pages}
    assert before == {page: read(visitor, page) for page in story.pages}, "kept"
    act(story)
    kept = {page: read(visitor, page) for page in story.pages}
    caches["pages"].clear()
    assert kept == {page: read(visitor, page) for page in story.pages}, "what is served is what would be rendered"
    different = {page for page in story.pages if kept[page] != before[page]}
    assert {story.own if page == "own" else page for page in affected} <= different


def test_every_page_of_the_walk_is_kept(
    visitor: Client, city: City, anna: Membership, edda: Membership, klara: Membership
) -> None:
    """Otherwise the test above would prove nothing."""
    story = make_story(city, Cast(anna, edda, klara), State.IN_DISCUSSION)
    for page in story.pages:
        response = visitor.get(page)
        assert response.status_code == 200, page
        assert "no-store" not in response["Cache-Control"], page
        assert visitor.get(page, headers={"If-None-Match": response["ETag"]}).status_code == 304, page


def test_edition_that_takes_effect_at_midnight_is_shown_at_midnight(
    visitor: Client, city: City, anna: Membership, edda: Membership, klara: Membership
) -> None:
    story = make_story(city, Cast(anna, edda, klara), State.DECIDED)
    adopt_for_tomorrow(story)
    assert "pflanzt hundert" in read(visitor, "/strategie/")
    with clock.at(clock.now() + timedelta(days=1)):
        assert "pflanzt zweihundert" in read(visitor, "/strategie/")


def make_story(city: City, cast: Cast, state: State, *, two_changes: bool = False) -> Story:
    strategy = make_strategy(city)
    if two_changes:
        changes = [more_trees(strategy), more_trees(strategy, "dreißig", "M002")]
        amendment = submitted(strategy, cast.author, changes)
    else:
        amendment = in_state(state, strategy, cast)
    return Story(city, strategy, cast, Office.objects.get(city=city, slug="umwelt"), amendment)


def read(client: Client, page: str) -> str:
    return client.get(page).content.decode()
