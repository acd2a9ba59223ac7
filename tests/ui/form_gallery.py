"""Shows forms and the scorecard on their own.

`python -m tests.ui.form_gallery output|small|types|score [--language en] [--theme salestui-light] [--empty]`
"""

from __future__ import annotations

import argparse
from datetime import date

from textual.app import App, ComposeResult
from textual.containers import Vertical

from salestui import i18n
from salestui.domain.deal_views import SideRow, SideSection, Word
from salestui.domain.form_views import (
    AttachedFile,
    Clue,
    GradeOutlook,
    GradeRequirement,
    PastScore,
    ScorecardView,
)
from salestui.domain.playbook import (
    After,
    Choice,
    Covers,
    Criterion,
    Distinct,
    Field,
    FieldType,
    FileRule,
    Grade,
    RequiredWhen,
    ScoreWarning,
    Scoring,
    Text,
)
from salestui.domain.views import Tone
from salestui.widgets.form import Form
from salestui.widgets.quiet import QuietScreen
from salestui.widgets.scorecard import ScoreCard
from salestui.widgets.theme import LookMixin

KEYS = ("size", "fit", "urgency", "budget", "chain")
TODAY = date(2026, 11, 19)
T = FieldType


def solution() -> tuple[Field, ...]:
    """The fields of 《定制化解决方案》."""
    return (
        Field(
            "configuration",
            T.TABLE,
            Text("配置清单", "Configuration"),
            required=True,
            columns=(
                Field("item", T.TEXT, Text("项目", "Item"), required=True),
                Field("quantity", T.INTEGER, Text("数量", "Quantity"), required=True, min=1),
                Field("price", T.MONEY, Text("单价", "Unit price"), required=True),
            ),
        ),
        Field("total", T.MONEY, Text("报价合计", "Quotation total"), required=True),
        Field("delivery", T.TEXT, Text("交付周期", "Delivery period"), required=True),
        Field("service", T.LONG_TEXT, Text("售后服务", "After-sales service"), required=True),
        Field(
            "mapping",
            T.TABLE,
            Text("痛点 ▸ 方案 ▸ 预期价值", "Pain ▸ solution ▸ value"),
            help=Text("每行三格都要填", "all three cells of a row"),
            required=True,
            example=Text(
                "一行写一个痛点；价值写成客户能核对的数字，不堆产品参数",
                "one pain a row; the value is a figure the customer can verify, no parameters",
            ),
            columns=(
                Field("pain", T.TEXT, Text("客户的痛点", "The customer's pain"), required=True),
                Field("solution", T.TEXT, Text("我们的方案", "Our solution"), required=True),
                Field(
                    "value",
                    T.TEXT,
                    Text("预期价值", "Expected value"),
                    required=True,
                    example=Text("省多少，快多少", "how much cheaper, how much faster"),
                ),
            ),
        ),
        Field(
            "difference",
            T.LONG_TEXT,
            Text("差异化优势", "Differentiators"),
            required=True,
            help=Text("技术、服务、成本，至少一条", "technology, service, cost: at least one"),
            example=Text("同行里只有我们在常州有驻点，夜班 4 小时到场", "the only supplier with an engineer on site"),
        ),
        Field(
            "feedback",
            T.TABLE,
            Text("客户反馈", "Customer feedback"),
            columns=(
                Field("date", T.DATE, Text("日期", "Date"), required=True),
                Field("who", T.PERSON, Text("谁", "Who"), required=True),
                Field("what", T.TEXT, Text("说了什么", "What"), required=True),
                Field(
                    "decision",
                    T.CHOICE,
                    Text("处理", "Decision"),
                    choices=(
                        Choice("yes", Text("采纳", "adopted")),
                        Choice("no", Text("不采纳", "declined")),
                        Choice("later", Text("下一版", "next version")),
                    ),
                ),
            ),
        ),
    )


