"""The sample pipeline: believable, the same for the same seed, and nowhere beyond a gate that was shut."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from salestui.domain.facts import DealFacts, OutputFacts, Revision, Status
from salestui.domain.fields import check
from salestui.domain.gate import evaluate
from salestui.domain.outcomes import Done, Moved
from salestui.domain.people import Permission
from salestui.domain.playbook import Playbook
from salestui.domain.records import ActivityState
from salestui.services import agenda, board, deals, loading, move_check, outputs, playbooks, sample, scores, users
from salestui.services.request import Request
from salestui.storage import chain, tables
from salestui.storage.store import Store

NOW = datetime(2026, 11, 19, 4, 20, tzinfo=UTC)


@pytest.fixture(scope="module", params=["zh", "en"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Request:
    """Return Lin Yue's request on a database with the sample, in either language."""
    store = Store.open(tmp_path_factory.mktemp("sample") / "sales.db")
    return Request(store, sample.fill(store, request.param, NOW), NOW)


def known(request: Request, *statuses: Status) -> tuple[deals.Deal, ...]:
    return deals.listed(request, statuses=statuses)


def test_all_stages_states_and_grades_are_there(filled: Request) -> None:
    on_board = known(filled, Status.OPEN, Status.WON)
    assert len(on_board) == 82
    assert len({deal.customer for deal in on_board}) >= 60
    assert Counter(deal.stage for deal in on_board) == {
        "research": 12,
        "grading": 31,
        "contact": 18,
        "solution": 9,
        "contract": 5,
        "fulfilment": 7,
    }
    assert Counter(deal.status for deal in known(filled)) == {
        Status.OPEN: 75,
        Status.WON: 7,
        Status.COMPLETED: 4,
        Status.LOST: 4,
        Status.IN_CARE: 4,
    }
    with filled.store.reading():
        grades = Counter(row.grade for row in tables.Card.select())
    assert all(grades[grade] for grade in ("", "A", "B", "C"))


def test_the_board_shows_late_due_ready_waiting_blocked_and_excepted_cards(filled: Request) -> None:
    columns = board.load(filled, board.Selection()).columns
    cards = [card for column in columns.values() for card in column]
    assert {card.gate.state.value for card in cards} == {"ready", "unmet", "waiting", "exception", "cannot_pass"}
    assert {card.time.kind.value for card in cards} >= {
        "summary_late",
        "summary_left",
        "followup_late",
        "due_today",
        "score_expired",
        "over_age",
        "age",
    }


def test_lin_yue_can_do_everything_and_has_a_day_before_her(filled: Request) -> None:
    assert filled.actor.permission is Permission.ADMIN
    assert filled.actor.login == "linyue"
    late, today, waiting = agenda.counts(filled, filled.actor.id)
    assert late >= 5
    assert today >= 5
    assert waiting == 2
    mine = [deal for deal in known(filled) if deal.owner == filled.actor.id]
    assert len(mine) > len(known(filled)) / 2
    assert len(users.all(filled)) == 6


def test_the_first_deal_is_the_one_of_the_pictures(filled: Request) -> None:
    deal = next(deal for deal in known(filled) if deal.customer_label in {"恒岳新材", "Hengyue Alloys"})
    assert deal.amount is not None
    assert (deal.stage, deal.amount.minor) == ("solution", 118_000_000)
    score = scores.latest(filled, deal.customer, deal.campaign)
    assert score is not None
    assert (score.grade, score.total) == ("A", 22)
    unmet = {requirement.key for requirement in loading.judge(filled, deal.id).unmet}
    assert "solution.solution_review.approved" in unmet
    assert any(key.startswith("talk.") for key in unmet)
    assert outputs.sheet(filled, deal.id, "solution").latest == 3


def test_every_output_is_complete_by_its_playbook(filled: Request) -> None:
    playbook = playbooks.latest(filled, "expansion")
    with filled.store.reading():
        written = list(tables.Revision.select(tables.Revision, tables.Output).join(tables.Output))
    assert {revision.output.key for revision in written} == {
        output.key for _stage, output in playbook.outputs() if output.met_by is None
    }
    for revision in written:
        output = playbook.output(revision.output.key)
        names = [file["name"] for file in revision.files]
        problems = check(output.fields, revision.values, today=revision.at.date(), files=names, file_rule=output.files)
        assert problems == (), revision.output.key


