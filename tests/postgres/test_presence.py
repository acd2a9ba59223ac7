"""Who is where on a server: seen by the role the server let in, gone with the session, and nothing written."""

from salestui.domain.presence import Doing
from salestui.services import users
from salestui.services.presence import Attendance
from salestui.services.request import Request
from salestui.storage.store import Store
from tests.postgres import databases
from tests.services.desk import NOW, Desk


def test_who_looks_or_edits_is_seen_by_his_role_and_is_gone_with_his_session(desk: Desk):
    name = desk.store.location.partition("?")[0].rpartition("/")[2]
    role = desk.store.login()
    assert role is not None
    users.add(desk.admin, role, "孙洁", "manager")
    here = Attendance(desk.rep)
    with Store.open(databases.server().url(name, options=databases.QUIET)) as elsewhere:
        other, theirs = (
            Request(elsewhere, desk.manager.actor, NOW),
            Attendance(Request(elsewhere, desk.admin.actor, NOW)),
        )
        theirs.show(other, "D7", Doing.LOOKING)
        theirs.show(other, "D7", Doing.EDITING)
        assert here.look(desk.rep)
        assert [(each.name, each.subject, each.doing) for each in here.others] == [("孙洁", "D7", Doing.EDITING)]
        assert not here.look(desk.rep)
    assert any(here.look(desk.rep) for _look in range(50))
    assert here.others == ()
