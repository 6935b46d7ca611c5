// The editor of a reply. The textarea holds the text: what a browser does well with it (input methods, undo, paste, spelling by
// ear) stays as it is. Behind it lies a mirror of the same letters, unseen, a block for every line: it carries the marks, the
// chips in the gutter, and the places beside which findings stand. What is typed goes to this computer at once and to the server
// within two seconds.

import { changed, ready, typing } from "./core.js";
import { dropLocal, keepLocal, localKept } from "./keep.js";
import { grouped, restorable, same } from "./kept.js";
import { blank, bounds, follow, INDENT, isRow, lineAt, linksOf, paragraphs, pasted, read, unanswered, unbroken } from "./lines.js";
import { shift, spread } from "./marks.js";

const PAUSE = 900;        // after the last key
const LONGEST = 4000;     // while keys keep coming
const BEAT = 15000;
const IDLE = 5 * 60000;   // who has not touched the page for so long is not writing
const AGAIN = 5000;
let editor = null;

function $(id) { return document.getElementById(id); }
function clock() {
  const now = new Date();
  return [now.getHours(), now.getMinutes(), now.getSeconds()].map((n) => (n < 10 ? "0" : "") + n).join(":");
}

class Editor {
  constructor(root) {
    this.root = root;
    this.text = $("body");
    this.form = this.text.form;
    this.key = `draft|${root.dataset.case}`;
    this.points = Number(root.dataset.points);
    this.path = `/cases/${root.dataset.case}/draft`;
    this.tab = Math.random().toString(36).slice(2) + Date.now().toString(36);
    this.seq = 0;
    this.edits = 0;    // counts changes
    this.sent = 0;     // the changes that the server has
    this.first = 0;    // when the oldest change was made that it lacks
    this.lines = [];
    this.findings = [];
    this.lost = new Map(); // links of lines that went, by their text: undo brings the line back
    this.active = Date.now();
  }

  open() {
    this.value = unbroken(this.text.value);
    if (this.value !== this.text.value) { this.text.value = this.value; }
    this.mirror = document.createElement("div");
    this.mirror.className = "mirror";
    this.mirror.setAttribute("role", "toolbar");
    this.mirror.setAttribute("aria-orientation", "vertical");
    this.mirror.setAttribute("aria-label", this.root.dataset.chips);
    this.root.appendChild(this.mirror);
    this.root.classList.add("live");
    this.lines = read(this.value, this.readLinks()).map((line) => this.boxed(line));
    this.lines.forEach((line) => { this.mirror.appendChild(line.box); });
    document.querySelectorAll("[data-fix], [data-insert]").forEach((b) => { b.hidden = false; });
    this.readFindings();
    this.paint(this.lines);
    this.caretLine(0);
    this.restore();
    this.place();
    if (!this.edits && this.value && Number(this.form.elements.base_version.value) === 0 && Number(this.form.elements.rev.value) === 0) {
      this.changed(); // an outline, or words that came with the page: nobody has kept them yet
    }
    this.beat = setInterval(() => { this.here(); }, BEAT);
  }

  close() {
    clearInterval(this.beat);
    clearTimeout(this.timer);
    clearTimeout(this.keepTimer);
    this.closed = true; // the page that came may have taken the form over: its words are not this reply's
  }

  // readLinks takes the ticks of the list that stands there for browsers without scripts.
  readLinks() {
    const list = $("links");
    if (!list) { return []; }
    const links = [...list.querySelectorAll("input[name=link]:checked")].map((tick) => tick.value);
    list.remove();
    return links;
  }

  // ---- lines ----

  // boxed gives a line its block in the mirror.
  boxed(line) {
    Object.assign(line, { box: document.createElement("div"), words: document.createElement("span"), gutter: null, drawn: null });
    line.box.className = "line";
    line.words.setAttribute("aria-hidden", "true");
    line.box.appendChild(line.words);
    line.box.line = line;
    return line;
  }

  // followText takes over what was typed: lines that stayed keep their blocks and their links.
  followText() {
    const value = this.text.value;
    if (value === this.value) { return false; }
    shift(this.findings, this.value, value).forEach((f) => { f.card.classList.add("stale"); });
    this.value = value;
    const { head, gone, come } = follow(this.lines, value, this.lost);
    const typed = gone.length === come.length;
    const fresh = come.map((line, i) => typed ? Object.assign(gone[i], line) : this.boxed(line));
    if (!typed) {
      const next = this.lines[head + gone.length];
      gone.forEach((line) => { line.box.remove(); });
      const batch = document.createDocumentFragment();
      fresh.forEach((line) => { batch.appendChild(line.box); });
      this.mirror.insertBefore(batch, next ? next.box : null);
      this.lines.splice(head, gone.length, ...fresh);
    }
    fresh.forEach((line) => { line.drawn = null; });
    this.paint(fresh);
    return true;
  }

