// Many cases at once: a button that names its receiver, and the key that pauses.

import { typing } from "./core.js";

function nameReceiver() {
  const button = document.querySelector("button[data-named-by]");
  const select = button && document.getElementById(button.dataset.namedBy);
  if (!select || !button.dataset.words) { return; }
  if (!button.dataset.plain) { button.dataset.plain = button.textContent; }
  const name = (select.options[select.selectedIndex] || { dataset: {} }).dataset.name;
  button.textContent = name ? button.dataset.words.replace(button.dataset.place, name) : button.dataset.plain;
}

document.addEventListener("change", (event) => {
  if (event.target.id === "whom") { nameReceiver(); }
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== "p") { return; }
  const button = document.querySelector("button[data-key=p]");
  if (button && !typing(event.target)) { event.preventDefault(); button.click(); }
});
