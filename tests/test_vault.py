"""The vault: what links, embeds and file names of real notes lead to, and what they must not lead to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_vault import make_vault

from rushes import folder, pages, shadow
from rushes import vault as vault_module
from rushes.files import list_files
from rushes.note import Note, read_note
from rushes.pages import mentions, read_page
from rushes.vault import Vault, VaultError

UUID = "6f1c2d3e-0000-4000-8000-00000000000a"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of a Logseq graph in `tmp_path/vault`; returns its path."""
    root = tmp_path / "vault"
    (root / "logseq").mkdir(parents=True)

    def made(name: str, text: str | bytes = "- words\n") -> Path:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return made


def expanded(script: Path) -> Note:
    return Vault.around(script).expand(read_note(script))


def tree(note: Note) -> str:
    def show(block, depth: int) -> list[str]:
        head = f"{'  ' * depth}{block.text}".rstrip()
        said = "".join(f" {{{key}={prop.value}}}" for key, prop in block.properties.items() if key != "id")
        return [head + said, *(line for child in block.children for line in show(child, depth + 1))]

    return "\n".join(line for block in note.blocks for line in show(block, 0))


def told(note: Note) -> list[str]:
    return [f"{f.source.line}: {f.level}: {f.message}; {f.suggestion}" for f in note.findings]


# ---------------------------------------------------------------------- where the vault is
@pytest.mark.parametrize("mark", ["logseq", ".obsidian"])
def test_the_vault_is_the_nearest_folder_that_is_one(tmp_path: Path, mark: str) -> None:
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / "inner" / mark).mkdir(parents=True)
    script = tmp_path / "inner" / "pages" / "deep" / "x.md"
    script.parent.mkdir(parents=True)
    assert Vault.around(script).root == tmp_path / "inner"
    assert Vault.around(tmp_path / "pages" / "x.md").root == tmp_path


def test_a_folder_that_holds_a_graph_called_logseq_is_no_graph(tmp_path: Path) -> None:
    (tmp_path / "logseq" / "logseq").mkdir(parents=True)
    assert Vault.around(tmp_path / "films" / "x.md").root == tmp_path / "films"
    assert Vault.around(tmp_path / "logseq" / "pages" / "x.md").root == tmp_path / "logseq"


def test_a_script_that_is_a_link_into_a_vault_belongs_to_it(write: Write, tmp_path: Path) -> None:
    page = write("pages/film.md")
    link = tmp_path / "film.md"
    link.symlink_to(page)
    assert Vault.around(link).root == tmp_path / "vault"


