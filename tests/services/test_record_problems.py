"""Every way in which people, campaigns, customers and scores can be wrong is said in words, in both languages."""

import pytest

from salestui import i18n
from salestui.domain.outcomes import Invalid
from salestui.field_texts import CODES, reason_text
from salestui.playbooks import loader
from salestui.services import campaigns, customers, playbooks, scores, settings, users
from tests.services.desk import NEW_MARKET, Desk


def refusals(desk: Desk) -> list[Invalid]:
    """Return one refusal of every kind."""
    role = loader.builtin_text("role")
    playbooks.install(desk.admin, role.replace("version = 1", "version = 4", 1), "role.toml")
    customer, campaign, plain = desk.customer(), desk.campaign(), desk.campaign(name="日常", playbook="role")
    users.add(desk.admin, "wang2", "王磊")
    return [
        campaigns.new(desk.rep, {**NEW_MARKET, "owner": "李雷", "playbook_version": 9}),
        customers.new(desk.rep, {"name": "B", "owner": "王磊"}),
        customers.new(desk.rep, {"name": customers.get(desk.rep, customer).name}),
        customers.classify(desk.rep, customer, plain, "risky", "付款慢"),
        customers.classify(desk.rep, customer, campaign, "splendid", ""),
        scores.record(desk.rep, customer, plain, {}, {}),
        scores.record(desk.rep, customer, campaign, {"charm": 1}, {}),
        settings.change(desk.admin, {"zone": "Mars", "weekend": list(settings.WEEKDAYS), "currency": "元"}),
        users.add(desk.admin, "a b", "x"),
        users.add(desk.admin, "lin", "x"),
        users.change(desk.admin, desk.admin.actor.id, active=False),
        playbooks.install(desk.admin, role.replace("version = 1", "version = 4", 1) + "\n#", "role.toml"),
        playbooks.install(desk.admin, role.replace("version = 1", "version = 2", 1), "role.toml"),
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_problem_is_said_in_the_language_in_use(desk: Desk, language):
    i18n.use(language)
    for refusal in refusals(desk):
        assert isinstance(refusal, Invalid)
        for problem in refusal.problems:
            assert problem.code in CODES
            text = reason_text(problem, (), language)
            for given in problem.params.values():
                text = text.replace(str(given), "")
            assert "{" not in text
            assert any("\u4e00" <= char <= "\u9fff" for char in text) is (language == "zh")
