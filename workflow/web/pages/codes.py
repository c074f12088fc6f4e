"""Words for the codes that stand in a case: what the law calls the grounds that an officer ticks."""

from policies import leniency, no_penalty, review

OF_THE_LAW = {
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
}
