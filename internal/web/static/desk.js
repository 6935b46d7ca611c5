// The task list under the fingers: keys, the focused row and its bar, ticks. Every key presses a button or follows a link that
// stands on the page, so everything works without this. Keys do nothing in fields, while an input method composes, and when the
// reader has turned single letters off.

import { ready, typing } from "./core.js";
import { fill } from "./words.js";

let focused = "";      // id of the row that the bar speaks of
let anchor = "";       // where an extended tick began
const ticked = new Set(); // values of the ticked rows
let list = "";         // the list they belong to
let waiting = 0;       // until when a second key of G … counts

function rows() { return [...document.querySelectorAll("tr.row")]; }
function link(row) { return row.querySelector("td.title a"); }
function tick(row) { return row.querySelector("td.tick input"); }
function bar(name) { return document.querySelector(`.task-bar[data-follows] [data-bar=${name}]`); }
function say(name, words) {
  const place = bar(name);
  if (place && place.textContent !== words) { place.textContent = words; }
}
function text(row, selector) {
  const cell = row.querySelector(selector);
  return cell ? cell.textContent.trim() : "";
}
function where() {
  const query = new URLSearchParams(location.search);
  query.delete("after");
  query.delete("show");
  return `${location.pathname}?${query}`;
}

// On a wide screen there is room beside the list for what the focused row is. It comes when the focus rests.
const wide = window.matchMedia("(min-width: 1800px)");
let resting = 0;
function brief(row) {
  clearTimeout(resting);
  const place = document.getElementById("brief");
  const [path, query] = link(row).getAttribute("href").split("?");
  const address = `${path}/brief${query ? `?${query}` : ""}`;
  if (!place || !wide.matches || (place.dataset.of === address && place.firstChild)) { return; }
  resting = setTimeout(() => {
    fetch(address, { headers: { "X-Banli-Live": "1" }, credentials: "same-origin", cache: "no-store" })
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then((page) => {
        const found = new DOMParser().parseFromString(page, "text/html").getElementById("brief-case");
        if (focused !== row.id || !place.isConnected) { return; }
        place.dataset.of = address;
        place.replaceChildren(...(found ? [found] : []));
        place.hidden = !found;
      })
      .catch(() => {}); // the row itself says what matters
  }, 150);
}

// The bar speaks of the focused row.
function show(row) {
  focused = row.id;
  rows().forEach((other) => { other.classList.toggle("on", other === row); });
  if (!document.querySelector(".task-bar[data-follows]")) { return; }
  brief(row);
  const why = row.querySelector("td.mine");
  say("number", text(row, "td.number") || text(row, ".phone-number"));
  say("official", row.dataset.official);
  say("legal", row.dataset.legal);
  say("says", row.dataset.says || (why ? why.firstChild.textContent.trim() : ""));
  const go = bar("go");
  if (go) { go.setAttribute("href", link(row).getAttribute("href")); }
  if (location.pathname === "/" && /(^|[?&])box=/.test(location.search) === false) { say("next", text(row, "td.next") || (bar("next") || {}).textContent || ""); }
  const explain = bar("explain");
  if (explain) { explain.setAttribute("href", `/cases/${row.dataset.case}#why`); }
  const watch = bar("watch");
  if (watch) {
    const on = "watched" in row.dataset;
    watch.setAttribute("formaction", `/cases/${row.dataset.case}${on ? "/unwatch" : "/watch"}`);
    watch.querySelector("span").textContent = on ? watch.dataset.unwatch : watch.dataset.watch;
  }
}

function current() { return document.getElementById(focused) || document.querySelector("tr.row.on") || rows()[0]; }

// With rows ticked it is the bulk bar.
function count() {
  const all = rows();
  const n = ticked.size;
  let here = 0;
  all.forEach((row) => {
    const box = tick(row);
    if (!box) { return; }
    box.checked = ticked.has(box.value);
    row.classList.toggle("ticked", box.checked);
    if (box.checked) { here++; }
  });
  const foot = document.querySelector(".task-bar[data-follows]");
  if (!foot) { return; }
  const whole = document.getElementById("tick-whole");
  if (n === 0 && whole) { whole.checked = false; }
  foot.classList.toggle("ticking", n > 0);
  bar("ticked").hidden = n === 0;
  bar("focused").hidden = n > 0;
  say("count", fill(bar("count").dataset.words, { n }));
  const top = document.getElementById("tick-all");
  if (top) {
    top.checked = here > 0 && here === all.length;
    top.indeterminate = here > 0 && here < all.length;
  }
}

function setTick(row, on) {
  if (on) { ticked.add(tick(row).value); } else { ticked.delete(tick(row).value); }
  count();
}