def test_a_lone_script_has_its_folder_and_the_assets_beside_it(tmp_path: Path) -> None:
    for name in ("films/x.md", "films/near.png", "assets/far.png", "other/secret.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    script = tmp_path / "films" / "x.md"
    vault = Vault.around(script)
    assert vault.root == tmp_path / "films"
    assert vault.find_asset("near.png", script) == tmp_path / "films" / "near.png"
    assert vault.find_asset("../assets/far.png", script) == tmp_path / "assets" / "far.png"
    with pytest.raises(VaultError, match="outside the vault"):
        vault.find_asset("../other/secret.png", script)


def test_a_lone_script_may_name_assets_that_are_not_there(tmp_path: Path) -> None:
    """Logseq's way of naming a picture, in a note that was sent without its graph."""
    with pytest.raises(VaultError, match="there is no file") as missing:
        Vault.around(tmp_path / "x.md").find_asset("../assets/a.jpg", tmp_path / "x.md")
    assert missing.value.level == "warning"


def test_opening_a_vault_reads_nothing(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    script = write("pages/film.md")
    monkeypatch.setattr(folder, "list_files", lambda *_: pytest.fail("listed"))
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("read"))
    assert Vault.around(script).findings == ()


def test_finding_a_file_by_its_name_reads_no_note(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    script, other, picture = write("pages/film.md", "- ![[a.png]]\n"), write("pages/deep/other.md"), write("old/a.png")
    monkeypatch.setattr(pages, "read_page", lambda _: pytest.fail("read"))
    vault = Vault.around(script)
    assert vault.find_note("other") == other
    assert vault.find_note("other#a heading") == other
    assert vault.find_asset("a.png", script) == picture
    assert tree(vault.expand(read_note(script))) == "![[a.png]]"


# ---------------------------------------------------------------------- links to notes
@pytest.mark.parametrize(
    "target",
    [
        "notes/deep/Tall Grass",
        "notes/deep/Tall Grass.md",
        "deep/Tall Grass",
        "Tall Grass",
        "Tall Grass.md",
        "Tall Grass|the grass",
        "Tall Grass#Roots",
        "Tall Grass#^abc",
        "Tall%20Grass.md",
        "tall grass",
        "Deep/TALL GRASS",
        "sward",
        "Sward",
        "the green stuff",
        "Meadow",
    ],
)
def test_a_note_is_found_by(target: str, write: Write) -> None:
    script = write("pages/film.md")
    grass = write(
        "notes/deep/Tall Grass.md", "---\ntitle: Meadow\naliases: [sward, the green stuff]\n---\n# Roots\nx ^abc\n"
    )
    assert Vault.around(script).find_note(target, script) == grass


def test_aliases_written_logseqs_way(write: Write) -> None:
    script, page = write("pages/film.md"), write("pages/a.md", "alias:: one, [[two words]]\ntags:: [[x]]\n\n- b\n")
    vault = Vault.around(script)
    assert vault.find_note("one") == vault.find_note("two words") == page
    assert vault.find_note("x") is None


def test_a_name_goes_before_an_alias_and_an_alias_before_other_capitals(write: Write) -> None:
    script = write("pages/film.md", "- x\n")
    named, alias, other = write("z/RLHF.md"), write("a.md", "alias:: RLHF, Coach\n"), write("coach.md")
    vault = Vault.around(script)
    assert vault.find_note("RLHF") == named
    assert vault.find_note("Coach") == alias
    assert vault.find_note("COACH") == other


def test_of_several_notes_of_one_name_the_shortest_path_is_meant(write: Write) -> None:
    script = write("pages/film.md")
    write("a/b/RLHF.md")
    near, far = write("zz/RLHF.md"), write("journals/RLHF.md")
    vault = Vault.around(script)
    assert vault.find_note("RLHF") == near
    assert vault.find_note("journals/RLHF") == far


def test_paths_from_the_note_that_says_so(write: Write) -> None:
    script = write("pages/film.md")
    here, above, root = write("pages/a.md"), write("b.md"), write("a.md")
    vault = Vault.around(script)
    assert vault.find_note("./a", script) == here
    assert vault.find_note("../b.md", script) == above
    assert vault.find_note("a", script) == root
    assert vault.find_note("#a heading", script) == script
    assert vault.find_note(str(here), script) == here


def test_logseqs_own_file_names(write: Write) -> None:
    script = write("pages/film.md")
    nested, old, day = write("pages/a___b.md"), write("pages/c%2Fd.md"), write("journals/2026_11_22.md")
    vault = Vault.around(script)
    assert vault.find_note("a/b") == nested
    assert vault.find_note("c/d") == old
    assert vault.find_note("Nov 22nd, 2026") == day


def test_an_accent_written_as_two_characters_is_the_same_name(write: Write) -> None:
    script, page, picture = write("film.md"), write("cafe\u0301.md"), write("assets/e\u0301.png")
    vault = Vault.around(script)
    assert vault.find_note("caf\u00e9") == page
    assert vault.find_asset("\u00e9.png", script) == picture


@pytest.mark.parametrize(
    "target",
    ["../../etc/passwd", "/etc/passwd", "..%2f..%2fetc/passwd", "out", "pages/out", "x\0y", "", "#", "|", "y" * 5000],
)
def test_no_note_outside_the_vault_is_found(target: str, write: Write, tmp_path: Path) -> None:
    script = write("pages/film.md")
    secret = tmp_path / "secret.md"
    secret.write_text("- not yours\n")
    (script.parent / "out.md").symlink_to(secret)
    assert Vault.around(script).find_note(target, None) is None


def test_what_is_not_the_authors_is_left_out(write: Write) -> None:
    script = write("pages/film.md")
    for name in ("logseq/bak/a.md", ".trash/b.md", ".obsidian/c.md", ".git/d.md", "node_modules/e.md"):
        write(name)
    kept = write("pages/logseq/f.md")
    vault = Vault.around(script)
    assert vault.folder.files.notes == ("pages/film.md", "pages/logseq/f.md")
    assert vault.find_note("f") == kept


def test_folders_that_obsidian_is_told_to_leave_out_are(write: Write) -> None:
    script = write("pages/film.md")
    write(".obsidian/app.json", json.dumps({"userIgnoreFilters": ["build/", "/a regex/", 3]}))
    write("build/a.md")
    write("builder/b.md")
    assert Vault.around(script).folder.files.notes == ("builder/b.md", "pages/film.md")


# ---------------------------------------------------------------------- assets
@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("beside.png", "pages/beside.png"),
        ("./beside.png", "pages/beside.png"),
        ("sub/x.png", "pages/sub/x.png"),
        ("../assets/a.png", "assets/a.png"),
        ("assets/a.png", "assets/a.png"),
        ("/assets/a.png", "assets/a.png"),
        ("a.png", "assets/a.png"),
        ("a.png|400", "assets/a.png"),
        ("A.PNG", "assets/a.png"),
        ("two%20words.png", "assets/two words.png"),
        ("two words.png", "assets/two words.png"),
        ("100%25.png", "assets/100%.png"),
        ("film.mp4#t=10,20", "assets/film.mp4"),
        ("far.png", "old/deep/far.png"),
        ("deep/far.png", "old/deep/far.png"),
        ("attached.png", "kept here/attached.png"),
    ],
)
def test_an_asset_is_found_by(target: str, found: str, write: Write) -> None:
    script = write("pages/film.md")
    write(".obsidian/app.json", '{"attachmentFolderPath": "kept here"}')
    for name in ("pages/beside.png", "pages/sub/x.png", "assets/a.png", "assets/two words.png", "assets/100%.png"):
        write(name, "x")
    for name in ("assets/film.mp4", "old/deep/far.png", "very/old/deep/far.png", "kept here/attached.png"):
        write(name, "x")
    write("a/long/way/attached.png", "x")
    assert Vault.around(script).find_asset(target, script) == script.parent.parent / found