  // ---- marks ----

  readFindings() {
    const list = $("findings");
    this.findings = !list ? [] : [...list.querySelectorAll(".finding")].map((card) => ({
      card, from: Number(card.dataset.from), to: Number(card.dataset.to), element: null,
      look: (card.classList.contains("must") ? "must" : "remind") + (card.classList.contains("answered") ? " answered" : ""),
    }));
    if (list) { list.querySelectorAll("[data-fix]").forEach((b) => { b.hidden = false; }); }
  }

  // paint draws those lines whose words or marks changed; fresh are lines that must be drawn.
  paint(fresh = []) {
    spread(this.lines, this.findings).forEach((marks, i) => {
      const line = this.lines[i];
      if (marks.length || line.marked || fresh.includes(line)) { this.draw(line, marks); }
    });
  }

  draw(line, marks = []) {
    const look = `${marks.map((m) => `${m.from}-${m.to}${m.mark.look}`).join()}|${line.text}`;
    line.marked = marks.length > 0;
    if (line.drawn !== look) {
      line.drawn = look;
      line.words.textContent = "";
      let drawn = 0;
      line.marks = marks.map(({ from, to, mark }) => {
        const element = document.createElement("mark");
        element.className = mark.look;
        element.textContent = line.text.slice(from, to);
        line.words.append(line.text.slice(drawn, from), element);
        drawn = to;
        return element;
      });
      line.words.append(line.text.slice(drawn));
    }
    marks.forEach((m, i) => { m.mark.element = line.marks[i]; });
    this.chips(line);
  }

  // ---- the gutter ----

  chips(line) {
    const want = !this.points || blank(line.text) ? "" : `links ${line.links.join()}${line.all ? "+" : ""}`;
    if (line.chipped === want) { return; }
    line.chipped = want;
    line.box.classList.toggle("open", Boolean(line.all));
    const held = line.gutter && line.gutter.contains(document.activeElement) ? document.activeElement.dataset.point : null;
    if (line.gutter) {
      line.gutter.remove();
      line.gutter = null;
    }
    if (!this.points || blank(line.text)) { return; }
    const box = document.createElement("span");
    box.className = `gutter-chips${line.all ? " open" : ""}`;
    (line.all || this.order(line)).forEach((point) => {
      box.appendChild(point === "more" ? this.more(line) : this.chip(point, line.links.includes(point)));
    });
    box.querySelectorAll("button").forEach((b) => { b.tabIndex = -1; });
    line.gutter = box;
    line.box.appendChild(box);
    if (line === this.current) { box.firstChild.tabIndex = 0; }
    if (held) {
      const again = held === "more" && line.all ? null : box.querySelector(`[data-point="${held}"]`);
      (again || box.querySelector("[aria-pressed=false]") || box.firstChild).focus({ preventScroll: true });
    }
  }

  // order is what a paragraph's gutter shows: the points that it answers, then the one that is left, or a way to those that are.
  order(line) {
    const rest = this.rest(line);
    return line.links.concat(rest.length > 1 ? "more" : rest);
  }

  rest(line) {
    const rest = [];
    for (let p = 1; p <= this.points; p++) {
      if (!line.links.includes(p)) { rest.push(p); }
    }
    return rest;
  }

  // spread shows all points. What was there stays where it is: somebody may be about to press it.
  spread(line) {
    const rest = this.rest(line);
    line.all = line.all || this.order(line).concat(rest.length > 1 ? rest : []);
    this.chips(line);
  }

  more(line) {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "more";
    more.textContent = "+";
    more.dataset.point = "more";
    more.setAttribute("aria-expanded", String(Boolean(line.all)));
    more.setAttribute("aria-label", this.root.dataset.chipMore);
    return more;
  }

