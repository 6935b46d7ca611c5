// A telephone call: 1, 2 and 3 say how it ended, A adds a point, the clock runs from the moment the deputy answered. Points are
// read and ticked; a field opens only where somebody wants to change one. The bar says what saving will do. Without this script
// the same form stands open and is sent as it is.

import { ready } from "./core.js";
import { clock, elapsed, lasted, shanghai, summary } from "./telephone.js";
import { fill } from "./words.js";

let skew = 0; // how far the server's clock is ahead of this one

function page() { return document.querySelector("[data-call]"); }
function act() { return document.getElementById("act"); }
function now() { return Date.now() + skew; }
function all(selector, root) { return [...(root || document).querySelectorAll(selector)]; }
function writing(target) {
  return /^(TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable || target.tagName === "INPUT" && !/^(checkbox|radio)$/.test(target.type);
}

function outcome() {
  const chosen = document.querySelector("input[name=outcome]:checked");
  return chosen ? chosen.value : "";
}

// ---- the clock ----

function started() { return Number(act().elements.started.value) || 0; }

function tick() {
  const form = page() && act();
  const place = form && form.querySelector(".call-clock");
  if (!place) { return; }
  place.hidden = outcome() !== "reached" || !started();
  if (place.hidden) { return; }
  place.querySelector("[data-call-clock]").textContent = elapsed(now() - started());
  const since = place.querySelector("[data-call-since]");
  since.textContent = fill(since.getAttribute("data-words"), { time: clock(started()) });
}

// The call began when the outcome was chosen; what is entered afterwards has its own time in the form.
function answered() {
  const form = act();
  if (started() || form.elements.at.value || form.elements.mode.value !== "phone") { return; }
  form.elements.started.value = now();
}

// ---- the points ----

function lines() { return all("#points li"); }
function textOf(line) { return line.querySelector("input[name=point]"); }
function boxOf(line) { return line.querySelector("input[name=tick]"); }
function timeOf(line) { return line.querySelector("input[name^='tick_at.']"); }

function show(line, open) {
  const set = document.getElementById("points");
  const input = textOf(line);
  const label = line.querySelector(".point-text");
  const note = line.querySelector("[data-note]");
  const edit = line.querySelector("[data-edit]");
  const was = input.getAttribute("data-was");
  const changed = was && input.value.trim() !== was;
  label.textContent = input.value;
  label.hidden = open;
  input.hidden = !open;
  edit.hidden = false;
  edit.textContent = set.getAttribute(open ? "data-save" : "data-edit");
  let said = "";
  if (changed) {
    said = fill(set.getAttribute("data-was"), { text: was });
  } else if (open && was) {
    said = set.getAttribute("data-unchanged");
  }
  if (boxOf(line).checked && timeOf(line).value) {
    const confirmed = fill(set.getAttribute("data-confirmed"), { time: clock(Number(timeOf(line).value)) });
    said = said ? `${confirmed}  ${said}` : confirmed;
  }
  note.textContent = said;
  note.hidden = !said;
}

function editing(line) { return !textOf(line).hidden; }

function add() {
  let line = lines().find((l) => l.hidden);
  if (!line) {
    const last = lines()[lines().length - 1];
    line = last.cloneNode(true);
    const no = lines().length + 1;
    boxOf(line).id = `tick.${no}`;
    boxOf(line).value = no;
    boxOf(line).checked = false;
    textOf(line).id = `point.${no}`;
    textOf(line).value = "";
    textOf(line).setAttribute("data-was", "");
    timeOf(line).name = `tick_at.${no}`;
    timeOf(line).value = "";
    line.querySelector(".dot").textContent = no;
    line.querySelector(".point-text").htmlFor = `tick.${no}`;
    ["tick", "point"].forEach((name) => {
      const field = line.querySelector(`input[name=${name}]`);
      field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, no));
    });
    const edit = line.querySelector("[data-edit]");
    edit.setAttribute("aria-label", edit.getAttribute("aria-label").replace(/\d+/, no));
    line.setAttribute("data-blank", "");
    last.parentNode.appendChild(line);
  }
  line.hidden = false;
  show(line, true);
  textOf(line).focus();
}

// ---- what saving will do ----

function nextCall() {
  const day = document.querySelector("[name=call_back_day]").value;
  const time = document.querySelector("[name=call_back_clock]").value;
  if (!day || !time) { return ""; }
  const words = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", day: "numeric", timeZone: "UTC" });
  return `${words.format(new Date(day))} ${time}`;
}

function tellBar() {
  const says = document.querySelector("[data-call-bar]");
  const missing = says.querySelector("[data-missing]");
  const chosen = outcome();
  missing.textContent = "";
  missing.classList.remove("late");
  if (!chosen) { return; }
  const primary = document.querySelector(".call-bar [data-do]");
  primary.textContent = primary.getAttribute(`data-${chosen}`);
  const points = lines().map((line) => ({
    no: boxOf(line).value, text: textOf(line).value, ticked: boxOf(line).checked, added: line.hasAttribute("data-blank"),
  }));
  const { does, lacks } = summary(chosen, points, nextCall());
  says.querySelector("[data-after]").textContent = fill(says.getAttribute(`data-${does.words}`), does.values);
  if (lacks) {
    const list = (lacks.points || []).join(says.getAttribute("data-join"));
    missing.textContent = fill(says.getAttribute(`data-${lacks.words}`), { list });
  }
}

