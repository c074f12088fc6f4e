"""Words for the codes of a Literal on a page; a Literal in Chinese needs none."""

from policies import leniency, no_penalty, review

CODES = {
    "shown": "已出示",
    "on_video": "笔录未记，录像可见",
    "not_shown": "没有出示",
    "not_needed": "不需要",
    "none": "没有",
    "life_health_finance": "危害生命健康或者金融安全",
    "environment": "危害生态环境",
    "other": "其他",
    "": "未认定",
    "defence": "陈述申辩",
    "hearing": "听证",
    "review": "行政复议",
    "suit": "行政诉讼",
    "under_18": "已满十四周岁不满十八周岁",
    "adult": "已满十八周岁",
    "full": "完全",
    "reduced": "减弱",
    "signed": "已签名",
    "refused": "拒绝签名",
    **{code: words for code, (words, _) in review.BY_LAW.items()},
    **leniency.LIGHTER,
    **leniency.HEAVIER,
    **no_penalty.GROUNDS,
    **review.RETURNS,
}


def in_words(code: str) -> str:
    """A code in words; whatever is no code stays as it is."""
    return CODES.get(code, code)