  chip(point, linked) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = point;
    chip.dataset.point = point;
    chip.setAttribute("aria-pressed", String(linked));
    chip.setAttribute("aria-label", this.root.dataset[linked ? "chipOn" : "chipOff"].replace("#", point));
    return chip;
  }

  press(chip) {
    const line = chip.closest(".line").line;
    if (chip.dataset.point === "more") {
      this.spread(line);
      return;
    }
    const point = Number(chip.dataset.point);
    line.links = line.links.includes(point) ? line.links.filter((p) => p !== point) : [...line.links, point].sort((a, b) => a - b);
    this.chips(line);
    this.changed(300);
  }

  // caretLine makes the chips of the line with the caret the ones that Tab reaches.
  caretLine(i) {
    let line = this.lines[i];
    while (line && blank(line.text) && i > 0) { line = this.lines[--i]; }
    if (!line || line === this.current) { return; }
    const old = this.current;
    this.current = line;
    if (old && old.gutter) { old.gutter.querySelectorAll("button").forEach((b) => { b.tabIndex = -1; }); }
    if (line.gutter) { line.gutter.firstChild.tabIndex = 0; }
  }

  // offer opens the chips of a paragraph that may answer the first point without an answer, and returns the point's chip.
  offer() {
    const point = unanswered(this.lines, this.points);
    const [opening, ...rest] = this.lines.filter((l) => l.gutter);
    const line = rest.find((l) => l.links.length === 0) || opening;
    if (!line) { return null; }
    this.spread(line);
    this.caretLine(this.lines.indexOf(line));
    return line.gutter.querySelector(`[data-point="${point}"]`);
  }

  walk(chip, key) {
    const line = chip.closest(".line").line;
    const row = [...line.gutter.children];
    let to;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      to = row[row.indexOf(chip) + (key === "ArrowRight" ? 1 : -1)];
    } else {
      const step = key === "ArrowDown" ? 1 : -1;
      let i = this.lines.indexOf(line) + step;
      while (this.lines[i] && !this.lines[i].gutter) { i += step; }
      if (!this.lines[i]) { return; }
      this.caretLine(i);
      to = this.lines[i].gutter.firstChild;
    }
    if (to) { to.focus(); }
  }

  // ---- findings beside their words ----

  place() {
    if (this.placing) { return; }
    this.placing = requestAnimationFrame(() => {
      this.placing = 0;
      this.placeNow();
    });
  }

  placeNow() {
    const margin = $("draft-margin");
    const sheet = this.root.closest(".draft-sheet");
    if (!margin || !sheet) { return; }
    const beside = window.matchMedia("(min-width: 1280px)").matches;
    margin.classList.toggle("beside", beside);
    const drawing = margin.querySelector(".leaders");
    if (drawing) { drawing.remove(); }
    margin.style.minHeight = "";
    if (!beside) {
      this.findings.forEach((f) => { f.card.style.top = ""; });
      return;
    }
    const top = margin.getBoundingClientRect().top;
    const lacking = $("lacking");
    let free = lacking.getBoundingClientRect().bottom - top + 12;
    const gap = margin.getBoundingClientRect().left - sheet.getBoundingClientRect().right;
    const heights = this.findings.map((f) => f.card.offsetHeight);
    const lines = this.findings.map((f) => {
      if (!f.element || f.from < 0) { return null; }
      const box = f.element.getClientRects();
      return box.length ? box[box.length - 1].bottom - top - 1 : null;
    });
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "leaders");
    svg.setAttribute("aria-hidden", "true");
    svg.style.left = `${-gap}px`;
    svg.style.width = `${gap}px`;
    this.findings.forEach((f, i) => {
      const at = Math.max(free, lines[i] === null ? free : lines[i] - 24);
      f.card.style.top = `${at}px`;
      free = at + heights[i] + 10;
      if (lines[i] === null) { return; }
      const end = Math.min(Math.max(lines[i], at + 12), at + heights[i] - 8);
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", `M0 ${lines[i]}H${end === lines[i] ? gap : `${gap - 24} L${gap} ${end}`}`);
      if (f.look.indexOf("must") === 0) { path.setAttribute("class", "must"); }
      svg.appendChild(path);
    });
    margin.appendChild(svg);
    margin.style.minHeight = `${free + 12}px`;
  }

  show(f) {
    this.findings.forEach((other) => { if (other.element) { other.element.classList.remove("on"); } });
    if (f.element) {
      f.element.classList.add("on");
      f.element.scrollIntoView({ block: "center" });
    }
  }

  nextFinding() {
    if (!this.findings.length) { return; }
    const now = this.findings.findIndex((f) => f.card.contains(document.activeElement));
    const f = this.findings[(now + 1) % this.findings.length];
    part("checks");
    this.show(f);
    f.card.focus({ preventScroll: Boolean(f.element) && window.matchMedia("(min-width: 1280px)").matches });
  }

  // ---- writing into the text, so that undo knows it ----

  write(words) {
    this.text.focus();
    const from = this.text.selectionStart;
    let done = false;
    try { done = words ? document.execCommand("insertText", false, words) : document.execCommand("delete"); } catch { done = false; }
    if (!done) {
      this.text.setRangeText(words, from, this.text.selectionEnd, "end");
      this.typed();
    }
  }

  fix(button) {
    const card = button.closest(".finding");
    const f = this.findings.find((one) => one.card === card);
    if (!f || f.from < 0) { return; }
    this.text.focus();
    this.text.setSelectionRange(f.from, f.to);
    this.write(button.dataset.fix);
    this.changed(50);
  }

  // insert puts whole paragraphs where the caret is; a caret inside a paragraph puts them after it.
  insert(words) {
    part("reply");
    const { start, end } = bounds(this.value, this.text.selectionEnd);
    this.text.focus();
    if (blank(this.value.slice(start, end))) {
      this.text.setSelectionRange(start, end);
      this.write(paragraphs(words));
    } else {
      this.text.setSelectionRange(end, end);
      this.write(`\n${paragraphs(words)}`);
    }
  }

  paste(event) {
    const words = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!words) { return; }
    event.preventDefault();
    const { selectionStart: caret, selectionEnd: end } = this.text;
    const { start } = bounds(this.value, caret);
    const before = this.value.slice(start, caret);
    const put = pasted(words, before, this.value.slice(end, bounds(this.value, end).end));
    if (blank(before) && isRow(put)) { this.text.setSelectionRange(start, end); } // a row of a table has no indent
    this.write(put);
  }

  keyInText(event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape") {
      this.text.blur();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.write(`\n${INDENT}`);
    } else if (event.key === "Backspace" && this.text.selectionStart === this.text.selectionEnd) {
      const caret = this.text.selectionStart;
      const { start } = bounds(this.value, caret);
      if (start > 0 && this.value.slice(start, caret) === INDENT) {
        event.preventDefault();
        this.text.setSelectionRange(start - 1, caret);
        this.write("");
      }
    }
  }

  typed() {
    this.active = Date.now();
    if (!this.followText()) { return; }
    this.caretLine(lineAt(this.lines, this.text.selectionStart));
    if ($("start-outline")) { $("start-outline").hidden = !!this.value; } // it would write over what is there
    this.changed();
    this.placeSoon();
  }

  placeSoon() {
    clearTimeout(this.placeTimer);
    this.placeTimer = setTimeout(() => { this.place(); }, 120);
  }

  // ---- keeping ----

  changed(pause) {
    this.edits++;
    this.active = Date.now();
    this.first = this.first || Date.now();
    this.since = this.since || clock();
    clearTimeout(this.keepTimer); // a long reply takes a moment to put away: between keys, not under them
    this.keepTimer = setTimeout(() => {
      requestIdleCallback(() => { if (this.edits > this.sent) { this.keep(); } }, { timeout: 1000 });
    }, Math.max(0, Math.min(300, this.first + 1000 - Date.now())));
    this.later(Math.max(0, Math.min(pause || PAUSE, this.first + LONGEST - Date.now())));
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.send(); }, wait);
  }

  fields() {
    const fields = [];
    new FormData(this.form).forEach((value, name) => { fields.push([name, value]); });
    return fields;
  }

  keep() {
    if (this.closed) { return; }
    keepLocal(this.key, { since: this.since || clock(), fields: this.fields() });
  }

  // add completes what the form sends, whoever sends it: the links, which are no fields here, and which window speaks.
  add(data) {
    linksOf(this.lines).forEach((link) => { data.append("link", link); });
    data.append("links_in", "body");
    data.append("tab", this.tab);
    data.append("seq", String(this.seq));
  }

  // send keeps the text on the server. It answers whether the server has everything.
  send(cut) {
    clearTimeout(this.timer);
    if (this.closed) { return Promise.resolve(false); }
    if (this.sending) {
      return this.sending.then((kept) => this.edits > this.sent || cut ? this.send(cut) : kept);
    }
    this.seq++;
    const edits = this.edits;
    const body = new URLSearchParams(this.fields());
    if (cut) { body.append("cut", "1"); }
    this.sending = fetch(`${this.path}/check`, { method: "POST", body, headers: { "HX-Request": "true" } }).then(
      async (response) => this.answer(response.status, await response.text(), edits),
      () => this.offline("local"),
    ).then((kept) => {
      this.sending = null;
      return kept;
    });
    return this.sending;
  }

  answer(status, html, edits) {
    if (this.closed) { return false; }
    if (status === 401) { return this.offline("lost"); }
    const page = new DOMParser().parseFromString(html, "text/html");
    const now = page.getElementById("draft-now");
    if (!now || status >= 500) { return this.offline("local"); }
    const kept = now.hasAttribute("data-kept");
    const quiet = edits === this.edits;
    this.alert(page.getElementById("draft-alert").textContent);
    if (kept) {
      this.form.elements.rev.value = now.dataset.rev;
      this.form.elements.base_version.value = now.dataset.base;
      this.sent = edits;
      this.first = quiet ? 0 : Date.now();
      if (quiet) {
        this.since = "";
        dropLocal(this.key);
      }
      this.say(page);
    } else {
      this.refusedAt = edits;
      this.keep();
      this.state(this.root.dataset.refused, true);
    }
    if (quiet) { this.take(page, kept); } else { this.later(PAUSE); }
    return kept;
  }

  // take brings in what the server says of the text, if it is still the text.
  take(page, kept) {
    const ids = ["draft-theirs", "findings", "lacking", "bar-says"];
    page.querySelectorAll("[id^='answered.'], [id^='dot.']").forEach((e) => { ids.push(e.id); });
    ids.forEach((id) => {
      const old = $(id);
      const fresh = page.getElementById(id);
      if (old && fresh) { Idiomorph.morph(old, fresh, { morphStyle: "outerHTML", ignoreActiveValue: true, callbacks: { beforeAttributeUpdated: steady } }); }
    });
    this.readFindings();
    this.paint();
    this.place();
    changed($("draft-margin"));
    if (!kept && $("draft-theirs").firstElementChild) { $("draft-theirs").scrollIntoView({ block: "nearest" }); }
  }

  say(page) {
    const state = page.getElementById("draft-state");
    if (state && $("draft-state")) { $("draft-state").replaceWith(document.importNode(state, true)); }
  }

  state(words, bad) {
    const place = $("draft-state");
    if (!place) { return; }
    place.textContent = words;
    place.classList.toggle("unsaved", Boolean(bad));
  }

  alert(words) {
    const place = $("draft-alert");
    if (place && place.textContent !== words) { place.textContent = words; }
  }

  offline(why) {
    this.keep();
    this.state(this.root.dataset[why].replace("#", this.since || clock()), true);
    if (why === "lost") {
      const link = document.createElement("a");
      link.href = `/login?back=${encodeURIComponent(location.pathname)}`;
      link.setAttribute("hx-boost", "false");
      link.textContent = this.root.dataset.keptHere;
      $("draft-state").appendChild(document.createTextNode(" "));
      $("draft-state").appendChild(link);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (editor === this) { this.send(); } }, AGAIN);
    return false;
  }

  // restore puts back what this computer kept because the server never got it. The server then says whether anybody wrote since.
  restore() {
    const kept = localKept(this.key)?.values;
    if (!kept) { return; }
    const fields = this.form.elements;
    const values = grouped(kept.fields);
    if (same(values, grouped(this.fields()), (name) => name in fields)) {
      dropLocal(this.key);
      return;
    }
    restorable(values).forEach((name) => {
      if (/^promise\.|^promise_due\./.test(name) && !fields[name]) { addPromise(name); }
      if (fields[name]) { fields[name].value = values[name][0]; }
    });
    this.text.value = unbroken((values.body || [""])[0]);
    this.followText();
    read(this.value, values.link || []).forEach(({ links }, i) => {
      this.lines[i].links = links;
      this.chips(this.lines[i]);
    });
    this.since = kept.since;
    this.changed(50);
    this.alert(this.root.dataset.restored.replace("#", kept.since));
  }

  // here is the sign of life; the answer tells who else is writing, and of a version that came in between.
  here() {
    if (document.hidden || Date.now() - this.active > IDLE || this.edits > this.sent || this.sending) { return; }
    fetch(`${this.path}/here`, { method: "POST", body: new URLSearchParams(), headers: { "HX-Request": "true" } }).then(
      (response) => response.ok ? response.text() : "",
    ).then((html) => {
      if (!html || this.edits > this.sent) { return; }
      const page = new DOMParser().parseFromString(html, "text/html");
      const now = page.getElementById("draft-now");
      if (!now) { return; }
      this.say(page);
      if (Number(now.dataset.latest) > Number(this.form.elements.base_version.value) || Number(now.dataset.rev) > Number(this.form.elements.rev.value)) {
        this.send(); // somebody wrote: what is different?
      }
    }, () => { /* the next key will tell */ });
  }
}

