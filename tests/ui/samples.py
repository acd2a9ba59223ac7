"""The pipeline of the mockups as views: one deal, 恒岳新材, runs through all of them."""

from __future__ import annotations

from datetime import date, time
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
from salestui.domain.money import Money
from salestui.domain.views import (
    AgendaKind,
    AgendaRow,
    AgendaSection,
    AgendaStripView,
    CardView,
    CheckState,
    ColumnView,
    DealHeadView,
    GatePanelView,
    GateSlot,
    GateState,
    KeyHint,
    MetItem,
    StageRef,
    StripView,
    TimeKind,
    TimeSlot,
    Tone,
    TopBarView,
    UnmetLine,
    WayOut,
)
from salestui.i18n import language

if TYPE_CHECKING:
    from collections.abc import Iterable

OWNERS = {
    "L": (("林", "林悦"), ("LY", "Lin Yue")),
    "Z": (("赵", "赵明"), ("ZM", "Zhao Ming")),
    "C": (("陈", "陈立"), ("CL", "Chen Li")),
}
TITLES = (
    ("市场调研", "Research", 12, 340, 1, 2),
    ("筛选分级", "Grading", 31, 912, 1, 2),
    ("客户接洽", "First contact", 18, 620, 2, 1),
    ("方案制定", "Solution", 9, 503, 2, 1),
    ("谈判签约", "Contract", 5, 365, 1, 0),
    ("履约维护", "Fulfilment", 7, 287, 0, 0),
)
CARDS = (
    """常乐储能|Changle Storage|-|28|L|3|late 1
    甬川模具|Yongchuan Molds|-|42|L|ok|16:30
    庐晶传感|Lujing Sensors|-|33|L|ok|1
    华东精密制造|East Precision|-|68|L|1|6
    锡润微电子装备|Xirun Microtechnics|-|51|Z|3|3
    宏远轴承|Hongyuan Bearings|-|35|C|3|2
    芜城零部件|Wucheng Parts|-|40|Z|3|5
    通远船配|Tongyuan Marine|-|22|L|4|7
    禾虹塑料|Hehong Plastics|-|12|L|3|idle 21
    越城印染|Yuecheng Dyeing|-|9|C|no|15""",
    """蓝澜环境|Lanlan Environment|A|85|L|2|late 3
    瓯泰智能电气股份|Outai Smart Electric|A|210|L|1|13:30
    申浦重工|Shenpu Heavy|B|46|L|3|rescore
    云栈数据|Yunzhan Data|A|130|L|ok|3
    *瓯本汽配|Ouben Auto|B|31.5|L|ok|6
    皖岩建材|Wanyan Cement|A|96|Z|2|5
    江锐液压件|Jiangrui Hydraulics|B|58|L|4|2
    *台轮热交换|Tailun Thermal|B|27|L|1|13
    瑞丰物流|Ruifeng Logistics|B|12|C|2|2
    青芝五金|Qingzhi Metals|C|5|C|no|30""",
    """明远医疗|Mingyuan Medical|A|140|L|6|mail+ 2
    浦江港机配套工程|Pujiang Port Works|A|120|L|2|late 5
    镇康器械|Zhenkang Devices|B|26|L|5|mail 17
    东曜集团|Dongyao Group|A|88|L|2|15:00
    澄福玻璃|Chengfu Glass|B|37|L|ok|3
    ~昆沪线束|Kunhu Harness|A|52|L|2|6
    金麟客车|Jinlin Coaches|B|64|C|3|9
    连港制药|Liangang Pharma|B|30|L|exc|8
    彭工液压|Penggong Hydraulic|B|45|Z|5|4
    维扬客车|Weiyang Coaches|B|18|C|3|16""",
    """宁斯自动化设备|Ningsi Automation|A|76|L|4|late 2
    恒岳新材|Hengyue Alloys|A|118|L|3|mail+ 2
    泰春动力|Taichun Power|B|41|L|ok|3
    盐悦纺机|Yanyue Textile|B|33|C|wait|6
    通芯微电|Tongxin Micro|A|92|Z|7|4
    湖立特材|Huli Specialty|A|57|L|8|2
    丽方电机|Lifang Motors|B|26|L|4|5
    淮稷农牧|Huaiji Farming|B|24|L|5|14
    衢化装备|Quhua Equipment|B|36|Z|5|idle 24""",
    """苏锦机电|Sujin Electric|B|39|L|1|late 4
    戚江机车|Qijiang Rail|A|156|L|3|14:00
    澜思光学|Lansi Optics|A|98|Z|wait|5
    亨远光电|Hengyuan Photon|B|47|L|6|3
    金麓石化检修|Jinlu Petro Check|B|25|C|7|1""",
    """阳羲电源|Yangxi Power|B|45|Z|5|17:00
    新途电动|Xintu Electric|B|31|L|1|40
    双澄节能|Shuangcheng Eco|A|88|L|3|31
    远川电缆|Yuanchuan Cable|B|18|L|3|26
    锡导智能|Xidao Robotics|A|72|L|5|18
    红枫工业园|Hongfeng Park|B|20|C|7|9
    大成集团|Dacheng Group|A|13|L|8|3""",
)
SELECTED = 402


