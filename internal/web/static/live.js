// An open page hears what others do (server-sent events of GET /live), fetches itself again and changes the elements marked
// data-live in place: one by one by their ids, never a field that has the focus or holds unsent words. It also says when the
// server cannot be heard. It tells the other scripts of news, offline and online.

import { changed, moves, ready, tell } from "./core.js";
import { caseOf, concerns } from "./news.js";
import { fill } from "./words.js";

const batchFor = 300;       // news waits for more before the page is fetched
const apart = 1000;         // least time between two fetches
const aimFor = 700;         // a hand that moved so lately is about to press: nothing moves under it
const aimAtMost = 5000;     // nor does a hand that never rests keep the page old for longer
const freshFor = 60000;     // a row that came is marked as long
const speakApart = 5000;    // least time between two announcements
const graceFor = 3000;      // a stream may be gone as long before anybody is told: a restart is no outage
const silentFor = 50000;    // beats come every 20 s
const lookEvery = 15000;    // without a stream the page looks by itself

function place() { return document.getElementById("live"); }
function word(name, args = {}) {
  return fill(place()?.getAttribute(`data-${name}`) || "", args);
}

// ---- what is known ----

let time = "";         // the bureau's clock when the page was last known to be up to date
let up = true;         // the stream is open, or has not been missed yet
let offline = false;
let lost = false;      // the session is
let moved = "";        // what the page says once somebody else has moved its case
let last = "";         // what was told of the case of this page
let said = "";

function setOffline(now) {
  if (offline === now) { return; }
  offline = now;
  tell(now ? "offline" : "online");
  draw();
}

function draw() {
  if (!place()) { return; }
  const line = document.getElementById("live-line");
  const inRail = line && line.offsetParent !== null;
  if (line) {
    const asOf = line.querySelector(".as-of");
    if (up) {
      put(asOf, word("current", { time }));
    } else {
      put(asOf, "", location.href, word("cut", { time }));
    }
    put(line.querySelector(".said"), said);
  }
  if (offline) {
    strip(word("offline", { time }));
  } else if (lost) {
    strip(word("lost"), `/login?back=${encodeURIComponent(location.pathname + location.search)}`, word("login"), "_blank");
  } else if (moved) {
    strip(moved, `/cases/${caseOf(location.pathname)}`, word("look"));
  } else if (!up && !inRail) {
    strip("", location.href, word("cut", { time }));
  } else {
    strip("");
  }
}

// put fills an element with words and a link; it leaves alone what is right already, or screen readers would say it again.
function put(element, text, href, label, target) {
  const now = [text, href || "", label || ""].join("\n");
  if (element.banliSays === now && element.textContent === text + (label || "")) { return; }
  element.banliSays = now;
  element.textContent = text;
  if (!href) { return; }
  const link = document.createElement("a");
  link.href = href;
  link.textContent = label;
  link.setAttribute("hx-boost", "false");
  if (target) { link.target = target; }
  element.appendChild(link);
}

function strip(text, href, label, target) {
  const element = document.getElementById("live-strip");
  const shown = Boolean(text || label);
  element.hidden = !shown;
  document.documentElement.toggleAttribute("data-strip", shown);
  put(element, text, href, label, target);
}

// ---- announcements ----

let toSay = [];
let spoken = 0;
let speaking = null;

function announce(text) {
  if (!text || toSay.indexOf(text) >= 0) { return; }
  toSay.push(text);
  if (!speaking) { speaking = setTimeout(speak, Math.max(0, spoken + speakApart - Date.now())); }
}

function speak() {
  speaking = null;
  spoken = Date.now();
  const element = document.getElementById("live-say");
  if (element) { element.textContent = toSay.slice(-3).join(" "); }
  toSay = [];
}

// ---- the stream, one for all tabs of a browser where it can be shared ----

let channel = null;
let source = null;
let mark = "";          // up to which news this page has seen
let heardAt = Date.now();
let grace = null;
let reader = "";
const tab = Math.random();

function join() {
  reader = place().getAttribute("data-reader");
  mark = place().getAttribute("data-mark");
  time = place().getAttribute("data-as-of");
  const name = `banli-live-${reader}`;
  if (!window.BroadcastChannel) { open(); return; }
  channel = new BroadcastChannel(name);
  channel.onmessage = (event) => { hear(event.data); };
  channel.postMessage({ type: "ask" });
  if (navigator.locks) {
    navigator.locks.request(name, () => {
      open();
      return new Promise(() => {}); // until this tab is closed
    });
    return;
  }
  // Over plain http a browser has no locks, and six connections for all its tabs.
  lead();
  window.addEventListener("pagehide", () => {
    if (!source) { return; }
    source.close();
    source = null;
    channel.postMessage({ type: "left" });
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) { lead(); } });
}

