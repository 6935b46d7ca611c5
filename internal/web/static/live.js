// An open page hears what others do (server-sent events of GET /live), fetches itself again and changes the elements marked
// data-live in place: one by one by their ids, never a field that has the focus or holds unsent words. It also says when the
// server cannot be heard. Others listen with banli.on("news" | "offline" | "online").
(function () {
  "use strict";

  var batchFor = 300;       // news waits for more before the page is fetched
  var apart = 1000;         // least time between two fetches
  var freshFor = 60000;     // a row that came is marked as long
  var speakApart = 5000;    // least time between two announcements
  var graceFor = 3000;      // a stream may be gone as long before anybody is told: a restart is no outage
  var silentFor = 50000;    // beats come every 20 s
  var lookEvery = 15000;    // without a stream the page looks by itself

  function place() { return document.getElementById("live"); }
  function word(name, args) {
    var text = place() ? place().getAttribute("data-" + name) || "" : "";
    Object.keys(args || {}).forEach(function (key) { text = text.split("{" + key + "}").join(args[key]); });
    return text;
  }
  function caseHere() {
    var match = /^\/cases\/([0-9a-f-]{36})(\/|$)/.exec(location.pathname);
    return match && match[1];
  }

  // ---- what is known ----

  var time = "";         // the bureau's clock when the page was last known to be up to date
  var up = true;         // the stream is open, or has not been missed yet
  var offline = false;
  var lost = false;      // the session is
  var moved = null;      // the case of this page was moved by somebody else: {text, seq}
  var said = "";

  function setOffline(now) {
    if (offline === now) { return; }
    offline = now;
    banli.emit(now ? "offline" : "online");
    draw();
  }

  function draw() {
    if (!place()) { return; }
    var line = document.getElementById("live-line");
    var inRail = line && line.offsetParent !== null;
    if (line) {
      var asOf = line.querySelector(".as-of");
      if (up) {
        put(asOf, word("current", { time: time }));
      } else {
        put(asOf, "", location.href, word("cut", { time: time }));
      }
      put(line.querySelector(".said"), said);
    }
    if (offline) {
      strip(word("offline", { time: time }));
    } else if (lost) {
      strip(word("lost"), "/login?back=" + encodeURIComponent(location.pathname + location.search), word("login"), "_blank");
    } else if (moved) {
      strip(moved.text, "/cases/" + caseHere(), word("look"));
    } else if (!up && !inRail) {
      strip("", location.href, word("cut", { time: time }));
    } else {
      strip("");
    }
  }

  // put fills an element with words and a link; it leaves alone what is right already, or screen readers would say it again.
  function put(element, text, href, label, target) {
    var now = [text, href || "", label || ""].join("\n");
    if (element.banliSays === now && element.textContent === text + (label || "")) { return; }
    element.banliSays = now;
    element.textContent = text;
    if (!href) { return; }
    var link = document.createElement("a");
    link.href = href;
    link.textContent = label;
    link.setAttribute("hx-boost", "false");
    if (target) { link.target = target; }
    element.appendChild(link);
  }

  function strip(text, href, label, target) {
    var element = document.getElementById("live-strip");
    var shown = Boolean(text || label);
    element.hidden = !shown;
    document.documentElement.toggleAttribute("data-strip", shown);
    put(element, text, href, label, target);
  }

  // ---- announcements ----

  var toSay = [];
  var spoken = 0;
  var speaking = null;

  function announce(text) {
    if (!text || toSay.indexOf(text) >= 0) { return; }
    toSay.push(text);
    if (!speaking) { speaking = setTimeout(speak, Math.max(0, spoken + speakApart - Date.now())); }
  }

  function speak() {
    speaking = null;
    spoken = Date.now();
    var element = document.getElementById("live-say");
    if (element) { element.textContent = toSay.slice(-3).join(" "); }
    toSay = [];
  }

  // ---- the stream, one for all tabs of a browser where it can be shared ----

  var channel = null;
  var source = null;
  var mark = "";          // up to which news this page has seen
  var heardAt = Date.now();
  var grace = null;
  var reader = "";

  function join() {
    reader = place().getAttribute("data-reader");
    mark = place().getAttribute("data-mark");
    time = place().getAttribute("data-as-of");
    var name = "banli-live-" + reader;
    if (!window.BroadcastChannel || !navigator.locks) { open(); return; }
    channel = new BroadcastChannel(name);
    channel.onmessage = function (event) { hear(event.data); };
    channel.postMessage({ type: "ask" });
    navigator.locks.request(name, function () {
      open();
      return new Promise(function () {}); // until this tab is closed
    });
  }

  function share(message) {
    hear(message);
    if (channel) { channel.postMessage(message); }
  }

  function open() {
    source = new EventSource("/live?since=" + encodeURIComponent(mark));
    ["hello", "news", "beat", "crowded"].forEach(function (type) {
      source.addEventListener(type, function (event) {
        var message = JSON.parse(event.data);
        message.type = type;
        message.mark = event.lastEventId;
        if (type === "crowded") { source.close(); message.type = "cut"; }
        share(message);
      });
    });
    source.onerror = function () {
      share({ type: "cut" });
      if (source.readyState === EventSource.CLOSED) { setTimeout(open, 5000); } // an answer that was no stream
    };
  }

  function hear(message) {
    if (message.type === "ask") {
      if (source && up) { channel.postMessage({ type: "state", mark: mark, time: time }); }
      return;
    }
    if (message.type === "cut") {
      if (!grace && up) { grace = setTimeout(cut, graceFor); }
      return;
    }
    heardAt = Date.now();
    clearTimeout(grace);
    grace = null;
    var back = !up;
    up = true;
    lost = false;
    setOffline(false);
    if (message.time) { time = message.time; }
    var missed = back || message.missed || message.type === "state" && message.mark !== mark;
    (message.items || []).forEach(function (item) {
      if (item.kind === "lost") {
        up = false;
      } else {
        missed = take(item) || missed;
      }
    });
    if (message.mark) { mark = message.mark; }
    if (missed) { plan(); }
    draw();
  }

  function cut() {
    grace = null;
    up = false;
    draw();
    refresh();
  }

  setInterval(function () {
    if (!reader) { return; }
    if (up && Date.now() - heardAt > silentFor) {
      cut();
      if (source) { source.close(); open(); }
    } else if (!up) {
      refresh();
    }
  }, lookEvery);

  // take reports whether news concerns this page.
  function take(item) {
    banli.emit("news", item);
    var here = caseHere();
    if (item.kind === "missed") { return true; }
    if (here) {
      if (item.id !== here) { return item.kind === "notice"; }
      if (item.moved) { last = { seq: item.seq, text: item.moved }; }
      return true;
    }
    var desk = location.pathname === "/";
    if (item.what && (item.desk || !desk)) {
      said = item.what + word("stop");
      announce(said);
    }
    return item.desk || !desk;
  }
  var last = null; // what was told of the case of this page

  // ---- refreshing in place ----

  var planned = null;
  var fetching = false;
  var again = false;
  var stale = false;
  var fetchedAt = 0;

  function plan() {
    if (planned) { return; }
    planned = setTimeout(refresh, Math.max(batchFor, fetchedAt + apart - Date.now()));
  }

  function refresh() {
    clearTimeout(planned);
    planned = null;
    if (document.hidden) { stale = true; return; }
    if (fetching) { again = true; return; }
    fetching = true;
    fetchedAt = Date.now();
    var address = location.href.split("#")[0];
    var moves = banli.moves;
    fetch(address, { headers: { "X-Banli-Live": "1" }, credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      setOffline(false);
      if (answer.status === 401 || lost) { lost = answer.status === 401; draw(); }
      return answer.ok ? answer.text() : "";
    }).then(function (text) {
      // Somebody who went on meanwhile has a newer page than this.
      if (text && moves === banli.moves && address === location.href.split("#")[0]) {
        change(new DOMParser().parseFromString(text, "text/html"));
      }
    }).catch(function (error) {
      if (!(error instanceof TypeError)) { throw error; }
      setOffline(true);
    }).then(function () {
      fetching = false;
      if (again) { again = false; plan(); }
    });
  }

  function change(page) {
    var fetched = page.getElementById("live");
    if (!fetched) { return; }
    if (mark === "" || up) { time = fetched.getAttribute("data-as-of"); }
    var hold = anchor();
    Array.prototype.forEach.call(document.querySelectorAll("[data-live][id]"), function (element) {
      var next = page.getElementById(element.id);
      if (!next || element.parentElement.closest("[data-live]") || typedIn(element) || element.isEqualNode(next)) { return; }
      morph(element, next);
    });
    overtaken(page);
    hold();
    draw();
  }

  function typesIn(field) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(field.tagName) && !/^(checkbox|radio|hidden|button|submit)$/.test(field.type) || field.isContentEditable;
  }

  // changed reports whether the reader changed a field since the page was drawn.
  function changed(field) {
    if (field.type === "hidden") { return false; }
    if (field.type === "checkbox" || field.type === "radio") { return field.checked !== field.defaultChecked; }
    if (field.tagName === "SELECT") {
      return Array.prototype.some.call(field.options, function (option) { return option.selected !== option.defaultSelected; }) &&
        field.value !== (Array.prototype.find.call(field.options, function (option) { return option.defaultSelected; }) || field.options[0] || {}).value;
    }
    return field.value !== field.defaultValue;
  }

  function fieldsOf(element) {
    return Array.prototype.slice.call(element.querySelectorAll("input, textarea, select"));
  }

  function typedIn(element) {
    var active = document.activeElement;
    return element.contains(active) && typesIn(active) || element.querySelector("[data-typed]") !== null ||
      fieldsOf(element).some(function (field) { return typesIn(field) && changed(field); });
  }

  function morph(element, next) {
    var active = element.contains(document.activeElement) ? document.activeElement : null;
    var lines = rowsOf(element);
    var at = lines.indexOf(active && active.closest("tr"));
    var on = element.querySelector("tr.row.on");
    var onAt = lines.indexOf(on);
    var known = {};
    lines.forEach(function (row) { known[row.id] = true; });

    Idiomorph.morph(element, next, {
      morphStyle: "outerHTML",
      ignoreActiveValue: true,
      callbacks: {
        beforeNodeMorphed: function (old) {
          return !(old.nodeType === 1 && /^(INPUT|TEXTAREA|SELECT)$/.test(old.tagName) && changed(old)); // a tick stays
        },
        beforeAttributeUpdated: function (name, old) {
          return !(name === "open" && old.tagName === "DETAILS"); // as the reader left it
        },
      },
    });

    element = document.getElementById(next.id);
    var now = rowsOf(element);
    if (lines.length) {
      now.forEach(function (row) {
        if (!known[row.id]) { fresh[row.id] = Date.now() + freshFor; }
      });
    }
    markFresh();
    if (on) {
      now.forEach(function (row) { row.classList.remove("on"); });
      on = on.isConnected ? on : now[Math.min(onAt, now.length - 1)];
      if (on) { on.classList.add("on"); }
    }
    htmx.process(element);
    banli.changed(element);
    if (active && document.activeElement !== active) {
      if (!active.isConnected && at >= 0 && now.length) { active = now[Math.min(at, now.length - 1)].querySelector("a, button"); }
      if (active && active.isConnected) { active.focus({ preventScroll: true }); }
    }
  }

  function rowsOf(element) {
    return Array.prototype.slice.call(element.querySelectorAll("tr.row[id]"));
  }

  // anchor remembers the field that is typed in, or the first row or paragraph in sight; what it returns brings it back to where
  // it was.
  function anchor() {
    var top = document.querySelector(".top");
    var head = top && getComputedStyle(top).position === "sticky" ? top.getBoundingClientRect().bottom : 0;
    var seen = Array.prototype.slice.call(document.querySelectorAll("[data-live] tr.row, [data-live] li, [data-live] p, [data-live] h2, .form .field"));
    if (window.scrollY === 0) { seen = []; } // at the head of a page what comes above is to be seen
    if (typesIn(document.activeElement)) { seen.unshift(document.activeElement); }
    var held = seen.filter(function (element) {
      var box = element.getBoundingClientRect();
      return box.height > 0 && box.bottom > head && box.top < window.innerHeight && (box.top >= head || element === document.activeElement) &&
        !element.closest(".rail, .top, .bar");
    })[0];
    if (!held) { return function () {}; }
    var before = held.getBoundingClientRect().top;
    return function () {
      if (held.isConnected) { window.scrollBy(0, held.getBoundingClientRect().top - before); }
    };
  }

  // ---- rows that just came ----

  var fresh = {};

  function markFresh() {
    Object.keys(fresh).forEach(function (id) {
      var row = document.getElementById(id);
      var over = Date.now() > fresh[id];
      if (over) { delete fresh[id]; }
      if (!row) { return; }
      row.classList.toggle("fresh", !over);
      var label = row.querySelector(".new.just");
      if (over && label) { label.remove(); }
      if (over || label) { return; }
      label = document.createElement("span");
      label.className = "new just";
      label.textContent = word("fresh");
      (row.querySelector(".title") || row.lastElementChild).appendChild(label);
    });
  }
  setInterval(markFresh, 5000);

  // ---- a case that was moved under the reader's hands ----

  function baseOf(page) {
    var base = page.querySelector("#act input[name=base_seq]");
    return base ? base.value : null;
  }

  function overtaken(page) {
    var mine = baseOf(document);
    if (!caseHere() || mine === null || mine === baseOf(page)) { return; }
    var form = document.getElementById("act");
    var typed = fieldsOf(document).some(function (field) { return field.form === form && changed(field); }) || form.querySelector("[data-typed]");
    moved = { text: word(typed ? "moved-kept" : "moved-only", { what: last ? last.text : word("moved") }) };
    announce(moved.text);
  }

  // ---- requests of this page ----

  var waiting = null;

  function loading(shown) {
    clearTimeout(waiting);
    waiting = null;
    var element = document.getElementById("live-loading");
    if (!element) { return; }
    element.hidden = !shown;
    element.textContent = "";
    if (!shown) { return; }
    var text = document.createElement("span");
    text.textContent = element.getAttribute("data-text");
    element.appendChild(text);
  }

  // fault says in the bottom bar that a press came to nothing.
  function fault(text) {
    quiet();
    var bar = document.querySelector(".bar .says") || document.querySelector(".bar") || document.getElementById("main");
    if (!bar) { return; }
    var element = document.createElement("p");
    element.className = "fault";
    element.id = "live-fault";
    element.setAttribute("role", "alert");
    bar.insertBefore(element, bar.firstChild);
    element.textContent = text;
  }

  function quiet() {
    var old = document.getElementById("live-fault");
    if (old) { old.remove(); }
  }

  function unreached(event) {
    var config = event.detail.requestConfig || {};
    fault(word(config.verb && config.verb !== "get" ? "not-sent" : "not-fetched"));
    refresh(); // finds out whether it is the network
  }

  document.addEventListener("htmx:beforeRequest", function () {
    quiet();
    clearTimeout(waiting);
    waiting = setTimeout(loading, 400, true);
  });
  document.addEventListener("htmx:afterRequest", function () { loading(false); });
  document.addEventListener("htmx:sendError", unreached);
  document.addEventListener("htmx:timeout", unreached);
  document.addEventListener("htmx:beforeSwap", function (event) {
    // What some proxy says in place of the server is no page of ours.
    if (event.detail.xhr.status >= 400 && !/ id="main"/.test(event.detail.serverResponse || "")) {
      event.detail.shouldSwap = false;
      unreached(event);
    }
  });
  // Forms that do not go through htmx: without a network the browser would put its own page in place of the words.
  document.addEventListener("submit", function (event) {
    if (event.target.closest("[hx-boost=false]") && (offline || navigator.onLine === false)) {
      event.preventDefault();
      fault(word("not-sent"));
    }
  }, true);

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target !== document.body) { return; }
    moved = last = null;
    fresh = {};
    if (place()) { time = place().getAttribute("data-as-of"); }
  });

  // ---- beginning, and coming back ----

  window.addEventListener("offline", function () { setOffline(true); });
  window.addEventListener("online", refresh);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { refresh(); } });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && (stale || lost || !up)) { stale = false; refresh(); }
  });

  banli.ready(function () {
    if (!place()) { return; }
    if (!reader) { join(); }
    draw();
  });
})();
