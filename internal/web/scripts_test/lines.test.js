import assert from "node:assert/strict";
import test from "node:test";

import { alike, blank, bounds, follow, lineAt, linksOf, paragraphs, pasted, read, tabled, unanswered, unbroken, written } from "../static/lines.js";
import { cases } from "./cases.js";

const words = (text) => text.replace(/[\s\u200b\ufeff]/g, "");

for (const { name, body, paragraphs: want } of cases("paragraphs.json")) {
  test(`paragraphs as the server counts them: ${name}`, () => {
    assert.deepEqual(written(read(unbroken(body), [])).map((line) => words(line.text)), want.map(words));
  });
}

for (const { name, body, links, sections } of cases("links.json")) {
  test(`links as the server reads them: ${name}`, () => {
    const lines = read(unbroken(body), links);
    assert.deepEqual(linksOf(lines), links);
    const found = {};
    written(lines).forEach((line, i) => { line.links.forEach((point) => { (found[point] = found[point] || []).push(i); }); });
    assert.deepEqual(found, sections);
  });
}

test("a link to a paragraph that is not there is none", () => {
  assert.deepEqual(linksOf(read("甲\n乙", ["5.1", "1.2"])), ["1.2"]);
});

// typed follows a text through edits, as the editor does, and gives the links of every step.
function typed(lines, ...texts) {
  const lost = new Map();
  return texts.map((text) => {
    const { head, gone, come } = follow(lines, text, lost);
    lines = [...lines.slice(0, head), ...come, ...lines.slice(head + gone.length)];
    assert.equal(lines.map((line) => line.text).join("\n"), text);
    return lines.map((line) => line.links);
  });
}

const reply = () => read("开头\n甲的做法\n乙的做法", ["1.1", "2.2"]);

test("links stay with a paragraph whose words are changed", () => {
  assert.deepEqual(typed(reply(), "开头\n甲的新做法\n乙的做法"), [[[], [1], [2]]]);
});

test("links move with their paragraphs", () => {
  assert.deepEqual(typed(reply(), "开头\n另起一段\n甲的做法\n乙的做法"), [[[], [], [1], [2]]]);
  assert.deepEqual(typed(reply(), "甲的做法\n乙的做法"), [[[1], [2]]]);
});

test("a paragraph that is parted keeps its links in both parts", () => {
  assert.deepEqual(typed(reply(), "开头\n甲的\n做法\n乙的做法"), [[[], [1], [1], [2]]]);
});

test("paragraphs that are joined answer what both answered", () => {
  assert.deepEqual(typed(reply(), "开头\n甲的做法乙的做法"), [[[], [1, 2]]]);
});

test("undo brings the links back", () => {
  assert.deepEqual(typed(reply(), "开头\n乙的做法", "开头\n甲的做法\n乙的做法"), [[[], [2]], [[], [1], [2]]]);
  assert.deepEqual(typed(reply(), "开头\n\n乙的做法", "开头\n甲的做法\n乙的做法"), [[[], [], [2]], [[], [1], [2]]]);
  assert.deepEqual(typed(reply(), "", "开头\n甲的做法\n乙的做法"), [[[]], [[], [1], [2]]]);
});

test("an emptied line answers nothing, nor does what is written there instead", () => {
  assert.deepEqual(typed(reply(), "开头\n\n乙的做法", "开头\n别的话\n乙的做法"), [[[], [], [2]], [[], [], [2]]]);
});

test("a blank line that comes in between answers nothing", () => {
  assert.deepEqual(typed(reply(), "开头\n甲的做法\n\u3000\u3000\n乙的做法"), [[[], [1], [], [2]]]);
});

test("points from ten on stand in order", () => {
  assert.deepEqual(typed(read("甲\n乙", ["0.2", "0.10", "1.9"]), "甲乙"), [[[2, 9, 10]]]);
});

test("the first point without an answer", () => {
  assert.equal(unanswered(reply(), 3), 3);
  assert.equal(unanswered(read("甲", ["0.2"]), 3), 1);
  assert.equal(unanswered(reply(), 2), 2, "the last if each is answered");
});

test("the line of a place", () => {
  const lines = reply(); // line ends at 2, 7 and 12
  assert.deepEqual([0, 2, 3, 7, 8, 12, 99].map((place) => lineAt(lines, place)), [0, 0, 1, 1, 2, 2, 2]);
});

test("the ends of a line", () => {
  const text = "开头\n甲\n";
  assert.deepEqual([0, 2, 3, 4, 5].map((place) => bounds(text, place)), [
    { start: 0, end: 2 }, { start: 0, end: 2 }, { start: 3, end: 4 }, { start: 3, end: 4 }, { start: 5, end: 5 },
  ]);
});

test("what two texts have in common", () => {
  assert.deepEqual(alike("甲乙丙", "甲丁丙"), { head: 1, tail: 1 });
  assert.deepEqual(alike("甲甲", "甲甲甲"), { head: 2, tail: 0 });
  assert.deepEqual(alike("", "甲"), { head: 0, tail: 0 });
});

test("blanks", () => {
  assert.ok(blank(" \u3000\u200b\ufeff\u00a0"));
  assert.ok(!blank("\u3000甲"));
});

test("paragraphs from elsewhere are indented, blank lines left out", () => {
  assert.equal(paragraphs("甲\r\n\r\n  乙\u2028\u3000\u3000丙\n"), "\u3000\u3000甲\n\u3000\u3000乙\n\u3000\u3000丙");
});

test("what is pasted goes on in the line, and is indented from the next", () => {
  assert.equal(pasted("\u3000甲\r\n\r\n乙", "见"), "甲\n\n\u3000\u3000乙");
  assert.equal(pasted(" 甲\n乙", ""), "\u3000\u3000甲\n\u3000\u3000乙");
});

for (const { name, text, want } of cases("tables.json")) {
  test(`tables as the server reads them: ${name}`, () => { assert.equal(tabled(text), want.replace(/\r\n/g, "\n")); });
}

test("a pasted table has lines of its own, without indents", () => {
  assert.equal(pasted("甲\t乙\r\n1\t2\r\n", "情况如下："), "\n|甲|乙|\n|1|2|\n");
  assert.equal(pasted("甲\t乙\n1\t2\n以上。", "\u3000\u3000"), "|甲|乙|\n|1|2|\n\u3000\u3000以上。");
  assert.equal(paragraphs("见下表\n|甲|乙|"), "\u3000\u3000见下表\n|甲|乙|");
});

test("the words behind a pasted table stand in a line of their own", () => {
  assert.equal(pasted("甲\t乙\n1\t2", "\u3000\u3000", "以上。"), "|甲|乙|\n|1|2|\n");
  assert.equal(pasted("甲\t乙\n1\t2", "情况如下：", "以上。"), "\n|甲|乙|\n|1|2|\n");
  assert.equal(pasted("甲\t乙\n1\t2\n", "", "以上。"), "|甲|乙|\n|1|2|\n", "the last line is blank: there is nothing to add");
  assert.equal(pasted("甲\t乙\n1\t2", "", "\u3000"), "|甲|乙|\n|1|2|");
  assert.equal(pasted("甲\n乙", "见", "以上。"), "甲\n\u3000\u3000乙");
});
