// A registration shows what applies: a field marked data-when="name=value" stands there once that is chosen, or while something
// stands in it. Without this all fields stand there, with a hint that says when they apply.

import { ready } from "./core.js";

function holds(form, when) {
  const [name, value] = when.split("=");
  return [...form.elements].some((field) => field.name === name && field.value === value && field.checked);
}

function typedIn(part) {
  return [...part.querySelectorAll("input, textarea, select")].some((field) => (/^(checkbox|radio)$/.test(field.type) ? field.type === "checkbox" && field.checked : field.value !== ""));
}

function show() {
  document.querySelectorAll("[data-when]").forEach((part) => {
    part.hidden = !holds(part.closest("form"), part.dataset.when) && !typedIn(part) && !part.querySelector(".bad");
  });
}

document.addEventListener("change", show);
ready(show);
