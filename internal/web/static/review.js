// What makes a review quicker: words of the reply are marked and commented on where they stand, a reply that was not read cannot
// be ticked, a standard paragraph goes straight into the text. All of it can be done with the forms alone.

import { changed, ready, tell } from "./core.js";
import { fill } from "./words.js";
import { characters } from "./marks.js";

// ---- comments on words ----

// marked is the selection if it lies in one paragraph of the reply.
function marked() {
  const chosen = window.getSelection();
  if (!chosen || chosen.isCollapsed || !chosen.rangeCount) { return null; }
  const range = chosen.getRangeAt(0);
  const start = range.startContainer.parentElement && range.startContainer.parentElement.closest("[data-paragraph]");
  if (!start || !start.contains(range.endContainer)) { return null; }
  const before = document.createRange();
  before.selectNodeContents(start);
  before.setEnd(range.startContainer, range.startOffset);
  const text = range.toString();
  return text.trim() ? { paragraph: start.getAttribute("data-paragraph"), from: characters(before.toString()), quote: text, at: range.getBoundingClientRect() } : null;
}

function offer() {
  const details = document.getElementById("new-comment");
  let button = document.querySelector(".add-comment");
  const words = details && marked();
  if (!words) {
    if (button) { button.remove(); }
    return;
  }
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "button add-comment";
    document.body.appendChild(button);
  }
  button.textContent = details.querySelector("summary").textContent;
  button.style.top = `${words.at.bottom + window.scrollY + 6}px`;
  button.style.left = `${Math.max(8, Math.min(words.at.left + window.scrollX, document.documentElement.clientWidth - 120))}px`;
  button.onclick = () => { comment(details, words); };
}

function comment(details, words) {
  details.open = true;
  const field = (name) => details.querySelector(`[data-comment=${name}]`);
  field("paragraph").value = words.paragraph;
  field("from").value = words.from;
  field("quote").value = words.quote;
  field("shown").textContent = words.quote;
  window.getSelection().removeAllRanges();
  const button = document.querySelector(".add-comment");
  if (button) { button.remove(); }
  details.querySelector("textarea").focus();
}

document.addEventListener("mouseup", () => { setTimeout(offer, 0); });
document.addEventListener("keyup", (event) => { if (event.key === "Shift" || event.shiftKey) { offer(); } });
document.addEventListener("touchend", () => { setTimeout(offer, 50); });

// A paragraph chosen by hand is meant as a whole.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-comment=paragraph]")) { return; }
  const form = event.target.form;
  form.querySelector("[data-comment=from]").value = "";
  form.querySelector("[data-comment=quote]").value = "";
  form.querySelector("[data-comment=shown]").textContent = "";
});

// ---- what is decided stands on the button ----

function nameButton() {
  const button = document.querySelector("[data-named-by]");
  const chosen = button && document.querySelector(`input[name=${button.dataset.namedBy}]:checked`);
  if (chosen) { button.textContent = fill(button.dataset.named, { name: chosen.closest("label").querySelector("b").textContent }); }
}

document.addEventListener("change", nameButton);
ready(nameButton);

// ---- a reply that was not read ----

// Whoever would sign unread is taken to the end of the reply.
document.addEventListener("click", (event) => {
  const tick = event.target.closest(".bar button.primary[form=act]") && document.querySelector(".read-end input[type=checkbox]");
  if (!tick || tick.checked) { return; }
  event.preventDefault();
  tick.focus({ preventScroll: true });
  tick.scrollIntoView({ block: "center" });
}, true);

document.addEventListener("click", (event) => {
  const tick = event.target.closest && event.target.closest("input[data-unread]");
  if (!tick) { return; }
  event.preventDefault();
  const say = tick.closest("li").querySelector("[data-say=unread]");
  if (say) {
    say.setAttribute("role", "alert");
    say.innerHTML = "<b></b> ";
    say.firstChild.textContent = say.getAttribute("data-words");
    const go = document.createElement("a");
    go.href = tick.getAttribute("data-unread");
    go.textContent = say.getAttribute("data-go");
    say.appendChild(go);
    go.focus();
  }
});

// ---- a standard paragraph ----

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches || !form.matches("form[data-use]") || !document.getElementById("body")) { return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  fetch(form.action, { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: "" })
    .then((answer) => answer.text())
    .then((page) => {
      const taken = new DOMParser().parseFromString(page, "text/html");
      const text = taken.querySelector("[data-insert]");
      const library = document.getElementById("library");
      if (text) { tell("insert", text.textContent); }
      if (library && taken.getElementById("library")) { library.replaceWith(taken.getElementById("library")); changed(document.getElementById("library")); }
    });
}, true);
