"""The companies of the sample pipeline, and how far each has come; all names are invented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from salestui.dataclass import dataclass
from salestui.domain.playbook import Text

__all__ = ["CITIES", "PEOPLE", "PROFILES", "TITLES", "Company", "Profile", "companies"]


@dataclass(frozen=True, slots=True)
class Profile:
    """What the companies of one industry struggle with, and what we offer them."""

    industry: Text
    line: Text
    pain: Text
    wish: Text
    offer: Text
    value: Text


@dataclass(frozen=True, slots=True)
class Company:
    """One company and its deal.

    `amount` is in units of 10,000; `total` its score (0: none yet); `days` how long the deal stands in its stage;
    `steps` how many of its steps are done. `extra` are words for what else there is: `late5` a follow-up overdue by
    days, `today`, `tomorrow`, `in4` one to come, `mail26` a talk that many hours ago without summary, `expired` a score
    too old, `risky` and `not_now` classes, `excepted` an exception in force, `r3` the third revision of a solution,
    `again` one that is reviewed again after the customer's feedback, and reasons for closing.
    """

    stage: str
    name: Text
    profile: str
    city: str
    amount: float
    owner: str
    total: int
    days: int
    steps: int
    extra: tuple[str, ...]


PROFILES: Final = {
    "battery": Profile(
        Text("储能与电池", "Energy storage"),
        Text("二号涂布线", "coating line 2"),
        Text(
            "换型一次停 6 小时，每月少开两个班", "a format change stops the line for 6 hours, two shifts lost a month"
        ),
        Text("换型 1 小时以内，不良率降到 1% 以下", "format change within 1 hour, rejects below 1%"),
        Text("快换模组与在线检测", "quick-change modules with in-line inspection"),
        Text("每月多开两个班，一年多产约 260 万元", "two more shifts a month, about CNY 2.6 million a year"),
    ),
    "metal": Profile(
        Text("精密加工", "Precision machining"),
        Text("五轴加工单元", "the five-axis cell"),
        Text("夜班设备坏了没人会修，等厂家要两天", "nobody can repair at night, the maker takes two days"),
        Text("故障 4 小时内恢复生产", "back in production within 4 hours"),
        Text("驻点维保与远程诊断", "on-site service with remote diagnosis"),
        Text("停机从每月 38 小时降到 9 小时", "downtime from 38 to 9 hours a month"),
    ),
    "electronics": Profile(
        Text("电子与光学", "Electronics and optics"),
        Text("三号贴装线", "assembly line 3"),
        Text("良率忽高忽低，每批抽检 3% 不合格", "the yield swings, 3% of every lot fails inspection"),
        Text("良率稳定在 99% 以上", "a stable yield above 99%"),
        Text("视觉检测与参数自校正", "vision inspection with self-correcting settings"),
        Text("返工人手减 6 人，一年省约 70 万元", "six people fewer in rework, about CNY 0.7 million a year"),
    ),
    "machinery": Profile(
        Text("机械装备", "Machinery"),
        Text("总装线", "the final assembly line"),
        Text("装配 9 分钟一台，订单排到明年", "9 minutes a unit, orders booked into next year"),
        Text("节拍压到 6 分钟", "a cycle of 6 minutes"),
        Text("总装线改造与拧紧追溯", "a refit of the line with traceable tightening"),
        Text("日产从 52 台到 78 台", "from 52 to 78 units a day"),
    ),
    "automotive": Profile(
        Text("汽车零部件", "Automotive parts"),
        Text("焊装线", "the welding line"),
        Text("换车型要停线一天，主机厂天天催货", "a model change costs a day while the car maker presses for parts"),
        Text("换型不超过 2 小时", "a model change within 2 hours"),
        Text("快换夹具与离线调试", "quick-change fixtures tuned off line"),
        Text("一年多出 14 天产能", "14 more days of capacity a year"),
    ),
    "materials": Profile(
        Text("新材料", "Materials"),
        Text("二号线", "line 2"),
        Text("能耗占成本 31%，同行已经降到 24%", "energy is 31% of cost, competitors are at 24%"),
        Text("单耗降两成，两年内收回投入", "a fifth less energy per tonne, paid back in two years"),
        Text("产线节能改造与余热回收", "an energy refit with heat recovery"),
        Text("一年省电约 120 万度", "about 1.2 million kWh saved a year"),
    ),
    "medical": Profile(
        Text("医药与器械", "Pharma and devices"),
        Text("灌装二线", "filling line 2"),
        Text("清洗验证要 14 小时，批次排不开", "cleaning and validation take 14 hours, batches queue up"),
        Text("清洗验证 6 小时以内，审计一次通过", "cleaning within 6 hours, audits passed at once"),
        Text("在位清洗改造与电子批记录", "cleaning in place with electronic batch records"),
        Text("每周多排 3 批", "three more batches a week"),
    ),
    "process": Profile(
        Text("流程工业", "Process industry"),
        Text("前处理线", "the pre-treatment line"),
        Text("数据靠人抄，异常晚半天才发现", "readings are copied by hand, faults show half a day late"),
        Text("异常 10 分钟内报到班长手机", "faults on the foreman's phone within 10 minutes"),
        Text("数据采集与预警平台", "data collection with early warning"),
        Text("一年少报废约 60 万元原料", "about CNY 0.6 million less scrap a year"),
    ),
}

CITIES: Final = {
    "cz": Text("江苏常州", "Changzhou, Jiangsu"),
    "sz": Text("江苏苏州", "Suzhou, Jiangsu"),
    "wx": Text("江苏无锡", "Wuxi, Jiangsu"),
    "nt": Text("江苏南通", "Nantong, Jiangsu"),
    "nb": Text("浙江宁波", "Ningbo, Zhejiang"),
    "hz": Text("浙江杭州", "Hangzhou, Zhejiang"),
    "wz": Text("浙江温州", "Wenzhou, Zhejiang"),
    "sh": Text("上海", "Shanghai"),
    "hf": Text("安徽合肥", "Hefei, Anhui"),
    "wh": Text("安徽芜湖", "Wuhu, Anhui"),
}

_NAMES: Final = """
    王建国 Wang Jianguo; 李娜 Li Na; 周志远 Zhou Zhiyuan; 刘海峰 Liu Haifeng; 张慧敏 Zhang Huimin;
    钱文彬 Qian Wenbin; 赵国强 Zhao Guoqiang; 吴晓燕 Wu Xiaoyan; 郑立群 Zheng Liqun; 冯雪梅 Feng Xuemei;
    褚卫东 Chu Weidong; 沈佳怡 Shen Jiayi; 韩志勇 Han Zhiyong; 杨丽华 Yang Lihua; 朱明辉 Zhu Minghui;
    秦晓东 Qin Xiaodong; 许婷婷 Xu Tingting; 何建平 He Jianping; 吕红霞 Lü Hongxia; 施伟 Shi Wei;
    孔令军 Kong Lingjun; 曹雪芳 Cao Xuefang; 严志刚 Yan Zhigang; 金晓丽 Jin Xiaoli; 魏东升 Wei Dongsheng;
    陶玉兰 Tao Yulan; 姜海涛 Jiang Haitao; 戚春燕 Qi Chunyan; 谢永明 Xie Yongming; 邹丽萍 Zou Liping;
    潘志华 Pan Zhihua; 葛秀英 Ge Xiuying; 范建军 Fan Jianjun; 彭晓玲 Peng Xiaoling; 鲁振宇 Lu Zhenyu;
    马素芬 Ma Sufen; 方国栋 Fang Guodong; 任静怡 Ren Jingyi; 袁伟民 Yuan Weimin; 柳如意 Liu Ruyi