// A reason that somebody is about to write stays open; where a card stands is not the server's to say.
function steady(name, node) { return !(name === "style" || name === "open" && node.localName === "details"); }

// addPromise makes the row of a commitment that was added after the page was drawn.
function addPromise(name) {
  const rows = document.querySelectorAll("#commitments .promise");
  const row = rows[rows.length - 1].cloneNode(true);
  const no = name.split(".")[1];
  row.querySelectorAll("input").forEach((input) => {
    input.name = input.id = `${input.name.split(".")[0]}.${no}`;
    input.value = "";
  });
  rows[rows.length - 1].after(row);
}

// ---- the bar ----

function missing() { return $("bar-says") && $("bar-says").hasAttribute("data-missing"); }

function goTo(id) {
  let target = $(id);
  if (!target) { target = id === "links" && editor ? editor.offer() : id === "main" ? $("draft-alert") : null; }
  if (!target) { return; }
  const home = target.closest("#draft-points") ? "points" : target.closest("#draft-margin") ? "checks" : "reply";
  part(home);
  const finding = editor && editor.findings.find((f) => f.card === target);
  if (finding) { editor.show(finding); }
  if (!/^(INPUT|TEXTAREA|SELECT|BUTTON|ARTICLE)$/.test(target.tagName)) {
    target = target.querySelector("input, select, textarea") || target;
  }
  if (!finding || !finding.element) { target.scrollIntoView({ block: "center" }); }
  target.focus({ preventScroll: true });
}

