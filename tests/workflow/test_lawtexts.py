"""Official texts are split into articles, and every citation is held against them."""

import zipfile

import pytest

from tests.policies.builders import OFFICE
from workflow import lawtexts, offices
from workflow.errors import NotFound
from workflow.program import in_memory
from workflow.settings import Settings

LINES = [
    "某某条例",
    "第一章　总则",
    "第一条　为了示例，制定本条例。",
    "第二条　本条例所称示例，依照",
    "第一条的规定执行。",
    "（一）第一项；",
    "第二条之一　增加的一条。",
    "第一百三十一条　罚则。",
]


@pytest.fixture
def fashen():
    made = in_memory(Settings(secret_key="k" * 32))
    offices.load(made, offices.read("sample"))
    return made


def test_articles_begin_at_line_starts_and_numbers_never_go_back():
    found = lawtexts.split(LINES)

    assert list(found) == ["1", "2", "2-1", "131"]
    assert found["2"].endswith("第一条的规定执行。\n（一）第一项；")


@pytest.mark.parametrize(
    ("han", "number"),
    [("九", 9), ("十", 10), ("二十", 20), ("一百零三", 103), ("一千一百三十一", 1131)],
)
def test_chinese_numbers_are_read(han, number):
    assert lawtexts.number(han) == number


def test_a_text_is_read_from_txt_in_either_encoding_and_from_docx(tmp_path):
    for name, encoding in (("a.txt", "utf-8"), ("b.txt", "gb18030")):
        (tmp_path / name).write_text("\n".join(LINES), encoding)
    body = "".join(
        f'<w:p xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:r><w:t>{line}</w:t></w:r></w:p>'
        for line in LINES
    )
    with zipfile.ZipFile(tmp_path / "c.docx", "w") as archive:
        archive.writestr("word/document.xml", f"<root>{body}</root>")

    read = [lawtexts.split(lawtexts.read(tmp_path / n)) for n in ("a.txt", "b.txt", "c.docx")]

    assert read[0] == read[1] == read[2]


def test_a_docx_with_declarations_or_none_at_all_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    (tmp_path / "torn.docx").write_bytes(b"PK\x03\x04 torn")

    for name in ("bomb.docx", "torn.docx"):
        with pytest.raises(lawtexts.TextWrong):
            lawtexts.read(tmp_path / name)


def test_a_file_without_articles_and_an_unknown_statute_change_nothing(fashen, tmp_path):
    (tmp_path / "empty.txt").write_text("没有条文", "utf-8")

    with pytest.raises(lawtexts.TextWrong, match="没有导入"):
        lawtexts.import_text(fashen, "APL", tmp_path / "empty.txt")
    with pytest.raises(NotFound, match="登记簿没有"):
        lawtexts.import_text(fashen, "NOPE", tmp_path / "empty.txt")
    assert lawtexts.texts(fashen) == {}


def test_a_code_in_parts_is_one_text_and_the_same_file_twice_is_one(fashen, tmp_path):
    (tmp_path / "1.txt").write_text("第一条　甲。", "utf-8")
    (tmp_path / "2.txt").write_text("第二条　乙。", "utf-8")
    for name in ("1.txt", "2.txt", "1.txt"):
        lawtexts.import_text(fashen, "EEC", tmp_path / name)

    assert lawtexts.texts(fashen)["EEC"].articles == {"1": "甲。", "2": "乙。"}


def test_a_citation_that_the_text_does_not_hold_is_named_with_who_makes_it(fashen, tmp_path):
    (tmp_path / "apl.txt").write_text("第一条　只有一条。", "utf-8")
    lawtexts.import_text(fashen, "APL", tmp_path / "apl.txt")

    wrong, missing = lawtexts.check(fashen)

    assert any("review.passed" in line and "第五十八条" in line for line in wrong)
    assert not any("《行政处罚法》还没有导入" in line for line in missing)


# — the register against the power list and the cases ————————————————————————————————————————


def test_the_sample_power_list_and_its_hints_are_checked_and_sound(fashen):
    assert list(lawtexts.faults(fashen)) == []
    where = {c.where for c in lawtexts.citations(fashen)}
    assert {f"权力事项 {p.code}" for p in OFFICE.power_list} <= where
    assert {f"移交提示 {h.code}" for h in OFFICE.hand_over} <= where