def test_the_folder_for_attachments_may_be_the_notes_own(write: Write) -> None:
    script, mine = write("pages/deep/film.md"), write("pages/deep/files/a.png")
    write("files/a.png")
    write(".obsidian/app.json", '{"attachmentFolderPath": "./files"}')
    assert Vault.around(script).find_asset("a.png", script) == mine


def test_settings_of_obsidian_that_are_damaged_are_none(write: Write) -> None:
    script, picture = write("pages/film.md"), write("assets/a.png")
    for text in ("{", "[]", '{"attachmentFolderPath": 3, "userIgnoreFilters": "x"}', "\xff"):
        write(".obsidian/app.json", text)
        assert Vault.around(script).find_asset("a.png", script) == picture


@pytest.mark.parametrize(
    "target",
    [
        "../../secret.png",
        "../../etc/passwd",
        "../../../../../../../../etc/passwd",
        "/etc/passwd",
        "%2e%2e/%2e%2e/secret.png",
        "..%2F..%2Fsecret.png",
        "../assets/../../secret.png",
        "file:///etc/passwd",
        "~/secret.png",
        "C:\\secret.png",
        "link.png",
        "../assets/link.png",
        "../linked/secret.png",
        "LINK.png",
        "assets/link.png",
        "linked/secret.png",
        "../nothing/../../there.png",
    ],
)
def test_an_asset_outside_the_vault_is_refused(target: str, write: Write, tmp_path: Path) -> None:
    script = write("pages/film.md")
    (tmp_path / "secret.png").write_text("not yours")
    write("assets/a.png")
    (script.parent.parent / "assets" / "link.png").symlink_to(tmp_path / "secret.png")
    (script.parent.parent / "linked").symlink_to(tmp_path)
    with pytest.raises(VaultError, match="is outside the vault") as refused:
        Vault.around(script).find_asset(target, script)
    assert refused.value.level == "error"
    assert refused.value.suggestion == f"copy it into {tmp_path / 'vault'} first"


def test_an_asset_that_is_not_there(write: Write) -> None:
    script = write("pages/film.md")
    write("assets/sunrise.png")
    write("assets/folder.png/x", "x")
    vault = Vault.around(script)
    with pytest.raises(VaultError, match=r"there is no file '\.\./assets/sunrse\.png'") as missing:
        vault.find_asset("../assets/sunrse.png", script)
    assert (missing.value.level, missing.value.suggestion) == ("warning", "did you mean 'sunrise.png'?")
    for target in ("folder.png", "", "x\0.png", "#t=3", "n" * 5000 + ".png"):
        with pytest.raises(VaultError, match="there is no file"):
            vault.find_asset(target, script)


def test_a_vault_that_is_reached_through_a_link_holds_its_files(write: Write, tmp_path: Path) -> None:
    write("pages/film.md")
    write("assets/a.png")
    (tmp_path / "door").symlink_to(tmp_path / "vault")
    script = tmp_path / "door" / "pages" / "film.md"
    assert Vault.around(script).find_asset("../assets/a.png", script).samefile(tmp_path / "vault/assets/a.png")


# ---------------------------------------------------------------------- embeds
OTHER = f"""\
---
title: Other
---
# First
one
## Part
- two
  - below two
- three
  id:: {UUID}
# Last
four ^four
"""


WHOLE = ["First", "  one", "  Part", "    two", "      below two", "    three", "Last", "  four"]


@pytest.mark.parametrize(
    ("embed", "shown"),
    [
        ("![[other]]", WHOLE),
        (
            "{{embed [[other]]}}",
            WHOLE,
        ),
        ("![[other#Part]]", ["two", "  below two", "three"]),
        ("![[other#part|with a label]]", ["two", "  below two", "three"]),
        ("![[other#First#Part]]", ["two", "  below two", "three"]),
        ("![[other#^four]]", ["four"]),
        (f"{{{{embed (({UUID}))}}}}", ["three"]),
    ],
)
def test_an_embed_is_replaced_by_what_it_names(embed: str, shown: list[str], write: Write) -> None:
    write("pages/other.md", OTHER)
    note = expanded(write("pages/film.md", f"- before\n- {embed}\n- after\n"))
    assert tree(note).splitlines() == ["before", *shown, "after"]
    assert note.findings == ()


def test_an_embedded_block_keeps_its_place(write: Write) -> None:
    other = write("pages/other.md", OTHER)
    note = expanded(write("pages/film.md", "- ![[other#Part]]\n"))
    assert [(block.source.path, block.source.line) for block in note.blocks] == [(other, 7), (other, 9)]


