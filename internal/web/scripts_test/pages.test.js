import assert from "node:assert/strict";
import test from "node:test";

import { expired, grouped, restorable, same } from "../static/kept.js";
import { lacking } from "../static/lacks.js";
import { caseOf, concerns } from "../static/news.js";
import { clock, elapsed, lasted, shanghai, summary } from "../static/telephone.js";
import { fill } from "../static/words.js";
import { cases } from "./cases.js";

// ---- words.js ----

test("values are filled into a sentence, each wherever its place is", () => {
  assert.equal(fill("{who}办了{n}件，还有{n}件", { who: "张琼", n: 2 }), "张琼办了2件，还有2件");
  assert.equal(fill("{who}", { who: "$&{n}" }), "$&{n}");
});

// ---- lacks.js ----

for (const { name, fields, lacks } of cases("lacks.json")) {
  test(`what a form lacks as the rules see it: ${name}`, () => {
    assert.deepEqual(lacking([...new Set(fields.map((field) => field.name))], fields), lacks);
  });
}

test("a field that is hidden, or nowhere, is lacking", () => {
  assert.deepEqual(lacking(["sha256", "until"], [{ name: "sha256", type: "hidden", value: "abc" }]), ["sha256", "until"]);
});

test("a fieldset, which has no value, is passed over", () => {
  assert.deepEqual(lacking(["reason"], [{ name: "", type: "fieldset" }, { name: "reason", type: "text", value: " " }]), ["reason"]);
});

// ---- telephone.js ----

for (const { name, ms, local } of cases("moments.json")) {
  test(`the time in Shanghai as the server reads it: ${name}`, () => {
    assert.equal(shanghai(ms + 59_999), local);
    assert.equal(clock(ms), local.slice(11));
  });
}

test("how long a call lasts", () => {
  assert.deepEqual([-1, 0, 61_999, 3_600_000].map(elapsed), ["00:00", "00:00", "01:01", "60:00"]);
  assert.deepEqual([0, 1_499, 90_000_000].map(lasted), [1, 1, 86400]);
});

const point = (no, text, ticked = false, added = false) => ({ no, text, ticked, added });

test("saving a call that reached somebody lacks the points that were not ticked", () => {
  const told = summary("reached", [point(1, "甲", true), point(2, "乙"), point(3, " ")], "");
  assert.deepEqual(told, { does: { words: "reached", values: { n: 2, time: "" } }, lacks: { words: "unticked", points: [2] } });
  assert.deepEqual(summary("reached", [point(1, "甲"), point(2, "乙")], "").lacks, { words: "nothing" });
  assert.equal(summary("reached", [point(1, "甲", true), point(2, "新", false, true)], "").lacks, null, "what the deputy adds needs no tick");
});

test("saving that somebody is called back lacks the time", () => {
  assert.deepEqual(summary("call_back", [], "").lacks, { words: "no-time" });
  assert.deepEqual(summary("call_back", [], "3月2日 09:00"), { does: { words: "call_back-next", values: { n: 0, time: "3月2日 09:00" } }, lacks: null });
});

test("saving that nobody answered lacks nothing", () => {
  assert.equal(summary("no_answer", [point(1, "甲")], "").lacks, null);
});

// ---- news.js ----

const mine = "0196b0c2-0000-7000-8000-000000000001";
const other = "0196b0c2-0000-7000-8000-000000000002";

test("the case of an address", () => {
  assert.equal(caseOf(`/cases/${mine}/draft`), mine);
  assert.equal(caseOf(`/cases/${mine}`), mine);
  assert.equal(caseOf("/cases/new"), null);
  assert.equal(caseOf("/"), null);
});

test("a case's page is concerned by its own news, and by notices of others", () => {
  const page = `/cases/${mine}`;
  assert.deepEqual(concerns({ kind: "event", id: mine, moved: "拟办" }, page), { stale: true, moved: "拟办" });
  assert.equal(concerns({ kind: "event", id: other, moved: "拟办" }, page).stale, false);
  assert.equal(concerns({ kind: "event", id: other, moved: "拟办" }, page).moved, "");
  assert.equal(concerns({ kind: "notice", id: other }, page).stale, true);
});

test("the desk is concerned by news of its list, other pages by all of it", () => {
  assert.deepEqual(concerns({ kind: "event", desk: true, what: "拟办" }, "/"), { stale: true, said: "拟办" });
  assert.deepEqual(concerns({ kind: "event", what: "拟办" }, "/"), { stale: false, said: "" });
  assert.deepEqual(concerns({ kind: "event", what: "拟办" }, "/views"), { stale: true, said: "拟办" });
  assert.equal(concerns({ kind: "missed" }, "/").stale, true);
});

// ---- kept.js ----

test("an entry is kept for thirty days", () => {
  const day = 24 * 3600 * 1000;
  assert.equal(expired({ at: 0 }, 30 * day), false);
  assert.equal(expired({ at: 0 }, 30 * day + 1), true);
});

const kept = grouped([["body", "甲"], ["link", "0.1"], ["link", "0.2"], ["rev", "3"], ["class", "A"], ["promise.2", "年底前"]]);
const known = (name) => name !== "promise.2";

test("what was kept is the same as what stands in the form", () => {
  const form = (pairs) => grouped([["body", "甲"], ["class", "A"], ["rev", "4"], ...pairs]);
  assert.ok(same(kept, form([["link", "0.1"], ["link", "0.2"]]), known), "whatever the form's own fields hold, or fields that it has no more");
  assert.ok(!same(kept, form([["link", "0.1"]]), known), "a link is gone");
  assert.ok(!same(kept, grouped([["body", "乙"], ["class", "A"], ["link", "0.1"], ["link", "0.2"]]), known), "other words");
  assert.ok(!same(kept, grouped([["body", "甲"], ["link", "0.1"], ["link", "0.2"]]), known), "a choice that nobody made yet");
});

test("a form's own fields, the text and its links are not given back as they were", () => {
  assert.deepEqual(restorable(kept), ["rev", "class", "promise.2"]);
});
