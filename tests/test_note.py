"""The outline parser: trees as text, and what real notes do to it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.note import Block, parse_note

PAGE = Path("pages/x.md")


def tree(text: str) -> str:
    def show(block: Block, depth: int) -> list[str]:
        mark = f"h{block.level}" if block.level else {"bullet": "-", "paragraph": "p"}.get(block.kind, block.kind)
        properties = "".join(f" {{{key}={prop.value}}}" for key, prop in block.properties.items())
        head = f"{'  ' * depth}{mark} {block.source.line} {block.text!r}{properties}"
        return [head, *(line for child in block.children for line in show(child, depth + 1))]

    return "\n".join(line for block in parse_note(dedent(text), PAGE).blocks for line in show(block, 0))


def test_an_outline_two_tabs_deep_is_not_code() -> None:
    assert tree("""\
        ## Script/Outline
        \t\t- #### Hook
        \t\t  collapsed:: true
        \t\t\t- Hello there
        \t\t\t\t- a picture
        \t\t\t\t  scene:: dot run=calm
        \t- ### Video Description
        \t\t- About it
    """) == dedent("""\
        h2 1 'Script/Outline'
          h4 2 'Hook' {collapsed=true}
            - 4 'Hello there'
              - 5 'a picture' {scene=dot run=calm}
          h3 7 'Video Description'
            - 8 'About it'""")


def test_spaces_and_numbers_nest_as_tabs_do() -> None:
    assert tree("""\
        1. one
           - two
             * three
        2. four
    """) == dedent("""\
        - 1 'one'
          - 2 'two'
            - 3 'three'
        - 4 'four'""")


def test_lines_below_a_bullet_go_on_with_it() -> None:
    assert tree("- one\n  two\n\n  three\n") == "- 1 'one\\ntwo\\n\\nthree'"


def test_a_paragraph_after_a_list_leaves_it() -> None:
    assert tree("- one\n\ntwo\nthree\n\nfour\n") == "- 1 'one'\np 3 'two\\nthree'\np 6 'four'"


def test_a_fence_keeps_bullets_and_properties_as_text() -> None:
    code = "- code\n  ```\n  - x::\n  a:: b\n  ```\n- next\n"
    assert tree(code) == "- 1 'code'\n  code 2 '- x::\\na:: b'\n- 6 'next'"


def test_a_rule_is_no_bullet_and_a_comment_is_nothing() -> None:
    assert tree("- one\n%% not\nthis %%\n- two\n") == "- 1 'one'\n- 4 'two'"


def test_a_time_and_an_address_are_no_properties() -> None:
    assert tree("- at 12:30\n- http://x.y\n") == "- 1 'at 12:30'\n- 2 'http://x.y'"


def test_logseq_page_properties_and_front_matter_are_one() -> None:
    note = parse_note("title:: A film\n\n- one\n", PAGE)
    assert note.front == {"title": "A film"}
    note = parse_note("---\ntitle: B\ntags: [x, y]\n---\n- one\n", PAGE)
    assert note.front == {"title": "B", "tags": ["x", "y"]}
    assert note.blocks[0].source.line == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\na: b: c\n---\n", "pages/x.md:2: the front matter is not YAML: mapping values are not allowed here"),
        ("---\n- a\n---\n", "pages/x.md:2: the front matter is not a mapping"),
        ("---\ntitle: x\n", "pages/x.md:1: warning: the front matter is never closed, so it is read as text"),
        ("- a\n  ```\n  b\n", "pages/x.md:2: warning: this code fence is never closed"),
    ],
)
def test_what_is_wrong_with_a_page_is_told_with_its_line(text: str, message: str) -> None:
    (finding,) = parse_note(text, PAGE).findings
    assert str(finding).splitlines()[0] == message


def test_windows_lines_and_a_byte_order_mark(tmp_path: Path) -> None:
    from rushes.note import read_note

    page = tmp_path / "x.md"
    page.write_bytes("\ufeff---\r\ntitle: T\r\n---\r\n- one\r\n- two\r\n".encode())
    note = read_note(page)
    assert note.front == {"title": "T"}
    assert [block.text for block in note.blocks] == ["one", "two"]


@given(st.text(alphabet="ab-#*:=`~% \t\n1.[]{}", max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    note = parse_note(text, PAGE)
    lines = text.count("\n") + 1
    for block in (b for top in note.blocks for b in top.walk()):
        assert 1 <= block.source.line <= lines
        assert len(block.lines) == len(block.texts)