def test_a_note_without_embeds_is_itself(write: Write) -> None:
    script = write("pages/film.md", "- one [[two]]\n  - ((x))\n- `![[code]]`\n")
    note = read_note(script)
    assert Vault.around(script).expand(note) is note or tree(Vault.around(script).expand(note)) == tree(note)


def test_embeds_in_embeds(write: Write) -> None:
    write("a.md", "- a\n- ![[b]]\n")
    write("b.md", "- b\n  - ![[c]]\n")
    write("c.md", "- c\n")
    assert tree(expanded(write("film.md", "- ![[a]]\n"))) == "a\nb\n  c"


def test_what_an_embed_says_besides_it_says_of_what_it_pulls_in(write: Write) -> None:
    write("other.md", "- two\n  hold:: 1\n  - shown\n")
    note = expanded(write("film.md", "- TODO ![[other]]\n  hold:: 3\n  - shown too\n"))
    assert tree(note) == "two {hold=3}\n  shown\n  shown too"
    assert note.blocks[0].marker == "TODO"
    write("more.md", "- two\n- three\n")
    note = expanded(write("film.md", "- ![[more]]\n  hold:: 3\n"))
    assert tree(note) == "two\nthree"
    assert told(note) == [
        "2: warning: 'hold::' says nothing here: the embed stands for 2 blocks; write it on the block itself"
    ]


def test_an_embed_on_a_line_of_its_own_cuts_a_paragraph_and_goes_below_a_bullet(write: Write) -> None:
    write("other.md", "- two\n")
    assert tree(expanded(write("film.md", "one\n![[other]]\nthree\n"))) == "one\ntwo\nthree"
    assert tree(expanded(write("film.md", "- one\n  ![[other]]\n  three\n"))) == "one\nthree\n  two"
    assert tree(expanded(write("film.md", "![[other]]\n![[other]]\n"))) == "two\ntwo"


def test_an_embed_within_a_line_is_told_of(write: Write) -> None:
    write("other.md", "- two\n")
    note = expanded(write("film.md", "- see ![[other]] here, ![[a.png]] and `![[x]]`\n"))
    assert told(note) == ["1: warning: an embed within a line is not pulled in; put it on a line of its own"]
    assert note.findings[0].source.column == 7


def test_pictures_and_films_are_left_to_the_script(write: Write) -> None:
    lines = ["![[a.png]]", "![[interview.mp4#t=3]]", "![[scan.pdf]]", "![[pack.zip]]"]
    note = expanded(write("film.md", "".join(f"- {line}\n" for line in lines)))
    assert tree(note).splitlines() == lines
    assert note.findings == ()


def test_a_note_may_be_called_as_a_version(write: Write) -> None:
    write("v1.2.md", "- two\n")
    assert tree(expanded(write("film.md", "- ![[v1.2]]\n"))) == "two"


def test_embeds_in_code_are_code(write: Write) -> None:
    text = "```\n![[other]]\n```\n"
    note = expanded(write("film.md", text))
    assert tree(note) == "![[other]]"


@pytest.mark.parametrize(
    ("embed", "said"),
    [
        ("![[othr]]", "warning: there is no note 'othr'; did you mean 'other'?"),
        ("![[quite different]]", "warning: there is no note 'quite different'; make the note"),
        ("![[other#Prat]]", "warning: there is no heading 'Prat' in other.md; did you mean 'Part'?"),
        ("![[other#^five]]", "warning: there is no block '^five' in other.md; copy the link to the block again"),
        ("{{embed ((no-such))}}", "warning: there is no block 'no-such' in the vault; copy the block's embed again"),
        ("![[empty]]", "warning: nothing is written there; write it, or take the embed out"),
        ("![[board.canvas]]", "warning: a canvas cannot be filmed, and is left out; embed the notes that are on it"),
        ("![[../../etc/passwd]]", "error: the note '../../etc/passwd' is outside the vault; copy it into ROOT first"),
        ("![[/etc/passwd]]", "error: the note '/etc/passwd' is outside the vault; copy it into ROOT first"),
        ("![[out]]", "error: the note 'out' is outside the vault; copy it into ROOT first"),
        ("![[..%2f..%2fsecret]]", "error: the note '..%2f..%2fsecret' is outside the vault; copy it into ROOT first"),
        ("![[film]]", "error: this embeds itself; embed the part that is meant: ![[note#heading]]"),
        ("![[#Words]]", "error: this embeds itself; embed the part that is meant: ![[note#heading]]"),
    ],
)  # fmt: skip
def test_an_embed_that_cannot_be_pulled_in(embed: str, said: str, write: Write, tmp_path: Path) -> None:
    write("pages/other.md", OTHER)
    write("pages/empty.md", "")
    (tmp_path / "secret.md").write_text("- not yours\n")
    (tmp_path / "vault" / "pages" / "out.md").symlink_to(tmp_path / "secret.md")
    note = expanded(write("pages/film.md", f"# Words\n- one\n- {embed}\n- three\n"))
    assert tree(note) == "Words\n  one\n  three"
    assert told(note) == [f"3: {said}".replace("ROOT", str(tmp_path / "vault"))]
    source = note.findings[0].source
    assert source.text[source.column - 1 :][: source.width] == embed