// part shows one of the four parts where the window has room for one.
function part(name) {
  const body = document.querySelector(".draft-body");
  if (!body) { return; }
  body.dataset.part = name;
  document.querySelectorAll(".draft-parts a").forEach((a) => {
    const mine = a.getAttribute("href") === { points: "#draft-points", reply: "#draft-desk", checks: "#draft-margin", past: "#draft-past" }[name];
    if (mine) { a.setAttribute("aria-current", "true"); } else { a.removeAttribute("aria-current"); }
  });
  if (editor) { editor.place(); }
}

ready(() => {
  const root = $("editor");
  if (editor && (editor.closed || editor.root !== root || !root.contains(editor.mirror))) {
    editor.close();
    if (root && root.contains(editor.mirror)) { editor.mirror.remove(); }
    editor = null;
  }
  if (!root || editor) { return; }
  part((document.querySelector(".draft-body") || { dataset: {} }).dataset.part || "reply");
  editor = new Editor(root);
  editor.open();
});

document.addEventListener("banli:insert", (event) => { if (editor) { editor.insert(event.detail); } });
document.addEventListener("banli:news", () => { if (editor) { editor.here(); } });

// ---- what people do ----

document.addEventListener("formdata", (event) => {
  if (editor && event.target === editor.form) { editor.add(event.formData); }
});