let election = null;

// lead takes the stream over unless another tab says that it has it.
function lead() {
  if (election || source) { return; }
  election = setTimeout(() => {
    election = null;
    open();
    channel.postMessage({ type: "lead", tab });
  }, 200 + tab * 300);
}

// yieldTo gives the stream up for another tab that opened one at the same time.
function yieldTo(other) {
  clearTimeout(election);
  election = null;
  if (!source) { return; }
  if (tab < other) {
    channel.postMessage({ type: "lead", tab });
    return;
  }
  source.close();
  source = null;
}

function share(message) {
  hear(message);
  if (channel) { channel.postMessage(message); }
}

function open() {
  source = new EventSource(`/live?since=${encodeURIComponent(mark)}`);
  ["hello", "news", "beat", "crowded"].forEach((type) => {
    source.addEventListener(type, (event) => {
      const message = JSON.parse(event.data);
      message.type = type;
      message.mark = event.lastEventId;
      if (type === "crowded") { source.close(); message.type = "cut"; }
      share(message);
    });
  });
  source.onerror = (event) => {
    share({ type: "cut" });
    if (event.target.readyState === EventSource.CLOSED) { setTimeout(() => { if (event.target === source) { open(); } }, 5000); } // an answer that was no stream
  };
}

function hear(message) {
  if (message.type === "lead") {
    yieldTo(message.tab);
    return;
  }
  if (message.type === "left") {
    lead();
    return;
  }
  if (message.type === "ask") {
    if (source && up) { channel.postMessage({ type: "state", mark, time }); }
    return;
  }
  if (message.type === "cut") {
    if (!grace && up) { grace = setTimeout(cut, graceFor); }
    return;
  }
  heardAt = Date.now();
  clearTimeout(election);
  election = null;
  clearTimeout(grace);
  grace = null;
  const back = !up;
  up = true;
  lost = false;
  setOffline(false);
  if (message.time) { time = message.time; }
  let missed = back || message.missed || message.type === "state" && message.mark !== mark;
  (message.items || []).forEach((item) => {
    if (item.kind === "lost") {
      up = false;
    } else {
      missed = take(item) || missed;
    }
  });
  if (message.mark) { mark = message.mark; }
  if (missed) { plan(); }
  draw();
}

function cut() {
  grace = null;
  up = false;
  draw();
  refresh();
}

setInterval(() => {
  if (!reader) { return; }
  if (up && Date.now() - heardAt > silentFor) {
    cut();
    if (source) { source.close(); open(); } else if (channel && !navigator.locks) { lead(); }
  } else if (!up) {
    refresh();
  }
}, lookEvery);

// take reports whether news concerns this page.
function take(item) {
  tell("news", item);
  const here = concerns(item, location.pathname);
  if (here.moved) { last = here.moved; }
  if (here.said) {
    said = here.said + word("stop");
    announce(said);
  }
  return here.stale;
}

// ---- refreshing in place ----

let planned = null;
let fetching = false;
let again = false;
let stale = false;
let fetchedAt = 0;

function plan() {
  if (planned) { return; }
  planned = setTimeout(refresh, Math.max(batchFor, fetchedAt + apart - Date.now()));
}

function refresh() {
  clearTimeout(planned);
  planned = null;
  if (document.hidden) { stale = true; return; }
  if (fetching) { again = true; return; }
  fetching = true;
  fetchedAt = Date.now();
  const address = location.href.split("#")[0];
  const before = moves();
  fetch(address, { headers: { "X-Banli-Live": "1" }, credentials: "same-origin", cache: "no-store" }).then((answer) => {
    setOffline(false);
    if (answer.status === 401 || lost) { lost = answer.status === 401; draw(); }
    return answer.ok ? answer.text() : "";
  }).then(atRest).then((text) => {
    // Somebody who went on meanwhile has a newer page than this.
    if (text && before === moves() && address === location.href.split("#")[0]) {
      change(new DOMParser().parseFromString(text, "text/html"));
    }
  }).catch ((error) => {
    if (!(error instanceof TypeError)) { throw error; }
    setOffline(true);
  }).then(() => {
    fetching = false;
    if (again) { again = false; plan(); }
  });
}