def test_texts_are_of_one_language(filled: Request) -> None:
    chinese = filled.actor.name == "林悦"
    with filled.store.reading():
        texts = [str(row.values) for row in tables.Revision.select() if row.values] + [
            row.need for row in tables.Deal.select()
        ]
        texts += [str(row.values) for row in tables.Activity.select() if row.values]
        texts += [row.title for row in tables.Contact.select()] + [row.name for row in tables.Customer.select()]
        subjects = [row.subject for row in tables.Activity.select()]
    texts += subjects
    with_chinese = [any("\u4e00" <= char <= "\u9fff" for char in text) for text in texts]
    assert all(with_chinese) if chinese else not any(with_chinese)
    assert not any("{" in subject or "@" in subject for subject in subjects)


def test_dates_are_relative_to_now_and_lie_in_order(filled: Request) -> None:
    with filled.store.reading():
        times = [event.at for event in tables.Event.select().order_by(tables.Event.id)]
        held = [row.at for row in tables.Activity.select().where(tables.Activity.state == ActivityState.DONE.value)]
    assert times == sorted(times)
    assert max(times) <= NOW
    assert all(at <= NOW for at in held)
    assert NOW - times[0] == timedelta(days=160)


def test_its_history_holds(filled: Request) -> None:
    assert chain.verify(filled.store) is None
    assert move_check.check(filled) == ()


def test_no_deal_stands_where_a_gate_would_not_have_let_it_come(filled: Request) -> None:
    playbook = playbooks.latest(filled, "expansion")
    team = loading.team_of(filled)
    moves = 0
    for deal in known(filled):
        final = loading.load(filled, deal.id).facts
        with filled.store.reading():
            past = _Past(deal.id, deal.customer, final)
            for event in past.moves:
                assert event.before is not None
                facts = past.facts(event.at, event.before["stage"], Status(event.before["status"]), playbook)
                report = evaluate(playbook, facts, event.at, team)
                assert not report.unmet, (deal.customer_label, event.at, [r.key for r in report.unmet])
                moves += 1
    assert moves > 150


class _Past:
    """What was true of a deal at earlier instants, read from the tables that are never changed."""

    def __init__(self, deal: int, customer: int, final: DealFacts) -> None:
        self.final = final
        query = tables.Event.select().where((tables.Event.deal_id == deal) | (tables.Event.customer_id == customer))
        events = list(query.order_by(tables.Event.id))
        self.moves = [event for event in events if event.action in {"deal.moved", "deal.completed"}]
        self.scored = [event for event in events if event.action == "score.recorded"]
        self.revisions: dict[str, list[Revision]] = {}
        ids = [fact.revision.id for fact in final.outputs.values() if fact.revision]
        current = list(tables.Revision.select().where(tables.Revision.id.in_(ids)))
        for row in tables.Revision.select().where(tables.Revision.output.in_([row.output_id for row in current])):
            key = row.output.key
            shown = final.outputs[key].revision
            assert shown is not None
            files = shown.files if row.files else ()
            made = Revision(row.id, row.number, row.values, files, row.author_id, "", row.at)
            self.revisions.setdefault(key, []).append(made)

    def facts(self, at: datetime, stage: str, status: Status, playbook: Playbook) -> DealFacts:
        final = self.final
        score = None
        if final.score and (before := [event for event in self.scored if event.at <= at]):
            last = before[-1]
            assert last.after is not None
            score = replace(final.score, at=last.at, total=last.after["total"], grade=last.after["grade"])
        return replace(
            final,
            stage=stage,
            status=status,
            score=score,
            classification=final.classification if final.classification and final.classification.at <= at else None,
            talks=tuple(
                replace(talk, summary=talk.summary if talk.summary and talk.summary.sent_at <= at else None)
                for talk in final.talks
                if talk.at <= at
            ),
            actions={key: done for key, done in final.actions.items() if done.at <= at},
            exceptions=tuple(one for one in final.exceptions if one.granted_at <= at),
            outputs=self._outputs(at, final.outputs),
        )

    def _outputs(self, at: datetime, final: Mapping[str, OutputFacts]) -> dict[str, OutputFacts]:
        found = {}
        for key, fact in final.items():
            revision = next((r for r in reversed(self.revisions.get(key, [])) if r.at <= at), None)
            review = fact.review
            if review and review.requested_at <= at:
                review = replace(review, votes=tuple(vote for vote in review.votes if vote.at <= at))
            else:
                review = None
            sent = fact.sent if fact.sent and fact.sent.at <= at else None
            found[key] = replace(fact, revision=revision, review=review, sent=sent)
        return found


