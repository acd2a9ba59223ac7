"""Writes docs/permissions.md and docs/permissions.zh-CN.md from the table of permissions; a test keeps them in step.

python tools/permissions_page.py           write both pages
python tools/permissions_page.py --check   fail where a page is not what the table says
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final, Literal

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from salestui.domain.people import Permission  # noqa: E402  # the repository is put on the path just above
from salestui.domain.permissions import ALLOWED, OWN, Act, Reach  # noqa: E402  # the same

Language = Literal["en", "zh"]
PAGES: Final[dict[Language, Path]] = {
    "en": ROOT / "docs" / "permissions.md",
    "zh": ROOT / "docs" / "permissions.zh-CN.md",
}
ACTS: Final[dict[Act, tuple[str, str]]] = {
    Act.SEE_DEAL: ("See deals, where reps see their own", "看单子（销售只看自己的时）"),
    Act.MOVE_DEAL: ("Move a deal through its gates, or back", "推进或退回单子"),
    Act.EDIT_DEAL: ("Change a deal, tick its key actions", "改单子、勾关键动作"),
    Act.CLOSE_DEAL: ("Close a deal as lost, park it", "输单、放入维护名单"),
    Act.REOPEN_DEAL: ("Reopen a closed deal", "重新打开单子"),
    Act.CANCEL_WON_DEAL: ("Take back a deal that was won", "撤回已赢的单子"),
    Act.REASSIGN_DEAL: ("Give a deal to another owner", "把单子转给别人"),
    Act.ENTER_FOR: ("Enter deals, customers, campaigns", "录入单子、客户、拓展活动"),
    Act.GIVE_AWAY: ("Give a customer or a campaign to another owner", "把客户或拓展活动转给别人"),
    Act.EDIT_CUSTOMER: ("Change, classify and score a customer", "改客户、分级、评分"),
    Act.EDIT_CAMPAIGN: ("Change a campaign", "改拓展活动"),
    Act.FILL_OUTPUT: ("Write and submit outputs", "填写、提交产出"),
    Act.WITHDRAW_SHARED_OUTPUT: ("Withdraw an output that serves several deals", "撤回多个单子共用的产出"),
    Act.EDIT_TALK: ("Change a talk, send its summary", "改沟通记录、发纪要"),
    Act.PLAN_FOR: ("Plan a next step", "安排跟进"),
    Act.CHANGE_REVIEW: ("Recall a review, ask another reviewer", "撤回评审、换评审人"),
    Act.NAME_DEPUTY: ("Name who votes meanwhile", "指定代理评审人"),
    Act.GRANT_EXCEPTION: ("Grant an exception", "批准例外"),
    Act.RECORD_EXCEPTION: ("Record an exception for somebody else, where allowed", "代录例外（数据库允许时）"),
    Act.REVOKE_EXCEPTION: ("Revoke an exception", "收回例外"),
    Act.IMPORT_INTO_STAGE: ("Import deals into a later stage", "导入时直接放进后面的阶段"),
    Act.UPGRADE_PLAYBOOK: ("Move deals to another playbook version", "把单子换到另一版手册"),
    Act.HAND_OVER: ("Hand a leaver's work over", "移交离职人员的工作"),
    Act.MANAGE_USERS: ("Add and change users", "增加、修改用户"),
    Act.MANAGE_SETTINGS: ("Change the team's settings", "改团队设置"),
    Act.INSTALL_PLAYBOOK: ("Install a playbook", "安装手册"),
    Act.ERASE_PERSON: ("Erase a person's data", "清除某人的个人数据"),
    Act.BACK_UP: ("Back up the database", "备份数据库"),
    Act.RESTORE: ("Restore a backup", "恢复备份"),
}
_OWN: Final[dict[str, tuple[str, str]]] = {
    "": ("own deals", "自己的单子"),
    "seen": ("own, shared, to review", "自己的、共享的、请自己评审的"),
    "himself": ("own name", "自己名下"),
    "customer": ("customers one works on", "自己在跟的客户"),
    "campaign": ("own campaigns", "自己的拓展活动"),
    "output": ("what one works on", "自己在跟的"),
    "talk": ("own talks and deals", "自己的沟通和单子"),
    "review": ("asked by oneself", "自己发起的"),
}
_OPENING: Final[dict[Language, str]] = {
    "en": """# Who may do what

