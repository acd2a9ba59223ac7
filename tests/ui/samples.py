"""The pipeline of the mockups as views: one deal, 恒岳新材, runs through all of them."""

from __future__ import annotations

from datetime import time

from salestui.domain.money import Money
from salestui.domain.views import (
    CardView,
    ColumnView,
    GatePanelView,
    GateSlot,
    GateState,
    KeyHint,
    MetItem,
    StageRef,
    StripView,
    TimeKind,
    TimeSlot,
    TopBarView,
    UnmetLine,
    WayOut,
)
from salestui.i18n import language

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


def gate_slot(code: str) -> GateSlot:
    """A gate's answer from its short form: a count, ok, wait, exc or no."""
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
        gate=gate_slot(gate),
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


def hints(line: str) -> tuple[KeyHint, ...]:
    """Keys of a footer: `key verb` pairs separated by bars, those after `||` at the right."""
    left, _bars, leaving = line.partition("||")
    return tuple(
        KeyHint(*(part.strip().rsplit(" ", 1)), leaving=side is leaving)
        for side in (left, leaving)
        for part in side.split("|")
        if part.strip()
    )