def zh_en(zh: str, en: str) -> str:
    """Choose by the language in use."""
    return zh if language() == "zh" else en


def wan(amount: float) -> Money:
    """An amount in units of ten thousand yuan."""
    return Money(round(amount * 1_000_000), "CNY")


def _gate(code: str) -> GateSlot:
    states = {"ok": GateState.READY, "wait": GateState.WAITING, "exc": GateState.EXCEPTION, "no": GateState.CANNOT_PASS}
    return GateSlot(states[code]) if code in states else GateSlot(GateState.UNMET, int(code))


def _time(code: str) -> TimeSlot:
    kinds = {
        "late": TimeKind.FOLLOWUP_LATE,
        "idle": TimeKind.OVER_AGE,
        "mail+": TimeKind.SUMMARY_LATE,
        "mail": TimeKind.SUMMARY_LEFT,
    }
    if ":" in code:
        return TimeSlot(TimeKind.DUE_TODAY, at=time.fromisoformat(code))
    if code == "rescore":
        return TimeSlot(TimeKind.SCORE_EXPIRED)
    name, _blank, number = code.rpartition(" ")
    return TimeSlot(kinds.get(name, TimeKind.AGE), int(number))


def card(deal_id: int, line: str) -> CardView:
    zh, en, grade, amount, owner, gate, when = line.strip().split("|")
    names = OWNERS[owner][0 if language() == "zh" else 1]
    return CardView(
        deal_id=deal_id,
        code=f"D{deal_id}",
        name=zh_en(zh.lstrip("*~"), en),
        gate=_gate(gate),
        time=_time(when),
        grade=None if grade == "-" else grade,
        score=22 if grade == "A" else None,
        amount=wan(float(amount)),
        owner_short=names[0],
        owner=names[1],
        outputs=(True, True, False),
        actions=(4, 5),
        marked=zh.startswith("*"),
        changed=zh.startswith("~"),
    )


def columns() -> tuple[ColumnView, ...]:
    """The six columns of the board, with nameless cards below those of the mockup."""
    made: list[ColumnView] = []
    for at, (zh, en, count, total, late, ready) in enumerate(TITLES):
        lines = [line.strip() for line in CARDS[at].splitlines()]
        lines += [f"样例 {n}|Sample {n}|B|10|L|9|3" for n in range(count - len(lines))]
        cards = tuple(card(100 * (at + 1) + n + 1, line) for n, line in enumerate(lines))
        made.append(ColumnView(f"s{at}", at + 1, zh_en(zh, en), count, wan(total), late, ready, cards))
    return tuple(made)


def stage(number: int) -> StageRef:
    return StageRef(number, zh_en(*TITLES[number - 1][:2]))


def top_bar() -> TopBarView:
    return TopBarView(
        place=zh_en("销售看板", "Board"),
        campaign=zh_en("华东新市场进入", "East China"),
        owner="",
        filter="",
        deals=82,
        total=wan(3028),
        marked=2,
        late=7,
        today=5,
        reviews=1,
        me=zh_en("林悦", "LY"),
    )


