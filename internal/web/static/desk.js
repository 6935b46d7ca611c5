// The task list under the fingers: keys, the focused row and its bar, ticks. Every key presses a button or follows a link that
// stands on the page, so everything works without this. Keys do nothing in fields, while an input method composes, and when the
// reader has turned single letters off.
(function () {
  "use strict";

  var focused = "";      // id of the row that the bar speaks of
  var anchor = "";       // where an extended tick began
  var ticked = {};       // values of the ticked rows
  var list = "";         // the list they belong to
  var waiting = 0;       // until when a second key of G … counts

  function rows() { return Array.prototype.slice.call(document.querySelectorAll("tr.row")); }
  function link(row) { return row.querySelector("td.title a"); }
  function tick(row) { return row.querySelector("td.tick input"); }
  function bar(name) { return document.querySelector(".task-bar[data-follows] [data-bar=" + name + "]"); }
  function say(name, text) {
    var place = bar(name);
    if (place && place.textContent !== text) { place.textContent = text; }
  }
  function text(row, selector) {
    var cell = row.querySelector(selector);
    return cell ? cell.textContent.trim() : "";
  }
  function where() {
    var query = new URLSearchParams(location.search);
    query.delete("after");
    query.delete("show");
    return location.pathname + "?" + query;
  }

  // The bar speaks of the focused row.
  function show(row) {
    focused = row.id;
    rows().forEach(function (other) { other.classList.toggle("on", other === row); });
    if (!document.querySelector(".task-bar[data-follows]")) { return; }
    var why = row.querySelector("td.mine");
    say("number", text(row, "td.number") || text(row, ".phone-number"));
    say("official", row.dataset.official);
    say("legal", row.dataset.legal);
    say("says", row.dataset.says || (why ? why.firstChild.textContent.trim() : ""));
    var go = bar("go");
    if (go) { go.setAttribute("href", link(row).getAttribute("href")); }
    if (/(^|[?&])box=/.test(location.search) === false) { say("next", text(row, "td.next") || (bar("next") || {}).textContent || ""); }
    var explain = bar("explain");
    if (explain) { explain.setAttribute("href", "/cases/" + row.dataset.case + "#why"); }
    var watch = bar("watch");
    if (watch) {
      var on = "watched" in row.dataset;
      watch.setAttribute("formaction", "/cases/" + row.dataset.case + (on ? "/unwatch" : "/watch"));
      watch.querySelector("span").textContent = on ? watch.dataset.unwatch : watch.dataset.watch;
    }
  }

  function current() { return document.getElementById(focused) || document.querySelector("tr.row.on") || rows()[0]; }

  // With rows ticked it is the bulk bar.
  function count() {
    var all = rows(), n = 0, here = 0;
    all.forEach(function (row) {
      var box = tick(row);
      if (!box) { return; }
      box.checked = !!ticked[box.value];
      row.classList.toggle("ticked", box.checked);
      if (box.checked) { here++; }
    });
    for (var key in ticked) { if (ticked[key]) { n++; } }
    var foot = document.querySelector(".task-bar[data-follows]");
    if (!foot) { return; }
    var whole = document.getElementById("tick-whole");
    if (n === 0 && whole) { whole.checked = false; }
    foot.classList.toggle("ticking", n > 0);
    bar("ticked").hidden = n === 0;
    bar("focused").hidden = n > 0;
    say("count", bar("count").dataset.words.replace("{n}", n));
    var top = document.getElementById("tick-all");
    if (top) {
      top.checked = here > 0 && here === all.length;
      top.indeterminate = here > 0 && here < all.length;
    }
  }

  function setTick(row, on) {
    ticked[tick(row).value] = on;
    count();
  }

  function step(by, extend) {
    var all = rows();
    if (!all.length) { return; }
    var at = all.indexOf(current());
    var next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (extend) {
      if (!anchor) { anchor = current().id; setTick(current(), true); }
      setTick(next, true);
    } else {
      anchor = "";
    }
    show(next);
    link(next).focus();
  }

  function press(selector) {
    var what = document.querySelector(selector);
    if (what) { what.click(); }
    return !!what;
  }

  // What is done to the ticked rows is done to the focused one if none is ticked.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button.bulk");
    if (!button || !Object.keys(ticked).every(function (key) { return !ticked[key]; })) { return; }
    var row = current();
    if (row && tick(row)) {
      tick(row).checked = true;
      setTimeout(count, 0);
    }
  }, true);

  // Ticks of rows that are not on this page go along.
  document.addEventListener("submit", function (event) {
    if (event.target.id !== "bulk") { return; }
    Array.prototype.slice.call(event.target.querySelectorAll("[data-far]")).forEach(function (far) { far.remove(); });
    var here = {};
    rows().forEach(function (row) { if (tick(row)) { here[tick(row).value] = true; } });
    Object.keys(ticked).forEach(function (key) {
      if (!ticked[key] || here[key]) { return; }
      var far = document.createElement("input");
      far.type = "hidden";
      far.name = "task";
      far.value = key;
      far.setAttribute("data-far", "");
      event.target.appendChild(far);
    });
  }, true);

  // What does not filter does not stand in the address.
  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.elt.id !== "filters") { return; }
    var asked = event.detail.formData;
    Array.from(asked.keys()).forEach(function (name) {
      if (asked.get(name) === "") { asked.delete(name); }
    });
  });

  document.addEventListener("change", function (event) {
    var target = event.target;
    if (target.closest("td.tick")) {
      setTick(target.closest("tr.row"), target.checked);
    } else if (target.id === "tick-all") {
      rows().forEach(function (row) { if (tick(row)) { ticked[tick(row).value] = target.checked; } });
      count();
    } else if (target.closest("#filters") && target.type !== "search" && target.form.requestSubmit) {
      target.form.requestSubmit();
    }
  });

  document.addEventListener("focusin", function (event) {
    var row = event.target.closest("tr.row");
    if (row) { show(row); }
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-bar=untick]")) {
      ticked = {};
      count();
      return;
    }
    var row = event.target.closest("tr.row");
    if (!row) { return; }
    if (event.target.closest("td.tick")) {
      if (event.target.tagName !== "INPUT" && tick(row)) { setTick(row, !tick(row).checked); }
    } else if (!event.target.closest("a, button, input, label, summary")) {
      link(row).click();
    }
  });

  function letter(event) {
    var row = current(), key = event.key;
    if (waiting > Date.now()) {
      waiting = 0;
      var box = { d: "todo", z: "active", y: "done", g: "watched" }[key.toLowerCase()];
      if (box) { return press(".rail [data-box=" + box + "]") || (location.assign("/?box=" + box), true); }
    }
    switch (key) {
      case "j": case "J": step(1, event.shiftKey); return true;
      case "k": case "K": step(-1, event.shiftKey); return true;
      case "g": waiting = Date.now() + 1500; return true;
      case "x": if (row && tick(row)) { setTick(row, !tick(row).checked); } return !!row;
      case "n": return press("[data-key=n]");
      case "c": case "r":
        var own = row && row.querySelector("[data-key=" + key + "]");
        if (own) { own.click(); }
        return !!own;
      case "t": case "d": case "u": case "w": case "e": return press(".task-bar [data-key~=" + key + "]");
      case "?": return press("[data-key='?']") || press(".menu a[href='/keys']");
      case "/":
        var find = document.getElementById("find");
        if (find) { find.focus(); find.select(); }
        return !!find;
    }
    return false;
  }

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape") {
      if (event.target.id === "find") { event.target.blur(); }
      var open = document.querySelector("details.columns[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
      return;
    }
    var box = event.target.type === "checkbox" && event.target.closest("tr.row");
    if (banli.typing(event.target) && !box) { return; }
    var arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (arrow && rows().length) {
      event.preventDefault();
      step(arrow, event.shiftKey);
    } else if (event.key === "Enter" && event.target === document.body && rows().length) {
      event.preventDefault();
      link(current()).click();
    } else if (document.documentElement.dataset.keys !== "off" && letter(event)) {
      event.preventDefault();
    }
  });

  // After every change of the page: the same row has the bar, and the same rows are ticked.
  banli.ready(function () {
    document.documentElement.classList.add("scripted");
    var table = document.querySelector("table.tasks");
    if (where() !== list) {
      list = where();
      ticked = {};
      focused = anchor = "";
    }
    if (!table) { return; }
    if (current()) { show(current()); }
    count();
  });
})();
