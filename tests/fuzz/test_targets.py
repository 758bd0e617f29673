"""What fuzzing found stays mended, and made-up input breaks nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

FINDS = Path(__file__).parent / "finds"

MARKUP = (
    "<div>|</div>|<p>|<a href='|'>|</a>|<table><tr><td>|</html>|<script>|<!--|<h1>|<meta charset=gb2312>|&#0;|日期：|"
    "来源：|2020-12-02|下一页|上午9点|二〇二〇年|createPageHTML(3,0,'index','html')|http://[|//|/../|;jsessionid=1|%|?a=1&b|\x00"
)
PIECES = st.sampled_from([*(piece.encode() for piece in MARKUP.split("|")), b"\xc8\xd5\xc6\xda:", b"\xff\xfe"])
INPUT = st.lists(st.one_of(PIECES, st.binary(max_size=8)), max_size=40).map(b"".join)


@pytest.mark.parametrize("target", TARGETS)
def test_what_broke_a_target_once_breaks_it_no_more(target: str) -> None:
    for find in sorted((FINDS / target).glob("*")):
        TARGETS[target](find.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
@given(data=INPUT)
def test_made_up_input_breaks_nothing(target: str, data: bytes) -> None:
    TARGETS[target](data)
