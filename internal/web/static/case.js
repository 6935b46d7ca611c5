// The case page: tabs on a phone, what is missing as it is filled in, names while a note is typed.

import { ready } from "./core.js";
import { lacking } from "./lacks.js";

// Tabs: without this the links lead down the page.
function openTab(link) {
  const nav = link.closest(".case-tabs");
  const section = document.querySelector(link.getAttribute("href"));
  if (!nav || !section) { return; }
  nav.querySelectorAll("a").forEach((a) => {
    if (a === link) { a.setAttribute("aria-current", "true"); } else { a.removeAttribute("aria-current"); }
  });
  const column = section.parentNode.classList.contains("case-body") ? section : section.parentNode;
  [...column.parentNode.children].forEach((c) => { c.classList.toggle("open-tab", c === column); });
  document.body.classList.toggle("tabbed-check", section.id === "check");
}

function phone() { return window.matchMedia("(max-width: 767px)").matches; }

// What is wrong with a file stands in a column that may lie behind a tab, or further down.
function refusedFile() { return document.querySelector(".attach .error"); }

function showTabs() {
  const nav = document.querySelector(".case-tabs");
  document.body.classList.toggle("tabbed", !!nav && phone());
  if (!nav || document.querySelector(".open-tab")) { return; }
  const target = refusedFile() || location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const links = [...nav.querySelectorAll("a")];
  const holds = links.filter((a) => {
    const section = document.querySelector(a.getAttribute("href"));
    return section && target && section.contains(target);
  });
  openTab(holds.pop() || nav.querySelector('[href="#work"]'));
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest(".case-tabs a");
  if (tab && phone()) {
    event.preventDefault();
    openTab(tab);
    window.scrollTo(0, 0);
    return;
  }
  const link = event.target.closest('a[href^="#"]');
  const aim = link && document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
  if (!aim || !aim.closest(".case-page")) { return; }
  // What is hidden behind a tab or a fold is shown before the browser goes there.
  const column = aim.closest(".case-body > *");
  if (column && phone() && document.body.classList.contains("tabbed")) {
    const to = document.querySelector(`.case-tabs a[href="#${column.id}"]`);
    if (to) { openTab(to); }
  }
  const fold = aim.closest("details");
  if (fold) { fold.open = true; }
  // A missing field is gone to with the keyboard, too.
  if (link.closest(".lacks, .summary")) {
    const field = aim.matches("input, textarea, select") ? aim : aim.querySelector("input:not([type=hidden]), textarea, select");
    if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: "center" }); }
  }
});

// What is missing gets shorter as it is filled in; the server decides in the end.
function countLacks() {
  const line = document.querySelector(".case-bar .lacks");
  if (!line || document.querySelector(".case-bar [formaction$='/draft']")) { return; }
  const items = [...line.querySelectorAll("[data-lack]")];
  const left = lacking(items.map((item) => item.dataset.lack), [...document.getElementById("act")?.elements || []]);
  items.forEach((item) => { item.hidden = !left.includes(item.dataset.lack); });
  line.hidden = left.length === 0;
  const head = line.querySelector("b");
  head.textContent = head.textContent.replace(/\d+/, String(left.length));
}

document.addEventListener("input", countLacks);
document.addEventListener("change", countLacks);

// Only one of the folds over the page is open at a time, and a press elsewhere closes it.
document.addEventListener("click", (event) => {
  const open = document.querySelector("details.more[open]");
  if (open && !open.contains(event.target)) { open.open = false; }
});
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && !event.isComposing && document.querySelector("details.more[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});

// Names after an @: the colleagues of the field beside, as a list that the arrow keys move in.
function mention(area) {
  const select = document.getElementById(area.getAttribute("data-mention"));
  if (!select || area.getAttribute("data-mention-ready")) { return; }
  area.setAttribute("data-mention-ready", "true");
  const box = document.createElement("div");
  box.className = "mention-box";
  area.parentNode.insertBefore(box, area);
  box.appendChild(area);
  const list = document.createElement("ul");
  list.className = "mention-list";
  list.id = `${area.id}-names`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", select.labels[0] ? select.labels[0].textContent : "");
  list.hidden = true;
  box.appendChild(list);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  let at = -1;

  function typed() {
    const before = area.value.slice(0, area.selectionStart);
    const found = /@([^\s@]{0,20})$/.exec(before);
    return found ? found[1] : null;
  }

  function close() {
    list.hidden = true;
    at = -1;
    area.removeAttribute("aria-activedescendant");
  }

  function mark(i) {
    at = i;
    [...list.children].forEach((item, n) => { item.setAttribute("aria-selected", n === i ? "true" : "false"); });
    if (list.children[i]) {
      area.setAttribute("aria-activedescendant", list.children[i].id);
      list.children[i].scrollIntoView({ block: "nearest" });
    }
  }

  function take(item) {
    const name = item.getAttribute("data-name");
    const end = area.selectionStart;
    const start = end - typed().length;
    area.value = `${area.value.slice(0, start) + name} ${area.value.slice(end)}`;
    area.selectionStart = area.selectionEnd = start + name.length + 1;
    close();
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  area.addEventListener("input", () => {
    const part = typed();
    list.textContent = "";
    if (part === null) { close(); return; }
    [...select.options].forEach((option) => {
      const name = option.value && option.text.split(/[,\uff0c]/)[0];
      if (!name || option.text.indexOf(part) < 0 || list.children.length >= 8) { return; }
      const item = document.createElement("li");
      item.id = `${list.id}-${list.children.length}`;
      item.setAttribute("role", "option");
      item.setAttribute("data-name", name);
      item.textContent = option.text;
      list.appendChild(item);
    });
    list.hidden = list.children.length === 0;
    if (list.hidden) { close(); } else { mark(0); }
  });

  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) { return; }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const n = list.children.length;
      mark((at + (event.key === "ArrowDown" ? 1 : n - 1)) % n);
    } else if ((event.key === "Enter" || event.key === "Tab") && list.children[at]) {
      event.preventDefault();
      take(list.children[at]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });

  list.addEventListener("mousedown", (event) => {
    const item = event.target.closest("[data-name]");
    if (item) { event.preventDefault(); take(item); }
  });
  area.addEventListener("blur", close);
}

// Copying needs a script and a secure origin; without them the words can still be marked by hand.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copied]");
  if (!button) { return; }
  const from = document.querySelector(button.getAttribute("data-copy"));
  const words = [...from.querySelectorAll("dd")].map((dd) => dd.textContent);
  navigator.clipboard.writeText(words.join("\n\n") || from.textContent).then(() => { button.textContent = button.getAttribute("data-copied"); });
});

ready((root) => {
  showTabs();
  root.querySelectorAll("[data-copied]").forEach((b) => { b.hidden = !navigator.clipboard; });
  countLacks();
  root.querySelectorAll("textarea[data-mention]").forEach(mention);
  if (location.hash === "#why" && document.getElementById("why")) { // whoever asked on the desk is answered at once
    document.getElementById("why").open = true;
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  // A form that came back refused: the keyboard is where it must be mended.
  const summary = root.querySelector(".case-page .summary, .summary[role=alert]");
  if (summary && !summary.getAttribute("data-seen")) {
    summary.setAttribute("data-seen", "true");
    summary.focus();
  }
  if (root === document.body) { setTimeout(() => refusedFile()?.scrollIntoView({ block: "center" })); } // after htmx has gone to the head of the page
});

window.addEventListener("hashchange", () => {
  document.querySelectorAll(".open-tab").forEach((c) => { c.classList.remove("open-tab"); });
  showTabs();
});
