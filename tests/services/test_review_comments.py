"""What a nominee or an organisation says before a review: of their own stream, until it is held, to the team alone."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from phbportal.domain.reviews import ReviewKind
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind
from phbportal.policy.actors import Actor
from phbportal.queries.review_comments import comments_before, review_to_come
from phbportal.services import review_setting
from phbportal.services.review_comments import comment_on_review
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.reviews import ReviewComment
from tests.services.asking import Copy, refused, rows
from tests.support import arranging, journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World

DUE = date(2026, 7, 1)


def paid(world: World) -> tuple[Case, Actor, Actor]:
    """A budget paid in part to a nominee and in part to an organisation, with a review to come."""
    person = journey.add_person(world, number=journey.NUMBERS[4], names=("Rhea", "View"))
    part = journey.nominee(world, person)
    ulo = arranging.organisation(world)
    lena = arranging.somebody_of(world, ulo)
    direct = StreamPlan(Method.DIRECT_PAYMENT, 20_000, payee=(PayeeKind.NOMINEE, part))
    held = StreamPlan(Method.THIRD_PARTY, 30_000, organisation_id=ulo)
    case = journey.approved(world, direct, held, person_id=person)
    arranging.arranged(world, case, ulo, lena)
    return case, journey.user_of(world, part, Role.NOMINEE), lena


def plan_review(world: World, case: Case, kind: ReviewKind = ReviewKind.CHANGE) -> UUID:
    with world.unit(world.cm) as uow:
        phb = uow.session.get_one(Phb, case.phb_id)
        return review_setting.add_review(uow, phb, kind, DUE, "Her nights are harder.").id


def say(world: World, who: Actor, stream: UUID, words: str) -> None:
    world.do(who, lambda uow: comment_on_review(uow, stream, words))


def test_each_says_it_of_their_own_stream_and_the_team_reads_both(drafted: Copy) -> None:
    world, _case = drafted
    case, nell, lena = paid(world)
    nothing = refused(world, nell, lambda uow: comment_on_review(uow, case.streams[0], "I pay on time."))
    assert nothing == "No review is planned. Reload the page."
    plan_review(world, case, ReviewKind.DEATH)
    with world.unit(nell, writes=False) as uow:
        assert review_to_come(uow.session, uow.actor, uow.today, reference=case.reference).stream_id == ""
    assert refused(world, nell, lambda uow: comment_on_review(uow, case.streams[0], "How it went.")) == nothing
    review = plan_review(world, case)
    with world.unit(nell, writes=False) as uow:
        to_come = review_to_come(uow.session, uow.actor, uow.today, reference=case.reference)
    assert (to_come.stream_id, to_come.by, to_come.words) == (str(case.streams[0]), "1 July 2026", "")
    say(world, nell, case.streams[0], "I pay on time.")
    say(world, lena, case.streams[1], "We banked two hours.")
    say(world, nell, case.streams[0], "I pay on the day.")
    assert [one.words for one in rows(world, ReviewComment)] == ["I pay on the day.", "We banked two hours."]
    for reader, words in (
        (world.cm, ["I pay on the day.", "We banked two hours."]), (world.other_cm, []),
        (nell, ["I pay on the day."]), (lena, ["We banked two hours."]),
    ):  # fmt: skip
        with world.unit(reader, writes=False) as uow:
            found = comments_before(uow.session, uow.actor, uow.today, review)
            assert [one.words for one in found] == words
    for who, stream in ((nell, case.streams[1]), (lena, case.streams[0])):
        said = refused(world, who, lambda uow, s=stream: comment_on_review(uow, s, "Not mine."))
        assert said == "We could not find that."


def test_an_organisation_that_was_only_offered_the_money_is_not_asked_and_says_nothing(world: World) -> None:
    ulo = arranging.organisation(world)
    lena = arranging.somebody_of(world, ulo)
    case = arranging.approved(world, ulo)
    offer = arranging.offer(world, case, ulo)
    plan_review(world, case)
    saying = lambda uow: comment_on_review(uow, case.streams[0], "It would go well.")  # noqa: E731
    because = "Your organisation does not hold this money yet, so it is not asked before a review."
    for answered in range(2):
        assert refused(world, lena, saying) == because
        with world.unit(lena, writes=False) as uow:
            assert review_to_come(uow.session, uow.actor, uow.today, stream_id=case.streams[0]).stream_id == ""
        if not answered:
            arranging.answer(world, lena, offer)
    agreement = arranging.agreement(world, offer)
    arranging.sign(world, lena, agreement)
    arranging.sign(world, world.approver, agreement)
    arranging.sign_on_paper(world, agreement)
    world.do(lena, saying)


def test_nothing_more_is_said_once_it_is_held_and_staff_say_it_in_the_review(drafted: Copy) -> None:
    world, _case = drafted
    case, nell, _lena = paid(world)
    review = plan_review(world, case)
    refused(world, world.cm, lambda uow: comment_on_review(uow, case.streams[0], "As staff."))
    with world.unit(world.cm) as uow:
        uow.change(uow.session.get_one(Review, review), held_on=world.today)
    assert "No review is planned." in refused(
        world, nell, lambda uow: comment_on_review(uow, case.streams[0], "Too late.")
    )
    with world.unit(nell, writes=False) as uow:
        assert review_to_come(uow.session, uow.actor, uow.today, reference=case.reference).stream_id == ""
