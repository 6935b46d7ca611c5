// Keys on the task list: J and K (or the arrows) move the focused row, Enter opens it, N opens the first one.
// The bottom bar follows the focused row. Everything here can also be done with links, so the page works without it.
(function () {
  "use strict";

  function rows() { return Array.prototype.slice.call(document.querySelectorAll("tr.row")); }
  function link(row) { return row.querySelector("td.title a"); }

  function say(name, text) {
    var place = document.querySelector(".bar[data-follows] [data-bar=" + name + "]");
    if (place) { place.textContent = text || ""; }
  }

  function focusRow(row) {
    rows().forEach(function (other) { other.classList.toggle("on", other === row); });
    ["number", "official", "due", "why", "next"].forEach(function (name) { say(name, row.getAttribute("data-" + name)); });
    var go = document.querySelector(".bar[data-follows] [data-bar=go]");
    if (go) { go.href = link(row).href; }
  }

  document.addEventListener("focusin", function (event) {
    var row = event.target.closest("tr.row");
    if (row && link(row) === event.target) { focusRow(row); }
  });

  document.addEventListener("click", function (event) {
    var row = event.target.closest("tr.row");
    if (row && !event.target.closest("a, button, input, label, summary")) { link(row).click(); }
  });

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || banli.typing(event.target)) { return; }
    var all = rows();
    if (!all.length) { return; }
    var step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      var at = all.findIndex(function (row) { return row.classList.contains("on"); });
      var next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
      focusRow(next);
      link(next).focus();
    } else if (event.key === "n") {
      link(all[0]).click();
    }
  });
})();
