// The case page: tabs on a phone, what is missing as it is filled in, names while a note is typed.
(function () {
  "use strict";

  // Tabs: without this the links lead down the page.
  function openTab(link) {
    var nav = link.closest(".case-tabs");
    var section = document.querySelector(link.getAttribute("href"));
    if (!nav || !section) { return; }
    Array.prototype.forEach.call(nav.querySelectorAll("a"), function (a) {
      if (a === link) { a.setAttribute("aria-current", "true"); } else { a.removeAttribute("aria-current"); }
    });
    var column = section.parentNode.classList.contains("case-body") ? section : section.parentNode;
    Array.prototype.forEach.call(column.parentNode.children, function (c) { c.classList.toggle("open-tab", c === column); });
    document.body.classList.toggle("tabbed-check", section.id === "check");
  }

  function phone() { return window.matchMedia("(max-width: 767px)").matches; }

  function showTabs() {
    var nav = document.querySelector(".case-tabs");
    document.body.classList.toggle("tabbed", !!nav && phone());
    if (!nav || document.querySelector(".open-tab")) { return; }
    var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    var links = Array.prototype.slice.call(nav.querySelectorAll("a"));
    var holds = links.filter(function (a) {
      var section = document.querySelector(a.getAttribute("href"));
      return section && target && section.contains(target);
    });
    openTab(holds.pop() || nav.querySelector('[href="#work"]'));
  }

  document.addEventListener("click", function (event) {
    var tab = event.target.closest(".case-tabs a");
    if (tab && phone()) {
      event.preventDefault();
      openTab(tab);
      window.scrollTo(0, 0);
      return;
    }
    var link = event.target.closest('a[href^="#"]');
    var aim = link && document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
    if (!aim || !aim.closest(".case-page")) { return; }
    // What is hidden behind a tab or a fold is shown before the browser goes there.
    var column = aim.closest(".case-body > *");
    if (column && phone() && document.body.classList.contains("tabbed")) {
      var to = document.querySelector('.case-tabs a[href="#' + column.id + '"]');
      if (to) { openTab(to); }
    }
    var fold = aim.closest("details");
    if (fold) { fold.open = true; }
    // A missing field is gone to with the keyboard, too.
    if (link.closest(".lacks, .summary")) {
      var field = aim.matches("input, textarea, select") ? aim : aim.querySelector("input:not([type=hidden]), textarea, select");
      if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: "center" }); }
    }
  });

  // What is missing gets shorter as it is filled in; the server decides in the end.
  function filled(name) {
    var form = document.getElementById("act");
    if (!form) { return false; }
    return Array.prototype.some.call(form.elements, function (field) {
      if (field.name !== name || field.type === "hidden") { return false; }
      return field.type === "checkbox" || field.type === "radio" ? field.checked : field.value.trim() !== "";
    });
  }

  function countLacks() {
    var line = document.querySelector(".case-bar .lacks");
    if (!line || document.querySelector(".case-bar [formaction$='/draft']")) { return; }
    var left = 0;
    Array.prototype.forEach.call(line.querySelectorAll("[data-lack]"), function (item) {
      item.hidden = filled(item.getAttribute("data-lack"));
      if (!item.hidden) { left++; }
    });
    line.hidden = left === 0;
    var head = line.querySelector("b");
    head.textContent = head.textContent.replace(/\d+/, String(left));
  }

  document.addEventListener("input", countLacks);
  document.addEventListener("change", countLacks);

  // Only one of the folds over the page is open at a time, and a press elsewhere closes it.
  document.addEventListener("click", function (event) {
    var open = document.querySelector("details.more[open]");
    if (open && !open.contains(event.target)) { open.open = false; }
  });
  document.addEventListener("keydown", function (event) {
    var open = event.key === "Escape" && !event.isComposing && document.querySelector("details.more[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  // Names after an @: the colleagues of the field beside, as a list that the arrow keys move in.
  function mention(area) {
    var select = document.getElementById(area.getAttribute("data-mention"));
    if (!select || area.getAttribute("data-mention-ready")) { return; }
    area.setAttribute("data-mention-ready", "true");
    var box = document.createElement("div");
    box.className = "mention-box";
    area.parentNode.insertBefore(box, area);
    box.appendChild(area);
    var list = document.createElement("ul");
    list.className = "mention-list";
    list.id = area.id + "-names";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", select.labels[0] ? select.labels[0].textContent : "");
    list.hidden = true;
    box.appendChild(list);
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", list.id);
    var at = -1;

    function typed() {
      var before = area.value.slice(0, area.selectionStart);
      var found = /@([^\s@]{0,20})$/.exec(before);
      return found ? found[1] : null;
    }

    function close() {
      list.hidden = true;
      at = -1;
      area.removeAttribute("aria-activedescendant");
    }

    function mark(i) {
      at = i;
      Array.prototype.forEach.call(list.children, function (item, n) { item.setAttribute("aria-selected", n === i ? "true" : "false"); });
      if (list.children[i]) {
        area.setAttribute("aria-activedescendant", list.children[i].id);
        list.children[i].scrollIntoView({ block: "nearest" });
      }
    }

    function take(item) {
      var name = item.getAttribute("data-name");
      var end = area.selectionStart;
      var start = end - typed().length;
      area.value = area.value.slice(0, start) + name + " " + area.value.slice(end);
      area.selectionStart = area.selectionEnd = start + name.length + 1;
      close();
      area.focus();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }

    area.addEventListener("input", function () {
      var part = typed();
      list.textContent = "";
      if (part === null) { close(); return; }
      Array.prototype.forEach.call(select.options, function (option) {
        var name = option.value && option.text.split(/[,\uff0c]/)[0];
        if (!name || option.text.indexOf(part) < 0 || list.children.length >= 8) { return; }
        var item = document.createElement("li");
        item.id = list.id + "-" + list.children.length;
        item.setAttribute("role", "option");
        item.setAttribute("data-name", name);
        item.textContent = option.text;
        list.appendChild(item);
      });
      list.hidden = list.children.length === 0;
      if (list.hidden) { close(); } else { mark(0); }
    });

    area.addEventListener("keydown", function (event) {
      if (list.hidden || event.isComposing) { return; }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        var n = list.children.length;
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

    list.addEventListener("mousedown", function (event) {
      var item = event.target.closest("[data-name]");
      if (item) { event.preventDefault(); take(item); }
    });
    area.addEventListener("blur", close);
  }

  // Copying needs a script and a secure origin; without them the words can still be marked by hand.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button) { return; }
    var words = Array.prototype.map.call(document.querySelectorAll(button.getAttribute("data-copy") + " dd"), function (dd) { return dd.textContent; });
    navigator.clipboard.writeText(words.join("\n\n")).then(function () { button.textContent = button.getAttribute("data-copied"); });
  });

  banli.ready(function (root) {
    showTabs();
    Array.prototype.forEach.call(root.querySelectorAll("[data-copy]"), function (b) { b.hidden = !navigator.clipboard; });
    countLacks();
    Array.prototype.forEach.call(root.querySelectorAll("textarea[data-mention]"), mention);
    if (location.hash === "#why" && document.getElementById("why")) { // whoever asked on the desk is answered at once
      document.getElementById("why").open = true;
      history.replaceState(history.state, "", location.pathname + location.search);
    }
    // A form that came back refused: the keyboard is where it must be mended.
    var summary = root.querySelector(".case-page .summary, .summary[role=alert]");
    if (summary && !summary.getAttribute("data-seen")) {
      summary.setAttribute("data-seen", "true");
      summary.focus();
    }
  });

  window.addEventListener("hashchange", function () {
    Array.prototype.forEach.call(document.querySelectorAll(".open-tab"), function (c) { c.classList.remove("open-tab"); });
    showTabs();
  });
})();