let aimedAt = 0; // when the mouse or a finger last moved

["pointermove", "pointerdown", "wheel", "touchmove"].forEach((kind) => {
  document.addEventListener(kind, () => { aimedAt = Date.now(); }, { capture: true, passive: true });
});

// atRest hands the value on once the hand rests.
function atRest(value, since = Date.now()) {
  const now = Date.now();
  const left = Math.min(aimedAt + aimFor, since + aimAtMost) - now;
  return left <= 0 ? value : new Promise((done) => { setTimeout(done, left); }).then(() => atRest(value, since));
}

function change(page) {
  const fetched = page.getElementById("live");
  if (!fetched) { return; }
  if (mark === "" || up) { time = fetched.getAttribute("data-as-of"); }
  const hold = anchor();
  document.querySelectorAll("[data-live][id]").forEach((element) => {
    const next = page.getElementById(element.id);
    if (!next || element.parentElement.closest("[data-live]") || typedIn(element) || element.isEqualNode(next)) { return; }
    morph(element, next);
  });
  overtaken(page);
  hold();
  draw();
}

function typesIn(field) {
  return /^(INPUT|TEXTAREA|SELECT)$/.test(field.tagName) && !/^(checkbox|radio|hidden|button|submit)$/.test(field.type) || field.isContentEditable;
}

// edited reports whether the reader changed a field since the page was drawn.
function edited(field) {
  if (field.type === "hidden") { return false; }
  if (field.type === "checkbox" || field.type === "radio") { return field.checked !== field.defaultChecked; }
  if (field.tagName === "SELECT") {
    return [...field.options].some((option) => option.selected !== option.defaultSelected) &&
      field.value !== ([...field.options].find((option) => option.defaultSelected) || field.options[0] || {}).value;
  }
  return field.value !== field.defaultValue;
}

function fieldsOf(element) {
  return [...element.querySelectorAll("input, textarea, select")];
}

function typedIn(element) {
  const active = document.activeElement;
  return element.contains(active) && typesIn(active) || element.querySelector("[data-typed]") !== null ||
    fieldsOf(element).some((field) => typesIn(field) && edited(field));
}

function morph(element, next) {
  let active = element.contains(document.activeElement) ? document.activeElement : null;
  const lines = rowsOf(element);
  const at = lines.indexOf(active && active.closest("tr"));
  let on = element.querySelector("tr.row.on");
  const onAt = lines.indexOf(on);
  const known = {};
  lines.forEach((row) => { known[row.id] = true; });

  Idiomorph.morph(element, next, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed(old) {
        return !(old.nodeType === 1 && /^(INPUT|TEXTAREA|SELECT)$/.test(old.tagName) && edited(old)); // a tick stays
      },
      beforeAttributeUpdated(name, old) {
        return !(name === "open" && old.tagName === "DETAILS"); // as the reader left it
      },
    },
  });

  element = document.getElementById(next.id);
  const now = rowsOf(element);
  if (lines.length) {
    now.forEach((row) => {
      if (!known[row.id]) { fresh[row.id] = Date.now() + freshFor; }
    });
  }
  markFresh();
  if (on) {
    now.forEach((row) => { row.classList.remove("on"); });
    on = on.isConnected ? on : now[Math.min(onAt, now.length - 1)];
    if (on) { on.classList.add("on"); }
  }
  htmx.process(element);
  changed(element);
  if (active && document.activeElement !== active) {
    if (!active.isConnected && at >= 0 && now.length) { active = now[Math.min(at, now.length - 1)].querySelector("a, button"); }
    if (active && active.isConnected) { active.focus({ preventScroll: true }); }
  }
}

function rowsOf(element) {
  return [...element.querySelectorAll("tr.row[id]")];
}

// anchor remembers the field that is typed in, or the first row or paragraph in sight; what it returns brings it back to where
// it was.
function anchor() {
  const top = document.querySelector(".top");
  const head = top && getComputedStyle(top).position === "sticky" ? top.getBoundingClientRect().bottom : 0;
  let seen = [...document.querySelectorAll("[data-live] tr.row, [data-live] li, [data-live] p, [data-live] h2, .form .field")];
  if (window.scrollY === 0) { seen = []; } // at the head of a page what comes above is to be seen
  if (typesIn(document.activeElement)) { seen.unshift(document.activeElement); }
  const held = seen.filter((element) => {
    const box = element.getBoundingClientRect();
    return box.height > 0 && box.bottom > head && box.top < window.innerHeight && (box.top >= head || element === document.activeElement) &&
      !element.closest(".rail, .top, .bar");
  })[0];
  if (!held) { return () => {}; }
  const before = held.getBoundingClientRect().top;
  return () => {
    if (held.isConnected) { window.scrollBy(0, held.getBoundingClientRect().top - before); }
  };
}