SOLUTION_VALUES: dict[str, object] = {
    "configuration": [
        {"item": "涂覆机 CX-3", "quantity": 1, "price": {"minor": 98000000, "currency": "CNY"}},
        {"item": "在线检测", "quantity": 1, "price": {"minor": 20000000, "currency": "CNY"}},
    ],
    "total": {"minor": 118000000, "currency": "CNY"},
    "delivery": "合同生效后 45 天，分两批到货",
    "service": "质保 24 个月，4 小时到场，备件寄售常州",
    "mapping": [
        {
            "pain": "换型停机 6 小时，每月少开 2 个班",
            "solution": "快换模组，三步换型，预置 12 套配方",
            "value": "换型缩到 40 分钟，每月多开 1.8 个班",
        },
        {
            "pain": "涂层不良率 3.2%，靠人工抽检",
            "solution": "在线视觉检测，超差自动停机并留图",
            "value": "不良率降到 0.8%，一年少返工 46万",
        },
        {"pain": "夜班出故障没人会修，等厂家要 2 天", "solution": "常州驻点 4 小时到场，远程诊断，备件寄售"},
    ],
    "feedback": [
        {"date": "2026-11-18", "who": "王建国", "what": "质保改 24 个月", "decision": "yes"},
        {"date": "2026-11-18", "who": "李娜", "what": "夜班要有人到场", "decision": "yes"},
    ],
}


def every_type() -> tuple[Field, ...]:
    """One field of each type."""
    level = tuple(
        Choice(key, Text(zh, en))
        for key, zh, en in (
            ("technical", "技术层", "technical"),
            ("purchasing", "采购层", "purchasing"),
            ("decision", "决策层", "decision"),
        )
    )
    fit = tuple(
        Choice(key, Text(zh, en))
        for key, zh, en in (("high", "高", "high"), ("medium", "中", "medium"), ("low", "低", "low"))
    )
    long = tuple(
        Choice(f"r{n}", Text(f"要按合同约定办理的第 {n} 种结算方式", f"the settlement of kind number {n} as agreed"))
        for n in range(1, 5)
    )
    return (
        Field(
            "text",
            T.TEXT,
            Text("合同编号", "Contract number"),
            help=Text("公司统一编号", "the company's numbering"),
            required=True,
        ),
        Field(
            "long", T.LONG_TEXT, Text("结论", "Conclusion"), help=Text("三句话说清", "three sentences"), required=True
        ),
        Field(
            "integer",
            T.INTEGER,
            Text("满意度", "Rating"),
            min=0,
            max=10,
            required=True,
            help=Text("0 到 10", "0 to 10"),
        ),
        Field("decimal", T.DECIMAL, Text("增长率 %", "Growth rate %"), decimals=1),
        Field("money", T.MONEY, Text("金额", "Amount"), required=True, help=Text("可写 68万、1.2M", "680K, 1.2M")),
        Field("date", T.DATE, Text("下次联系", "Next contact"), required=True, rules=(After("today"),)),
        Field("datetime", T.DATETIME, Text("沟通时间", "Talk at"), required=True),
        Field("yes_no", T.YES_NO, Text("印章核对", "Seals checked"), required=True, passes=("yes",)),
        Field("choice", T.CHOICE, Text("匹配度", "Fit"), required=True, choices=fit),
        Field("settlement", T.CHOICE, Text("结算方式", "Settlement"), choices=long),
        Field("choices", T.CHOICES, Text("层级", "Levels"), required=True, choices=level),
        Field("person", T.PERSON, Text("负责人", "Person"), required=True),
        Field(
            "table",
            T.TABLE,
            Text("访谈对象", "People heard"),
            required=True,
            rules=(Covers("level", ("technical", "purchasing", "decision")), Distinct("name", 2)),
            columns=(
                Field("name", T.PERSON, Text("姓名", "Name"), required=True),
                Field("level", T.CHOICES, Text("层级", "Levels"), required=True, choices=level),
                Field("date", T.DATE, Text("日期", "Date"), required=True),
            ),
        ),
        Field("follow_up", T.LONG_TEXT, Text("跟进措施", "Follow-up"), rules=(RequiredWhen("integer", below=7),)),
    )


def small() -> tuple[Field, ...]:
    """A form of three fields."""
    return (
        Field(
            "name", T.TEXT, Text("姓名", "Name"), required=True, help=Text("名片上的全名", "full name as on the card")
        ),
        Field(
            "role",
            T.CHOICE,
            Text("角色", "Role"),
            required=True,
            choices=(
                Choice("d", Text("决策", "decides")),
                Choice("t", Text("技术", "technical")),
                Choice("p", Text("采购", "purchasing")),
            ),
        ),
        Field("phone", T.TEXT, Text("电话", "Phone")),
    )