def unmet_lines() -> tuple[UnmetLine, ...]:
    chinese = language() == "zh"
    return (
        UnmetLine(
            1,
            zh_en("方案评审记录表", "Solution review record"),
            zh_en("法务未签 r3，已等 2 天", "legal to sign r3, 2 days"),
            zh_en("催办", "remind"),
            titled=chinese,
            short=zh_en("法务未签 r3", "legal to sign r3"),
            headline=zh_en("《方案评审记录表》缺法务签字", "Solution review record: legal has not signed"),
            detail=zh_en(
                "r3 于 11-17 20:05 送审；技术、销售已通过，周敏未处理，已等 2 天",
                "r3 sent 17 Nov 20:05; technical and sales approved, Zhou Min waits since 2 days",
            ),
            panel_fix=zh_en("催办周敏", "remind Zhou Min"),
            handbook=zh_en(
                "同一版方案须由技术、销售、法务评审看能否实现、报价合理、条款合规",
                "Technical, sales and legal judge the same version: feasible, fairly priced, compliant.",
            ),
            source=zh_en("手册 第 4 阶段", "handbook, stage 4"),
            ways=(
                WayOut(
                    "enter",
                    zh_en("催办周敏", "remind Zhou Min"),
                    zh_en("昨天 09:12 催过一次", "reminded yesterday 09:12"),
                ),
                WayOut(
                    "w", zh_en("改派评审人", "ask another reviewer"), zh_en("法务组另有何欣", "legal also has He Xin")
                ),
                WayOut(
                    "o", zh_en("打开方案 r3", "open solution r3"), zh_en("看已有的评审意见", "see the comments so far")
                ),
                WayOut(
                    "e",
                    zh_en("申请例外", "ask for an exception"),
                    zh_en("须经理批准，写明理由和期限", "a manager grants it, with reason and date"),
                ),
            ),
        ),
        UnmetLine(
            2,
            zh_en("11-18 沟通的纪要", "Summary of the 18 Nov talk"),
            zh_en("超出 24 小时限 2 小时", "2 h past the 24 h limit"),
            zh_en("发送", "send"),
            short=zh_en("11-18 纪要超时", "18 Nov summary late"),
            headline=zh_en("11-18 沟通的纪要没有发出", "Summary of the 18 Nov talk was not sent"),
            detail=zh_en(
                "应在 11-19 10:20 前发出，已超 2 小时；草稿已写好", "due 19 Nov 10:20, 2 h late; the draft is ready"
            ),
            panel_fix=zh_en("打开并发送", "open and send"),
        ),
        UnmetLine(
            3,
            zh_en("关键动作：记录客户反馈", "Key action: record feedback"),
            zh_en("未完成", "not done"),
            zh_en("登记", "record"),
            short=zh_en("登记客户反馈", "record feedback"),
            headline=zh_en("关键动作未完成：记录客户反馈", "Key action not done: record feedback"),
            detail=zh_en(
                "客户对 r3 的意见要登记，它是下一版方案的依据", "what the customer says of r3 drives the next version"
            ),
            panel_fix=zh_en("登记反馈", "record feedback"),
        ),
    )


def strip() -> StripView:
    return StripView(
        zh_en("恒岳新材", "Hengyue Alloys"),
        stage(4),
        stage(5),
        3,
        9,
        unmet_lines(),
        next=tuple(zh_en("今天 14:30|电话|确认质保条款", "today 14:30|call|warranty terms").split("|")),
        last=tuple(zh_en("11-18 上门|复核报价与验收标准", "18 Nov visit|price and acceptance").split("|")),
        contact=tuple(zh_en("王建国|采购总监|138 0000 6612", "Wang Jianguo|buyer|138 0000 6612").split("|")),
    )


def panel() -> GatePanelView:
    items = (
        ("评分 A 22 至 12-02|评分 A 22", "score A 22 until 2 Dec|score A 22"),
        ("专项拓展计划 r1|计划 r1", "account plan r1|plan r1"),
        ("深度分析 r2|分析 r2", "needs analysis r2|analysis r2"),
        ("解决方案 r3|方案 r3", "solution r3|solution r3"),
        ("关键动作 4|动作 4", "key actions 4|actions 4"),
        ("纪要 1|纪要 1", "summaries 1|mails 1"),
        ("前面各关产出 6/6", "earlier outputs 6/6"),
    )
    met = tuple(MetItem(*zh_en(zh, en).split("|")) for zh, en in items)
    return GatePanelView(zh_en("恒岳新材", "Hengyue Alloys"), stage(4), stage(5), 3, 9, unmet_lines(), met)


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
            gate=_gate(gate),
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


def hints(line: str) -> tuple[KeyHint, ...]:
    """Keys of a footer: `key verb` pairs separated by bars, those after `||` at the right."""
    left, _bars, leaving = line.partition("||")
    return tuple(
        KeyHint(*(part.strip().rsplit(" ", 1)), leaving=side is leaving)
        for side in (left, leaving)
        for part in side.split("|")
        if part.strip()
    )
