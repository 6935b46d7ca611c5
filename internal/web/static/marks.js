// Marks on a text, {from, to} in the units in which a browser counts, and from -1 where there is no such place. Nothing here knows
// the page.

import { alike } from "./lines.js";

// characters is the length of a text as the server counts it.
export function characters(text) { return [...text].length; }

// shift moves marks with the text around them. It returns those whose own words were changed: they have no place any more.
export function shift(marks, was, is) {
  const { head, tail } = alike(was, is);
  const end = was.length - tail;
  const by = is.length - was.length;
  return marks.filter((mark) => {
    if (mark.from < 0 || mark.to <= head) { return false; }
    if (mark.from >= end) {
      mark.from += by;
      mark.to += by;
      return false;
    }
    mark.from = mark.to = -1;
    return true;
  });
}

// spread gives every line its marks, in order, with their places in it. One that begins inside another goes on where that ends.
export function spread(lines, marks) {
  const rest = marks.filter((mark) => mark.from >= 0).sort((a, b) => a.from - b.from || a.to - b.to);
  let start = 0;
  return lines.map(({ text }) => {
    const end = start + text.length;
    const mine = [];
    let free = 0;
    while (rest.length && rest[0].from <= end) {
      const mark = rest.shift();
      const from = Math.max(free, mark.from - start);
      const to = Math.max(from, Math.min(mark.to, end) - start);
      mine.push({ from, to, mark });
      free = to;
    }
    start = end + 1;
    return mine;
  });
}
