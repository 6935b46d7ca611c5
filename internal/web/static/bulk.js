// Many cases at once: a button that names its receiver, and the key that pauses.
(function () {
  "use strict";

  function nameReceiver() {
    var button = document.querySelector("button[data-named-by]");
    var select = button && document.getElementById(button.dataset.namedBy);
    if (!select || !button.dataset.words) { return; }
    if (!button.dataset.plain) { button.dataset.plain = button.textContent; }
    var name = (select.options[select.selectedIndex] || {dataset: {}}).dataset.name;
    button.textContent = name ? button.dataset.words.replace(button.dataset.place, name) : button.dataset.plain;
  }

  document.addEventListener("change", function (event) {
    if (event.target.id === "whom") { nameReceiver(); }
  });

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== "p") { return; }
    var button = document.querySelector("button[data-key=p]");
    if (button && !banli.typing(event.target)) { event.preventDefault(); button.click(); }
  });
})();
