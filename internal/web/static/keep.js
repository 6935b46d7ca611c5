// Nothing typed is lost. What stands in a form marked data-keep is sent to /typed a second after it was typed, and the server puts
// it back into the form on whatever computer the person opens it next. Where the server cannot be reached it waits on this
// computer, under the person's id, and is sent as soon as it can be.
//
// A form takes part with data-keep="<form>", data-keep-case="<id>" and data-keep-ref="<strand>" where they exist, and says how
// it stands in its [data-keep-state]. data-keep-sent says that its values are those that were just sent. Hidden fields are the
// page's own and stay out, unless they carry data-keep-field.

import { ready } from "./core.js";
import { expired } from "./kept.js";

const WAIT = 1000;
const PREFIX = "banli.keep.";
const waiting = {}; // by key: what was typed and not sent yet
const touched = {}; // by key: whether something was typed into the form as it is drawn
let going = false; // another page was asked for: what it draws may be older than what is being sent

function person() {
  const top = document.querySelector("[data-person]");
  return top ? top.getAttribute("data-person") : "";
}

// Storage may be full, or forbidden: then the server alone keeps.
function store(key, entry) {
  try { localStorage.setItem(`${PREFIX + person()} ${key}`, JSON.stringify(entry)); } catch { return false; }
  return true;
}
function stored(key) {
  try { return JSON.parse(localStorage.getItem(`${PREFIX + person()} ${key}`)); } catch { return null; }
}
function unstore(key) {
  try { localStorage.removeItem(`${PREFIX + person()} ${key}`); } catch { /* nothing is stored then */ }
}
function storedKeys(ofPerson) {
  const keys = [];
  try {
    for (let i = 0; i < localStorage.length; i++) {
      if (localStorage.key(i).indexOf(PREFIX + ofPerson) === 0) { keys.push(localStorage.key(i)); }
    }
  } catch { /* none */ }
  return keys;
}

function nameOf(form) {
  return [form.getAttribute("data-keep"), form.getAttribute("data-keep-case") || "", form.getAttribute("data-keep-ref") || ""].join("|");
}

// keyOf tells drawings of one form apart: two windows of one person may both be typed in.
function keyOf(form) { return `${nameOf(form)}|${form.elements.action_id ? form.elements.action_id.value : "-"}`; }

// formOf is the form on the page, however it was drawn when the words with the key were typed.
function formOf(key) {
  return [...document.querySelectorAll("form[data-keep]")].find((form) => key.indexOf(`${nameOf(form)}|`) === 0);
}

function fieldsOf(form) {
  const fields = new URLSearchParams();
  fields.append("drawn_for", person());
  fields.append("keep.form", form.getAttribute("data-keep"));
  fields.append("keep.case", form.getAttribute("data-keep-case") || "");
  fields.append("keep.ref", form.getAttribute("data-keep-ref") || "");
  [...form.elements].forEach((field) => {
    const own = field.type === "hidden" && !field.hasAttribute("data-keep-field") && !/^(action_id|base_seq|kept_on)$/.test(field.name);
    if (!field.name || field.disabled || own || /^(password|file|submit|button|reset|image)$/.test(field.type)) { return; }
    if (/^(checkbox|radio)$/.test(field.type) && !field.checked) { return; }
    if (field.options && field.multiple) {
      [...field.selectedOptions].forEach((option) => { fields.append(field.name, option.value); });
      return;
    }
    fields.append(field.name, field.value);
  });
  return fields.toString();
}

function say(key, words) {
  const form = formOf(key);
  const place = form && form.querySelector("[data-keep-state]");
  if (!place) { return; }
  place.hidden = false;
  place.classList.toggle("local", words === undefined);
  place.textContent = words === undefined ? place.getAttribute("data-local") : words;
}

function bodyOf(entry) { return new URLSearchParams(`${entry.fields}&keep.age=${Math.max(0, Date.now() - entry.at)}`); }

// send gives an entry to the server. What cannot be given stays on this computer.
function send(key, entry, then) {
  fetch("/typed", { method: "POST", body: bodyOf(entry), credentials: "same-origin", headers: { Accept: "application/json" } }).then((answer) => {
    if (answer.status === 404 || answer.status === 422) { // nobody takes it, now or later
      unstore(key);
      return null;
    }
    if (!answer.ok) { throw new Error(answer.status); }
    return answer.json();
  }).then((told) => {
    if (!told) { return; }
    const newer = stored(key);
    if (newer && newer.at <= entry.at && !going) { unstore(key); }
    if (!waiting[key]) { say(key, told.said); }
    if (then && told.kept) { then(); }
  }).catch(() => {
    if (!waiting[key]) {
      store(key, entry);
      say(key);
    }
  });
}

