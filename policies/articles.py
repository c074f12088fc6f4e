"""The statutes that policies cite, as short names: `APL(63)`."""

from policies.lawbook import statute

APL = statute("APL")  # 行政处罚法
EEC = statute("EEC")  # 生态环境法典
ARL = statute("ARL")  # 行政复议法
ALL = statute("ALL")  # 行政诉讼法
CPL = statute("CPL")  # 民事诉讼法
FCR = statute("FCR")  # 罚款决定与罚款收缴分离实施办法
OGI = statute("OGI")  # 政府信息公开条例
HPR = statute("HPR")  # 住房和城乡建设行政处罚程序规定（节录）