def test_what_is_below_an_embed_that_leads_nowhere_stays(write: Write) -> None:
    assert tree(expanded(write("film.md", "- ![[nowhere]]\n  - a picture\n"))) == "\n  a picture"


def test_a_cycle_of_several_notes_is_cut_where_it_closes(write: Write) -> None:
    write("a.md", "- a\n- ![[b]]\n")
    b = write("b.md", "- b\n- ![[a]]\n")
    note = expanded(write("film.md", "- ![[a]]\n- after\n"))
    assert tree(note) == "a\nb\nafter"
    assert [(f.source.path, f.source.line, f.level) for f in note.findings] == [(b, 2, "error")]


def test_a_note_embeds_another_part_of_itself(write: Write) -> None:
    note = expanded(write("film.md", "# One\n- a\n# Two\n- ![[film#One]]\n- ![[#One]]\n"))
    assert tree(note) == "One\n  a\nTwo\n  a\n  a"
    assert note.findings == ()


def test_embeds_that_double_again_and_again_come_to_an_end(write: Write) -> None:
    for i in range(40):
        write(f"n{i}.md", f"- ![[n{i + 1}]]\n- ![[n{i + 1}]]\n")
    write("n40.md", "- x\n")
    note = expanded(write("film.md", "- ![[n0]]\n"))
    assert {finding.message for finding in note.findings} <= {
        "this embed is nested too deep, and is left out",
        "with this the embeds have over 10,000 blocks",
    }
    assert note.findings


def test_an_embed_below_five_hundred_bullets(write: Write) -> None:
    write("other.md", "- two\n")
    deep = "".join("\t" * i + "- x\n" for i in range(500))
    note = expanded(write("film.md", f"- ![[other]]\n{deep}" + "\t" * 500 + "- ![[other]]\n"))
    assert sum(1 for block in note.walk()) == 501
    assert told(note) == ["502: error: this embed is nested too deep, and is left out; embed the last note itself"]


PIECES = [
    "![[a]]",
    "![[b#H]]",
    "{{embed [[film]]}}",
    "![[nowhere]]",
    "![[p.png]]",
    "x ![[a]]",
    "",
    "k:: v",
    "```",
    "> q",
]


@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["- ", "", "# "]), st.sampled_from([*PIECES, "word"] * 2)))
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_word_is_lost_beside_an_embed(write: Write, rows: list[tuple[int, str, str]]) -> None:
    """A word for each row; whatever is embedded beside it, it is still there, in the order of the file."""
    lines = ["\t" * depth + mark + piece.replace("word", f"word{i}") for i, (depth, mark, piece) in enumerate(rows)]
    write("a.md", "- in a\n- ![[b]]\n")
    write("b.md", "# H\n- in b\n- ![[a]]\n- ![[film]]\n")
    script = write("film.md", "\n".join(lines))
    note = read_note(script)
    words = [word for block in note.walk() for word in block.text.split() if word.startswith("word")]
    expanded = Vault.around(script).expand(note)
    own = [block for block in expanded.walk() if block.source.path == script]
    kept = [word for block in own for word in block.text.split() if word.startswith("word")]
    if "{{embed [[film]]}}" not in "".join(lines):
        assert kept == words
    assert set(kept) == set(words)


def test_an_embedded_note_that_is_damaged_is_a_warning(write: Write) -> None:
    write("other.md", "---\na: b: c\n---\n- two\n")
    note = expanded(write("film.md", "- ![[other]]\n"))
    assert tree(note) == "two"
    assert [(f.level, f.source.path.name) for f in note.findings] == [("warning", "other.md")]


def test_an_embedded_note_that_is_too_large_is_not_read(write: Write) -> None:
    write("big.md", "- words\n" * 300_000)
    note = expanded(write("film.md", "- ![[big]]\n- ![[big#Part]]\n"))
    assert tree(note) == ""
    assert [finding.message for finding in note.findings] == [
        "this note has 2.4 MB; notes over 2 MB are not read",
        "there is no heading 'Part' in big.md",
    ]


