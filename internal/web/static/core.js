// What every officers' page shares. Links and forms go through htmx, which asks the server for the next page and changes this
// one in place: a page may therefore appear without a load event, and scripts set themselves up through banli.ready.
(function () {
  "use strict";

  var setups = [];
  var listeners = {};

  window.banli = {
    // moves counts the pages that came without a load event.
    moves: 0,

    // ready calls fn with what is new on the page: now, and after every change. It may be called twice for the same element.
    ready: function (fn) {
      setups.push(fn);
      fn(document.body);
    },

    // changed tells the scripts that an element was changed in place.
    changed: function (element) {
      setups.forEach(function (fn) { fn(element); });
    },

    on: function (name, fn) {
      (listeners[name] = listeners[name] || []).push(fn);
    },

    emit: function (name, detail) {
      (listeners[name] || []).forEach(function (fn) { fn(detail); });
    },

    // typing reports whether keys belong to the field that has the focus.
    typing: function (target) {
      return /^(INPUT|TEXTAREA|SELECT|BUTTON|SUMMARY)$/.test(target.tagName) || target.isContentEditable;
    },
  };

  var here = location.pathname;

  // The body element itself stays; its class is the one of the page that comes.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var body = event.detail.target === document.body && /<body([^>]*)>/.exec(event.detail.serverResponse || "");
    if (!body) { return; }
    var name = /class="([^"]*)"/.exec(body[1]);
    document.body.className = name ? name[1] : "";
  });

  // A button outside its form says itself where it sends the form, and with what: htmx asks only those inside.
  document.addEventListener("htmx:configRequest", function (event) {
    var button = event.detail.triggeringEvent && event.detail.triggeringEvent.submitter;
    if (!button) { return; }
    if (button.hasAttribute("formaction")) { event.detail.path = button.getAttribute("formaction"); }
    if (button.name && !event.detail.formData.has(button.name)) { event.detail.formData.append(button.name, button.value); }
  });

  // Who came to another page starts at its head, with the keyboard too.
  document.addEventListener("htmx:afterSettle", function (event) {
    banli.moves++;
    banli.changed(event.detail.target);
    if (location.pathname === here) { return; }
    here = location.pathname;
    var main = document.getElementById("main");
    if (main && !document.querySelector("[autofocus]")) {
      main.tabIndex = -1;
      main.focus({ preventScroll: true });
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.isComposing) { return; }
    if (event.key === "Escape") {
      var open = document.querySelector("details.why[open], details.menu[open]");
      if (open) { open.open = false; open.querySelector("summary").focus(); }
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      var primary = document.querySelector(".bar button.primary");
      if (primary) { event.preventDefault(); primary.click(); }
    }
  });
})();