def test_services_go_on_where_the_sample_stops(filled: Request) -> None:
    ready = next(
        deal
        for deal in known(filled, Status.OPEN)
        if deal.owner == filled.actor.id and loading.judge(filled, deal.id).can_move
    )
    later = replace(filled, now=NOW + timedelta(minutes=1))
    assert isinstance(deals.advance(later, ready.id), Moved)
    last = next(deal for deal in known(filled, Status.COMPLETED))
    assert last.won_at is not None
    assert last.closed_at is not None
    assert last.won_at < last.closed_at


def test_the_same_seed_gives_the_same_pipeline(tmp_path: Path) -> None:
    def chained(name: str, seed: int) -> str:
        with Store.open(tmp_path / name) as store:
            sample.fill(store, "zh", NOW, seed=seed, deals=10)
            with store.reading():
                digests = [(event.action, event.at) for event in tables.Event.select().order_by(tables.Event.id)]
        return str(digests)

    assert chained("a.db", 1) == chained("b.db", 1) != chained("c.db", 2)


@pytest.mark.parametrize("hour", [0, 5, 9, 15, 16, 23])
def test_it_can_be_filled_at_any_hour(tmp_path: Path, hour: int) -> None:
    now = datetime(2028, 2, 29, hour, 59, 58, tzinfo=UTC)
    with Store.open(tmp_path / "sales.db") as store:
        me = sample.fill(store, "en", now, login="guest", zone="America/New_York", deals=40)
        assert me.login == "guest"
        request = Request(store, me, now)
        assert len(deals.listed(request)) == 40
        with store.reading():
            times = [event.at for event in tables.Event.select().order_by(tables.Event.id)]
        assert times == sorted(times)
        assert times[-1] <= now


def test_a_small_sample_has_the_first_deal_and_all_stages(tmp_path: Path) -> None:
    with Store.open(tmp_path / "sales.db") as store:
        request = Request(store, sample.fill(store, "en", NOW, deals=12), NOW)
        listed = deals.listed(request)
        assert len(listed) == 12
        assert any(deal.customer_label == "Hengyue Alloys" for deal in listed)
        assert isinstance(users.change(request, request.actor.id, name="Lin"), Done)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_more_deals_than_stories_can_be_asked_for(tmp_path: Path, language: str) -> None:
    with Store.open(tmp_path / "sales.db") as store:
        request = Request(store, sample.fill(store, language, NOW, deals=160), NOW)
        listed = deals.listed(request)
        assert len(listed) == 160
        assert len({deal.customer_name for deal in listed}) == 160
        assert board.load(request, board.Selection()).deals == 82 + 66


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Request:
    """Return Lin Yue's request on a database with more deals than the sample tells stories about."""
    store = Store.open(tmp_path_factory.mktemp("many") / "sales.db")
    return Request(store, sample.fill(store, "zh", NOW, deals=214), NOW)


def test_the_deals_beyond_the_stories_went_through_open_gates_too(many: Request) -> None:
    playbook, team = playbooks.latest(many, "expansion"), loading.team_of(many)
    passed = Counter[str]()
    for deal in [deal for deal in known(many, Status.OPEN) if deal.customer_name[-1].isdigit()]:
        final = loading.load(many, deal.id).facts
        with many.store.reading():
            past = _Past(deal.id, deal.customer, final)
            for event in past.moves:
                assert event.before is not None
                facts = past.facts(event.at, event.before["stage"], Status.OPEN, playbook)
                report = evaluate(playbook, facts, event.at, team)
                assert not report.unmet, (deal.customer_label, [r.key for r in report.unmet])
                passed[event.before["stage"]] += 1
    assert passed["research"] > passed["grading"] > 0


def test_the_deals_beyond_the_stories_have_people_scores_outputs_and_history(many: Request) -> None:
    assert chain.verify(many.store) is None
    with many.store.reading():
        times = [event.at for event in tables.Event.select().order_by(tables.Event.id) if event.at > NOW]
        events = {row.deal_id for row in tables.Event.select().where(tables.Event.action == "deal.created")}
        assert not times
        assert events == {deal.id for deal in known(many)}
        assert tables.Customer.select().where(tables.Customer.name_key == "").count() == 0
        assert tables.Card.select().where(tables.Card.stale).count() == 0
        extra = [deal for deal in known(many) if deal.customer_name[-1].isdigit()]
        with_people = tables.Contact.select(tables.Contact.customer).distinct().count()
        assert with_people == len({deal.customer for deal in known(many)})
        plans = tables.Output.select().where(tables.Output.key == "account_plan")
        for deal in extra:
            told = loading.load(many, deal.id).facts
            assert (told.score is None) == (deal.stage == "research")
        assert plans.where(tables.Output.owner_id > 94).count() > 0
