// A name that is typed is chosen from a directory, by keyboard, mouse or finger. A field inside [data-choose] says from which one; what is in no
// directory can be typed all the same. How somebody is reached comes with the choice alone, and the server tells of that look.

import { ready } from "./core.js";
import { fill } from "./words.js";

const NEEDS = 2; // characters, below which the server offers nothing
const REST = 150; // milliseconds without a key

// fills are the fields of a registration that the choice of the first proposer fills in, by what the answer calls it.
const fills = { delegation: "group", deputy_contact: "phone", second_contact: "other" };

const known = new WeakSet();

// held is what a field of the same form holds.
function held(form, name) {
  const field = form.elements[name];
  return field ? field.value : "";
}

// directory is the address of the one that is chosen from: for people, that of the body whose case is registered.
function directory(box, form) {
  const of = box.dataset.choose;
  if (of !== "people") { return `/directory/${of}`; }
  return held(form, "body") === "cppcc" ? "/directory/members" : "/directory/deputies";
}

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function setUp(box) {
  const input = box.querySelector("input");
  const list = document.createElement("ul");
  const says = document.createElement("p");
  let options = [];
  let at = -1;
  let asked = 0;
  let timer;
  let putting = false;

  list.id = `${input.id}-choices`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.label);
  list.hidden = true;
  says.className = "note";
  says.setAttribute("role", "status");
  box.append(list, says);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.autocomplete = "off";
  box.hidden = false;

  function close() {
    clearTimeout(timer);
    asked += 1; // an answer that is under way comes too late
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(to) {
    at = to;
    [...list.children].forEach((option, i) => { option.setAttribute("aria-selected", i === at); });
    if (at < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function show(found) {
    options = found;
    list.replaceChildren(...found.map((choice, i) => {
      const option = document.createElement("li");
      const name = document.createElement("b");
      const beside = document.createElement("span");
      option.id = `${list.id}-${i}`;
      option.setAttribute("role", "option");
      name.textContent = choice.name;
      beside.textContent = choice.says;
      option.append(name, " ", beside);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); }); // the field keeps the focus
      option.addEventListener("click", () => { take(i); });
      return option;
    }));
    mark(-1);
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", found.length > 0);
    says.textContent = found.length ? fill(box.dataset.found, { n: found.length }) : box.dataset.none;
  }

  async function ask() {
    const typed = input.value.trim();
    const number = asked += 1;
    if ([...typed].length < NEEDS) { close(); says.textContent = ""; return; }
    const form = input.form || box.closest("form");
    const query = new URLSearchParams({ q: typed, level: held(form, "level"), term: held(form, "term") });
    try {
      const answer = await fetch(`${directory(box, form)}/choices?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || number !== asked) { return; }
      const found = await answer.json();
      if (number === asked && document.activeElement === input) { show(found); }
    } catch {
      close(); // typing goes on without it
    }
  }

  async function take(i) {
    const choice = options[i];
    const form = input.form || box.closest("form");
    close();
    says.textContent = "";
    putting = true;
    if (box.dataset.adds) {
      const lines = form.elements[box.dataset.adds];
      const names = lines.value.split("\n").filter((line) => line.trim());
      if (!names.includes(choice.name)) { put(lines, [...names, choice.name].join("\n")); }
      input.value = "";
    } else {
      put(input, choice.name);
    }
    putting = false;
    if (!box.dataset.reach) { return; }
    try {
      const answer = await fetch(`${directory(box, form)}/${choice.id}/choose`, { method: "POST" });
      if (!answer.ok) { return; }
      const chosen = await answer.json();
      if (box.dataset.choose === "people") { complete(form, chosen); }
      says.textContent = [chosen.says, box.dataset.filled].filter((part) => part).join(" · ");
    } catch {
      // the name stands there; the rest is typed
    }
  }

  input.addEventListener("input", (event) => {
    if (putting || event.isComposing) { return; }
    clearTimeout(timer);
    timer = setTimeout(ask, REST);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, REST); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) { return; }
    const last = options.length - 1;
    if (event.key === "ArrowDown") { mark(at < last ? at + 1 : 0); } else if (event.key === "ArrowUp") { mark(at > 0 ? at - 1 : last); } else if (event.key === "Enter" && at >= 0) { take(at); } else if (event.key === "Escape") { event.stopPropagation(); close(); } else { return; }
    event.preventDefault();
  });
}

// complete fills in what the choice says, where nothing stands or what an earlier choice has filled in: what was typed by hand stays.
function complete(form, chosen) {
  Object.entries(fills).forEach(([name, part]) => {
    const field = form.elements[name];
    if (!field || (field.value && field.value !== field.dataset.filled)) { return; }
    put(field, chosen[part]);
    field.dataset.filled = chosen[part];
  });
}

ready((within) => {
  within.querySelectorAll("[data-choose]").forEach((box) => {
    if (known.has(box)) { return; }
    known.add(box);
    setUp(box);
  });
});
