"""Outputs: complete or not kept, in order, by the right people, and every change told in the history."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from salestui.domain.facts import Decision, Status
from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.people import Actor, Permission
from salestui.domain.playbook import Scope
from salestui.errors import FileMissing, NotFound
from salestui.services import attachments, customers, deals, exceptions, history, outputs, reviews
from salestui.services.loading import judge, load, load_many
from salestui.services.request import Request
from salestui.storage import outputs as output_rows
from salestui.storage import tables
from tests.services.desk import number, wrong
from tests.services.papers import Office, office_in, refused

PRICE = {"price": "680000"}


@pytest.fixture
def office(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_in(tmp_path, tmp_path_factory.getbasetemp()) as opened:
        yield opened


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "合同 草案.pdf"
    path.write_bytes(b"%PDF-1 draft")
    return path


def paper(folder: Path, name: str, content: bytes = b"x") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def after(request: Request, **length: float) -> Request:
    return Request(request.store, request.actor, request.now + timedelta(**length))


def events(office: Office, action: str) -> list[history.Event]:
    found = history.events(office.rep, deal=office.deal)
    return [event for event in reversed(found) if event.action == action]


def outcome_kind(office: Office, key: str = "offer") -> str:
    """Return how the gate finds an output."""
    report = judge(office.rep, office.deal)
    found = report.requirement(f"plan.{key}.complete") or report.requirement(f"close.{key}.complete")
    assert found is not None
    return found.code


# Submitting


def test_a_complete_output_becomes_the_next_revision(office: Office) -> None:
    first = outputs.submit(office.rep, office.deal, "offer", PRICE, note="first\x1b ")
    assert first == Done("D1.offer", 1, 1)
    second = outputs.submit(office.rep, office.deal, "offer", {"price": "700000"}, expected_revision=1)
    assert second == Done("D1.offer", 2, 2)
    sheet = outputs.sheet(office.rep, office.deal, "offer")
    assert [(r.number, r.author_name, r.note) for r in sheet.revisions] == [(2, "王磊", ""), (1, "王磊", "first")]
    assert sheet.values == {"price": {"minor": 70000000, "currency": "CNY"}}
    assert outcome_kind(office) == "output_complete"


def test_the_history_tells_what_a_revision_changed(office: Office) -> None:
    office.submitted("offer", PRICE)
    office.submitted("offer", {"price": "680000", "pains": "慢"})
    event = events(office, "output.submitted")[-1]
    assert event.subject == "D1.offer"
    assert event.before == {"output": "offer", "revision": 1, "withdrawn": False, "values": {}}
    assert event.after == {"output": "offer", "revision": 2, "values": {"pains": "慢"}}
    assert (event.deal, event.customer, event.campaign) == (office.deal, office.customer, office.campaign)


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({}, [("price", "missing")]),
        ({"price": "lots"}, [("price", "bad_money")]),
        ({"price": "1", "colour": "red"}, [("colour", "unknown_field")]),
        ({"price": "1.234"}, [("price", "too_many_decimals")]),
    ],
)
def test_what_is_not_complete_is_not_kept(
    office: Office, values: dict[str, object], problems: list[tuple[str, str]]
) -> None:
    assert wrong(outputs.submit(office.rep, office.deal, "offer", values)) == problems
    assert outcome_kind(office) == "output_missing"
    assert not events(office, "output.submitted")


def test_a_revision_based_on_an_older_one_is_a_conflict(office: Office) -> None:
    office.offer()
    assert outputs.submit(office.rep, office.deal, "offer", PRICE, expected_revision=0) == Conflict("D1.offer", 0, 1)
    assert outputs.sheet(office.rep, office.deal, "offer").latest == 1


def test_two_people_at_the_same_instant_do_not_overwrite_each_other(office: Office) -> None:
    office.offer()
    with office.store.transaction(office.rep.actor, now=office.rep.now) as tx:
        row = output_rows.find(
            outputs.owner_of(load(tx, office.deal), outputs.sheet(tx, office.deal, "offer").output), "offer"
        )
        assert row is not None
        assert isinstance(outputs.submit(tx, office.deal, "offer", PRICE), Done)
        stale = output_rows.add_revision(row, values={}, files=(), note="", author=1, at=tx.now)
        assert stale is None
        assert not output_rows.withdraw(row)


def test_a_repeated_command_submits_once(office: Office) -> None:
    request = Request(office.store, office.rep.actor, office.rep.now, command_id="7")
    assert outputs.submit(request, office.deal, "offer", PRICE) == outputs.submit(request, office.deal, "offer", PRICE)
    assert outputs.sheet(office.rep, office.deal, "offer").latest == 1


def test_amounts_without_a_currency_are_in_that_of_the_deal(office: Office) -> None:
    deal = number(deals.new(office.rep, office.customer, office.campaign, {"amount": "5000 USD"}))
    assert isinstance(outputs.submit(office.rep, deal, "offer", PRICE), Done)
    assert outputs.sheet(office.rep, deal, "offer").values["price"] == {"minor": 68000000, "currency": "USD"}


def test_unknown_deals_and_outputs_are_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        outputs.submit(office.rep, 99, "offer", PRICE)
    with pytest.raises(NotFound):
        outputs.sheet(office.rep, office.deal, "poem")


def test_what_lives_in_the_data_is_not_filled_in(office: Office) -> None:
    for write in (outputs.submit, outputs.save_draft):
        outcome = write(office.rep, office.deal, "offer_review", {})
        assert outcome == NotAllowed("not_a_form", {"output": "offer_review", "by": "review"})
    assert refused(outputs.withdraw(office.rep, office.deal, "offer_review", "x")) == "not_a_form"


def test_a_date_that_time_outran_makes_a_revision_incomplete_again(office: Office) -> None:
    office.submitted("visit", {"next": "2026-11-23"})
    later = after(office.rep, days=3)
    outcome = outputs.restore(later, office.deal, "visit", 1)
    assert refused(outcome) == "already_current"
    office.submitted("visit", {"next": "2027-01-01"})
    assert wrong(outputs.restore(later, office.deal, "visit", 1)) == [("next", "not_after")]


# Who may


KEYS = ("offer", "account_note", "profile", "market_note")
VALUES = {"offer": PRICE, "account_note": {"goal": "A"}, "profile": {"name": "B"}, "market_note": {"size": 3}}


@pytest.mark.parametrize("key", KEYS)
def test_a_stranger_fills_in_nothing(office: Office, key: str) -> None:
    for write in (outputs.submit, outputs.save_draft):
        assert refused(write(office.other, office.deal, key, VALUES[key])) == "only_owner_or_manager"
    locked = outputs.sheet(office.other, office.deal, key).locked
    assert locked is not None
    assert locked.code == "only_owner_or_manager"


@pytest.mark.parametrize("key", KEYS)
def test_the_deals_owner_and_managers_fill_in_everything(office: Office, key: str) -> None:
    assert isinstance(outputs.submit(office.rep, office.deal, key, VALUES[key]), Done)
    assert isinstance(outputs.submit(office.manager, office.deal, key, VALUES[key]), Done)


@pytest.mark.parametrize(("key", "allowed"), [("offer", False), ("account_note", True), ("profile", True)])
def test_who_owns_another_deal_of_the_customer_fills_in_what_they_share(
    office: Office, key: str, allowed: bool
) -> None:
    number(deals.new(office.manager, office.customer, office.campaign, {"owner": "赵敏"}))
    outcome = outputs.submit(office.other, office.deal, key, VALUES[key])
    assert isinstance(outcome, Done if allowed else NotAllowed)


@pytest.mark.parametrize(("key", "allowed"), [("account_note", True), ("profile", True), ("market_note", False)])
def test_the_customers_owner_fills_in_the_customers_outputs(office: Office, key: str, allowed: bool) -> None:
    customers.change(office.manager, office.customer, {"owner": "赵敏"})
    assert isinstance(outputs.submit(office.other, office.deal, key, VALUES[key]), Done if allowed else NotAllowed)


@pytest.mark.parametrize(("key", "allowed"), [("market_note", True), ("account_note", False)])
def test_the_campaigns_owner_and_its_deals_owners_fill_in_its_outputs(office: Office, key: str, allowed: bool) -> None:
    company = number(customers.new(office.other, {"name": "无锡新桥包装"}, office.campaign))
    office.deal_of(office.other, company)
    assert isinstance(outputs.submit(office.other, office.deal, key, VALUES[key]), Done if allowed else NotAllowed)


def test_the_campaigns_owner_without_a_deal_fills_in_its_outputs(office: Office) -> None:
    with office.store.transaction(office.admin.actor, now=office.admin.now):
        tables.Campaign.update(owner=office.other.actor.id).where(tables.Campaign.id == office.campaign).execute()
    assert isinstance(outputs.submit(office.other, office.deal, "market_note", {"size": 3}), Done)


def test_a_shared_output_serves_every_deal_and_stands_in_the_history_of_all(office: Office) -> None:
    second = office.deal_of(office.rep)
    for key, owner in (("market_note", "M1"), ("account_note", "C1/M1"), ("profile", "C1")):
        assert outputs.submit(office.rep, office.deal, key, VALUES[key]) == Done(f"{owner}.{key}", 1, 1)
        assert outputs.sheet(office.rep, second, key).latest == 1
        told = [event.subject for event in history.events(office.rep, deal=second)]
        assert f"{owner}.{key}" in told


def test_the_customer_joins_the_campaign_when_the_pair_needs_an_owner(office: Office) -> None:
    with office.store.transaction(office.admin.actor, now=office.admin.now):
        tables.Membership.delete().execute()
    sheet = outputs.sheet(office.rep, office.deal, "account_note")
    assert (sheet.owner.scope, sheet.owner.id) == (Scope.CUSTOMER_IN_CAMPAIGN, 0)
    assert isinstance(outputs.save_draft(office.rep, office.deal, "account_note", {"goal": "x"}), Done)
    assert isinstance(outputs.submit(office.rep, office.deal, "account_note", {"goal": "x"}), Done)
    assert outputs.sheet(office.rep, office.deal, "account_note").owner.id > 0


# Drafts


def test_a_draft_is_kept_for_its_author_and_opens_no_gate(office: Office) -> None:
    assert isinstance(outputs.save_draft(office.rep, office.deal, "offer", {"price": "still open"}), Done)
    mine = outputs.sheet(office.rep, office.deal, "offer")
    assert mine.draft is not None
    assert mine.values == {"price": "still open"}
    assert not mine.draft_outdated
    assert outputs.sheet(office.manager, office.deal, "offer").draft is None
    assert outcome_kind(office) == "output_missing"
    outputs.save_draft(office.rep, office.deal, "offer", {"price": "2"})
    assert outputs.sheet(office.rep, office.deal, "offer").values == {"price": "2"}


def test_submitting_ends_the_own_draft_and_outdates_those_of_others(office: Office) -> None:
    outputs.save_draft(office.rep, office.deal, "offer", {"price": "1"})
    outputs.save_draft(office.manager, office.deal, "offer", {"price": "2"})
    office.offer()
    assert outputs.sheet(office.rep, office.deal, "offer").draft is None
    assert outputs.sheet(office.manager, office.deal, "offer").draft_outdated


def test_a_draft_can_be_discarded(office: Office) -> None:
    outputs.save_draft(office.rep, office.deal, "offer", {"price": "1"})
    assert outputs.discard_draft(office.rep, office.deal, "offer") == Done("D1.offer", 0)
    assert outputs.discard_draft(office.rep, office.deal, "offer") == Done("D1.offer", 0, changed=False)


def test_a_draft_keeps_its_files_until_they_are_submitted(office: Office, tmp_path: Path) -> None:
    outputs.save_draft(office.rep, office.deal, "offer", {}, [paper(tmp_path, "a.pdf", b"a")])
    sheet = outputs.sheet(office.rep, office.deal, "offer")
    assert [file.name for file in sheet.files] == ["a.pdf"]
    outputs.save_draft(office.rep, office.deal, "offer", {}, [paper(tmp_path, "b.pdf", b"b")], based_on=0)
    both = outputs.sheet(office.rep, office.deal, "offer").files
    assert [file.name for file in both] == ["a.pdf", "b.pdf"]
    outputs.save_draft(office.rep, office.deal, "offer", {}, keep_files=[both[1].sha256])
    kept = [file.sha256 for file in outputs.sheet(office.rep, office.deal, "offer").files]
    assert kept == [both[1].sha256]
    assert isinstance(outputs.submit(office.rep, office.deal, "offer", PRICE, keep_files=kept), Done)
    assert [file.name for file in outputs.sheet(office.rep, office.deal, "offer").files] == ["b.pdf"]


def test_a_draft_begins_with_the_files_of_the_latest_revision(office: Office, tmp_path: Path) -> None:
    outputs.submit(office.rep, office.deal, "offer", PRICE, files=[paper(tmp_path, "a.pdf")])
    outputs.save_draft(office.rep, office.deal, "offer", {"price": "2"})
    assert [file.name for file in outputs.sheet(office.rep, office.deal, "offer").files] == ["a.pdf"]


def test_a_draft_cannot_take_a_file_that_is_not_there(office: Office, tmp_path: Path) -> None:
    outcome = outputs.save_draft(office.rep, office.deal, "offer", {}, [tmp_path / "none.pdf"])
    assert wrong(outcome) == [("files.1", "file_unreadable")]


def test_a_new_form_starts_with_what_the_customers_card_says(office: Office) -> None:
    assert outputs.sheet(office.rep, office.deal, "profile").values == {"name": "苏州启明食品有限公司"}
    assert outputs.sheet(office.rep, office.deal, "offer").values == {}


# Files


def test_files_are_stored_by_content_and_kept_by_hash(office: Office, tmp_path: Path) -> None:
    first, second = paper(tmp_path, "a.pdf", b"a"), paper(tmp_path, "b.txt", b"b")
    outputs.submit(office.rep, office.deal, "offer", PRICE, files=[first, second])
    one, two = outputs.sheet(office.rep, office.deal, "offer").files
    assert (one.name, one.type, one.size, two.name) == ("a.pdf", "pdf", 1, "b.txt")
    outputs.submit(office.rep, office.deal, "offer", PRICE, keep_files=[two.sha256])
    assert outputs.sheet(office.rep, office.deal, "offer").files == (two,)
    outputs.submit(office.rep, office.deal, "offer", PRICE)
    assert outputs.sheet(office.rep, office.deal, "offer").files == (two,)
    outputs.submit(office.rep, office.deal, "offer", PRICE, keep_files=[one.sha256])
    assert outputs.sheet(office.rep, office.deal, "offer").files == (one,)


def test_the_same_content_twice_is_one_file(office: Office, tmp_path: Path) -> None:
    outputs.submit(office.rep, office.deal, "offer", PRICE, files=[paper(tmp_path, "a.pdf")])
    outputs.submit(office.rep, office.deal, "offer", PRICE, files=[paper(tmp_path, "b.pdf")])
    assert [file.name for file in outputs.sheet(office.rep, office.deal, "offer").files] == ["a.pdf"]


@pytest.mark.parametrize(
    ("names", "problems"),
    [
        (("a.exe",), [("files.1", "wrong_file_type")]),
        (("a.pdf", "b.pdf", "c.pdf"), [("files", "too_many_files")]),
        (("gone.pdf",), [("files.1", "file_unreadable")]),
        (("folder.pdf",), [("files.1", "not_a_regular_file")]),
    ],
)
def test_files_that_do_not_fit_are_named(
    office: Office, tmp_path: Path, names: tuple[str, ...], problems: list[tuple[str, str]]
) -> None:
    (tmp_path / "folder.pdf").mkdir()
    for name in names:
        if name not in {"gone.pdf", "folder.pdf"}:
            paper(tmp_path, name, name.encode())
    outcome = outputs.submit(office.rep, office.deal, "offer", PRICE, files=[tmp_path / name for name in names])
    assert wrong(outcome) == problems


def test_a_file_that_never_belonged_to_the_output_is_refused(office: Office) -> None:
    outcome = outputs.submit(office.rep, office.deal, "offer", PRICE, keep_files=["0" * 64])
    assert wrong(outcome) == [("files", "unknown_file")]


def test_a_required_file_that_is_missing_keeps_the_revision_back(office: Office, pdf: Path) -> None:
    assert wrong(outputs.submit(office.rep, office.deal, "contract", {})) == [("files", "too_few_files")]
    office.submitted("contract", {}, None, pdf)
    outcome = outputs.submit(office.rep, office.deal, "contract", {}, keep_files=[])
    assert wrong(outcome) == [("files", "too_few_files")]


def test_a_file_that_was_lost_cannot_be_kept(office: Office, pdf: Path) -> None:
    office.submitted("contract", {}, None, pdf)
    (file,) = outputs.sheet(office.rep, office.deal, "contract").files
    for stored in Path(office.store.location).parent.rglob(file.sha256[2:]):
        stored.unlink()
    assert wrong(outputs.submit(office.rep, office.deal, "contract", {})) == [("files.1", "file_missing")]
    with pytest.raises(FileMissing):
        outputs.open_file(office.rep, file.sha256, name=file.name)
    office.submitted("contract", {}, None, pdf)
    (again,) = outputs.sheet(office.rep, office.deal, "contract").files
    assert again.present, "a new file takes the place of what was lost, with nothing said of the old one"


def test_a_stored_file_opens_as_a_copy_under_its_shown_name(office: Office, pdf: Path, tmp_path: Path) -> None:
    office.submitted("contract", {}, None, pdf)
    (file,) = outputs.sheet(office.rep, office.deal, "contract").files
    copy = outputs.open_file(office.rep, file.sha256, name=f"../../{file.name}", folder=tmp_path / ".")
    assert copy.parent == tmp_path
    assert copy.read_bytes() == pdf.read_bytes()
    again = outputs.open_file(office.rep, file.sha256, name=file.name, folder=tmp_path)
    assert again != copy
    alone = outputs.open_file(office.rep, file.sha256)
    assert (alone.name, alone.is_absolute()) == (file.sha256[:12], True)
    assert attachments.copy_out(office.rep, file.sha256, name="..").name == file.sha256[:12]


# Withdrawing and restoring


def test_withdrawing_closes_the_gate_again_and_a_new_revision_opens_it(office: Office) -> None:
    office.offer()
    assert outputs.withdraw(office.rep, office.deal, "offer", "wrong price") == Done("D1.offer", 1, 1)
    assert outcome_kind(office) == "output_withdrawn"
    event = events(office, "output.withdrawn")[0]
    assert (event.note, event.before) == ("wrong price", {"output": "offer", "revision": 1, "withdrawn": False})
    assert event.after == {"output": "offer", "revision": 1, "withdrawn": True, "blocks": ["D1"]}
    assert office.offer() == 2
    assert outcome_kind(office) == "output_complete"


def test_withdrawing_needs_a_reason_and_something_submitted(office: Office) -> None:
    assert refused(outputs.withdraw(office.rep, office.deal, "offer", "x")) == "submit_first"
    office.offer()
    assert wrong(outputs.withdraw(office.rep, office.deal, "offer", "  ")) == [("reason", "missing")]
    assert refused(outputs.withdraw(office.other, office.deal, "offer", "x")) == "only_owner_or_manager"
    outputs.withdraw(office.rep, office.deal, "offer", "x")
    assert refused(outputs.withdraw(office.rep, office.deal, "offer", "x")) == "already_withdrawn"


@pytest.mark.parametrize("key", ["market_note", "profile"])
def test_only_a_manager_withdraws_what_serves_many_deals(office: Office, key: str) -> None:
    office.submitted(key, VALUES[key])
    assert refused(outputs.withdraw(office.rep, office.deal, key, "x")) == "shared_output"
    assert isinstance(outputs.withdraw(office.manager, office.deal, key, "x"), Done)


def test_what_one_deal_of_a_pair_uses_its_owner_withdraws_until_there_are_two(office: Office) -> None:
    office.submitted("account_note", {"goal": "x"})
    assert isinstance(outputs.withdraw(office.rep, office.deal, "account_note", "x"), Done)
    office.submitted("account_note", {"goal": "x"})
    office.deal_of(office.rep)
    assert refused(outputs.withdraw(office.rep, office.deal, "account_note", "x")) == "shared_output"


def test_deals_are_loaded_in_the_order_asked_for_and_each_once(office: Office) -> None:
    second, third = office.deal_of(office.rep), office.deal_of(office.rep)
    asked = [third, office.deal, 4711, second, third]
    assert list(load_many(office.rep, asked)) == [third, office.deal, second]


def test_the_deals_that_a_withdrawal_would_block_are_named_before_and_kept_after(office: Office) -> None:
    assert outputs.would_block(office.manager, office.deal, "market_note") == ()
    office.submitted("market_note", {"size": 3})
    second = office.deal_of(office.rep)
    excepted = office.deal_of(office.rep)
    lost = office.deal_of(office.rep)
    with office.store.transaction(office.admin.actor, now=office.admin.now):
        tables.Deal.update(status=Status.LOST.value).where(tables.Deal.id == lost).execute()
    blocked = [deal.id for deal in outputs.would_block(office.manager, office.deal, "market_note")]
    assert blocked == [office.deal, second, excepted]
    outputs.withdraw(office.manager, office.deal, "market_note", "x")
    event = events(office, "output.withdrawn")[0]
    assert event.after is not None
    assert event.after["blocks"] == [f"D{office.deal}", f"D{second}", f"D{excepted}"]
    assert (event.deal, event.campaign) == (None, office.campaign)


def test_an_old_revision_is_restored_as_a_new_one(office: Office, tmp_path: Path) -> None:
    outputs.submit(office.rep, office.deal, "offer", PRICE, files=[paper(tmp_path, "a.pdf")])
    outputs.submit(office.rep, office.deal, "offer", {"price": "1"}, keep_files=[])
    assert outputs.restore(office.rep, office.deal, "offer", 1, "after all") == Done("D1.offer", 3, 3)
    sheet = outputs.sheet(office.rep, office.deal, "offer")
    assert sheet.values == {"price": {"minor": 68000000, "currency": "CNY"}}
    assert [file.name for file in sheet.files] == ["a.pdf"]
    event = events(office, "output.restored")[0]
    assert event.after is not None
    assert (event.after["restored_from"], event.after["revision"], event.note) == (1, 3, "after all")


def test_restoring_what_is_withdrawn_brings_it_back(office: Office) -> None:
    office.offer()
    outputs.withdraw(office.rep, office.deal, "offer", "x")
    assert isinstance(outputs.restore(office.rep, office.deal, "offer", 1), Done)
    assert outcome_kind(office) == "output_complete"


def test_only_an_existing_older_revision_is_restored_by_who_may_fill_it_in(office: Office) -> None:
    with pytest.raises(NotFound):
        outputs.restore(office.rep, office.deal, "offer", 1)
    office.offer()
    assert refused(outputs.restore(office.rep, office.deal, "offer", 1)) == "already_current"
    assert refused(outputs.restore(office.other, office.deal, "offer", 1)) == "only_owner_or_manager"
    with pytest.raises(NotFound):
        outputs.restore(office.rep, office.deal, "offer", 7)


# While reviewers read


def test_content_is_read_only_while_a_review_waits_and_recalling_unlocks(office: Office) -> None:
    office.offer()
    review = office.asked("offer")
    calls = (
        lambda: outputs.submit(office.rep, office.deal, "offer", PRICE),
        lambda: outputs.submit(office.admin, office.deal, "offer", PRICE),
        lambda: outputs.withdraw(office.manager, office.deal, "offer", "x"),
        lambda: outputs.restore(office.rep, office.deal, "offer", 1),
    )
    for call in calls:
        assert call() == NotAllowed("review_pending", {"output": "offer", "review": f"R{review}", "by": "王磊"})
    assert isinstance(outputs.save_draft(office.rep, office.deal, "offer", {"price": "1"}), Done)
    assert isinstance(reviews.recall(office.rep, review), Done)
    assert office.offer() == 2


def test_a_refusal_unlocks_the_content(office: Office) -> None:
    office.offer()
    reviews.vote(office.technical, office.asked("offer"), "technical", Decision.REJECT, "cannot be built")
    assert office.offer() == 2


def test_the_form_says_beforehand_what_a_new_revision_brings(office: Office, pdf: Path) -> None:
    assert outputs.consequences(office.rep, office.deal, "offer") == ()
    office.approved_contract(pdf)
    outputs.mark_sent(office.rep, office.deal, "contract", {"sent_on": "2026-11-21", "sent_to": "王"})
    found = {told.code: told.params for told in outputs.consequences(office.rep, office.deal, "contract")}
    assert found == {"voids_votes": {"review": "R1", "roles": ("legal", "finance")}, "send_again": {"revision": 1}}
    office.submitted("market_note", {"size": 1})
    office.deal_of(office.rep)
    (told,) = outputs.consequences(office.rep, office.deal, "market_note")
    assert (told.code, told.params) == ("serves_others", {"count": 1})


# Approve, then send, then sign


def sent(office: Office, on: str, who: Request | None = None) -> object:
    return outputs.mark_sent(who or office.rep, office.deal, "contract", {"sent_on": on, "sent_to": "王建国"})


def test_nothing_goes_to_the_customer_before_it_is_approved(office: Office, pdf: Path) -> None:
    assert refused(sent(office, "2026-11-21")) == "submit_first"
    office.submitted("contract", {}, None, pdf)
    assert refused(sent(office, "2026-11-21")) == "approve_first"
    review = office.asked("contract")
    assert refused(sent(office, "2026-11-21")) == "approve_first"
    office.voted(office.legal, review, "legal")
    assert refused(sent(office, "2026-11-21")) == "approve_first"
    office.voted(office.many, review, "finance")
    assert refused(sent(office, "2026-11-21", office.other)) == "only_owner_or_manager"
    assert sent(office, "2026-11-21") == Done("D1.contract", 1, 1)
    event = events(office, "output.sent")[0]
    assert event.before is None
    assert event.after == {
        "output": "contract",
        "revision": 1,
        "values": {"sent_on": "2026-11-21", "sent_to": "王建国"},
    }


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({}, [("sent_on", "missing"), ("sent_to", "missing")]),
        ({"sent_on": "soon", "sent_to": "王"}, [("sent_on", "bad_date")]),
        ({"sent_on": "2026-11-20", "sent_to": "王"}, [("sent_on", "before_approval")]),
        ({"sent_on": "2026-11-22", "sent_to": "王"}, [("sent_on", "in_future")]),
    ],
)
def test_a_sending_is_complete_and_not_before_the_day_of_approval(
    office: Office, pdf: Path, values: dict[str, object], problems: list[tuple[str, str]]
) -> None:
    office.approved_contract(pdf)
    assert wrong(outputs.mark_sent(office.rep, office.deal, "contract", values)) == problems


def test_a_sending_can_be_put_right(office: Office, pdf: Path) -> None:
    office.approved_contract(pdf)
    sent(office, "2026-11-21")
    later = after(office.rep, days=2)
    assert isinstance(sent(office, "2026-11-22", later), Done)
    event = events(office, "output.sent")[-1]
    assert event.before is not None
    assert event.before["values"] == {"sent_on": "2026-11-21", "sent_to": "王建国"}


def test_what_is_not_sent_out_cannot_be_marked(office: Office) -> None:
    office.offer()
    assert refused(outputs.mark_sent(office.rep, office.deal, "offer", {})) == "not_sent_out"
    assert outputs.send_fields(office.rep, office.deal, "offer") == ()
    assert [field.key for field in outputs.send_fields(office.rep, office.deal, "contract")] == ["sent_on", "sent_to"]


def test_a_review_that_is_optional_does_not_hold_up_the_sending(office: Office) -> None:
    office.submitted("letter", {"text": "x"})
    assert isinstance(
        outputs.mark_sent(office.rep, office.deal, "letter", {"sent_at": "2026-11-21T10:00:00+08:00"}), Done
    )


def test_an_optional_review_that_approved_counts_for_the_day_of_sending(office: Office) -> None:
    office.submitted("letter", {"text": "x"})
    review = office.asked("letter")
    office.voted(after(office.legal, days=1), review, "legal")
    later = after(office.rep, days=2)
    outcome = outputs.mark_sent(later, office.deal, "letter", {"sent_at": "2026-11-21T10:00:00+08:00"})
    assert wrong(outcome) == [("sent_at", "before_approval")]


def test_nothing_is_signed_before_it_was_sent(office: Office, pdf: Path) -> None:
    signature = {"signed_on": "2026-11-21"}
    first = outputs.submit(office.rep, office.deal, "signature", signature)
    assert first == NotAllowed("send_first", {"output": "signature", "of": "contract"})
    office.approved_contract(pdf)
    assert refused(outputs.submit(office.rep, office.deal, "signature", signature)) == "send_first"
    sent(office, "2026-11-21")
    early = outputs.submit(office.rep, office.deal, "signature", {"signed_on": "2026-11-20"})
    assert wrong(early) == [("signed_on", "before_sent")]
    assert isinstance(outputs.submit(office.rep, office.deal, "signature", signature), Done)


def test_a_changed_contract_must_be_approved_and_sent_anew_before_it_is_signed(office: Office, pdf: Path) -> None:
    office.approved_contract(pdf)
    sent(office, "2026-11-21")
    office.submitted("contract", {})
    assert refused(outputs.submit(office.rep, office.deal, "signature", {"signed_on": "2026-11-21"})) == "send_first"
    assert refused(sent(office, "2026-11-21")) == "approve_first"


def test_a_withdrawn_contract_is_not_signed(office: Office, pdf: Path) -> None:
    office.approved_contract(pdf)
    sent(office, "2026-11-21")
    outputs.withdraw(office.rep, office.deal, "contract", "an error")
    assert refused(outputs.submit(office.rep, office.deal, "signature", {"signed_on": "2026-11-21"})) == "send_first"
    assert refused(sent(office, "2026-11-21")) == "submit_first"


def test_an_output_whose_forerunner_was_never_touched_asks_for_the_sending_first(office: Office) -> None:
    sheet = outputs.sheet(office.rep, office.deal, "signature")
    assert sheet.locked == NotAllowed("send_first", {"output": "signature", "of": "contract"})


def test_a_person_with_no_part_in_it_may_still_read(office: Office) -> None:
    stranger = Actor(99, "x", "x", Permission.REP)
    assert outputs.sheet(Request(office.store, stranger, office.rep.now), office.deal, "offer").latest == 0


def test_every_output_event_says_before_and_after(office: Office, pdf: Path) -> None:
    office.approved_contract(pdf)
    sent(office, "2026-11-21")
    for event in history.events(office.rep, deal=office.deal, text="output"):
        assert event.after
    assert isinstance(exceptions.of(office.rep, office.deal), tuple)
    assert office.rep.now == datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    assert isinstance(outputs.submit(office.rep, office.deal, "offer", {}), Invalid)