document.addEventListener("input", (event) => {
  if (!editor) { return; }
  if (event.target === editor.text) { editor.typed(); } else if (event.target.form === editor.form) { editor.changed(); }
});
document.addEventListener("change", (event) => {
  if (editor && event.target.form === editor.form && event.target !== editor.text) { editor.changed(300); }
});
document.addEventListener("selectionchange", () => {
  if (editor && document.activeElement === editor.text) {
    editor.active = Date.now();
    clearTimeout(editor.caretTimer);
    editor.caretTimer = setTimeout(() => { if (editor) { editor.caretLine(lineAt(editor.lines, editor.text.selectionStart)); } }, 60);
  }
});
// A mouse opens a paragraph's chips by coming near: one click less.
document.addEventListener("mouseover", (event) => {
  if (editor && event.target.matches(".gutter-chips .more")) { editor.press(event.target); }
});
document.addEventListener("mouseout", (event) => {
  const box = editor && event.target.closest(".gutter-chips.open");
  if (!box || box.contains(event.relatedTarget) || box.contains(document.activeElement)) { return; }
  box.closest(".line").line.all = null;
  editor.chips(box.closest(".line").line);
});
document.addEventListener("paste", (event) => {
  if (editor && event.target === editor.text) { editor.paste(event); }
});
document.addEventListener("toggle", (event) => {
  if (editor && event.target.closest && event.target.closest(".draft-margin")) { editor.place(); }
}, true);