[中文](permissions.zh-CN.md)

Who you are is said by the operating system (on PostgreSQL by the server), never by a setting. Everybody has one
permission; whoever is not in the table of users gets in nowhere and is told whom to ask. The first person at a new
database is its administrator.

`-` is nobody's business, `all` is every deal. Where only own things are allowed, others' are read.
Reviews are voted on by who holds the reviewer role, never by who wrote what is reviewed.
""",
    "zh": """# 谁能做什么

[English](permissions.md)

你是谁由操作系统说了算（PostgreSQL 由服务器说了算），不由设置决定。每人一种权限；
不在用户表里的人进不来，会告诉他找谁。新数据库的第一个人就是管理员。

「-」是不能做，「全部」是所有单子。只能动自己的，别人的可以看。
评审由持有评审角色的人投票，谁写的谁不能评。
""",
}
_HEADS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("act", "rep", "manager", "administrator"),
    "zh": ("动作", "销售", "经理", "管理员"),
}
_SEEING: Final[dict[Language, str]] = {
    "en": """
## Who sees what

The team's settings decide it (settings, `S`, "Reps see"; on the command line `salestui settings change`):

- **everything** (the default): everybody sees all deals and customers.
- **own**: a rep sees the deals he owns, all deals of campaigns marked as shared, and those whose review he is asked
  for; customers he owns or works on, those of what he sees, and those nobody has a deal with. What he does not see is
  on no board, in no list, search, report, history or export, and has no number: it is not found. Nor are its papers,
  reviews, votes, scores, exceptions, talks and files. What belongs to a campaign is seen by its owner and by whoever
  sees a deal of it. Managers and administrators see everything.
""",
    "zh": """
## 谁看得到什么

由团队设置决定（设置 `S`「销售能看到」；命令行 `salestui settings change`）：

- **全部**（默认）：所有人看得到所有单子和客户。
- **自己的**：销售看得到自己的单子、标为共享的拓展活动里的所有单子、请他评审的单子；
  看得到自己负责或在跟的客户、以上单子的客户、还没有人做单子的客户。看不到的东西不在看板、列表、搜索、
  报表、历史和导出里，按编号也找不到；它的产出、评审、投票、评分、例外、沟通和附件也一样。拓展活动的产出，
  活动的负责人和看得到其中某个单子的人看得到。经理和管理员看得到全部。
""",
}


def page(language: Language) -> str:
    """Return the page in a language."""
    at = 0 if language == "en" else 1
    lines = [_OPENING[language], _row(_HEADS[language]), _row(["---"] * 4)]
    for act in Act:
        reaches = (_cell(act, ALLOWED[act, permission], at) for permission in Permission)
        lines.append(_row([ACTS[act][at], *reaches]))
    return "\n".join(lines) + "\n" + _SEEING[language]


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(act: Act, reach: Reach, at: int) -> str:
    if reach is Reach.OWN:
        return _OWN[OWN.get(act, "")][at]
    words = {Reach.NOTHING: ("-", "-"), Reach.OTHERS: ("others' deals", "别人的单子"), Reach.ALL: ("all", "全部")}
    return words[reach][at]


def main() -> int:
    """Write both pages, or check them."""
    stale = [path for language, path in PAGES.items() if not path.exists() or path.read_text("utf-8") != page(language)]
    if "--check" in sys.argv:
        print("\n".join(f"{path} is not what the table says" for path in stale))
        return 1 if stale else 0
    for language, path in PAGES.items():
        path.write_text(page(language), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
