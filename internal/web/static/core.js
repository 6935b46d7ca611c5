// What every officers' page shares. Links and forms go through htmx, which asks the server for the next page and changes this
// one in place: a page may therefore appear without a load event, and scripts set themselves up through ready.
//
// What one script tells the others goes over the document as an event: banli:news, banli:offline, banli:online, banli:insert.

const setups = [];

// moves counts the pages that came without a load event.
export function moves() { return Number(document.documentElement.dataset.moves); }
document.documentElement.dataset.moves = 0;

// ready calls fn with what is new on the page: now, and after every change. It may be called twice for the same element.
export function ready(fn) {
  setups.push(fn);
  fn(document.body);
}

// changed tells the scripts that an element was changed in place.
export function changed(element) { setups.forEach((fn) => { fn(element); }); }

// tell sends an event to whichever script listens to it.
export function tell(name, detail) { document.dispatchEvent(new CustomEvent(`banli:${name}`, { detail })); }

// typing reports whether keys belong to the field that has the focus.
export function typing(target) {
  return /^(INPUT|TEXTAREA|SELECT|BUTTON|SUMMARY)$/.test(target.tagName) || target.isContentEditable;
}

let here = location.pathname;

// The body element itself stays; its class is the one of the page that comes.
document.addEventListener("htmx:beforeSwap", (event) => {
  const body = event.detail.target === document.body && /<body([^>]*)>/.exec(event.detail.serverResponse || "");
  if (!body) { return; }
  const name = /class="([^"]*)"/.exec(body[1]);
  document.body.className = name ? name[1] : "";
});

// A button outside its form says itself where it sends the form, and with what: htmx asks only those inside.
document.addEventListener("htmx:configRequest", (event) => {
  const button = event.detail.triggeringEvent?.submitter;
  if (!button) { return; }
  if (button.hasAttribute("formaction")) { event.detail.path = button.getAttribute("formaction"); }
  if (button.name && !event.detail.formData.has(button.name)) { event.detail.formData.append(button.name, button.value); }
});

// Who came to another page starts at its head, with the keyboard too.
document.addEventListener("htmx:afterSettle", (event) => {
  document.documentElement.dataset.moves = moves() + 1;
  changed(event.detail.target);
  if (location.pathname === here) { return; }
  here = location.pathname;
  const main = document.getElementById("main");
  if (main && !document.querySelector("[autofocus]")) {
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) { window.print(); }
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing) { return; }
  if (event.key === "Escape") {
    const open = document.querySelector("details.why[open], details.menu[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const primary = document.querySelector(".bar button.primary");
    if (primary) { event.preventDefault(); primary.click(); }
  }
});
