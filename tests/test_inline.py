"""Inline text: what is spoken of each thing that can stand in a line, and what it links to."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import EXAMPLES

from rushes.inline import HOLE, NUMBER_MARK, Inline, inline
from rushes.note import parse_note
from rushes.slug import slug

PAGE = Path("pages/x.md")
UUID = "6543a0f1-2c4e-4b7d-9f10-0a1b2c3d4e5f"


def read(text: str) -> Inline:
    """What a bullet says."""
    (block,) = parse_note(f"- {text}\n", PAGE).blocks
    return inline(block)


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ("an ==open and ==open end", [6, 17]),
        ("an ==open== door and ==open end", [24]),
        ("==open and ==opened and ==open", [3, 14, 27]),
        ("{a.b then {a.b.last} then {a.b", [3, 29]),
        ("an ==open and\n  ==open end", [6, 3]),
    ],
)
def test_a_mark_without_a_partner_is_told_where_it_is(written: str, columns: list[int]) -> None:
    assert [finding.source.column for finding in read(written).findings if "partner" in finding.message] == columns


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param("a **b** _c_ ***d*** `e_f` \\*g\\*", "a b c d e_f *g*", id="emphasis-code-escapes"),
        pytest.param("snake_case 2 * 3 f*ck 5%", "snake_case 2 * 3 f*ck 5%", id="marks-that-are-none"),
        pytest.param("==a b== c", "a b c", id="highlight"),
        pytest.param("^^a b^^ c", "a b c", id="logseq-highlight"),
        pytest.param("<mark>a b</mark> c", "a b c", id="mark"),
        pytest.param("==**a** b== **==c==**", "a b c", id="highlight-and-emphasis"),
        pytest.param("`==a==` \\==b==", "==a== ==b==", id="no-highlight-in-code"),
        pytest.param("a == b, c == d", "a == b, c == d", id="comparison"),
        pytest.param("a %%b%% c", "a c", id="comment"),
        pytest.param("a <!-- b --> c", "a c", id="html-comment"),
        pytest.param("a %% b", "a %% b", id="comment-never-closed"),
        pytest.param("[[a]] [[b|c]] [[d#e]] [[f/g]] [[#h]]", "a c d g h", id="note-links"),
        pytest.param("a [[b#^c|d]] [[#^e]].", "a d.", id="links-to-blocks"),
        pytest.param(f"a (({UUID})) b", "a b", id="block-reference"),
        pytest.param(f"[a](({UUID})) [b c]([[d e]])", "a b c", id="labelled-references"),
        pytest.param("((not a reference))", "((not a reference))", id="double-brackets"),
        pytest.param("a ![[b|400]] c", "a c", id="embed"),
        pytest.param("![a](../assets/b c.png){:height 2, :width 3} d", "d", id="image-with-size"),
        pytest.param("a ![b|300](c.png)", "a", id="image-with-width"),
        pytest.param("[a **b**](https://x.y/z_(w) 'T') c", "a b c", id="link"),
        pytest.param("a https://x.y/z?q=1_2*3. B", "a. B", id="bare-url"),
        pytest.param("a (https://x.y) b", "a b", id="bare-url-in-brackets"),
        pytest.param("a (see https://x.y/z_(w)) b", "a (see) b", id="bare-url-at-the-end-of-brackets"),
        pytest.param("<https://x.y> a", "a", id="autolink"),
        pytest.param("{{video https://x.y}} a {{youtube abc}} {{youtube-timestamp 12}}", "a", id="video-macros"),
        pytest.param(f"{{{{embed (({UUID}))}}}} {{{{embed [[a b]]}}}} c", "c", id="embed-macros"),
        pytest.param("a {{renderer :b, c}} {{query (and [[d]] {:e {:f 1}})}} g", "a g", id="renderer-and-query"),
        pytest.param("a {{cloze b c \\\\ hint}} d", "a b c d", id="cloze"),
        pytest.param("{{scene dot run=calm}}", "", id="scene"),
        pytest.param("a {{b", "a {{b", id="macro-never-closed"),
        pytest.param("the #tag and #[[two words]] and #a/b", "the tag and two words and b", id="tags-in-a-sentence"),
        pytest.param("It ends. #tag #[[two words]]", "It ends.", id="tags-after-a-sentence"),
        pytest.param("#script #draft", "", id="tags-alone"),
        pytest.param("We are #1, C# and a#b, &#35;2", "We are #1, C# and a#b, #2", id="numbers-are-no-tags"),
        pytest.param("$x_1$ and $$y*z*w$$", "x_1 and y*z*w", id="mathematics"),
        pytest.param("$5 or $6, $ 3$", "$5 or $6, $ 3$", id="prices"),
        pytest.param("a[^1] b^[c [d] e] f", "a b f", id="footnotes"),
        pytest.param("a [k:: v] b (k:: w)", "a k: v b w", id="dataview"),
        pytest.param("at 12:30 see a:: b", "at 12:30 see a:: b", id="no-dataview"),
        pytest.param("a<br>b <b>c</b> <span style='x'>d</span>", "a b c d", id="html"),
        pytest.param("a <b and c> d, 1 <2> 3", "a d, 1 <2> 3", id="less-than-b"),
        pytest.param("x <y and z> w", "x <y and z> w", id="less-than"),
        pytest.param("&amp; &eacute; &c", "& é &c", id="entities"),
        pytest.param("a\u00a0b \u200bc\u200b so\u00adft\ufeff", "a b c soft", id="nbsp-and-zero-width"),
        pytest.param("👩‍🚀 “a” ‘b’ – c", "👩‍🚀 “a” ‘b’ – c", id="emoji-and-quotes"),
        pytest.param("a\u2028b", "a b", id="line-separator"),
        pytest.param("\ue000a\ue001\ue002\ue003", "�a���", id="private-characters"),
        pytest.param("a  \n  b\\\n  c", "a b c", id="line-ends"),
    ],
)
def test_what_is_spoken(written: str, said: str) -> None:
    assert read(written).text == said


@pytest.mark.parametrize(
    ("written", "links"),
    [
        ("[[a]] [[b#c|d]] [[b#^e]]", [("note", "a", ""), ("note", "b#c", "d"), ("note", "b#^e", "")]),
        (f"(({UUID})) [a](({UUID}))", [("block", UUID, ""), ("block", UUID, "a")]),
        (f"[a]((({UUID})))", [("block", UUID, "a")]),
        ("![[a.png|400]] ![[n#h|label]]", [("embed", "a.png", ""), ("embed", "n#h", "label")]),
        (f"{{{{embed (({UUID}))}}}} {{{{embed [[p]]}}}}", [("embed", f"(({UUID}))", ""), ("embed", "p", "")]),
        ("![a](../b c.png){:width 3} ![](d.png)", [("image", "../b c.png", "a"), ("image", "d.png", "")]),
        ("![a|300](b.png) ![400x300](c.png)", [("image", "b.png", "a"), ("image", "c.png", "")]),
        ('<img src="a.png" width=3>', [("image", "a.png", "")]),
        ("https://x.y/z, <http://u.v>", [("url", "https://x.y/z", ""), ("url", "http://u.v", "")]),
        ("[a **b**](https://x.y 'T') [c](d.pdf)", [("url", "https://x.y", "a b"), ("url", "d.pdf", "c")]),
        ("[https://x.y](https://x.y)", [("url", "https://x.y", "")]),
        ("[a](My%20Note.md#h) [b](#h)", [("note", "My Note#h", "a"), ("note", "#h", "b")]),
        ("[c]([[d e]])", [("note", "d e", "c")]),
        ("{{video https://x.y}} {{youtube abc}}", [("video", "https://x.y", ""), ("video", "abc", "")]),
        ("![](https://www.youtube.com/watch?v=1)", [("video", "https://www.youtube.com/watch?v=1", "")]),
        ("#a #[[b c]] #d/e #1", [("tag", "a", ""), ("tag", "b c", ""), ("tag", "d/e", "")]),
        ("[![a](b.png)](https://x.y)", [("url", "https://x.y", ""), ("image", "b.png", "a")]),
        ("`[[a]]` %%[[b]]%% \\[[c]] $[[d]]$", []),
    ],
)  # fmt: skip
def test_links_in_the_order_of_the_text(written: str, links: list[tuple[str, str, str]]) -> None:
    assert [(link.kind, link.target, link.label) for link in read(written).links] == links


@pytest.mark.parametrize(
    ("written", "said", "links"),
    [
        ("a [b **c**][d] e", "a b c e", [("url", "https://x.y", "b c")]),
        ("a [D][] [d], [ d ]", "a D d, d", [("url", "https://x.y", label) for label in "Ddd"]),
        ("![e|300][pic] f", "f", [("image", "../a b.png", "e")]),
        ("[e][note]", "e", [("note", "Other Note", "e")]),
        ("[a][nowhere] [b](c) `[d]` \\[d]", "[a][nowhere] b [d] [d]", [("url", "c", "b")]),
        ("==[b][d]== [ ]", "b [ ]", [("url", "https://x.y", "b")]),
    ],
)
def test_reference_links(written: str, said: str, links: list[tuple[str, str, str]]) -> None:
    where = "\n\n[D]: https://x.y\n[pic]: ../a%20b.png\n[note]: Other%20Note.md\n"
    used = "[d] [pic] [note]"
    block, *_ = parse_note(f"- {written}\n\n{used}{where}", PAGE).blocks
    found = inline(block)
    assert found.text == said
    assert [(link.kind, link.target.replace("%20", " "), link.label) for link in found.links] == links


def test_each_link_and_number_and_cue_knows_its_place() -> None:
    (block,) = parse_note("\t- [[a]] and [[a]]\n\t  ==x== ==x== {calm.kl.max:.1f} [l](u)\n", PAGE).blocks
    found = inline(block)
    sources = [*(link.source for link in found.links), *(c.source for c in found.cues), found.numbers[0].source]
    assert [(s.line, s.column, s.text[s.column - 1 :][: s.width]) for s in sources] == [
        (1, 4, "[[a]]"),
        (1, 14, "[[a]]"),
        (2, 34, "[l](u)"),
        (2, 4, "==x=="),
        (2, 10, "==x=="),
        (2, 16, "{calm.kl.max:.1f}"),
    ]


@pytest.mark.parametrize(
    ("written", "cues"),
    [
        ("a ==b c== d", [("b-c", 1)]),
        ("==a== un==b==c", [("a", 0), ("b", 1)]),
        ("a ^^b^^ <mark>c d</mark>", [("b", 1), ("c-d", 2)]),
        ("==a ^^b^^ c==", [("b", 1), ("a-b-c", 0)]),
        ("see ![[x]] ==a==", [("a", 1)]),
        ("==![[x]]== a", []),
        ("%%a b%% ==c==", [("c", 0)]),
        ("==日本== ==Café==", [("日本", 0), ("café", 1)]),
        ("It is =={calm.kl.max:.0f} nats==", [("kl-max-nats", 2)]),
        ("a <bookmark mark='b'/>c d<bookmark mark='e'/>", [("b", 1), ("e", 2)]),
        ("<bookmark mark='b'/>", []),
        ("~~<bookmark mark='b'/>x~~ <bookmark mark='c'/>d", [("c", 0)]),
        ("~~{calm.kl.max} ==a==~~ =={calm.rating.last}==", [("rating-last", 0)]),
    ],
)
def test_cues_are_words(written: str, cues: list[tuple[str, int]]) -> None:
    assert [(cue.name, cue.word) for cue in read(written).cues] == cues


@pytest.mark.parametrize(
    ("written", "caret", "message"),
    [
        ("a ~~b c~~ d", "b c", "this is crossed out, so it is not spoken"),
        ("a {{daily b}} c", "{{daily b}}", "this macro is not known here, so it is not spoken"),
        ("a {calm.rating} c", "{calm.rating}", "{calm.rating} is not a measured number"),
    ],
)
def test_what_is_not_spoken_though_it_looks_so_is_told(written: str, caret: str, message: str) -> None:
    (finding,) = read(written).findings
    assert finding.message == message
    assert finding.source.text[finding.source.column - 1 :][: finding.source.width] == caret


def test_a_piece_too_long_to_be_a_beat_keeps_its_words() -> None:
    found = read("**word** " * 3000)
    assert found.text.split() == ["**word**"] * 3000
    assert [finding.message for finding in found.findings] == [
        "this is 26,999 characters in one piece; its marks are not read"
    ]
    picture = read(f"a ![b](data:image/png;base64,{'A' * 100_000}) c")
    assert (picture.text, picture.findings) == ("a c", ())


def test_slug() -> None:
    assert slug("Deleted a *single* minus_sign!") == "deleted-a-single-minus-sign"


FRAMES = (
    "{0}", "**{0}**", "*{0} {1}", "{0}_", "`{0}", "`{0}`", "=={0}==", "=={0}", "^^{0} {1}^^", "[[{0}]]", "[[{0}|{1}]]",
    "[[{0}", "![[{0}]]", "[{0}]({1})", "[{0}](", "![{0}]({1})", "![{0}](", "({0})", "(({0}))", "https://{0}.{1}",
    "#{0}", "#[[{0}]]", "${0}$", "$$ {0} $$", "$", "$$", "<b>{0}</b>", "<{0}>", "<{0} {1}>", "{{{0}}}",
    "{{{0}", "{0}}}", "~~{0}~~", "~~", "[{0}:: {1}]", "(key:: {1})", "\\", "[", "]", "*", "_", "`", "==", "^^", "%%",
    "&{0};", "\n", "!", "|", "{{{{unknown {0}}}}}", "<mark>{0}</mark>",
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FRAMES), st.sampled_from(["", " "])), max_size=12))
def test_every_word_is_spoken_linked_or_told(parts: list[tuple[str, str]]) -> None:
    text = "".join(f.format(f"w{2 * i}w", f"w{2 * i + 1}w") + space for i, (f, space) in enumerate(parts))
    if text.count("%%") > 1:
        return  # a comment hides what it likes
    for block in parse_note(f"x{text}", PAGE).walk():
        found = inline(block)
        assert HOLE not in found.text
        assert found.text.count(NUMBER_MARK) == len(found.numbers)
        kept = [
            found.text,
            *(f"{link.target} {link.label}" for link in found.links),
            *(n.written for n in found.numbers),
        ]
        kept += [finding.source.text[finding.source.column - 1 :][: finding.source.width] for finding in found.findings]
        assert set(re.findall(r"w\d+w", block.text)) - set(re.findall(r"w\d+w", " ".join(kept))) == set()


UNITS = "[ ![ [[ ![[ (( {{ { == = ^^ ^ * _ **a *a_ ` `a`` < <a <mark> $ $a # %% & &a \\ ~ ~~a [a]( [a](b ]( []("
UNITS += " http:// http://a( ! {a {a: ((a"
UNITS += " [a][b] [a][ [b] ![a][b]"
UNITS += " : | ==a== <!-- <? [^ ^[ [[a| [a[a](b)](c) {{a}} <b> ^[[ ![a]( [![a](b)](c) (a:: [a::"


@pytest.mark.parametrize("unit", [*UNITS.split(), "a ", "#a ", "x ==a", "**a ", " ", "  \n"], ids=repr)
def test_the_longest_piece_takes_under_two_seconds(unit: str) -> None:
    (block, *_) = parse_note(f"- x {(unit * 10_000)[:9_900]}\n\n[b]\n[b]: c.md\n", PAGE).blocks
    began = time.process_time()
    inline(block)
    assert time.process_time() - began < 2