function step(by, extend) {
  const all = rows();
  if (!all.length) { return; }
  const at = all.indexOf(current());
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (extend) {
    if (!anchor) { anchor = current().id; setTick(current(), true); }
    setTick(next, true);
  } else {
    anchor = "";
  }
  show(next);
  link(next).focus();
}

function press(selector, within = document) {
  const what = within.querySelector(selector);
  if (what) { what.click(); }
  return Boolean(what);
}

function find() {
  const field = document.getElementById("find");
  if (field) { field.focus(); field.select(); }
  return Boolean(field);
}

// What is done to the ticked rows is done to the focused one if none is ticked.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.bulk");
  if (!button || ticked.size > 0) { return; }
  const row = current();
  if (row && tick(row)) {
    tick(row).checked = true;
    setTimeout(count, 0);
  }
}, true);

// Ticks of rows that are not on this page go along.
document.addEventListener("submit", (event) => {
  if (event.target.id !== "bulk") { return; }
  event.target.querySelectorAll("[data-far]").forEach((far) => { far.remove(); });
  const here = rows().map(tick).filter(Boolean).map((box) => box.value);
  ticked.forEach((key) => {
    if (here.includes(key)) { return; }
    const far = document.createElement("input");
    far.type = "hidden";
    far.name = "task";
    far.value = key;
    far.setAttribute("data-far", "");
    event.target.appendChild(far);
  });
}, true);

// What does not filter does not stand in the address.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id !== "filters") { return; }
  const asked = event.detail.formData;
  [...asked.keys()].forEach((name) => {
    if (asked.get(name) === "") { asked.delete(name); }
  });
});

document.addEventListener("change", (event) => {
  const target = event.target;
  if (target.closest("td.tick")) {
    setTick(target.closest("tr.row"), target.checked);
  } else if (target.id === "tick-all") {
    const on = target.checked; // which changes while the rows are ticked one by one
    rows().filter(tick).forEach((row) => { setTick(row, on); });
  } else if (target.closest("#filters") && target.type !== "search" && target.form.requestSubmit) {
    target.form.requestSubmit();
  }
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("tr.row");
  if (row) { show(row); }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-bar=untick]")) {
    ticked.clear();
    count();
    return;
  }
  const row = event.target.closest("tr.row");
  if (!row) { return; }
  if (event.target.closest("td.tick")) {
    if (event.target.tagName !== "INPUT" && tick(row)) { setTick(row, !tick(row).checked); }
  } else if (!event.target.closest("a, button, input, label, summary")) {
    link(row).click();
  }
});

function letter(event) {
  const row = current();
  const { key } = event;
  if (waiting > Date.now()) {
    waiting = 0;
    const box = { d: "todo", z: "active", y: "done", g: "watched" }[key.toLowerCase()];
    if (box) { return press(`.rail [data-box=${box}]`) || (location.assign(`/?box=${box}`), true); }
  }
  switch (key) {
    case "j": case "J": step(1, event.shiftKey); return true;
    case "k": case "K": step(-1, event.shiftKey); return true;
    case "g": waiting = Date.now() + 1500; return true;
    case "x": if (row && tick(row)) { setTick(row, !tick(row).checked); } return Boolean(row);
    case "n": case "[": case "]": return press(`[data-key="${key}"]`);
    case "c": case "r": return Boolean(row) && press(`[data-key=${key}]`, row);
    case "t": case "d": case "u": case "w": case "e": return press(`.task-bar [data-key~=${key}]`);
    case "?": return press("[data-key='?']") || press(".menu a[href='/keys']");
    case "/": return find();
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) { return; }
  if (event.key === "Escape") {
    if (event.target.id === "find") { event.target.blur(); }
    const open = document.querySelector("details.columns[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
    return;
  }
  const box = event.target.type === "checkbox" && event.target.closest("tr.row");
  if (typing(event.target) && !box) { return; }
  const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (arrow && rows().length) {
    event.preventDefault();
    step(arrow, event.shiftKey);
  } else if (event.key === "Enter" && event.target === document.body && rows().length) {
    event.preventDefault();
    link(current()).click();
  } else if (document.documentElement.dataset.keys !== "off" && letter(event)) {
    event.preventDefault();
  }
});

// After every change of the page: the same row has the bar, and the same rows are ticked.
ready(() => {
  document.documentElement.classList.add("scripted");
  const table = document.querySelector("table.tasks");
  if (where() !== list) {
    list = where();
    ticked.clear();
    focused = anchor = "";
  }
  if (!table) { return; }
  const back = location.hash.startsWith("#row-") && document.getElementById(location.hash.slice(1));
  if (back) { // whoever comes back from a case is at its row
    history.replaceState(history.state, "", location.pathname + location.search);
    show(back);
    link(back).focus({ preventScroll: true });
    back.scrollIntoView({ block: "center" });
  }
  if (current()) { show(current()); }
  count();
});