function flush(key) {
  const entry = waiting[key];
  if (!entry) { return; }
  clearTimeout(entry.timer);
  delete waiting[key];
  send(key, entry);
}

function flushAll() { Object.keys(waiting).forEach(flush); }

function typed(form) {
  const key = keyOf(form);
  if (waiting[key]) { clearTimeout(waiting[key].timer); }
  touched[key] = true;
  waiting[key] = { at: Date.now(), fields: fieldsOf(form), timer: setTimeout(() => { flush(key); }, WAIT) };
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.hasAttribute("data-keep") && person()) { typed(form); }
});

// typedIn are the values of a form without those that every drawing of it makes anew.
function typedIn(fields) {
  const values = new URLSearchParams(fields);
  values.delete("action_id");
  values.delete("base_seq");
  values.delete("kept_on");
  return values.toString();
}

// What waits on this computer goes to the server. If the form stands open and untouched and says something else, it is drawn
// again, with what was typed in it. It does not matter who brought it to the server: the page before this one may have, while
// this one was already drawn.
function sendStored() {
  const who = person();
  if (!who || navigator.onLine === false) { return; }
  storedKeys(`${who} `).forEach((name) => {
    const key = name.slice((`${PREFIX + who} `).length);
    const entry = stored(key);
    if (!entry || entry.values) { return; }
    if (expired(entry, Date.now())) {
      unstore(key);
      return;
    }
    send(key, entry, () => {
      const form = formOf(key);
      if (form && !going && !form.hasAttribute("data-keep-sent") && !touched[keyOf(form)] && typedIn(fieldsOf(form)) !== typedIn(entry.fields)) { location.reload(); }
    });
  });
}

// A form that is sent keeps a copy here until the server has answered. If it was done, the server knows its action and takes
// no more of it; if the answer never came, nothing is lost.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") === "/logout") {
    leave();
    storedKeys("").forEach((name) => { try { localStorage.removeItem(name); } catch { /* gone */ } });
    return;
  }
  if (!form.hasAttribute("data-keep")) { return; }
  const key = keyOf(form);
  const entry = { at: Date.now(), fields: fieldsOf(form) };
  if (waiting[key]) { clearTimeout(waiting[key].timer); }
  delete waiting[key];
  unstore(key);
  if (event.submitter && /^\/typed\/drop/.test(event.submitter.getAttribute("formaction") || "")) { return; }
  if (form.elements.action_id || navigator.onLine === false) { store(key, entry); }
}, true);

document.addEventListener("htmx:sendError", (event) => {
  const form = event.target.closest && event.target.closest("form[data-keep]");
  if (!form) { return; }
  store(keyOf(form), { at: Date.now(), fields: fieldsOf(form) });
  say(keyOf(form));
});

// leave gives what waits to the browser, which sends it though the page is gone, and keeps a copy in case it does not.
function leave() {
  Object.keys(waiting).forEach((key) => {
    const entry = waiting[key];
    clearTimeout(entry.timer);
    delete waiting[key];
    store(key, { at: entry.at, fields: entry.fields });
    if (navigator.sendBeacon) { navigator.sendBeacon("/typed", bodyOf(entry)); }
  });
}

window.addEventListener("beforeunload", () => { going = true; });
window.addEventListener("pageshow", () => { going = false; });
window.addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => { if (document.hidden) { flushAll(); } });
document.addEventListener("htmx:beforeRequest", flushAll);
window.addEventListener("online", sendStored);
document.addEventListener("banli:online", sendStored);
document.addEventListener("banli:offline", flushAll);
ready((root) => { if (root === document.body) { sendStored(); } });

// For editors that keep versions of their own: the last resort on this computer, under a key of theirs.
export function keepLocal(key, values) { return store(key, { at: Date.now(), values }); }
export function localKept(key) {
  const entry = stored(key);
  return entry && entry.values && !expired(entry, Date.now()) ? entry : null;
}
export { unstore as dropLocal };
