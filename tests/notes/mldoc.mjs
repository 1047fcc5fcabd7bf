// What Logseq's own parser makes of the notes: npm install mldoc@1.6.0 && node tests/notes/mldoc.mjs
// Writes mldoc.json, which test_note.py compares with our outline; node is not needed to run the tests.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Mldoc } = createRequire(process.cwd() + "/")("mldoc");
const here = new URL(".", import.meta.url);
const settings = JSON.stringify({
  toc: false, parse_outline_only: false, heading_number: false, keep_line_break: true, format: "Markdown",
  heading_to_list: false, exporting_keep_properties: true, inline_type_with_pos: false, inline_skip_macro: false,
  export_md_indent_style: "dashes", export_md_remove_options: [], hiccup_in_block: true, enable_drawers: true,
});
const read = (name) => JSON.parse(Mldoc.parseJson(readFileSync(new URL(name, here), "utf8"), settings));
const names = readdirSync(here).filter((name) => name.startsWith("logseq-") && name.endsWith(".md")).sort();
const lines = names.map((name) => {
  const blocks = read(name).map(([block]) => "    " + JSON.stringify(block));
  return `  ${JSON.stringify(name)}: [\n${blocks.join(",\n")}\n  ]`;
});
writeFileSync(new URL("mldoc.json", here), `{\n${lines.join(",\n")}\n}\n`);
