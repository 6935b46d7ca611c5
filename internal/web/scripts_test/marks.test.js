import assert from "node:assert/strict";
import test from "node:test";

import { characters, shift, spread } from "../static/marks.js";
import { cases } from "./cases.js";

for (const { name, body, text, place: [from, to] } of cases("places.json")) {
  test(`the server's places are a browser's: ${name}`, () => {
    assert.equal(from < 0 ? -1 : body.slice(from, to), from < 0 ? to : text);
  });

  test(`marks move with the text: ${name}`, () => {
    const marks = [{ from, to }];
    assert.deepEqual(shift(marks, body, `前面加上${body}`), []);
    assert.deepEqual(shift(marks, `前面加上${body}`, `前面加上${body}后面加上`), []);
    assert.deepEqual(marks, [from < 0 ? { from, to } : { from: from + 4, to: to + 4 }]);
  });
}

test("a mark whose words were changed has no place any more", () => {
  const marks = [{ from: 0, to: 2 }, { from: 2, to: 4 }, { from: 4, to: 6 }];
  assert.deepEqual(shift(marks, "甲甲乙乙丙丙", "甲甲乙丁乙丙丙"), [marks[1]]);
  assert.deepEqual(marks, [{ from: 0, to: 2 }, { from: -1, to: -1 }, { from: 5, to: 7 }]);
  assert.deepEqual(shift(marks, "甲甲乙丁乙丙丙", "甲甲丙丙"), [], "and is told of once");
});

test("characters are counted as the server counts them", () => {
  assert.equal(characters("感谢𠮷雨"), 4);
});

const lines = (text) => text.split("\n").map((line) => ({ text: line }));
const places = (found) => found.map((marks) => marks.map(({ from, to }) => [from, to]));

test("every line has its marks, in order", () => {
  const marks = [{ from: 5, to: 6 }, { from: -1, to: -1 }, { from: 0, to: 1 }, { from: 3, to: 4 }];
  assert.deepEqual(places(spread(lines("甲乙\n丙丁戊"), marks)), [[[0, 1]], [[0, 1], [2, 3]]]);
});

test("a mark over the end of a line stays in the line", () => {
  assert.deepEqual(places(spread(lines("甲乙\n丙丁"), [{ from: 1, to: 4 }])), [[[1, 2]], []]);
});

test("a mark inside another goes on where that ends", () => {
  assert.deepEqual(places(spread(lines("甲乙丙丁"), [{ from: 0, to: 3 }, { from: 1, to: 2 }, { from: 2, to: 4 }])), [[[0, 3], [3, 3], [3, 4]]]);
});
