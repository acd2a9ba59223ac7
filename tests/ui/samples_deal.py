"""The deal screen and the agenda of the mockups as views."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from salestui.domain.deal_views import (
    ConditionGroup,
    ConditionRow,
    ConditionsView,
    RailStage,
    SideRow,
    SideSection,
    StageState,
    Vote,
    Word,
)
from salestui.domain.views import (
    AgendaKind,
    AgendaRow,
    AgendaSection,
    AgendaStripView,
    CheckState,
    DealHeadView,
    GateSlot,
    GateState,
    Tone,
    TopBarView,
)
from salestui.i18n import language
from tests.ui.samples import gate_slot, stage, wan, zh_en

if TYPE_CHECKING:
    from collections.abc import Iterable


def deal_head() -> DealHeadView:
    return DealHeadView(
        zh_en("恒岳新材", "Hengyue Alloys"),
        "A",
        zh_en("重点拓展", "focus"),
        22,
        wan(118),
        zh_en("林悦", "Lin Yue"),
        date(2026, 12, 18),
        stage(4).title,
        (2, 9),
    )


def rail() -> tuple[RailStage, ...]:
    return (
        RailStage(1, stage(1).title, StageState.PAST, date(2026, 8, 21), 9),
        RailStage(2, stage(2).title, StageState.PAST, date(2026, 8, 30), 14),
        RailStage(3, stage(3).title, StageState.PAST, date(2026, 9, 13), 60),
        RailStage(4, stage(4).title, StageState.NOW, date(2026, 11, 12), 7, 20, GateSlot(GateState.UNMET, 3)),
        RailStage(5, stage(5).title, StageState.AHEAD),
        RailStage(6, stage(6).title, StageState.AHEAD),
    )


def _row(line: str) -> ConditionRow:
    state, what, revision, detail, verb, folded = line.split("|")
    number = int(state) if state.isdigit() else None
    chinese = language() == "zh"
    return ConditionRow(
        key=what,
        state=CheckState.UNMET if number else CheckState.MET,
        what=what.strip("《》"),
        titled=what.startswith("《") and chinese,
        number=number,
        revision=revision,
        detail=detail,
        verb=verb,
        folded=folded,
        votes=tuple(
            Vote(CheckState.UNMET if who.startswith("!") else CheckState.MET, who.lstrip("!"))
            for who in detail.split("/")[:-1]
        ),
    )


def conditions() -> ConditionsView:
    def group(title: str, done: int, total: int, lines: Iterable[str], *, foldable: bool = False) -> ConditionGroup:
        return ConditionGroup(title, done, total, tuple(_vote(_row(line)) for line in lines), foldable)

    if language() == "zh":
        groups = (
            group(
                "产出",
                2,
                3,
                [
                    "v|《客户需求深度分析报告》|r2|11-12 林悦  三个层级齐全||",
                    "v|《定制化解决方案》|r3|11-17 林悦  报价 118万||",
                    "1|《方案评审记录表》|r3|技术/销售/!法务/等 2 天|催办|",
                ],
            ),
            group(
                "关键动作",
                4,
                5,
                [
                    "v|走访现场，三个层级都谈到||11-12 林悦||走访",
                    "v|与竞争对手逐项比较||11-13 林悦||比较",
                    "v|痛点、方案、价值逐条对应||11-17 林悦||对应",
                    "v|向客户演示方案||11-18 林悦||演示",
                    "2|记录客户反馈，作为下一版的依据|||登记|",
                ],
                foldable=True,
            ),
            group(
                "沟通与纪要",
                1,
                2,
                [
                    "v|11-12  上门  需求访谈||纪要 11-12 18:40 发出||",
                    "3|11-18  上门  复核报价||纪要超出 24 小时限 2 小时|发送|",
                ],
            ),
            group(
                "评分与分级", 2, 2, ["v|A 22/25  11-02 评||12-02 前有效||", "v|《A级客户专项拓展计划》|r1|11-03 林悦||"]
            ),
            group("前面各关", 6, 6, ["v|市场调研、筛选分级、客户接洽||产出仍然完整有效||"]),
        )
        return ConditionsView(
            "摸清客户的核心需求，拿出客户愿意采纳的定制方案",
            "先听后说；显性需求和隐性需求都写下来，再谈配置",
            stage(5),
            3,
            9,
            groups,
            talk=(
                "认可换型方案和交货批次。要求质保由 12 个月改为 24 个月，周五前答复。",
                "担心夜班故障；我方说明 30 天交付做不到。",
            ),
            talk_title=("11-18 上门", "王建国 李娜"),
        )
    groups = (
        group(
            "Outputs",
            2,
            3,
            [
                "v|In-depth needs analysis|r2|12 Nov Lin Yue  all levels heard||",
                "v|Tailored solution|r3|17 Nov Lin Yue  1.2M quoted||",
                "1|Solution review record|r3|technical/sales/!legal/2 days|remind|",
            ],
        ),
        group(
            "Key actions",
            4,
            5,
            [
                "v|Visit on site, three levels heard||12 Nov Lin Yue||visit",
                "v|Compared with each rival||13 Nov Lin Yue||compare",
                "v|Pain, solution, value mapped||17 Nov Lin Yue||map",
                "v|Solution presented||18 Nov Lin Yue||present",
                "2|Record feedback for the next version|||record|",
            ],
            foldable=True,
        ),
        group(
            "Talks and summaries",
            1,
            2,
            [
                "v|12 Nov  visit  interview||sent 12 Nov 18:40||",
                "3|18 Nov  visit  quotation||2 h past the 24 h limit|send|",
            ],
        ),
        group(
            "Score and grade",
            2,
            2,
            ["v|A 22/25  of 2 Nov||valid until 2 Dec||", "v|Grade-A account plan|r1|3 Nov Lin Yue||"],
        ),
        group("Earlier stages", 6, 6, ["v|Research, Grading, First contact||outputs still complete||"]),
    )
    return ConditionsView(
        "Grasp the core need, offer a solution the customer accepts",
        "Listen first; write explicit and implicit needs down",
        stage(5),
        3,
        9,
        groups,
        talk=("Accepts the changeover plan and the delivery lots. Asks for 24 months of warranty.",),
        talk_title=("18 Nov visit", "Wang Jianguo, Li Na"),
    )


def _vote(row: ConditionRow) -> ConditionRow:
    if not row.votes:
        return row
    return ConditionRow(
        row.key,
        row.state,
        row.what,
        row.titled,
        row.number,
        row.revision,
        row.detail.rpartition("/")[2],
        row.votes,
        row.verb,
    )


def side() -> tuple[SideSection, ...]:
    muted, faint = Tone.MUTED, Tone.FAINT

    def line(*words: tuple[str, Tone], right: tuple[str, Tone] | None = None) -> SideRow:
        return SideRow(tuple(Word(*word) for word in words), Word(*right) if right else None)

    contacts = (
        ("王建国|采购总监|决策|支持", "Wang Jianguo|buying|decides|for us"),
        ("李娜|工艺主任|技术|支持", "Li Na|process|technical|for us"),
        ("周志远|财务经理|预算|中立", "Zhou Zhiyuan|finance|budget|neutral"),
    )
    history = """11-19 09:12|林悦|催办法务评审 r3
    11-18 16:40|赵工|技术评审通过 r3
    11-18 15:05|孙洁|销售评审通过 r3
    11-18 10:20|林悦|上门复核报价
    11-17 20:05|林悦|r3 送评审
    11-17 14:30|林悦|r2 改为 r3
    11-14 11:02|赵工|退回 r2：节拍算错
    11-13 17:20|林悦|r1 改为 r2
    11-12 18:40|林悦|发出访谈纪要
    11-12 15:00|林悦|上门需求访谈
    11-12 09:00|林悦|进入 4 方案制定
    11-03 16:15|林悦|《专项拓展计划》r1
    11-02 10:30|林悦|评分 A 22"""
    scores = zh_en("规模4|匹配5|紧急5|预算4|决策4", "size4|fit5|need5|cash4|who4").split("|")
    people = [zh_en(zh, en).split("|") for zh, en in contacts]
    return (
        SideSection(
            zh_en("客户", "Customer"),
            (
                line((zh_en("江苏恒岳新材料股份有限公司", "Jiangsu Hengyue Advanced Alloys Co."), Tone.NORMAL)),
                line(
                    *(
                        (word, muted)
                        for word in zh_en("新材料|常州|1200 人|营收 8.6亿", "alloys|Changzhou|1200 staff").split("|")
                    )
                ),
            ),
        ),
        SideSection(
            zh_en("联系人", "Contacts"),
            tuple(
                line((name, Tone.NORMAL), (title, muted), (role, muted), right=(stance, muted))
                for name, title, role, stance in people
            ),
            columns=(0, 8, 19) if language() == "zh" else (0, 14, 22),
            total=(Word("3", muted),),
        ),
        SideSection(
            zh_en("评分", "Score"),
            (
                SideRow(
                    tuple(word for score in scores for word in (Word(score[:-1], muted), Word(score[-1], joined=True)))
                ),
            ),
            total=(Word("A", Tone.SUCCESS), Word("22/25", Tone.NORMAL)),
            spread=3,
        ),
        SideSection(
            zh_en("跟进", "Follow-up"),
            (
                line(
                    (zh_en("今天 14:30", "today 14:30"), Tone.WARNING),
                    (zh_en("电话王建国，确认质保", "call Wang: warranty"), Tone.NORMAL),
                ),
                line((zh_en("11-24", "24 Nov"), faint), (zh_en("给李娜寄样件", "samples to Li Na"), muted)),
            ),
            columns=(0, 13),
        ),
        SideSection(
            zh_en("历史", "History"),
            tuple(
                line((when, faint), (who, muted), (what, muted))
                for when, who, what in (entry.strip().split("|") for entry in history.splitlines())
            ),
            columns=(0, 13, 19),
            more=("H", zh_en("全部", "all")),
        ),
    )


def agenda() -> tuple[AgendaSection, ...]:
    def row(line: str) -> AgendaRow:
        when, kind, name, grade, amount, what, at, gate = line.strip().split("|")
        return AgendaRow(
            key=f"{when}{name}",
            deal_id=1,
            when=when,
            kind=kind,
            name=name,
            what=what.removeprefix("《"),
            grade=None if grade == "-" else grade,
            amount=wan(float(amount)),
            titled=what.startswith("《"),
            stage=stage(int(at)),
            gate=gate_slot(gate),
        )

    sections = {
        AgendaKind.LATE: (
            7,
            None,
            """+2h|纪要|恒岳新材|A|118|发出 11-18 上门复核报价的纪要|4|3
        +2h|纪要|明远医疗|A|140|发出 11-18 电话沟通的纪要|3|6
        5天|跟进|浦江港机配套工程|A|120|约技术交流，刘工|3|2
        4天|跟进|苏锦机电|B|39|确认付款条款，财务钱经理|5|1
        3天|跟进|蓝澜环境|A|85|补问预算额度|2|2
        2天|跟进|宁斯自动化设备|A|76|取现场数据，陈主任|4|4
        1天|跟进|常乐储能|-|28|展会名片回访|1|3""",
        ),
        AgendaKind.TODAY: (
            5,
            None,
            """13:30|跟进|瓯泰智能电气股份|A|210|视频会议，采购部 3 人|2|1
        14:00|跟进|戚江机车|A|156|上门谈判第 2 轮|5|3
        14:30|跟进|恒岳新材|A|118|电话王建国，确认质保|4|3
        15:00|跟进|东曜集团|A|88|电话赵副总，确认采购时间表|3|2
        16:30|跟进|甬川模具|-|42|访谈生产厂长|1|ok""",
        ),
        AgendaKind.REVIEW: (1, None, "1天|评审|盐悦纺机|B|33|《定制化解决方案》r2，陈立送审|4|wait"),
        AgendaKind.TOMORROW: (
            3,
            date(2026, 11, 20),
            """09:00|跟进|澜思光学|A|98|问合同审批结果|5|wait
        10:20|纪要|镇康器械|B|26|11-19 沟通的纪要，24 小时限|3|5
        全天|答复|恒岳新材|A|118|答应客户：质保 24 个月能否做|4|3""",
        ),
        AgendaKind.LATER: (
            14,
            None,
            """11-23|跟进|云栈数据|A|130|寄案例集|2|ok
        11-24|跟进|恒岳新材|A|118|给李娜寄样件|4|3
        11-25|满意度|双澄节能|A|88|季度满意度回访|6|3
        11-27|评分|江锐液压件|B|58|评分满一个月，要重评|2|4""",
        ),
    }
    return tuple(
        AgendaSection(kind, total, tuple(row(line) for line in lines.splitlines()), day)
        for kind, (total, day, lines) in sections.items()
    )


def agenda_bar() -> TopBarView:
    return TopBarView(
        place=zh_en("待办", "Agenda"),
        day=date(2026, 11, 19),
        owner=zh_en("我的", "mine"),
        filter="",
        late=7,
        today=5,
        reviews=1,
        me=zh_en("林悦", "LY"),
    )


def agenda_strip() -> AgendaStripView:
    facts = (
        ("收件", "王建国，李娜"),
        ("草稿", "写好 312 字，附件 2：产品册、案例集"),
        ("谈了", "报价拆分、验收标准、交货批次；要求质保 24 个月"),
        ("答应", "周五前答复质保；说明 30 天交付做不到"),
        ("关卡", "这是 恒岳新材 过关还缺的 3 项之一"),
    )
    return AgendaStripView("恒岳新材", "发出 11-18 上门复核报价的纪要", "应在 11-19 10:20 前，已超 2 小时", facts)


def follow_up() -> tuple[Word, ...]:
    return (
        Word(zh_en("今天 14:30", "today 14:30"), Tone.WARNING),
        Word(zh_en("电话王建国，确认质保", "call Wang: warranty")),
        Word("138 0000 6612", Tone.MUTED),
    )
