// A telephone call: 1, 2 and 3 say how it ended, A adds a point, the clock runs from the moment the deputy answered. Points are
// read and ticked; a field opens only where somebody wants to change one. The bar says what saving will do. Without this script
// the same form stands open and is sent as it is.
(function () {
  "use strict";

  var MINUTE = 60000;
  var skew = 0; // how far the server's clock is ahead of this one

  function page() { return document.querySelector("[data-call]"); }
  function act() { return document.getElementById("act"); }
  function now() { return Date.now() + skew; }
  // The time in Shanghai, whatever this computer believes to be local.
  function shanghai(ms) { return new Date(ms + 8 * 60 * MINUTE).toISOString(); }
  function clockTime(ms) { return shanghai(ms).slice(11, 16); }
  function fill(words, name, value) { return words.replace("{" + name + "}", value); }
  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }
  function writing(target) {
    return /^(TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable || target.tagName === "INPUT" && !/^(checkbox|radio)$/.test(target.type);
  }

  function outcome() {
    var chosen = document.querySelector("input[name=outcome]:checked");
    return chosen ? chosen.value : "";
  }

  // ---- the clock ----

  function started() { return Number(act().elements.started.value) || 0; }

  function tick() {
    var form = page() && act();
    var place = form && form.querySelector(".call-clock");
    if (!place) { return; }
    place.hidden = outcome() !== "reached" || !started();
    if (place.hidden) { return; }
    var seconds = Math.max(0, Math.floor((now() - started()) / 1000));
    var rest = String(seconds % 60);
    place.querySelector("[data-call-clock]").textContent = String(Math.floor(seconds / 60)).padStart(2, "0") + ":" + rest.padStart(2, "0");
    var since = place.querySelector("[data-call-since]");
    since.textContent = fill(since.getAttribute("data-words"), "time", clockTime(started()));
  }

  // The call began when the outcome was chosen; what is entered afterwards has its own time in the form.
  function answered() {
    var form = act();
    if (started() || form.elements.at.value || form.elements.mode.value !== "phone") { return; }
    form.elements.started.value = now();
  }

  // ---- the points ----

  function lines() { return all("#points li"); }
  function textOf(line) { return line.querySelector("input[name=point]"); }
  function boxOf(line) { return line.querySelector("input[name=tick]"); }
  function timeOf(line) { return line.querySelector("input[name^='tick_at.']"); }

  function show(line, editing) {
    var set = document.getElementById("points");
    var input = textOf(line);
    var label = line.querySelector(".point-text");
    var note = line.querySelector("[data-note]");
    var edit = line.querySelector("[data-edit]");
    var was = input.getAttribute("data-was");
    var changed = was && input.value.trim() !== was;
    label.textContent = input.value;
    label.hidden = editing;
    input.hidden = !editing;
    edit.hidden = false;
    edit.textContent = set.getAttribute(editing ? "data-save" : "data-edit");
    var said = "";
    if (changed) {
      said = fill(set.getAttribute("data-was"), "text", was);
    } else if (editing && was) {
      said = set.getAttribute("data-unchanged");
    }
    if (boxOf(line).checked && timeOf(line).value) {
      var confirmed = fill(set.getAttribute("data-confirmed"), "time", clockTime(Number(timeOf(line).value)));
      said = said ? confirmed + "  " + said : confirmed;
    }
    note.textContent = said;
    note.hidden = !said;
  }

  function editing(line) { return !textOf(line).hidden; }

  function add() {
    var line = lines().find(function (l) { return l.hidden; });
    if (!line) {
      var last = lines()[lines().length - 1];
      line = last.cloneNode(true);
      var no = lines().length + 1;
      boxOf(line).id = "tick." + no;
      boxOf(line).value = no;
      boxOf(line).checked = false;
      textOf(line).id = "point." + no;
      textOf(line).value = "";
      textOf(line).setAttribute("data-was", "");
      timeOf(line).name = "tick_at." + no;
      timeOf(line).value = "";
      line.querySelector(".dot").textContent = no;
      line.querySelector(".point-text").htmlFor = "tick." + no;
      ["tick", "point"].forEach(function (name) {
        var field = line.querySelector("input[name=" + name + "]");
        field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, no));
      });
      var edit = line.querySelector("[data-edit]");
      edit.setAttribute("aria-label", edit.getAttribute("aria-label").replace(/\d+/, no));
      line.setAttribute("data-blank", "");
      last.parentNode.appendChild(line);
    }
    line.hidden = false;
    show(line, true);
    textOf(line).focus();
  }

  // ---- what saving will do ----

  function nextCall() {
    var day = document.querySelector("[name=call_back_day]").value;
    var clock = document.querySelector("[name=call_back_clock]").value;
    if (!day || !clock) { return ""; }
    var words = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", day: "numeric", timeZone: "UTC" });
    return words.format(new Date(day)) + " " + clock;
  }

  function tellBar() {
    var says = document.querySelector("[data-call-bar]");
    var chosen = outcome();
    var missing = says.querySelector("[data-missing]");
    var primary = document.querySelector(".call-bar [data-do]");
    var filled = lines().filter(function (line) { return textOf(line).value.trim(); });
    var open = filled.filter(function (line) { return !boxOf(line).checked && !line.hasAttribute("data-blank"); });
    var next = nextCall();
    missing.textContent = "";
    missing.classList.remove("late");
    if (!chosen) { return; }
    primary.textContent = primary.getAttribute("data-" + chosen);
    var words = says.getAttribute("data-" + chosen + (next ? "-next" : ""));
    says.querySelector("[data-after]").textContent = fill(fill(words, "n", filled.length), "time", next);
    if (chosen === "reached" && open.length === filled.length) {
      missing.textContent = says.getAttribute("data-nothing");
    } else if (chosen === "reached" && open.length) {
      var numbers = open.map(function (line) { return boxOf(line).value; }).join(says.getAttribute("data-join"));
      missing.textContent = fill(says.getAttribute("data-unticked"), "list", numbers);
    } else if (chosen === "call_back" && !next) {
      missing.textContent = says.getAttribute("data-no-time");
    }
  }

  function tellDay() {
    var note = document.querySelector("[data-calls]");
    var day = document.querySelector("[name=call_back_day]").value;
    if (!note || !day) { return; }
    var n = JSON.parse(note.getAttribute("data-calls"))[day] || 0;
    note.textContent = n ? fill(note.getAttribute("data-words"), "n", n) : note.getAttribute("data-none");
  }

  function tellAttempt() {
    var place = document.querySelector("[data-call] [data-now]");
    if (place && outcome()) { place.textContent = place.getAttribute("data-words"); }
  }

  function tell() {
    if (!page()) { return; }
    tick();
    tellBar();
    tellDay();
    tellAttempt();
  }

  function choose(value) {
    var box = document.querySelector("input[name=outcome][value=" + value + "]");
    box.checked = true;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    if (value !== "call_back" || nextCall()) { return; }
    var day = document.querySelector("[name=call_back_day]");
    if (!day.value) { day.value = shanghai(now()).slice(0, 10); }
    document.querySelector("[name=call_back_clock]").focus();
    tell();
  }

  // ---- what happens on the page ----

  document.addEventListener("input", function (event) {
    if (!page() || event.target.form !== act()) { return; }
    var target = event.target;
    if (target.name === "outcome" && target.value === "reached") { answered(); }
    if (target.name === "tick") {
      var line = target.closest("li");
      timeOf(line).value = target.checked ? now() : "";
      show(line, editing(line));
    } else if (target.name === "point") {
      var li = target.closest("li");
      if (li.hasAttribute("data-blank")) {
        var filled = target.value.trim() !== "";
        if (filled !== boxOf(li).checked) {
          boxOf(li).checked = filled;
          timeOf(li).value = filled ? now() : "";
        }
      }
      show(li, true);
    }
    tell();
  }, true); // before keep.js takes its copy

  document.addEventListener("click", function (event) {
    if (!page()) { return; }
    var button = event.target.closest("button");
    if (!button) { return; }
    if (button.hasAttribute("data-add")) {
      add();
    } else if (button.hasAttribute("data-edit")) {
      var line = button.closest("li");
      var open = !editing(line);
      show(line, open);
      if (open) { textOf(line).focus(); } else { button.focus(); }
    } else if (button.hasAttribute("data-copy")) {
      var shown = all("[data-phone]").find(function (p) { return !p.hidden; });
      copy(shown.textContent.trim(), function () { button.textContent = button.getAttribute("data-done"); });
    } else if (button.hasAttribute("data-swap")) {
      all("[data-phone]").forEach(function (p) { p.hidden = !p.hidden; });
    }
  });

  function copy(text, then) {
    if (navigator.clipboard) {
      navigator.clipboard.writeText(text).then(then, function () { /* the number stands there to be read */ });
      return;
    }
    var field = document.createElement("textarea");
    field.value = text;
    document.body.appendChild(field);
    field.select();
    if (document.execCommand("copy")) { then(); }
    field.remove();
  }

  document.addEventListener("submit", function (event) {
    if (!page() || event.target !== act()) { return; }
    var form = act();
    var counted = outcome() === "reached" && started();
    form.elements.seconds.value = counted ? Math.min(86400, Math.max(1, Math.round((now() - started()) / 1000))) : "";
    if (counted && !form.elements.at.value) { form.elements.at.value = shanghai(started()).slice(0, 16); }
  }, true);

  document.addEventListener("keydown", function (event) {
    if (!page() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.target.name === "point" && (event.key === "Enter" || event.key === "Escape")) { // saves the point, sends nothing
      event.preventDefault();
      event.stopPropagation();
      var line = event.target.closest("li");
      show(line, false);
      line.querySelector("[data-edit]").focus();
      return;
    }
    if (writing(event.target)) {
      if (event.key === "Escape") { event.target.blur(); }
      return;
    }
    var value = { 1: "reached", 2: "no_answer", 3: "call_back" }[event.key];
    if (value) {
      event.preventDefault();
      choose(value);
    } else if (event.key === "a" || event.key === "A") {
      event.preventDefault();
      add();
    }
  });

  setInterval(tick, 1000);

  banli.ready(function () {
    var call = page();
    if (!call) { return; }
    if (call.getAttribute("data-now") !== call.getAttribute("data-seen")) {
      skew = Number(call.getAttribute("data-now")) - Date.now();
      call.setAttribute("data-seen", call.getAttribute("data-now"));
      all("[data-add], [data-copy], [data-swap]", call).forEach(function (button) { button.hidden = false; });
      all("[data-phone]", call).forEach(function (p, i) { p.hidden = i > 0; });
      lines().forEach(function (line) {
        line.hidden = line.hasAttribute("data-blank") && !textOf(line).value;
        show(line, false);
      });
    }
    tell();
  });
})();