# ---------------------------------------------------------------------- blocks, links that lead nowhere
def test_a_block_is_found_by_its_id(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("pages/other.md", OTHER)
    script = write("pages/film.md", "- own\n  id:: 6f1c2d3e-0000-4000-8000-00000000000b\n")
    vault = Vault.around(script)
    found = vault.block(UUID)
    assert found is not None
    assert (found.text, found.source.line) == ("three", 9)
    monkeypatch.setattr(vault_module, "read_pages", lambda *_: pytest.fail("read"))
    own = Vault.around(script).block(f"{UUID[:-1]}b", script)
    assert own is not None
    assert own.text == "own"
    assert vault.block(f"{UUID[:-1]}f", script) is None


def test_links_that_lead_nowhere_are_warnings_with_their_place(write: Write) -> None:
    write("pages/other.md", OTHER)
    write("assets/a.pdf")
    good = (
        "[[other]] [[other#Part]] [[other#^four]] [[a.pdf]] #[[not a page]] [x](other.md) `[[code]]` [y](http://z.md)"
    )
    script = write(
        "pages/film.md",
        f"- {good} (({UUID}))\n- a [[othr]], [[other#Prat|label]] and [z](othr.md)\n  - (({UUID[:-1]}f))\n"
        "```\n[[x]]\n```\n",
    )
    found = Vault.around(script).dead_links(read_note(script).blocks)
    assert [str(finding).partition(": warning: ")[2] for finding in found] == [
        "there is no note 'othr'\n"
        "  2 | - a [[othr]], [[other#Prat|label]] and [z](othr.md)\n"
        "          ^^^^^^^^\n"
        "  did you mean 'other'?",
        "there is no heading 'Prat' in other.md\n"
        "  2 | - a [[othr]], [[other#Prat|label]] and [z](othr.md)\n"
        "                    ^^^^^^^^^^^^^^^^^^^^\n"
        "  did you mean 'Part'?",
        "there is no note 'othr.md'\n"
        "  2 | - a [[othr]], [[other#Prat|label]] and [z](othr.md)\n"
        "                                             ^^^^^^^^^^^^\n"
        "  did you mean 'other'?",
        "there is no block with this id in the vault\n"
        f"  3 | - (({UUID[:-1]}f))\n"
        "        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  copy its reference again",
    ]


def test_a_link_out_of_the_vault_is_an_error(write: Write) -> None:
    script = write("pages/film.md", "- [[../../secret]]\n")
    (finding,) = Vault.around(script).dead_links(read_note(script).blocks)
    assert (finding.level, finding.message) == ("error", "the note '../../secret' is outside the vault")


# ---------------------------------------------------------------------- one page
def test_what_a_page_says_of_itself(write: Write) -> None:
    page = read_page(
        write(
            "a.md",
            "---\ntitle: A\naliases: [b, c d]\ntags: [x]\ndoi: 10.1000/182\nvideo: abcdefghij-\n---\n"
            f"# Head #y\n- [[one]] and ![[two#h|l]] {{{{embed (({UUID}))}}}} {{{{embed [[three]]}}}} #[[z z]] #1\n"
            f"  id:: {UUID[:-1]}b\n- [[one]] [m](four.md) ![i](five.md) `[[code]]` %%[[secret]]%% ^caret\n"
            "```\n[[fenced]]\nid:: no\n```\n",
        )
    )
    assert (page.title, page.aliases, page.tags) == ("A", ("b", "c d"), ("x", "y", "z z"))
    assert page.links == ("one", "two#h", f"(({UUID}))", "three", "z z", "four.md")
    assert page.ids == (f"{UUID[:-1]}b", "caret")
    assert (page.url, page.video) == ("https://doi.org/10.1000/182", "https://youtu.be/abcdefghij-")


@pytest.mark.parametrize(
    ("text", "url", "video"),
    [
        ("url:: https://x.org/a\n\n- b\n", "https://x.org/a", ""),
        ("doi:: https://doi.org/10.1000/182\n", "https://doi.org/10.1000/182", ""),
        ("url:: javascript:alert(1)\ndoi:: nonsense\n", "", ""),
        ("video:: {{video https://youtu.be/abc}}\n", "", "https://youtu.be/abc"),
        ("youtube:: https://youtu.be/abc\n", "", "https://youtu.be/abc"),
        ("- {{video https://youtu.be/no}}\n- ## Result\n  - {{video https://youtu.be/abc}}\n", "", "https://youtu.be/abc"),
        ("- {{video https://youtu.be/no}}\n", "", ""),
        ("---\nurl: [https://x.org/a, https://x.org/b]\n---\n", "https://x.org/a", ""),
    ],
)  # fmt: skip
def test_the_address_and_the_film_of_a_page(text: str, url: str, video: str, write: Write) -> None:
    page = read_page(write("a.md", text))
    assert (page.url, page.video) == (url, video)


@pytest.mark.parametrize("text", ["[" * 300_000, "](" * 150_000, "[[" * 150_000, "![[a" * 80_000, "((" * 150_000,
    "%%" * 150_001, "`" * 300_001, "```\n" * 80_000, "#" * 300_000, "](a.md)" * 50_000, "id:: " * 60_000,
    "^a" * 150_000, "{{embed " * 40_000, "{{video a" * 40_000])  # fmt: skip
def test_no_line_is_read_more_than_once(text: str, tmp_path: Path) -> None:
    """Each of these takes hours with an expression that goes back over what it has read; the suite has a time limit."""
    mentions(text)
    pages.scan(text, tmp_path / "x.md")


# ---------------------------------------------------------------------- the index
def test_the_index_is_kept_and_only_changed_notes_are_read_again(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, other = write("film.md"), write("other.md", "alias:: b\n\n- [[film]] #t\n")
    write("third.md")
    first = dict(Vault.around(script, tmp_path / "cache").pages)
    read: list[str] = []
    monkeypatch.setattr(pages, "read_page", lambda path: read.append(path.name) or read_page(path))
    assert Vault.around(script, tmp_path / "cache").pages == first
    assert read == []
    other.write_text("alias:: cc\n\n- [[film]] #t\n")
    (tmp_path / "vault" / "third.md").unlink()
    write("fourth.md")
    again = Vault.around(script, tmp_path / "cache")
    assert sorted(again.pages) == ["film.md", "fourth.md", "other.md"]
    assert again.find_note("cc") == other
    assert sorted(read) == ["fourth.md", "other.md"]
    assert Vault.around(script).pages == again.pages


@pytest.mark.parametrize("damage", ["cut", "changed", "newer", "empty", "list", "bytes", "folder"])
def test_a_damaged_index_is_made_again(damage: str, write: Write, tmp_path: Path) -> None:
    script = write("film.md", "alias:: b\n")
    good = dict(Vault.around(script, tmp_path / "cache").pages)
    (file,) = (tmp_path / "cache").iterdir()
    head, body = file.read_text().splitlines()
    newer = json.dumps({**json.loads(head), "format": 2})
    texts = {
        "cut": f"{head}\n{body[:-9]}", "changed": f"{head}\n{body.replace('b', 'c', 1)}", "newer": f"{newer}\n{body}\n",
        "empty": "", "list": "[]\n[]\n",
    }  # fmt: skip
    if damage == "bytes":
        file.write_bytes(b"\xff\x00\xfe")
    elif damage == "folder":
        file.unlink()
        file.mkdir()
    else:
        file.write_text(texts[damage])
    vault = Vault.around(script, tmp_path / "cache")
    assert vault.pages == good
    if damage != "folder":
        assert file.read_text() == f"{head}\n{body}\n"


def test_one_bad_note_never_breaks_the_rest(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    script = write("film.md", "- [[good]]\n")
    good = write("good.md", "alias:: fine\n\n- [[film]]\n")
    write("latin.md", "alias:: caf\xe9\n\n- [[good]]\n".encode("latin-1"))
    write("yaml.md", "---\na: b: c\nx: {{template}}\n---\n- [[good]]\n")
    write("big.md", "- [[good]]\n" * 200_000)
    write("nul.md", "- \0[[good]]\n")
    write("folder.md/inner.md", "- [[good]]\n")
    write("locked.md")
    root = script.parent
    (root / "loop.md").symlink_to(root / "loop.md")
    (root / "gone.md").symlink_to(root / "nowhere.md")
    os.mkfifo(root / "pipe.md")
    read_bytes = Path.read_bytes

    def denied(path: Path) -> bytes:
        if path.name == "locked.md":  # root may read everything, and tests may run as root
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", denied)
    vault = Vault.around(script)
    links = {path: page.links for path, page in vault.pages.items() if page.links}
    assert links == {
        "film.md": ("good",), "good.md": ("film",), "latin.md": ("good",), "yaml.md": ("good",), "nul.md": ("good",),
        "folder.md/inner.md": ("good",),
    }  # fmt: skip
    assert vault.find_note("fine") == good
    assert vault.find_note("café") == root / "latin.md"
    assert [f"{f.source.path.name}: {f.level}: {f.message}" for f in vault.findings] == [
        "big.md: warning: this note has 2.2 MB; notes over 2 MB are not read",
        "latin.md: warning: this is not UTF-8; it is read as Windows-1252",
        "locked.md: warning: this note cannot be read: Permission denied",
        "yaml.md: warning: the front matter is not YAML: mapping values are not allowed here",
    ]


def test_a_loop_of_links_is_walked_once(write: Write, tmp_path: Path) -> None:
    script = write("pages/film.md")
    root = tmp_path / "vault"
    (root / "pages" / "up").symlink_to(root)
    (root / "pages" / "self").symlink_to(root / "pages" / "self")
    (root / "elsewhere").symlink_to(tmp_path)
    files = list_files(root)
    assert files.notes == ("pages/film.md",)
    assert files.outside == ("elsewhere",)
    assert Vault.around(script).find_note("pages/up/pages/film", script) is not None
    with pytest.raises(VaultError):
        Vault.around(script).find_asset("self/a.png", script)


def test_a_folder_without_end_is_cut_and_told_of(tmp_path: Path) -> None:
    for i in range(12):
        (tmp_path / str(i)).mkdir()
        (tmp_path / str(i) / "x.png").write_text("x")
    listed = list_files(tmp_path, most=5)
    assert len(listed.others) == 6
    (finding,) = listed.findings
    assert (finding.level, finding.message) == (
        "warning",
        "there are more than 5 files here; the rest is not searched",
    )


def test_a_page_of_dead_links_is_told_of_in_time(write: Write) -> None:
    for i in range(300):
        write(f"pages/note {i}.md")
    script = write("pages/film.md", "".join(f"- [[note x{i}]]\n" for i in range(300)))
    found = Vault.around(script).dead_links(read_note(script).blocks)
    assert len(found) == 300
    assert found[0].suggestion.startswith("did you mean 'note ")
    assert found[-1].suggestion == "make the note"


def test_a_file_name_that_is_not_text_is_passed_over(write: Write) -> None:
    script = write("film.md")
    Path(os.fsdecode(bytes(script.parent) + b"/\xff.md")).write_text("- x\n")
    assert Vault.around(script).folder.files.notes == ("film.md",)


# ---------------------------------------------------------------------- sources, related films
def test_sources_are_linked_notes_with_an_address_in_order_of_mention(write: Write) -> None:
    write("pages/b.md", "url:: https://b.org\ntitle:: The B\n\n- x\n")
    write("pages/a___sub.md", "doi:: 10.1000/182\n\n- x ^id\n")
    write("pages/plain.md", "- x\n")
    write("pages/deep.md", "- [[c]]\n")
    write("pages/c.md", "url:: https://c.org\nalias:: see\n\n- x\n")
    script = write(
        "pages/film.md",
        "url:: https://me.org\n\n- [[b]] [[plain]] [[nowhere]] [[film]]\n- ![[a/sub]]\n- [[b]]\n- ![[deep]]\n",
    )
    vault = Vault.around(script)
    expected = [("The B", "https://b.org"), ("a/sub", "https://doi.org/10.1000/182"), ("c", "https://c.org")]
    assert [(link.title, link.url) for link in vault.sources(vault.expand(read_note(script)))] == expected
    assert [(link.title, link.url) for link in vault.sources(read_note(script))] == expected[:2]


def films(vault: Vault, script: Path) -> list[str]:
    return [link.title for link in vault.related(read_note(script))]


@pytest.fixture
def films_vault(write: Write) -> Path:
    """Films `near`, `far` (two links away), `further` (three), `shared` (linked to beside this one, twice)."""
    video = "video:: https://youtu.be/{0}\n\n- {1}\n"
    write("pages/near.md", video.format("near", "x"))
    write("pages/hub.md", "- [[far]]\n")
    write("a/far.md", video.format("far", "[[further]]"))
    write("pages/further.md", video.format("further", "x"))
    write("pages/shared.md", video.format("shared", "x"))
    write("pages/alone.md", video.format("alone", "x"))
    # two notes of one name: what obsidiantools loses
    write("b/list.md", "- [[film]]\n\t\t- [[shared]]\n")
    write("c/list.md", "- [[The Film]] and [[shared]]\n")
    write("pages/bad.md", b"- [[film]] [[near]] \xff\n")
    return write("pages/film.md", "alias:: The Film\nvideo:: https://youtu.be/me\n\n- [[hub]] [[near]] [[film]]\n")


@pytest.mark.skipif(find_spec("obsidiantools") is None, reason="the extra vault is not installed")
def test_related_films_are_at_most_two_links_away_most_shared_first(
    films_vault: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    vault = Vault.around(films_vault)
    assert films(vault, films_vault) == ["shared", "near", "far"]
    assert [link.url for link in vault.related(read_note(films_vault), 1)] == ["https://youtu.be/shared"]
    assert capfd.readouterr() == ("", "")
    assert [finding.source.path.name for finding in vault.findings] == ["bad.md"]


def test_without_the_extra_related_films_are_those_linked_to_and_it_is_said(
    films_vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shadow, "available", lambda: False)
    vault = Vault.around(films_vault)
    assert films(vault, films_vault) == ["near"]
    assert [(f.level, f.suggestion) for f in vault.findings] == [("warning", "pip install -e '.[vault]'")]


def test_nothing_light_imports_obsidiantools(films_vault: Path) -> None:
    code = """
import sys
from pathlib import Path
from rushes.note import read_note
from rushes.vault import Vault
script = Path(sys.argv[1])
vault, note = Vault.around(script), read_note(script)
vault.expand(note), vault.dead_links(note.blocks), vault.sources(note), vault.find_note("nowhere"), vault.graph()
assert not {"obsidiantools", "networkx", "pandas", "manim", "numpy"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code, str(films_vault)], check=True)


# ---------------------------------------------------------------------- a made vault
def test_a_made_vault_is_the_same_again_and_read_whole(tmp_path: Path) -> None:
    one, two = make_vault(tmp_path / "one", 60), make_vault(tmp_path / "two", 60)
    assert [p.read_bytes() for p in sorted(one.rglob("*.md"))] == [p.read_bytes() for p in sorted(two.rglob("*.md"))]
    vault = Vault.around(one / "pages" / "note 7.md")
    assert len(vault.pages) == 60
    assert vault.find_note("alias 5") == one / "pages" / "note 5.md"
    assert sum(bool(page.video) for page in vault.pages.values()) == 6
    dead = [f for path in vault.pages for f in vault.dead_links(read_note(one / path).blocks)]
    assert sorted(finding.message for finding in dead) == [
        "there is no note 'nowhere 0'",
        "there is no note 'nowhere 50'",
    ]
    graph = vault.graph()
    assert all(to in vault.pages for targets in graph.values() for to in targets)


def test_this_repositorys_scripts_and_notes_link_to_what_is_there() -> None:
    for folder_name in ("scripts", "notes"):
        for path in sorted((ROOT / folder_name).rglob("*.md")):
            vault = Vault.around(path)
            assert vault.root == ROOT
            assert vault.dead_links(read_note(path).blocks) == ()