ASIDE = (
    SideSection(
        "评审",
        (
            SideRow((Word("✓", Tone.SUCCESS), Word("技术", Tone.MUTED)), Word("赵工", Tone.FAINT)),
            SideRow((Word("✓", Tone.SUCCESS), Word("销售", Tone.MUTED)), Word("孙洁", Tone.FAINT)),
            SideRow((Word("◦", Tone.FAINT), Word("法务", Tone.MUTED)), Word("周敏 等 2 天", Tone.MUTED)),
        ),
        columns=(2, 4),
        total=(Word("r3", Tone.MUTED),),
    ),
    SideSection(
        "版本",
        (
            SideRow((Word("r4 草稿"),), Word("今天", Tone.FAINT)),
            SideRow((Word("r3 已送审", Tone.MUTED),), Word("11-17", Tone.FAINT)),
        ),
        more=("v", "对比"),
    ),
)


def scoring() -> Scoring:
    """The scorecard of the expansion playbook."""

    def criterion(key: str, title: Text, short: Text, meanings: tuple[tuple[str, str], ...]) -> Criterion:
        return Criterion(key, title, short, Text("", ""), 1, 5, tuple(Text(zh, en) for zh, en in meanings))

    plain = tuple((f"第 {n} 档", f"level {n}") for n in range(1, 6))
    return Scoring(
        (
            criterion(
                "size",
                Text("企业规模", "Company size"),
                Text("营收与人数", "revenue and staff"),
                (*plain[:3], ("营收 5 亿以上，或 500 人以上", "500M or more, or 500 people"), plain[4]),
            ),
            criterion(
                "fit",
                Text("行业匹配度", "Industry fit"),
                Text("与我方产品线的契合", "how our products match"),
                (*plain[:3], ("同行业已有 1 个案例", "one case in the industry"), plain[4]),
            ),
            criterion(
                "urgency",
                Text("需求紧急度", "Urgency of need"),
                Text("何时必须解决", "when it must be solved"),
                (*plain[:4], ("三个月内必须解决，或已经停线", "within three months")),
            ),
            criterion(
                "budget",
                Text("预算充足度", "Budget"),
                Text("额度与审批", "amount and approval"),
                (*plain[:3], ("已批，额度接近报价", "approved, near the quotation"), plain[4]),
            ),
            criterion(
                "chain",
                Text("决策链清晰度", "Decision chain"),
                Text("谁拍板，谁影响", "who decides, who influences"),
                (
                    ("不知道谁管", "nobody known"),
                    ("知道归哪个部门", "the department is known"),
                    ("知道主要角色和各自关心的事", "the roles and what they care about"),
                    ("关键人都见过", "all key people met"),
                    ("关键人都表态支持", "all key people support us"),
                ),
            ),
        ),
        (
            Grade("A", Text("重点拓展", "Focus"), Text("", ""), Text("优先投入资源", "resources first"), 20, 7),
            Grade("B", Text("潜力培养", "Develop"), Text("", ""), Text("先把需求谈清楚", "clarify the need"), 15, 14),
            Grade("C", Text("暂缓跟进", "Hold"), Text("", ""), Text("转入长期维护", "care list"), 0, 30),
        ),
        warnings=(
            ScoreWarning(
                "A", ("urgency", "budget", "chain"), 2, Text("有一项低于 3 分，先核实", "one criterion is low")
            ),
        ),
    )


def score_view(*, empty: bool = False) -> ScorecardView:
    """A monthly rescore with four of five criteria done."""
    history = tuple(
        PastScore(day, who, sum(values), grade, dict(zip(KEYS, values, strict=True)))
        for day, who, grade, values in (
            (date(2026, 10, 18), "林悦", "B", (4, 4, 3, 3, 3)),
            (date(2026, 9, 17), "林悦", "B", (4, 4, 3, 3, 2)),
            (date(2026, 8, 20), "陈立", "C", (4, 3, 3, 2, 2)),
        )
    )
    plan = GradeRequirement("《A级客户专项拓展计划》尚未写", done=False, note="过关条件会多出这一项")
    return ScorecardView(
        scoring(),
        TODAY,
        values={} if empty else dict(zip(KEYS[:4], (4, 4, 5, 4), strict=True)),
        evidence={}
        if empty
        else {
            "size": "2025 年报：营收 6.2 亿，740 人",
            "fit": "同类：江锐液压件，2025 年交付",
            "urgency": "11-16 电话：二号线 12 月停产改造",
            "budget": "11-16 电话：预算 45 万已过会",
        },
        last_evidence={"chain": "10-18 拜访"},
        history=() if empty else history,
        valid_until=None if empty else date(2026, 11, 18),
        validity="一个月有效；预算、组织有变即重评",
        outlooks=(
            GradeOutlook("A", passes=True, requirements=(plan, GradeRequirement("每 7 天至少跟进一次"))),
            GradeOutlook("B", passes=True, requirements=(GradeRequirement("每 14 天至少跟进一次"),)),
            GradeOutlook("C", passes=False),
        ),
    )


