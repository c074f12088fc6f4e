"""The statutes that policies cite, as short names: `APL(63)`."""

from policies.lawbook import statute

AEL = statute("AEL")  # 行政强制法
ALE = statute("ALE")  # 最高人民法院关于行政诉讼证据若干问题的规定
ALI = statute("ALI")  # 最高人民法院关于适用行政诉讼法的解释
ALL = statute("ALL")  # 行政诉讼法
APL = statute("APL")  # 行政处罚法
ARL = statute("ARL")  # 行政复议法
CPL = statute("CPL")  # 民事诉讼法
EEC = statute("EEC")  # 生态环境法典
FCR = statute("FCR")  # 罚款决定与罚款收缴分离实施办法
HPR = statute("HPR")  # 住房和城乡建设行政处罚程序规定（节录）
OGI = statute("OGI")  # 政府信息公开条例
OLG = statute("OLG")  # 地方组织法
PIPL = statute("PIPL")  # 个人信息保护法
PLAN = statute("PLAN")  # 城乡规划法
PSM = statute("PSM")  # 治安管理处罚法
SCL = statute("SCL")  # 国家赔偿法
TRC = statute("TRC")  # 行政执法机关移送涉嫌犯罪案件的规定
