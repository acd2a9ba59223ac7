"""Anything that can be done, in any order, by several people through two stores: no deal passes a gate that is shut."""

import itertools
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import wraps
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from salestui.domain.facts import Decision, Status
from salestui.domain.outcomes import Blocked, Completed, Done, Moved, NotAllowed
from salestui.domain.people import Permission
from salestui.domain.playbook import MetBy
from salestui.domain.requirement import FixKind
from salestui.errors import NotFound
from salestui.services import activities, classes, deals, exceptions, outputs, reviews, scores
from salestui.services.loading import Loaded, judge, judge_loaded
from salestui.storage import chain, tables
from tests.effort import EFFORT
from tests.services.market import DONE, PEOPLE, SELLERS, Market
from tests.ui.filling import complete

t: Any = tables
PARTS = 8
"""A long search is cut into so many tests, so that several processors share it; each part tries examples of its own."""
numbers = itertools.count()
logins = st.sampled_from(["", "", "", *(login for login, *_ in PEOPLE)])
"""Who does something: "" is the owner of the deal at hand, who may do most of it."""
picks = st.integers(0, 30)
STAGES = ("", "", "contact", "solution", "contract", "contract", "fulfilment")
ROLES = ("technical", "sales", "legal", "sales_manager")


class Nothing(Exception):
    """There is nothing yet that could be done this way."""


def pick(things: Any, nth: int) -> Any:
    """Return one of `things`, wherever the number falls."""
    known = list(things)
    if not known:
        raise Nothing
    return known[nth % len(known)]


def step(**strategies: Any) -> Callable[[Callable[..., None]], Any]:
    """Make a rule that does nothing where nothing can be done; to reject it would throw the whole story away."""

    def made(body: Callable[..., None]) -> Any:
        @wraps(body)
        def taken(self: Any, **given: Any) -> None:
            DONE["steps"] += 1
            with suppress(Nothing):
                body(self, **given)

        return rule(**strategies)(taken)

    return made


