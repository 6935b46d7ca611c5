// Nothing typed is lost. What stands in a form marked data-keep is sent to /typed a second after it was typed, and the server puts
// it back into the form on whatever computer the person opens it next. Where the server cannot be reached it waits on this
// computer, under the person's id, and is sent as soon as it can be.
//
// A form takes part with data-keep="<form>", data-keep-case="<id>" and data-keep-ref="<strand>" where they exist, and says how
// it stands in its [data-keep-state]. data-keep-sent says that its values are those that were just sent. Hidden fields are the
// page's own and stay out, unless they carry data-keep-field.
(function () {
  "use strict";

  var WAIT = 1000;
  var DAYS = 30 * 24 * 3600 * 1000;
  var PREFIX = "banli.keep.";
  var waiting = {}; // by key: what was typed and not sent yet
  var touched = {}; // by key: the form, as it was drawn, into which was typed

  function person() {
    var top = document.querySelector("[data-person]");
    return top ? top.getAttribute("data-person") : "";
  }

  // Storage may be full, or forbidden: then the server alone keeps.
  function store(key, entry) {
    try { localStorage.setItem(PREFIX + person() + " " + key, JSON.stringify(entry)); } catch (e) { return false; }
    return true;
  }
  function stored(key) {
    try { return JSON.parse(localStorage.getItem(PREFIX + person() + " " + key)); } catch (e) { return null; }
  }
  function unstore(key) {
    try { localStorage.removeItem(PREFIX + person() + " " + key); } catch (e) { /* nothing is stored then */ }
  }
  function storedKeys(ofPerson) {
    var keys = [];
    try {
      for (var i = 0; i < localStorage.length; i++) {
        if (localStorage.key(i).indexOf(PREFIX + ofPerson) === 0) { keys.push(localStorage.key(i)); }
      }
    } catch (e) { /* none */ }
    return keys;
  }

  function keyOf(form) {
    return [form.getAttribute("data-keep"), form.getAttribute("data-keep-case") || "", form.getAttribute("data-keep-ref") || ""].join("|");
  }

  function formOf(key) {
    return Array.prototype.find.call(document.querySelectorAll("form[data-keep]"), function (form) { return keyOf(form) === key; });
  }

  function drawn(form) { return form.elements.action_id ? form.elements.action_id.value : "-"; }

  function fieldsOf(form) {
    var fields = new URLSearchParams();
    fields.append("keep.form", form.getAttribute("data-keep"));
    fields.append("keep.case", form.getAttribute("data-keep-case") || "");
    fields.append("keep.ref", form.getAttribute("data-keep-ref") || "");
    Array.prototype.forEach.call(form.elements, function (field) {
      var own = field.type === "hidden" && !field.hasAttribute("data-keep-field") && field.name !== "action_id" && field.name !== "base_seq";
      if (!field.name || field.disabled || own || /^(password|file|submit|button|reset|image)$/.test(field.type)) { return; }
      if (/^(checkbox|radio)$/.test(field.type) && !field.checked) { return; }
      if (field.options && field.multiple) {
        Array.prototype.forEach.call(field.selectedOptions, function (option) { fields.append(field.name, option.value); });
        return;
      }
      fields.append(field.name, field.value);
    });
    return fields.toString();
  }

  function say(key, words) {
    var form = formOf(key);
    var place = form && form.querySelector("[data-keep-state]");
    if (!place) { return; }
    place.hidden = false;
    place.classList.toggle("local", words === undefined);
    place.textContent = words === undefined ? place.getAttribute("data-local") : words;
  }

  function bodyOf(entry) { return new URLSearchParams(entry.fields + "&keep.age=" + Math.max(0, Date.now() - entry.at)); }

  // send gives an entry to the server. What cannot be given stays on this computer.
  function send(key, entry, then) {
    fetch("/typed", { method: "POST", body: bodyOf(entry), credentials: "same-origin", headers: { Accept: "application/json" } }).then(function (answer) {
      if (answer.status === 404 || answer.status === 422) { // nobody takes it, now or later
        unstore(key);
        return null;
      }
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.json();
    }).then(function (kept) {
      if (!kept) { return; }
      var newer = stored(key);
      if (newer && newer.at <= entry.at) { unstore(key); }
      if (!waiting[key]) { say(key, kept.said); }
      if (then) { then(kept.new); }
    }).catch(function () {
      if (!waiting[key]) {
        store(key, entry);
        say(key);
      }
    });
  }

  function flush(key) {
    var entry = waiting[key];
    if (!entry) { return; }
    clearTimeout(entry.timer);
    delete waiting[key];
    send(key, entry);
  }

  function flushAll() { Object.keys(waiting).forEach(flush); }

  function typed(form) {
    var key = keyOf(form);
    if (waiting[key]) { clearTimeout(waiting[key].timer); }
    touched[key] = drawn(form);
    waiting[key] = { at: Date.now(), fields: fieldsOf(form), timer: setTimeout(function () { flush(key); }, WAIT) };
  }

  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-keep") && person()) { typed(form); }
  });

  // What waits on this computer goes to the server. If that brought something new and the form stands open and untouched, it is
  // drawn again, with what was typed in it.
  function sendStored() {
    var who = person();
    if (!who || navigator.onLine === false) { return; }
    storedKeys(who + " ").forEach(function (name) {
      var key = name.slice((PREFIX + who + " ").length);
      var entry = stored(key);
      if (!entry || entry.values) { return; }
      if (Date.now() - entry.at > DAYS) {
        unstore(key);
        return;
      }
      send(key, entry, function (isNew) {
        var form = formOf(key);
        if (isNew && form && !form.hasAttribute("data-keep-sent") && touched[key] !== drawn(form)) { location.reload(); }
      });
    });
  }

  // A form that is sent keeps a copy here until the server has answered. If it was done, the server knows its action and takes
  // no more of it; if the answer never came, nothing is lost.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.getAttribute("action") === "/logout") {
      leave();
      storedKeys("").forEach(function (name) { try { localStorage.removeItem(name); } catch (e) { /* gone */ } });
      return;
    }
    if (!form.hasAttribute("data-keep")) { return; }
    var key = keyOf(form);
    var entry = { at: Date.now(), fields: fieldsOf(form) };
    if (waiting[key]) { clearTimeout(waiting[key].timer); }
    delete waiting[key];
    unstore(key);
    if (event.submitter && /^\/typed\/drop/.test(event.submitter.getAttribute("formaction") || "")) { return; }
    if (form.elements.action_id || navigator.onLine === false) { store(key, entry); }
  }, true);

  document.addEventListener("htmx:sendError", function (event) {
    var form = event.target.closest && event.target.closest("form[data-keep]");
    if (!form) { return; }
    store(keyOf(form), { at: Date.now(), fields: fieldsOf(form) });
    say(keyOf(form));
  });

  // leave gives what waits to the browser, which sends it though the page is gone, and keeps a copy in case it does not.
  function leave() {
    Object.keys(waiting).forEach(function (key) {
      var entry = waiting[key];
      clearTimeout(entry.timer);
      delete waiting[key];
      store(key, { at: entry.at, fields: entry.fields });
      if (navigator.sendBeacon) { navigator.sendBeacon("/typed", bodyOf(entry)); }
    });
  }

  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", function () { if (document.hidden) { flushAll(); } });
  document.addEventListener("htmx:beforeRequest", flushAll);
  window.addEventListener("online", sendStored);
  banli.on("online", sendStored);
  banli.on("offline", flushAll);
  banli.ready(function (root) { if (root === document.body) { sendStored(); } });

  // For editors that keep versions of their own: the last resort on this computer, under a key of theirs.
  banli.keepLocal = function (key, values) { return store(key, { at: Date.now(), values: values }); };
  banli.localKept = function (key) {
    var entry = stored(key);
    return entry && entry.values && Date.now() - entry.at <= DAYS ? entry : null;
  };
  banli.dropLocal = unstore;
})();
