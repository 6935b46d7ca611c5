// A reply's text as the editor holds it: lines, {text, links}, where links are the points that the line answers. Nothing here knows
// the page. The server reads the same texts; what both must find in them stands in the testdata folders as cases that both read.

export const INDENT = "\u3000\u3000";

const BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
const BLANKS = /[\s\u200b\ufeff]+/g;

// unbroken writes every kind of line end as \n.
export function unbroken(text) { return text.replace(BREAKS, "\n"); }

function bare(text) { return text.replace(BLANKS, ""); }

// blank reports whether a line is no paragraph.
export function blank(text) { return bare(text) === ""; }

// written are the lines that are paragraphs: the server knows no others and counts these.
export function written(lines) { return lines.filter((line) => !blank(line.text)); }

// read makes lines of a text. The form names links as "paragraph.point".
export function read(text, links) {
  const lines = text.split("\n").map((line) => ({ text: line, links: [] }));
  const linkable = written(lines);
  for (const link of links) {
    const [paragraph, point] = link.split(".").map(Number);
    if (linkable[paragraph]) { linkable[paragraph].links.push(point); }
  }
  return lines;
}

// linksOf names the links of lines as the form does.
export function linksOf(lines) {
  return written(lines).flatMap((line, paragraph) => line.links.map((point) => `${paragraph}.${point}`));
}

// unanswered is the first of the points that no line answers; the last if each is answered.
export function unanswered(lines, points) {
  const answered = new Set(lines.flatMap((line) => line.links));
  let point = 1;
  while (answered.has(point) && point < points) { point++; }
  return point;
}

// lineAt is the index of the line in which a place of the text lies.
export function lineAt(lines, place) {
  let end = 0;
  const index = lines.findIndex((line) => {
    end += line.text.length + 1;
    return place < end;
  });
  return index < 0 ? lines.length - 1 : index;
}

// bounds are the ends of the line in which a place of the text lies.
export function bounds(text, place) {
  const end = text.indexOf("\n", place);
  return { start: text.lastIndexOf("\n", place - 1) + 1, end: end < 0 ? text.length : end };
}

// alike counts what two texts, or lists, have in common before and after the place where they differ.
export function alike(was, is) {
  const most = Math.min(was.length, is.length);
  let head = 0;
  while (head < most && was[head] === is[head]) { head++; }
  let tail = 0;
  while (tail < most - head && was[was.length - 1 - tail] === is[is.length - 1 - tail]) { tail++; }
  return { head, tail };
}

// follow tells which lines a new text leaves: from head on those that are gone, and what comes in their place. lost is a Map of the
// links of lines that went, by their words: undo brings such a line back.
export function follow(lines, text, lost) {
  const texts = text.split("\n");
  const { head, tail } = alike(lines.map((line) => line.text), texts);
  const gone = lines.slice(head, lines.length - tail);
  const come = texts.slice(head, texts.length - tail);
  if (gone.length === come.length) {
    return { head, gone, come: come.map((words, i) => ({ text: words, links: retyped(gone[i], words, lost) })) };
  }
  gone.forEach((line) => { remember(line, lost); });
  const last = come.length - 1;
  return {
    head, gone,
    come: come.map((words, i) => ({ text: words, links: inherited(words, gone, i === 0 ? gone[0] : i === last ? gone[gone.length - 1] : null, lost) })),
  };
}

// retyped are the links of a line whose words were changed. An emptied line answers nothing; one that is filled with words that
// went before answers what they did.
function retyped(line, words, lost) {
  if (blank(words)) {
    remember(line, lost);
    return [];
  }
  return line.links.length || !blank(line.text) ? line.links : remembered(words, lost);
}

// inherited are the links of a new line: those of the lines with the same words, of a part of them, or of several joined; at either
// end of a change, where nothing is alike, those of the line that stood there.
function inherited(words, gone, beside, lost) {
  if (blank(words)) { return []; }
  const mine = bare(words);
  const sources = gone.filter((line) => {
    const was = bare(line.text);
    return was && (mine.includes(was) || was.includes(mine));
  });
  if (!sources.length && beside) { sources.push(beside); }
  const links = new Set(sources.flatMap((line) => line.links));
  return links.size ? [...links].sort((a, b) => a - b) : remembered(words, lost);
}

function remember(line, lost) {
  if (line.links.length) { lost.set(bare(line.text), line.links.slice()); }
}

function remembered(words, lost) { return (lost.get(bare(words)) || []).slice(); }

function unindented(line) { return line.replace(/^\s+/, ""); }

// ---- tables: a row is a line of cells between bars. internal/tables says the same to the server ----

const LISTED = /^\s*(?:[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]+\u3001|[\uff08(][\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u53410-9]+[\uff09)]|[0-9]{1,2}[.\uff0e\u3001)\uff09]|[\u2460-\u2473\u2022·\u25cf\u25cb\u25a0\u25a1\u25c6\u2013\u2014-])\t[^\t]*$/;
const RULED = /^\s*\|(?:\s*:?-{3,}:?\s*\|)+\s*$/;
const QUOTED = /(^|[\t\n])"((?:[^"\t]|"")*\n(?:[^"\t]|"")*)"(?=($|[\t\n]))/g;

function tabs(line) { return line.split("\t").length - 1; }

// isRow reports whether a line looks like a row.
export function isRow(line) { return /^\s*[|｜]/.test(line); }

function rowOf(line) {
  const cells = line.split("\t").map((cell) => cell.trim().replace(/[\\|｜↵]/g, "\\$&").replace(/\v/g, "↵"));
  return `|${cells.join("|")}|`;
}

// tabled writes the tables in a pasted text as rows: two lines at least that follow each other and whose cells are parted by tabs.
export function tabled(words) {
  const lines = words.replace(/\r\n/g, "\n")
    .replace(QUOTED, (all, before, cell, after) => before === "\t" || after === "\t" ? before + cell.replace(/""/g, '"').replace(/\n/g, "\v") : all)
    .split("\n").filter((line) => !RULED.test(line));
  for (let from = 0, to = 0; from < lines.length; from = Math.max(to, from + 1)) {
    to = from;
    while (to < lines.length && (lines[to].trim().includes("\t") || to > from && tabs(lines[to]) > 0 && tabs(lines[to]) === tabs(lines[to - 1]))) { to++; }
    if (to - from > 1 && !lines.slice(from, to).every((line) => LISTED.test(line))) {
      for (let i = from; i < to; i++) { lines[i] = rowOf(lines[i]); }
    }
  }
  return lines.join("\n");
}

// indentedLine opens a paragraph; a row of a table has no indent.
function indentedLine(line) {
  const rest = unindented(line);
  return isRow(rest) ? rest : INDENT + rest;
}

// paragraphs makes indented paragraphs of words that come from elsewhere.
export function paragraphs(words) {
  return unbroken(words).split("\n").filter((line) => !blank(line)).map(indentedLine).join("\n");
}

// pasted indents what is pasted between the words of a line. The first line goes on there, unless it is a row of a table or there are no words; the words
// behind go on in the last, unless that is a row.
export function pasted(words, before, behind = "") {
  const lines = unbroken(tabled(words)).split("\n").map((line, i) => unindented(line) && (i > 0 || before === "") ? indentedLine(line) : unindented(line));
  if (isRow(lines[0]) && !blank(before)) { lines.unshift(""); }
  if (isRow(lines[lines.length - 1]) && !blank(behind)) { lines.push(""); }
  return lines.join("\n");
}