"""

PEOPLE: Final = tuple(Text(*pair.strip().split(" ", 1)) for pair in _NAMES.split(";"))
"""Customers' people; the first three are those of the first deal that a newcomer opens."""

TITLES: Final = (
    (
        Text("采购总监", "Purchasing director"),
        "decision",
        "supports",
        Text("账期和备件价", "payment terms and spare-part prices"),
    ),
    (Text("工艺主任", "Process lead"), "technical", "supports", Text("节拍和质量", "cycle time and quality")),
    (Text("财务经理", "Finance manager"), "budget", "neutral", Text("多久收回投入", "how soon it pays back")),
)

_TABLE: Final = """
research
    常乐储能, Changle Storage, battery, cz, 28, chen, 0, 4, 0, late1
    甬川模具, Yongchuan Molds, metal, nb, 42, lin, 0, 2, 1, today
    庐晶传感, Lujing Sensors, electronics, hf, 33, lin, 0, 1, 1
    华东精密制造, East Precision, metal, sz, 68, lin, 0, 6, 1, risky
    锡润微电子装备, Xirun Microtech, electronics, wx, 51, zhao, 0, 3, 0
    宏远轴承, Hongyuan Bearings, machinery, wx, 35, chen, 0, 2, 0
    芜城零部件, Wucheng Parts, automotive, wh, 40, zhao, 0, 5, 0, in6
    通远船配, Tongyuan Marine, machinery, nt, 22, lin, 0, 7, 0
    禾虹塑料, Hehong Plastics, materials, hz, 12, lin, 0, 26, 0
    宣城食品, Xuancheng Foods, process, wh, 18, chen, 0, 9, 0
    滁新家电, Chuxin Appliances, electronics, hf, 26, lin, 0, 11, 1, in9
    越城印染, Yuecheng Dyeing, process, hz, 9, chen, 0, 15, 1, not_now
grading
    蓝澜环境, Lanlan Environment, process, sz, 85, lin, 21, 8, 1, late3
    瓯泰智能电气股份, Outai Smart Electric, electronics, wz, 210, lin, 23, 5, 1, today
    申浦重工, Shenpu Heavy, machinery, sh, 46, lin, 17, 36, 1, expired
    云栈数据, Yunzhan Data, electronics, hz, 130, lin, 22, 3, 2, in4
    瓯本汽配, Ouben Auto, automotive, wz, 31.5, lin, 16, 6, 2
    皖岩建材, Wanyan Cement, materials, wh, 96, zhao, 20, 5, 1
    江锐液压件, Jiangrui Hydraulics, machinery, cz, 58, lin, 18, 24, 1, in8
    台轮热交换, Tailun Thermal, machinery, nb, 27, lin, 15, 13, 1
    瑞丰物流, Ruifeng Logistics, process, sh, 12, chen, 0, 2, 0
    青芝五金, Qingzhi Metals, metal, wz, 5, chen, 11, 30, 1
    嘉禾包装, Jiahe Packaging, materials, hz, 24, lin, 0, 1, 0
    海陵制冷, Hailing Cooling, machinery, nt, 37, chen, 17, 9, 1
    太湖传动, Taihu Drives, machinery, wx, 64, lin, 21, 7, 1
    常新粉末, Changxin Powder, materials, cz, 18, zhao, 0, 3, 0
    金坛紧固件, Jintan Fasteners, metal, cz, 9, chen, 13, 22, 1
    港电成套, Gangdian Switchgear, electronics, nb, 44, lin, 19, 10, 0
    余姚模塑, Yuyao Plastics, materials, nb, 21, lin, 16, 4, 0
    慈溪电器, Cixi Appliances, electronics, nb, 29, chen, 0, 5, 0, in3
    泰兴化机, Taixing Chemtech, process, nt, 52, lin, 20, 6, 1
    通州钢绳, Tongzhou Ropes, metal, nt, 16, chen, 18, 38, 1, expired
    海安锻压, Haian Forging, machinery, nt, 33, zhao, 15, 8, 0
    丹阳镜片, Danyang Lenses, electronics, cz, 14, lin, 0, 2, 0
    溧阳电梯, Liyang Lifts, machinery, cz, 48, lin, 22, 9, 1
    宜兴环保, Yixing Clean, process, wx, 26, lin, 17, 34, 1, expired
    靖江阀门, Jingjiang Valves, metal, nt, 19, chen, 16, 7, 0
    如皋风塔, Rugao Towers, machinery, nt, 72, lin, 21, 4, 2
    桐乡纤维, Tongxiang Fibres, materials, hz, 30, lin, 0, 6, 0, tomorrow
    平湖光机, Pinghu Optics, electronics, hz, 55, zhao, 19, 5, 0
    长兴蓄能, Changxing Storage, battery, hz, 41, lin, 18, 3, 0
    德清木业, Deqing Timber, materials, hz, 8, chen, 12, 28, 1
    广德微波, Guangde Microwave, electronics, wh, 23, lin, 16, 2, 0
contact
    明远医疗, Mingyuan Medical, medical, sh, 140, lin, 22, 9, 0, mail26
    浦江港机配套工程, Pujiang Port Systems, machinery, sh, 120, lin, 20, 11, 2, late5
    镇康器械, Zhenkang Devices, medical, cz, 26, lin, 17, 4, 0, mail7
    东曜集团, Dongyao Group, machinery, sh, 88, lin, 23, 6, 2, today
    澄福玻璃, Chengfu Glass, materials, wx, 37, lin, 16, 3, 3
    昆沪线束, Kunhu Harness, automotive, sz, 52, lin, 21, 6, 2
    金麟客车, Jinlin Coaches, automotive, wh, 64, chen, 17, 9, 0, in5
    连港制药, Liangang Pharma, medical, nt, 30, lin, 18, 8, 2, excepted
    彭工液压, Penggong Hydraulics, machinery, wx, 45, zhao, 16, 4, 0
    维扬客车, Weiyang Coaches, automotive, nt, 18, chen, 15, 16, 0
    皖南轴瓦, Wannan Bearings, metal, wh, 22, lin, 17, 5, 2
    铜陵线缆, Tongling Cable, materials, wh, 46, lin, 19, 7, 0
    巢湖船机, Chaohu Marine, machinery, hf, 38, chen, 16, 10, 2
    舟山海工, Zhoushan Offshore, machinery, nb, 74, lin, 20, 3, 0, tomorrow
    衢江纸业, Qujiang Paper, process, hz, 15, zhao, 15, 12, 2
    丽水竹业, Lishui Bamboo, materials, wz, 11, chen, 16, 14, 0
    湖州童车, Huzhou Strollers, automotive, hz, 28, lin, 18, 2, 0
    姜堰动力, Jiangyan Power, battery, nt, 66, lin, 21, 5, 3
solution
    宁斯自动化设备, Ningsi Automation, electronics, nb, 76, lin, 21, 9, 2, late2
    恒岳新材, Hengyue Alloys, materials, cz, 118, lin, 22, 7, 8, mail26, today, r3
    泰春动力, Taichun Power, battery, cz, 41, lin, 17, 11, 10
    盐悦纺机, Yanyue Textile, machinery, nt, 33, chen, 16, 9, 10, again
    通芯微电, Tongxin Micro, electronics, nt, 92, zhao, 20, 4, 0
    湖立特材, Huli Specialty, materials, hz, 57, lin, 22, 2, 0
    丽方电机, Lifang Motors, machinery, wz, 26, lin, 16, 5, 3
    淮稷农牧, Huaiji Farming, process, hf, 24, lin, 15, 14, 2
    衢化装备, Quhua Equipment, process, hz, 36, zhao, 18, 24, 2
contract
    苏锦机电, Sujin Electric, machinery, sz, 39, lin, 18, 12, 8, late4
    戚江机车, Qijiang Rail, automotive, cz, 156, lin, 23, 8, 3, today
    澜思光学, Lansi Optics, electronics, sh, 98, zhao, 21, 5, 6, tomorrow
    亨远光电, Hengyuan Photon, electronics, wx, 47, lin, 17, 3, 1
    金麓石化检修, Jinlu Petro Care, process, nb, 25, chen, 16, 1, 0
fulfilment
    阳羲电源, Yangxi Power, battery, cz, 45, zhao, 18, 12, 1, today
    新途电动, Xintu Electric, automotive, hf, 31, lin, 16, 40, 5
    双澄节能, Shuangcheng Eco, materials, wx, 88, lin, 21, 31, 3, in6
    远川电缆, Yuanchuan Cable, materials, wx, 18, lin, 15, 26, 4
    锡导智能, Xidao Robotics, electronics, wx, 72, lin, 20, 18, 2
    红枫工业园, Hongfeng Park, process, sz, 20, chen, 15, 9, 0
    大成集团, Dacheng Group, machinery, sh, 13, lin, 20, 3, 0
completed
    兰溪水泵, Lanxi Pumps, machinery, hz, 62, lin, 19, 12, 6
    东台面机, Dongtai Machines, process, nt, 34, chen, 17, 20, 6
    启东海装, Qidong Marine, machinery, nt, 105, lin, 22, 6, 6
    桐庐制笔, Tonglu Pens, metal, hz, 17, zhao, 16, 33, 6
lost
    诸暨袜机, Zhuji Knitting, machinery, hz, 44, lin, 18, 14, 2, price
    江阴钢帘, Jiangyin Steelcord, metal, wx, 83, lin, 20, 9, 3, competitor
    临安灯具, Linan Lighting, electronics, hz, 15, chen, 15, 21, 1, no_budget
    太仓港务, Taicang Port, process, sz, 58, zhao, 17, 5, 2, delivery_time
in_care
    句容苗木, Jurong Nursery, process, cz, 6, chen, 9, 18, 1, grade_c
    高淳陶瓷, Gaochun Ceramics, materials, cz, 14, lin, 13, 25, 1, grade_c
    兴化脱水, Xinghua Foods, process, nt, 21, lin, 12, 8, 1, budget_later
    昆北印刷, Kunbei Print, materials, sz, 19, chen, 14, 30, 1, not_yet
"""


def companies() -> Iterator[Company]:
    """Yield the sample's companies, stage by stage."""
    stage = ""
    for line in _TABLE.strip().splitlines():
        if not line.startswith(" "):
            stage = line.strip()
            continue
        zh, en, profile, city, amount, owner, total, days, steps, *extra = (part.strip() for part in line.split(","))
        yield Company(
            stage, Text(zh, en), profile, city, float(amount), owner, int(total), int(days), int(steps), tuple(extra)
        )