function tellDay() {
  const note = document.querySelector("[data-calls]");
  const day = document.querySelector("[name=call_back_day]").value;
  if (!note || !day) { return; }
  const n = JSON.parse(note.getAttribute("data-calls"))[day] || 0;
  note.textContent = n ? fill(note.getAttribute("data-words"), { n }) : note.getAttribute("data-none");
}

function tellAttempt() {
  const place = document.querySelector("[data-call] [data-now]");
  if (place && outcome()) { place.textContent = place.getAttribute("data-words"); }
}

function tell() {
  if (!page()) { return; }
  tick();
  tellBar();
  tellDay();
  tellAttempt();
}

function choose(value) {
  const box = document.querySelector(`input[name=outcome][value=${value}]`);
  box.checked = true;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  if (value !== "call_back" || nextCall()) { return; }
  const day = document.querySelector("[name=call_back_day]");
  if (!day.value) { day.value = shanghai(now()).slice(0, 10); }
  document.querySelector("[name=call_back_clock]").focus();
  tell();
}

// ---- what happens on the page ----

document.addEventListener("input", (event) => {
  if (!page() || event.target.form !== act()) { return; }
  const target = event.target;
  if (target.name === "outcome" && target.value === "reached") { answered(); }
  if (target.name === "tick") {
    const line = target.closest("li");
    timeOf(line).value = target.checked ? now() : "";
    show(line, editing(line));
  } else if (target.name === "point") {
    const li = target.closest("li");
    if (li.hasAttribute("data-blank")) {
      const filled = target.value.trim() !== "";
      if (filled !== boxOf(li).checked) {
        boxOf(li).checked = filled;
        timeOf(li).value = filled ? now() : "";
      }
    }
    show(li, true);
  }
  tell();
}, true); // before keep.js takes its copy

document.addEventListener("click", (event) => {
  if (!page()) { return; }
  const button = event.target.closest("button");
  if (!button) { return; }
  if (button.hasAttribute("data-add")) {
    add();
  } else if (button.hasAttribute("data-edit")) {
    const line = button.closest("li");
    const open = !editing(line);
    show(line, open);
    if (open) { textOf(line).focus(); } else { button.focus(); }
  } else if (button.hasAttribute("data-copy")) {
    const shown = all("[data-phone]").find((p) => !p.hidden);
    copy(shown.textContent.trim(), () => { button.textContent = button.getAttribute("data-done"); });
  } else if (button.hasAttribute("data-swap")) {
    all("[data-phone]").forEach((p) => { p.hidden = !p.hidden; });
  }
});

function copy(text, then) {
  if (navigator.clipboard) {
    navigator.clipboard.writeText(text).then(then, () => { /* the number stands there to be read */ });
    return;
  }
  const field = document.createElement("textarea");
  field.value = text;
  document.body.appendChild(field);
  field.select();
  if (document.execCommand("copy")) { then(); }
  field.remove();
}

document.addEventListener("submit", (event) => {
  if (!page() || event.target !== act()) { return; }
  const form = act();
  const counted = outcome() === "reached" && started();
  form.elements.seconds.value = counted ? lasted(now() - started()) : "";
  if (counted && !form.elements.at.value) { form.elements.at.value = shanghai(started()); }
}, true);

document.addEventListener("keydown", (event) => {
  if (!page() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) { return; }
  if (event.target.name === "point" && (event.key === "Enter" || event.key === "Escape")) { // saves the point, sends nothing
    event.preventDefault();
    event.stopPropagation();
    const line = event.target.closest("li");
    show(line, false);
    line.querySelector("[data-edit]").focus();
    return;
  }
  if (writing(event.target)) {
    if (event.key === "Escape") { event.target.blur(); }
    return;
  }
  const value = { 1: "reached", 2: "no_answer", 3: "call_back" }[event.key];
  if (value) {
    event.preventDefault();
    choose(value);
  } else if (event.key === "a" || event.key === "A") {
    event.preventDefault();
    add();
  }
});

setInterval(tick, 1000);

ready(() => {
  const call = page();
  if (!call) { return; }
  if (call.getAttribute("data-now") !== call.getAttribute("data-seen")) {
    skew = Number(call.getAttribute("data-now")) - Date.now();
    call.setAttribute("data-seen", call.getAttribute("data-now"));
    all("[data-add], [data-copy], [data-swap]", call).forEach((button) => { button.hidden = false; });
    all("[data-phone]", call).forEach((p, i) => { p.hidden = i > 0; });
    lines().forEach((line) => {
      line.hidden = line.hasAttribute("data-blank") && !textOf(line).value;
      show(line, false);
    });
  }
  tell();
});