// ---- rows that just came ----

let fresh = {};        // by the row's id: until when it is marked

function markFresh() {
  Object.keys(fresh).forEach((id) => {
    const row = document.getElementById(id);
    const over = Date.now() > fresh[id];
    if (over) { delete fresh[id]; }
    if (!row) { return; }
    row.classList.toggle("fresh", !over);
    let label = row.querySelector(".new.just");
    if (over && label) { label.remove(); }
    if (over || label) { return; }
    label = document.createElement("span");
    label.className = "new just";
    label.textContent = word("fresh");
    (row.querySelector(".title") || row.lastElementChild).appendChild(label);
  });
}
setInterval(markFresh, 5000);

// ---- a case that was moved under the reader's hands ----

function baseOf(page) {
  const base = page.querySelector("#act input[name=base_seq]");
  return base ? base.value : null;
}

function overtaken(page) {
  const mine = baseOf(document);
  if (!caseOf(location.pathname) || mine === null || mine === baseOf(page)) { return; }
  const form = document.getElementById("act");
  const typed = fieldsOf(document).some((field) => field.form === form && edited(field)) || form.querySelector("[data-typed]");
  moved = word(typed ? "moved-kept" : "moved-only", { what: last || word("moved") });
  announce(moved);
}

// ---- requests of this page ----

let waiting = null;

function loading(shown) {
  clearTimeout(waiting);
  waiting = null;
  const element = document.getElementById("live-loading");
  if (!element) { return; }
  element.hidden = !shown;
  element.textContent = "";
  if (!shown) { return; }
  const text = document.createElement("span");
  text.textContent = element.getAttribute("data-text");
  element.appendChild(text);
}

// fault says in the bottom bar that a press came to nothing.
function fault(text) {
  quiet();
  const bar = document.querySelector(".bar .says") || document.querySelector(".bar") || document.getElementById("main");
  if (!bar) { return; }
  const element = document.createElement("p");
  element.className = "fault";
  element.id = "live-fault";
  element.setAttribute("role", "alert");
  bar.insertBefore(element, bar.firstChild);
  element.textContent = text;
}

function quiet() {
  const old = document.getElementById("live-fault");
  if (old) { old.remove(); }
}

function unreached(event) {
  const config = event.detail.requestConfig || {};
  fault(word(config.verb && config.verb !== "get" ? "not-sent" : "not-fetched"));
  refresh(); // finds out whether it is the network
}

document.addEventListener("htmx:beforeRequest", () => {
  quiet();
  clearTimeout(waiting);
  waiting = setTimeout(loading, 400, true);
});
document.addEventListener("htmx:afterRequest", () => { loading(false); });
document.addEventListener("htmx:sendError", unreached);
document.addEventListener("htmx:timeout", unreached);
document.addEventListener("htmx:beforeSwap", (event) => {
  // What some proxy says in place of the server is no page of ours.
  if (event.detail.xhr.status >= 400 && !/ id="main"/.test(event.detail.serverResponse || "")) {
    event.detail.shouldSwap = false;
    unreached(event);
  }
});
// Forms that do not go through htmx: without a network the browser would put its own page in place of the words.
document.addEventListener("submit", (event) => {
  if (event.target.closest("[hx-boost=false]") && (offline || navigator.onLine === false)) {
    event.preventDefault();
    fault(word("not-sent"));
  }
}, true);

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== document.body) { return; }
  moved = last = "";
  fresh = {};
  if (place()) { time = place().getAttribute("data-as-of"); }
});

// ---- beginning, and coming back ----

window.addEventListener("offline", () => { setOffline(true); });
window.addEventListener("online", refresh);
window.addEventListener("pageshow", (event) => { if (event.persisted) { refresh(); } });
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && (stale || lost || !up)) { stale = false; refresh(); }
});

ready(() => {
  if (!place()) { return; }
  if (!reader) { join(); }
  draw();
});