class Sales(RuleBasedStateMachine):
    """A team at work. What the history says is compared with what was allowed at that instant."""

    run: Path

    def __init__(self) -> None:
        super().__init__()
        DONE["stories"] += 1
        self.market = Market.open(self.run / f"example{next(numbers)}", self.run)
        self.seen = len(self.market.events())
        self.allowed: list[tuple[str, str]] = []
        self.held_at: tuple[object, ...] = ()
        self.versions: dict[int, int] = {}

    def teardown(self) -> None:
        self.market.close()

    # People and deals

    @initialize(campaign=st.sampled_from([1, 2]), login=st.sampled_from(SELLERS), stage=st.sampled_from(STAGES))
    def first_deal(self, campaign: int, login: str, stage: str) -> None:
        """Begin with a new deal, or late in the handbook, where the votes and the sendings are."""
        if not stage:
            self._new_deal(campaign, login, 0)
            return
        self.market.restart(stage)
        self.seen = len(self.market.events())

    @precondition(lambda self: len(self.market.deals()) < 3)
    @step(campaign=st.sampled_from([1, 2]), login=st.sampled_from(SELLERS), nth=picks)
    def new_deal(self, campaign: int, login: str, nth: int) -> None:
        self._new_deal(campaign, login, nth)

    def _new_deal(self, campaign: int, login: str, nth: int) -> None:
        request = self.market.ask(login)
        self.market.attempt(lambda: deals.new(request, 1 + nth % 2, campaign, {"amount": str(10_000 * nth)}))

    @step(nth=picks, login=logins, to=st.sampled_from(SELLERS))
    def reassign(self, nth: int, login: str, to: str) -> None:
        deal = self.market.take(nth)
        self.market.attempt(lambda: deals.reassign(self.market.ask(login), deal, to))

    @step(nth=picks, login=logins, amount=st.sampled_from(["", "1", "9000000"]))
    def change(self, nth: int, login: str, amount: str) -> None:
        deal = self.market.take(nth)
        self.market.attempt(lambda: deals.change(self.market.ask(login), deal, {"amount": amount}))

    # Moves

    @step(nth=picks, login=logins, stale=st.booleans())
    def advance(self, nth: int, login: str, stale: bool) -> None:
        deal = self.market.take(nth)
        self._advance(deal, login, stale=stale)

    def _advance(self, deal: int, login: str, *, stale: bool = False) -> None:
        loaded, held_up = self.market.load(deal), self.market.held_up(deal)
        known, request = loaded.deal, self.market.ask(login)
        report = judge(request, deal)
        assert {requirement.key for requirement in report.unmet} == held_up
        expected = known.version - 1 if stale else known.version
        may = request.actor.permission is not Permission.REP or request.actor.id == known.owner
        shut = bool(held_up) or known.status not in deals.ON_BOARD or stale or not may
        outcome = self.market.attempt(lambda: deals.advance(request, deal, expected))
        assert isinstance(outcome, Moved | Completed) is not shut, (outcome, held_up)
        if isinstance(outcome, Blocked):
            assert {requirement.key for requirement in outcome.report.unmet} == held_up
        if isinstance(outcome, Moved | Completed):
            assert outcome.version == known.version + 1
            self.allowed.append((outcome.id, outcome.target if isinstance(outcome, Moved) else "completed"))

    @step(nth=picks, stages=st.integers(1, 3))
    def work_ahead(self, nth: int, stages: int) -> None:
        """The owner does what the handbook asks and moves on, gate after gate."""
        deal = self.market.take(nth)
        for _ in range(stages):
            if self.market.load(deal).deal.status in deals.ON_BOARD and self._meet(deal):
                self._advance(deal, self.market.login_of(self.market.load(deal).deal.owner))

    def _meet(self, deal: int) -> bool:
        for _ in range(40):
            unmet = judge(self.market.owner(deal), deal).unmet
            if not unmet:
                return True
            if not self._mend(deal, unmet[0]):
                return False
        return False

    def _mend(self, deal: int, requirement: Any) -> bool:
        filler = self.market.filler(deal)
        kind = requirement.fix.kind
        if kind is FixKind.NONE or self._stuck(deal, requirement):
            return False
        filler.mend(requirement)
        return True

    def _stuck(self, deal: int, requirement: Any) -> bool:
        """What an honest seller cannot mend alone: reviews under way or refused, a sending before the approval."""
        if requirement.output:
            key = str(requirement.params.get("of") or requirement.output)
            output = self.market.playbook(deal).output(key)
            sheet = outputs.sheet(self.market.owner(deal), deal, key)
            if requirement.fix.kind is FixKind.FILL_OUTPUT and output.met_by is None and sheet.locked:
                return True
        if requirement.fix.kind is FixKind.VOTE:
            review = reviews.get(self.market.ask("chen"), int(requirement.fix.subject["review"][1:]))
            voters = {self.market.reviewer(role).actor.id for role in requirement.params["roles"]}
            concerned = {self.market.load(deal).deal.owner, review.requested_by} | self._authors(review)
            return bool(voters & concerned)
        return False

    def _authors(self, review: Any) -> set[int]:
        with self.market.theirs.reading():
            return {row.author_id for row in t.Revision.select().where(t.Revision.output == review.output.id)}

    @step(nth=picks, login=logins, stage=picks, reason=st.sampled_from(["客户换人了", " "]))
    def move_left(self, nth: int, login: str, stage: int, reason: str) -> None:
        deal = self.market.take(nth)
        key = pick(self.market.playbook(deal).stages, stage).key
        self.market.attempt(lambda: deals.move_left(self.market.ask(login), deal, key, reason))

    @step(nth=picks, login=logins, lost=st.booleans(), known=st.booleans())
    def close(self, nth: int, login: str, lost: bool, known: bool) -> None:
        deal = self.market.take(nth)
        playbook, request = self.market.playbook(deal), self.market.ask(login)
        reason = (playbook.lost_reasons if lost else playbook.care_reasons)[0].key if known else "其他"
        if lost:
            self.market.attempt(lambda: deals.lose(request, deal, reason, "科瑞", "价格"))
        else:
            day = self.market.now.date() + timedelta(days=90)
            self.market.attempt(lambda: deals.park(request, deal, reason, "", day))

    @step(nth=picks, login=logins)
    def reopen(self, nth: int, login: str) -> None:
        deal = self.market.take(nth)
        self.market.attempt(lambda: deals.reopen(self.market.ask(login), deal, "又来问了"))

    # Evidence

    @step(nth=picks, login=logins, which=picks)
    def classify(self, nth: int, login: str, which: int) -> None:
        known = self.market.load(self.market.take(nth))
        key = pick(known.playbook.classes, which).key
        place = (known.deal.customer, known.deal.campaign)
        self.market.attempt(lambda: classes.classify(self.market.ask(login), *place, key, "看过现场"))

    @step(nth=picks, login=logins, points=st.integers(0, 6))
    def score(self, nth: int, login: str, points: int) -> None:
        known = self.market.load(self.market.take(nth))
        scoring = known.playbook.scoring
        if scoring is None:
            return
        keys = [criterion.key for criterion in scoring.criteria]
        place = (known.deal.customer, known.deal.campaign)
        values, evidence = dict.fromkeys(keys, points), dict.fromkeys(keys, "电话")
        self.market.attempt(lambda: scores.record(self.market.ask(login), *place, values, evidence))

    @step(nth=picks, login=logins, which=picks, spoil=st.integers(0, 9), stale=st.booleans())
    def submit(self, nth: int, login: str, which: int, spoil: int, stale: bool) -> None:
        """Submit an output, sometimes with a field left out, a verdict turned round, or from an old form."""
        deal = self.market.take(nth)
        output = pick([o for _, o in self.market.playbook(deal).outputs() if o.met_by is None], which)
        request, filler = self.market.ask(login), self.market.filler(deal)
        values = complete(output.fields, request)
        if output.sent_before:
            values[output.sent_before] = (request.now - timedelta(days=spoil % 3)).date().isoformat()
        if spoil == 0 and values:
            values.popitem()
        for field in output.fields:
            if spoil == 1 and field.passes and field.choices:
                values[field.key] = field.choices[-1].key
        files = [filler.file(output, n) for n in range(output.files.min)] if spoil != 2 else []
        latest = outputs.sheet(request, deal, output.key).latest
        expected = latest - 1 if stale and latest else None
        submit = lambda: outputs.submit(request, deal, output.key, values, files=files, expected_revision=expected)  # noqa: E731
        self.market.attempt(submit)

    @step(nth=picks, login=logins, which=picks)
    def withdraw(self, nth: int, login: str, which: int) -> None:
        deal = self.market.take(nth)
        known = self.market.load(deal)
        key = pick([o.key for o in known.facts.outputs.values() if o.revision], which)
        request = self.market.ask(login)
        outcome = self.market.attempt(lambda: outputs.withdraw(request, deal, key, "写错了"))
        if isinstance(outcome, Done) and outcome.changed:
            assert self.market.load(deal).facts.outputs[key].revision is None

    @step(nth=picks, login=logins, which=picks, number=st.integers(1, 3))
    def restore(self, nth: int, login: str, which: int, number: int) -> None:
        deal = self.market.take(nth)
        key = pick(self.market.load(deal).facts.outputs, which)
        try:
            self.market.attempt(lambda: outputs.restore(self.market.ask(login), deal, key, number))
        except NotFound:
            assert outputs.sheet(self.market.ask(login), deal, key).latest < number

    @step(which=picks)
    def lose_a_file(self, which: int) -> None:
        """Somebody deletes an attached file from the disk."""
        file = pick(self.market.kept_files(), which)
        file.unlink()
        self.market.refresh_cards()

    @step(nth=picks, login=logins, hours=st.sampled_from([0, 1, 23, 24, 60]), whole=st.booleans())
    def talk(self, nth: int, login: str, hours: int, whole: bool) -> None:
        deal = self.market.take(nth)
        request = self.market.ask(login)
        values = (
            complete(activities.talk_fields(self.market.playbook(deal)), request) if whole else {"channel": "phone"}
        )
        values["at"] = (request.now - timedelta(hours=hours)).isoformat()
        self.market.attempt(lambda: activities.log(request, [deal], values))

    @step(nth=picks, login=logins, which=picks)
    def summarise(self, nth: int, login: str, which: int) -> None:
        deal = self.market.take(nth)
        known, request = self.market.load(deal), self.market.ask(login)
        number = pick([talk.id for talk in known.facts.talks], which)
        values = complete(activities.summary_fields(known.playbook), request) | {"sent_at": request.now.isoformat()}
        self.market.attempt(lambda: activities.send_summary(request, number, values))

    @step(nth=picks, login=logins, days=st.integers(0, 20))
    def plan(self, nth: int, login: str, days: int) -> None:
        deal = self.market.take(nth)
        request = self.market.ask(login)
        at = request.now + timedelta(days=days)
        self.market.attempt(lambda: activities.plan(request, [deal], at=at, subject="再问一次"))

    @step(nth=picks, login=logins, which=picks, undo=st.booleans(), note=st.sampled_from(["", "问到了"]))
    def tick(self, nth: int, login: str, which: int, undo: bool, note: str) -> None:
        deal = self.market.take(nth)
        key = pick([a.key for stage in self.market.playbook(deal).stages for a in stage.actions], which)
        request = self.market.ask(login)
        if undo:
            self.market.attempt(lambda: deals.untick(request, deal, key))
        else:
            self.market.attempt(lambda: deals.tick(request, deal, key, note))

    # Reviews, sending

    @step(nth=picks, login=logins, which=picks)
    def ask(self, nth: int, login: str, which: int) -> None:
        deal = self.market.take(nth)
        playbook = self.market.playbook(deal)
        key = pick([o.key for _, o in playbook.outputs() if o.met_by in {None, MetBy.REVIEW}], which)
        self.market.attempt(lambda: reviews.ask(self.market.ask(login), deal, key))

    def _reviews(self) -> list[int]:
        with self.market.theirs.reading():
            return [row[0] for row in t.Review.select(t.Review.id).tuples()]

    @step(nth=picks, role=st.sampled_from(ROLES), decision=st.sampled_from(Decision), other=st.none() | logins)
    def vote(self, nth: int, role: str, decision: Decision, other: str | None) -> None:
        review = pick(self._reviews(), nth)
        request = self.market.ask(other) if other else self.market.reviewer(role)
        outcome = self.market.attempt(lambda: reviews.vote(request, review, role, decision, "看过"))
        if isinstance(outcome, Done):
            known = reviews.get(request, review)
            with self.market.theirs.reading():
                newest = t.Revision.get((t.Revision.output == known.output.id) & (t.Revision.number == known.revision))
            assert newest.author_id != request.actor.id, "nobody approves his own work"
            assert role in request.actor.roles

    @step(nth=picks, login=logins)
    def recall(self, nth: int, login: str) -> None:
        review = pick(self._reviews(), nth)
        self.market.attempt(lambda: reviews.recall(self.market.ask(login), review, "先改改"))

    @step(nth=picks, login=logins, days=st.integers(0, 2))
    def mark_sent(self, nth: int, login: str, days: int) -> None:
        deal = self.market.take(nth)
        output = pick([o for _, o in self.market.playbook(deal).outputs() if o.send], 0)
        request = self.market.ask(login)
        values = complete(output.send.fields, request)  # type: ignore[union-attr]
        values["sent_on"] = (request.now - timedelta(days=days)).date().isoformat()
        approved = f"contract.{output.key}.approved" not in self._contract_asks(deal)
        outcome = self.market.attempt(lambda: outputs.mark_sent(request, deal, output.key, values))
        assert approved or not isinstance(outcome, Done), "sent before its approval"

    def _contract_asks(self, deal: int) -> set[str]:
        loaded = self.market.load(deal)
        known = loaded.facts.outputs.get("contract_approval")
        review = known.review if known else None
        votes = {vote.role: vote.decision for vote in review.votes} if review else {}
        good = (
            known is not None
            and known.revision is not None
            and review is not None
            and review.revision == known.revision.number
            and not review.recalled
            and votes == {"legal": Decision.APPROVE, "sales_manager": Decision.APPROVE}
        )
        return set() if good else {"contract.contract_approval.approved"}

    # Exceptions, time

    @step(nth=picks, login=st.sampled_from(["chen", "zhou"]) | logins, which=picks, days=st.integers(1, 40))
    def grant(self, nth: int, login: str, which: int, days: int) -> None:
        """Except something, mostly what is really wanting."""
        deal = self.market.take(nth)
        report = judge(self.market.ask(login), deal)
        requirement = pick(report.unmet if report.unmet and which % 4 else report.requirements, which)
        request = self.market.ask(login)
        day = self._today() + timedelta(days=days)
        before = self.market.held_up(deal)
        outcome = self.market.attempt(lambda: exceptions.grant(request, deal, requirement.key, "客户催得急", day))
        if isinstance(outcome, Done):
            assert request.actor.permission is not Permission.REP
            assert self.market.load(deal).deal.owner != request.actor.id
            assert requirement.exceptable
            assert before - self.market.held_up(deal) == {requirement.key}

    def _today(self) -> date:
        return (self.market.now + timedelta(hours=8)).date()

    @step(nth=picks, login=logins)
    def revoke(self, nth: int, login: str) -> None:
        with self.market.theirs.reading():
            known = [row[0] for row in t.Waiver.select(t.Waiver.id).tuples()]
        number = pick(known, nth)
        request = self.market.ask(login)
        outcome = self.market.attempt(lambda: exceptions.revoke(request, number, "补齐了"))
        if request.actor.permission is Permission.REP:
            assert isinstance(outcome, NotAllowed)

    @step(hours=st.sampled_from([1, 5, 24, 24 * 8, 24 * 32]))
    def time_passes(self, hours: int) -> None:
        self.market.pass_time(timedelta(hours=hours))

    # What holds after every step

    @invariant()
    def everything_holds(self) -> None:
        if self.market.state() == self.held_at and not self.allowed:
            return
        self.held_at = self.market.state()
        events = self.market.events()
        known = {deal: self.market.load(deal) for deal in self.market.deals()}
        self._nothing_passed_a_gate_unseen(events, known)
        self._the_history_tells_where_each_deal_stands(events, known)
        self._revisions_have_no_gaps()
        self._a_file_counts_while_it_is_on_the_disk(known)
        for deal, loaded in known.items():
            judged = judge_loaded(loaded, self.market.ask("chen"))
            assert {requirement.key for requirement in judged.unmet} == self.market.held_up(deal)
            self._the_card_says_what_the_gate_says(loaded)
            assert loaded.deal.version >= self.versions.get(deal, 1)
            self.versions[deal] = loaded.deal.version
            if loaded.deal.status in deals.ON_BOARD:
                delivering = loaded.playbook.stage(loaded.deal.stage).delivery
                assert delivering is (loaded.deal.status is Status.WON)

    def _nothing_passed_a_gate_unseen(self, events: list[Any], known: dict[int, Loaded]) -> None:
        passed = []
        for event in events[self.seen :]:
            if event.action == "deal.completed":
                passed.append((event.subject, "completed"))
            if event.action == "deal.moved":
                order = [stage.key for stage in known[event.deal_id].playbook.stages]
                if order.index(event.after["stage"]) > order.index(event.before["stage"]):
                    passed.append((event.subject, event.after["stage"]))
        assert passed == self.allowed
        self.seen, self.allowed = len(events), []

    def _the_history_tells_where_each_deal_stands(self, events: list[Any], known: dict[int, Loaded]) -> None:
        assert chain.verify(self.market.ours) is None
        stands: dict[int, tuple[str, str]] = {}
        for event in events:
            if event.action == "deal.created":
                stands[event.deal_id] = (event.after["stage"], Status.OPEN.value)
            elif event.action.startswith("deal.") and event.action not in {"deal.changed", "deal.reassigned"}:
                stage, status = stands[event.deal_id]
                assert event.before.get("stage", stage) == stage
                assert event.before["status"] == status
                stands[event.deal_id] = (event.after.get("stage", stage), event.after.get("status", status))
        assert stands == {deal: (each.deal.stage, each.deal.status.value) for deal, each in known.items()}

    def _revisions_have_no_gaps(self) -> None:
        with self.market.ours.reading():
            latest = dict(t.Output.select(t.Output.id, t.Output.latest).tuples())
            query = t.Revision.select(t.Revision.output, t.Revision.number).order_by(t.Revision.id).tuples()
            for output, number in latest.items():
                assert [found for owner, found in query if owner == output] == list(range(1, number + 1))

    def _a_file_counts_while_it_is_on_the_disk(self, known: dict[int, Loaded]) -> None:
        kept = {file.parent.name + file.name for file in self.market.kept_files()}
        for loaded in known.values():
            for output in loaded.facts.outputs.values():
                for file in output.revision.files if output.revision else ():
                    assert file.present is (file.sha256 in kept), (output.key, file.name)

    def _the_card_says_what_the_gate_says(self, loaded: Loaded) -> None:
        compared = self.market.card(loaded)
        if compared:
            kept, fresh = compared
            assert kept == fresh


@pytest.fixture(scope="module")
def market_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of all parts, so that what the stories begin with is made once."""
    return tmp_path_factory.mktemp("market")


@pytest.mark.parametrize("part", range(min(EFFORT, PARTS)))
def test_no_deal_passes_a_gate_that_is_shut(market_folder: Path, part: int) -> None:
    """Six stories in the short run; in a long one parts of as many stories each, for as many processors."""
    machine = type("OnDisk", (Sales,), {"run": market_folder})
    slow = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)
    effort = settings(
        max_examples=ceil(6 * EFFORT / min(EFFORT, PARTS)),
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=slow,
    )
    told_apart = seed(part)(machine) if "CI" in os.environ else machine
    DONE.clear()
    run_state_machine_as_test(told_apart, settings=effort)
    print(", ".join(f"{count} {what}" for what, count in sorted(DONE.items())))
