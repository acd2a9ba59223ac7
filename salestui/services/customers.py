"""Customers: companies, each entered once, their places in campaigns, and the classes they are sorted into there."""

from __future__ import annotations

from collections.abc import Mapping

from salestui.domain.outcomes import Conflict, Done, Invalid, NotAllowed
from salestui.domain.permissions import Act, refusal
from salestui.domain.playbook import Field, FieldType, Text
from salestui.domain.problems import Problem
from salestui.domain.records import Customer, Kind, number_of, shown
from salestui.domain.text import clean_name
from salestui.errors import BadInput, NotFound
from salestui.i18n import gettext as _
from salestui.services import campaigns, cards, editing, users
from salestui.services.classes import classes_of, classify, classify_fields
from salestui.services.memberships import ensure_membership, membership, not_responsible
from salestui.services.request import Call, reads, writes
from salestui.storage import customers as rows
from salestui.storage import memberships as membership_rows
from salestui.storage.store import Transaction
from salestui.storage.visibility import sees_customer

__all__ = [
    "all", "change", "classes_of", "classify", "classify_fields", "count", "customer_fields", "ensure_membership",
    "find", "form_values", "get", "membership", "new", "possible_doubles", "same_name",
]  # fmt: skip

Values = Mapping[str, object]

_FIELDS = (
    Field(
        "name",
        FieldType.TEXT,
        Text("客户全称", "Customer"),
        help=Text("按营业执照上的名字写", "The company's registered name"),
        example=Text("苏州启明食品有限公司", "Qiming Foods Co., Ltd."),
        required=True,
    ),
    Field(
        "short_name",
        FieldType.TEXT,
        Text("简称", "Short name"),
        help=Text("看板上显示它", "What the board shows"),
        example=Text("启明食品", "Qiming"),
    ),
    Field("industry", FieldType.TEXT, Text("行业", "Industry"), example=Text("食品加工", "Food processing")),
    Field("region", FieldType.TEXT, Text("地区", "Region"), example=Text("江苏苏州", "Suzhou, Jiangsu")),
    Field(
        "size",
        FieldType.TEXT,
        Text("规模", "Size"),
        help=Text("人数、年营收，知道多少写多少", "Staff, revenue, whatever is known"),
        example=Text("320 人，年营收约 2 亿", "320 people, revenue about 200M"),
    ),
    Field("website", FieldType.TEXT, Text("网址", "Website")),
    Field("address", FieldType.TEXT, Text("地址", "Address")),
    Field(
        "source",
        FieldType.TEXT,
        Text("来源渠道", "Source"),
        help=Text("展会、老客户介绍、网上询盘……", "Trade show, referral, online enquiry …"),
        example=Text("老客户介绍", "Referred by a customer"),
    ),
    Field(
        "need",
        FieldType.LONG_TEXT,
        Text("初步需求", "First need"),
        help=Text("客户自己怎么说的", "In the customer's own words"),
    ),
    Field("note", FieldType.LONG_TEXT, Text("备注", "Note")),
    Field(
        "owner",
        FieldType.PERSON,
        Text("负责人", "Owner"),
        help=Text("姓名或登录名，不填就是自己", "Name or login; left empty it is yourself"),
    ),
)
_TEXTS = tuple(field.key for field in _FIELDS if field.key != "owner")


def customer_fields() -> tuple[Field, ...]:
    """Return the form of a customer."""
    return _FIELDS


def form_values(record: Customer) -> dict[str, object]:
    """Return a customer as values of its form."""
    return {**{key: getattr(record, key) for key in _TEXTS}, "owner": record.owner_name}


@reads
def get(call: Call, customer: int) -> Customer:
    """Return a customer by number; raises NotFound."""
    found = rows.by_id(customer)
    if found is None or not _seen(call, found):
        raise NotFound("customer", shown(Kind.CUSTOMER, customer))
    return found


@reads
def find(call: Call, text: str) -> Customer:
    """Return the customer with this shown id ("C3") or name; raises NotFound, and BadInput where several have it."""
    named = _known(call, text)
    if len(named) > 1:
        ids = ", ".join(shown(Kind.CUSTOMER, customer.id) for customer in named)
        raise BadInput(clean_name(text), _("Several customers have this name. Give the id: {ids}").format(ids=ids))
    if named:
        return named[0]
    number = number_of(Kind.CUSTOMER, text.strip())
    found = rows.by_id(number) if number is not None else None
    if found is None or not _seen(call, found):
        raise NotFound("customer", clean_name(text))
    return found


def _seen(call: Call, customer: Customer) -> bool:
    """Whether the person may know of a customer: a reading shows no others, a change would."""
    return not isinstance(call, Transaction) or sees_customer(call.actor, customer.id)


def _known(call: Call, name: str, campaign: int | None = None) -> tuple[Customer, ...]:
    return tuple(customer for customer in rows.named(name, campaign) if _seen(call, customer))


@reads
def all(  # noqa: A001  # always read as customers.all
    call: Call, text: str = "", *, limit: int = 100, offset: int = 0, campaign: int | None = None
) -> tuple[Customer, ...]:
    """Return customers by name, those with `text` in name, short name, industry or region; of `campaign` if given."""
    return rows.page(rows.matching(text, campaign, limit=limit, offset=offset))


