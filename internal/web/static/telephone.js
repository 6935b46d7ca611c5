// What the page of a call says of times and of what saving will do. Nothing here knows the page.

const MINUTE = 60000;

// shanghai writes a moment as the time in Shanghai, whatever this computer believes to be local: 2026-03-02T09:05.
export function shanghai(ms) { return new Date(ms + 8 * 60 * MINUTE).toISOString().slice(0, 16); }

// clock is the time of day of such a moment: 09:05.
export function clock(ms) { return shanghai(ms).slice(11); }

// elapsed is how long something has lasted, as a clock shows it: 02:07.
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}

// lasted is what goes on record of a call: whole seconds, at least one and at most a day.
export function lasted(ms) { return Math.min(86400, Math.max(1, Math.round(ms / 1000))); }

// summary says what saving a call will do and what it still lacks: the names of the sentences and what goes into them. Points are
// {no, text, ticked, added}; next is when to call back, in words.
export function summary(outcome, points, next) {
  const filled = points.filter((point) => point.text.trim());
  const open = filled.filter((point) => !point.ticked && !point.added);
  const does = { words: outcome + (next ? "-next" : ""), values: { n: filled.length, time: next } };
  if (outcome === "reached" && open.length === filled.length) { return { does, lacks: { words: "nothing" } }; }
  if (outcome === "reached" && open.length) { return { does, lacks: { words: "unticked", points: open.map((point) => point.no) } }; }
  if (outcome === "call_back" && !next) { return { does, lacks: { words: "no-time" } }; }
  return { does, lacks: null };
}