document.addEventListener("keydown", (event) => {
  if (!editor) { return; }
  if (event.target === editor.text) {
    editor.keyInText(event);
    return;
  }
  const chip = event.target.closest && event.target.closest(".gutter-chips button");
  if (chip && /^Arrow/.test(event.key)) {
    event.preventDefault();
    editor.walk(chip, event.key);
  } else if (chip && event.key === "Escape") {
    const line = chip.closest(".line").line;
    line.all = null;
    editor.chips(line);
    editor.text.focus();
  } else if ((event.key === "f" || event.key === "F") && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing &&
      (!typing(event.target) || event.target.closest(".finding") && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName))) {
    event.preventDefault();
    editor.nextFinding();
  }
});

let through = null; // a press that may go its way now

document.addEventListener("click", (event) => {
  if (!editor || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
  const target = event.target.closest("a, button, summary");
  if (!target || target === through) {
    through = null;
    return;
  }
  if (target.closest(".gutter-chips")) {
    editor.press(target);
  } else if (target.dataset.fix) {
    editor.fix(target);
  } else if (target.dataset.insert) {
    editor.insert(target.dataset.insert);
  } else if (target.matches(".draft-parts a")) {
    event.preventDefault();
    part(target.getAttribute("href") === "#draft-points" ? "points" : { "#draft-desk": "reply", "#draft-margin": "checks", "#draft-past": "past" }[target.getAttribute("href")]);
  } else if (target.closest(".finding") && target.getAttribute("href") === "#body") {
    event.preventDefault();
    const f = editor.findings.find((one) => one.card === target.closest(".finding"));
    if (f && f.from >= 0) {
      part("reply");
      editor.text.focus({ preventScroll: true });
      editor.text.setSelectionRange(f.from, f.to);
      editor.show(f);
    }
  } else if (/^#./.test(target.getAttribute("href") || "") && target.closest(".bar, #lacking, .summary")) {
    event.preventDefault();
    goTo(target.getAttribute("href").slice(1));
  } else if (target.matches(".bar button[form=act]")) {
    event.preventDefault();
    event.stopPropagation();
    const saves = target.hasAttribute("formaction");
    editor.send(saves).then((kept) => {
      if (!kept || saves || !editor) { return; }
      const first = missing() && document.querySelector("#bar-says .missing a");
      if (first) {
        goTo(first.getAttribute("href").slice(1));
        return;
      }
      through = target;
      target.click();
    });
  } else if (target.matches("[name=on_top], [name=take], [name=apart]")) {
    dropLocal(editor.key); // both texts become versions
    editor.edits = editor.sent;
  } else if (target.hasAttribute("data-cut")) {
    event.preventDefault();
    event.stopPropagation();
    editor.send(true).then(() => {
      through = target;
      target.click();
    });
  }
}, true);

function leaving() {
  if (!editor || editor.closed || editor.edits <= editor.sent) { return; }
  editor.keep();
  editor.seq++;
  const body = new URLSearchParams(editor.fields()).toString();
  if (body.length < 60000) { // what a browser still sends after the page is gone
    fetch(`${editor.path}/check`, { method: "POST", body, keepalive: true, headers: { "Content-Type": "application/x-www-form-urlencoded" } }).catch(() => {});
  }
}
window.addEventListener("pagehide", leaving);
// Another page is about to come in place of this one, or this one again with what is wrong.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!editor || event.detail.target !== document.body) { return; }
  leaving();
  editor.close();
});
document.addEventListener("visibilitychange", () => {
  if (!editor) { return; }
  if (document.hidden) { if (editor.edits > editor.sent) { editor.keep(); editor.send(); } } else { editor.active = Date.now(); editor.here(); }
});
window.addEventListener("online", () => { if (editor && editor.edits > editor.sent) { editor.send(); } });
window.addEventListener("resize", () => { if (editor) { editor.place(); } });
if (document.fonts && document.fonts.ready) { document.fonts.ready.then(() => { if (editor) { editor.place(); } }); }