@reads
def count(call: Call, text: str = "", *, campaign: int | None = None) -> int:
    """Return how many customers `all` would list without a limit."""
    return rows.count(text, campaign)


@reads
def same_name(call: Call, name: str, campaign: int | None = None) -> tuple[Customer, ...]:
    """Return the customers of this name whatever its width, case and spaces; those of `campaign` where given."""
    return _known(call, name, campaign)


@reads
def possible_doubles(call: Call, name: str) -> tuple[Customer, ...]:
    """Return the customers whose name is the same only without company suffixes such as 有限公司 or Co., Ltd."""
    return tuple(customer for customer in rows.possible_doubles(name) if _seen(call, customer))


@writes
def new(tx: Transaction, values: Values, campaign: int | None = None) -> Done | Invalid | NotAllowed:
    """Enter a customer, into `campaign` where given.

    A name the campaign has already is refused. A customer known from elsewhere joins the campaign as it is, and what it
    lacked is filled in from `values`. A rep enters customers of his own; a manager for anybody. Raises NotFound.
    """
    if campaign is not None:
        campaigns.get(tx, campaign)
    owner, unknown = users.owner_given(tx, values)
    given, problems = editing.read_new(tx, _FIELDS, editing.without_owner(values))
    problems += unknown
    known = _known(tx, str(given["name"])) if "name" in given else ()
    refused = known if campaign is None else _known(tx, str(given.get("name", "")), campaign)
    if refused:
        shown_id = shown(Kind.CUSTOMER, refused[0].id)
        problems += (Problem("name", "same_name", {"id": shown_id, "name": refused[0].name}),)
    if problems:
        return Invalid(problems)
    code = refusal(tx.actor, Act.ENTER_FOR, owner.id if owner else tx.actor.id)
    if code:
        return NotAllowed(code)
    if known and campaign is not None:
        return _join(tx, known[0], campaign, given)
    columns = {key: given.get(key, "") for key in _TEXTS}
    number = rows.insert({**columns, "owner": owner.id if owner else tx.actor.id}, tx.now)
    after: dict[str, object] = {key: value for key, value in columns.items() if value}
    after["owner"] = owner.name if owner else tx.actor.name
    if campaign is not None:
        membership_rows.insert(number, campaign, tx.now)
        after["campaigns"] = [shown(Kind.CAMPAIGN, campaign)]
    subject = shown(Kind.CUSTOMER, number)
    tx.record("customer.created", subject=subject, customer=number, campaign=campaign, before=None, after=after)
    return Done(subject, 1, number)


def _join(tx: Transaction, record: Customer, campaign: int, given: Values) -> Done:
    """Let a known customer join the campaign, and fill in what its card lacks; nothing it says is replaced."""
    ensure_membership(tx, record.id, campaign)
    lacking = {key: given[key] for key in _TEXTS if key in given and not getattr(record, key)}
    subject = shown(Kind.CUSTOMER, record.id)
    if not lacking:
        return Done(subject, record.version, record.id)
    rows.update(tx, record.id, record.version, lacking)
    before = dict.fromkeys(lacking, "")
    tx.record("customer.changed", subject=subject, customer=record.id, before=before, after=lacking)
    cards.refresh_for(tx, customer=record.id)
    return Done(subject, record.version + 1, record.id)


@writes
def change(
    tx: Transaction, customer: int, values: Values, expected_version: int | None = None
) -> Done | Conflict | NotAllowed | Invalid:
    """Change the fields given of a customer; one given empty is emptied.

    Its owner, the owners of its deals and campaigns, and managers may; only a manager gives it to another owner.
    Raises NotFound.
    """
    record = get(tx, customer)
    subject = shown(Kind.CUSTOMER, customer)
    refused = not_responsible(tx, customer)
    if refused:
        return refused
    owner, unknown = users.owner_given(tx, values)
    edit = editing.read_change(tx, _FIELDS, form_values(record), editing.without_owner(values))
    problems = (*edit.problems, *_taken(tx, record, edit.after), *unknown)
    if problems:
        return Invalid(problems)
    if owner and owner.id != record.owner:
        code = refusal(tx.actor, Act.GIVE_AWAY)
        if code:
            return NotAllowed(code)
        edit = edit.with_owner(record.owner_name, owner)
    if not edit.columns:
        return Done(subject, record.version, customer, changed=False)
    expected = record.version if expected_version is None else expected_version
    if not rows.update(tx, customer, expected, edit.columns):
        return Conflict(subject, expected, record.version)
    tx.record("customer.changed", subject=subject, customer=customer, before=edit.before, after=edit.after)
    cards.refresh_for(tx, customer=customer)
    return Done(subject, record.version + 1, customer)


def _taken(tx: Transaction, record: Customer, after: Values) -> tuple[Problem, ...]:
    """Return that another customer has the new name."""
    others = [other for other in _known(tx, str(after.get("name", ""))) if other.id != record.id]
    if not others:
        return ()
    return (Problem("name", "same_name", {"id": shown(Kind.CUSTOMER, others[0].id), "name": others[0].name}),)
