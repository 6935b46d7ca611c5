// Keys on the task list: J and K (or the arrows) move the focused row, Enter opens it, N opens the first one.
// The bottom bar follows the focused row. Everything here can also be done with links, so the page works without it.
(function () {
  "use strict";

  var rows = Array.prototype.slice.call(document.querySelectorAll("tr.row"));
  var bar = document.querySelector(".bar[data-follows]");
  var at = rows.findIndex(function (row) { return row.classList.contains("on"); });

  function link(row) { return row.querySelector("td.title a"); }

  function say(name, text) {
    var place = bar && bar.querySelector("[data-bar=" + name + "]");
    if (place) { place.textContent = text || ""; }
  }

  function focusRow(i) {
    if (i < 0 || i >= rows.length) { return; }
    if (rows[at]) { rows[at].classList.remove("on"); }
    at = i;
    var row = rows[at];
    row.classList.add("on");
    ["number", "official", "due", "why", "next"].forEach(function (name) { say(name, row.getAttribute("data-" + name)); });
    var go = bar && bar.querySelector("[data-bar=go]");
    if (go) { go.href = link(row).href; }
  }

  function typing(target) {
    return /^(INPUT|TEXTAREA|SELECT|BUTTON|SUMMARY)$/.test(target.tagName) || target.isContentEditable;
  }

  rows.forEach(function (row, i) {
    link(row).addEventListener("focus", function () { focusRow(i); });
    row.addEventListener("click", function (event) {
      if (event.target.closest("a, button, input, label, summary")) { return; }
      link(row).click();
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      var open = document.querySelector("details.why[open], details.menu[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
      return;
    }
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    var step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step && rows.length) {
      event.preventDefault();
      var next = Math.min(Math.max(at + step, 0), rows.length - 1);
      focusRow(next);
      link(rows[next]).focus();
    } else if (event.key === "n" && rows.length) {
      link(rows[0]).click();
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) { return; }
    var primary = document.querySelector(".bar button.primary");
    if (primary) { event.preventDefault(); primary.click(); }
  });
})();