class Gallery(LookMixin, App[None]):
    """One form and nothing else."""

    CSS = "Screen { background: $background; } #panel { height: auto; dock: bottom; background: $background; }"

    def __init__(self, kind: str, language: str = "zh", theme: str = "salestui-dark", *, empty: bool = False) -> None:
        self.kind, self.form_language, self.empty = kind, language, empty
        self.wanted_theme = theme
        self.log_of_messages: list[object] = []
        i18n.use("zh" if language == "zh" else "en")
        super().__init__()

    def get_default_screen(self) -> QuietScreen:
        """Take the screen that the product uses."""
        return QuietScreen(id="_default")

    def compose(self) -> ComposeResult:
        """Show the form that was asked for."""
        people = ("林悦", "林伟", "赵工", "孙洁")
        if self.kind == "output":
            yield Form(
                solution(),
                {} if self.empty else SOLUTION_VALUES,
                today=TODAY,
                language=self.form_language,
                people=people,
                files=(AttachedFile("方案演示 r3.pdf", 2_100_000, date(2026, 11, 17)),),
                file_rule=FileRule(0, None, ("pdf", "pptx")),
                aside=ASIDE,
                warning="存为 r4，三方都要重评",
                note="没写完也能存草稿；写完才算产出，关卡才认",
                clues={
                    "mapping": Clue("《深度分析》r2 还有 1 个痛点没有对应：换批清洗耗水", [{"pain": "换批清洗耗水"}])
                },
            )
        elif self.kind == "types":
            yield Form(
                every_type(),
                {},
                today=TODAY,
                language=self.form_language,
                people=people,
                file_rule=FileRule(1, 3, ("pdf",)),
            )
        elif self.kind == "score":
            yield ScoreCard(score_view(empty=self.empty), language=self.form_language)
        else:
            with Vertical(id="panel"):
                yield Form(small(), {}, today=TODAY, language=self.form_language, note="esc 放弃")

    def on_mount(self) -> None:
        """Wear the theme and put the cursor where the picture has it."""
        self.look(self.wanted_theme)
        if self.kind == "output" and not self.empty:
            self.call_after_refresh(lambda: self.query_one(Form).go_to("mapping.3.value"))
        elif self.kind == "score":
            self.query_one(ScoreCard).focus()
        else:
            self.call_after_refresh(lambda: self.query_one(Form).focus())

    def on_form_changed(self, event: Form.Changed) -> None:
        """Remember it."""
        self.log_of_messages.append(event)

    def on_form_file_added(self, event: Form.FileAdded) -> None:
        """Take the file in, as a screen would."""
        self.log_of_messages.append(event)
        added = AttachedFile(event.path.name, event.path.stat().st_size, TODAY)
        event.form.files = (*event.form.files, added)

    def on_form_file_removed(self, event: Form.FileRemoved) -> None:
        """Take the file away."""
        self.log_of_messages.append(event)
        event.form.files = tuple(file for index, file in enumerate(event.form.files) if index != event.index)

    def on_form_submitted(self, event: Form.Submitted) -> None:
        """Remember it."""
        self.log_of_messages.append(event)


def main() -> None:
    """Run the gallery."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("output", "small", "types", "score"))
    parser.add_argument("--language", default="zh")
    parser.add_argument("--theme", default="salestui-dark")
    parser.add_argument("--empty", action="store_true")
    asked = parser.parse_args()
    Gallery(asked.kind, asked.language, asked.theme, empty=asked.empty).run()


if __name__ == "__main__":
    main()
