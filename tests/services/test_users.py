import pytest

from salestui.domain.outcomes import Conflict, Done, NotAllowed
from salestui.domain.people import Permission
from salestui.errors import BadInput, CorruptValue, NotFound
from salestui.services import users
from salestui.storage import tables
from tests.services.desk import Desk, changes, number, wrong


def test_people_are_added_with_permission_and_roles(desk: Desk):
    assert users.add(desk.admin, "sun", "孙\x1b[31m洁\u202e", "manager", ["legal", "technical"]) == Done("sun", 1, 5)
    user = users.find(desk.rep, "sun")
    assert (user.name, user.permission, user.roles) == ("孙[31m洁", Permission.MANAGER, {"legal", "technical"})
    assert changes(desk.events("user.added")[-1]) == (
        None,
        {"name": "孙[31m洁", "permission": "manager", "roles": ["legal", "technical"], "active": True},
    )


def test_a_person_without_a_name_goes_by_the_login(desk: Desk):
    users.add(desk.admin, "sun", "")
    assert users.find(desk.admin, "sun").name == "sun"


@pytest.mark.parametrize(
    ("login", "permission", "roles", "problems"),
    [
        ("", "rep", [], [("login", "missing")]),
        ("two words", "rep", [], [("login", "bad_login")]),
        ("wang", "rep", [], [("login", "login_taken")]),
        ("sun", "owner", [], [("permission", "unknown_choice")]),
        ("sun", "rep", ["astronaut"], [("roles", "unknown_choice")]),
    ],
)
def test_a_user_that_cannot_be_is_refused(desk: Desk, login, permission, roles, problems):
    before = len(users.all(desk.admin))
    assert wrong(users.add(desk.admin, login, "孙洁", permission, roles)) == problems
    assert len(users.all(desk.admin)) == before


@pytest.mark.parametrize("who", ["manager", "rep"])
def test_only_an_administrator_manages_people(desk: Desk, who):
    request = getattr(desk, who)
    assert users.add(request, "sun", "孙洁") == NotAllowed("only_admin")
    assert users.change(request, request.actor.id, permission="admin") == NotAllowed("only_admin")


def test_a_change_records_what_differs(desk: Desk):
    rep = desk.rep.actor.id
    outcome = users.change(desk.admin, rep, name="王 磊", permission=Permission.REP, roles=["sales"], active=True)
    assert outcome == Done("wang", 2, rep)
    assert changes(desk.events("user.changed")[-1]) == (
        {"name": "王磊", "roles": []},
        {"name": "王 磊", "roles": ["sales"]},
    )
    assert users.change(desk.admin, rep, name="王 磊") == Done("wang", 2, rep, changed=False)


def test_two_changes_of_the_same_version_conflict(desk: Desk):
    rep = desk.rep.actor.id
    users.change(desk.admin, rep, roles=["sales"], expected_version=1)
    assert users.change(desk.admin, rep, roles=["legal"], expected_version=1) == Conflict("wang", 1, 2)
    assert users.get(desk.admin, rep).roles == {"sales"}


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"name": " "}, [("name", "missing")]),
        ({"permission": "king"}, [("permission", "unknown_choice")]),
        ({"roles": ["astronaut"]}, [("roles", "unknown_choice")]),
        ({"active": False}, [("active", "last_admin")]),
        ({"permission": "rep"}, [("permission", "last_admin")]),
    ],
)
def test_a_change_that_cannot_be_is_refused(desk: Desk, given, problems):
    assert wrong(users.change(desk.admin, desk.admin.actor.id, **given)) == problems
    assert users.get(desk.admin, desk.admin.actor.id).version == 1


def test_the_first_administrator_may_go_once_there_is_another(desk: Desk):
    users.change(desk.admin, desk.manager.actor.id, permission="admin")
    assert users.change(desk.admin, desk.admin.actor.id, active=False) == Done("lin", 2, 1)


def test_a_role_the_playbooks_dropped_stays_with_those_who_have_it(desk: Desk):
    with desk.store.transaction(desk.admin.actor, now=desk.admin.now):
        tables.User.update(roles=["old"]).where(tables.User.login == "wang").execute()
    assert users.change(desk.admin, desk.rep.actor.id, name="王小磊").version == 2


@pytest.mark.parametrize("text", ["wang", "王磊", " 王 磊 ", "王\u200b磊"])
def test_people_are_found_by_login_or_name(desk: Desk, text):
    assert users.find(desk.rep, text).login == "wang"


def test_nobody_is_found_under_another_name(desk: Desk):
    with pytest.raises(NotFound):
        users.find(desk.rep, "李雷")
    with pytest.raises(NotFound):
        users.get(desk.rep, 99)


def test_a_name_that_two_have_asks_for_the_login(desk: Desk):
    users.add(desk.admin, "wang2", "王磊")
    with pytest.raises(BadInput, match="wang, wang2"):
        users.find(desk.rep, "王磊")
    assert users.owner_given(desk.rep, {"owner": "王磊"})[1][0].code == "several_people"
    users.change(desk.admin, users.find(desk.admin, "wang2").id, active=False)
    assert users.find(desk.rep, "王磊").login == "wang"


@pytest.mark.parametrize(
    ("owner", "login", "code"),
    [
        (None, None, None),
        ("", None, None),
        ("赵敏", "zhao", None),
        ("李雷", None, "unknown_person"),
        (7, None, "wrong_type"),
    ],
)
def test_an_owner_is_a_person_who_is_here(desk: Desk, owner, login, code):
    found, problems = users.owner_given(desk.rep, {"owner": owner})
    assert (found.login if found else None) == login
    assert [problem.code for problem in problems] == ([code] if code else [])


def test_somebody_who_left_owns_nothing_new(desk: Desk):
    users.change(desk.admin, desk.other.actor.id, active=False)
    assert users.owner_given(desk.rep, {"owner": "赵敏"})[1][0].code == "unknown_person"


def test_the_form_offers_the_roles_of_all_handbooks(desk: Desk):
    fields = {field.key: field for field in users.user_fields(desk.admin, new=True)}
    assert list(fields) == ["login", "name", "permission", "roles"]
    assert {"technical", "sales", "legal", "sales_manager"} <= {choice.key for choice in fields["roles"].choices}
    assert "active" in {field.key for field in users.user_fields(desk.admin)}


def test_a_permission_nobody_here_wrote_is_told(desk: Desk):
    number(users.add(desk.admin, "sun", "孙洁"))
    with desk.store.transaction(desk.admin.actor, now=desk.admin.now):
        tables.User.update(permission="king").where(tables.User.login == "sun").execute()
    with pytest.raises(CorruptValue):
        users.find(desk.admin, "sun")
