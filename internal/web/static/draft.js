// The editor of a reply. The textarea holds the text: what a browser does well with it (input methods, undo, paste, spelling by
// ear) stays as it is. Behind it lies a mirror of the same letters, unseen, a block for every line: it carries the marks, the
// chips in the gutter, and the places beside which findings stand. What is typed goes to this computer at once and to the server
// within two seconds.
(function () {
  "use strict";

  var INDENT = "\u3000\u3000";
  var BLANKS = /[\s\u200b\ufeff]+/g;
  var BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
  var PAUSE = 900;        // after the last key
  var LONGEST = 4000;     // while keys keep coming
  var BEAT = 15000;
  var IDLE = 5 * 60000;   // who has not touched the page for so long is not writing
  var AGAIN = 5000;
  var editor = null;

  function $(id) { return document.getElementById(id); }
  function blank(text) { return text.replace(BLANKS, "") === ""; }
  function clock() {
    var now = new Date();
    return [now.getHours(), now.getMinutes(), now.getSeconds()].map(function (n) { return (n < 10 ? "0" : "") + n; }).join(":");
  }

  function Editor(root) {
    this.root = root;
    this.text = $("body");
    this.form = this.text.form;
    this.key = "draft|" + root.dataset.case;
    this.points = Number(root.dataset.points);
    this.path = "/cases/" + root.dataset.case + "/draft";
    this.tab = Math.random().toString(36).slice(2) + Date.now().toString(36);
    this.seq = 0;
    this.edits = 0;    // counts changes
    this.sent = 0;     // the changes that the server has
    this.first = 0;    // when the oldest change was made that it lacks
    this.lines = [];
    this.findings = [];
    this.lost = new Map(); // links of lines that went, by their text: undo brings the line back
    this.active = Date.now();
  }

  Editor.prototype.open = function () {
    var self = this;
    this.value = this.text.value.replace(BREAKS, "\n");
    if (this.value !== this.text.value) { this.text.value = this.value; }
    this.mirror = document.createElement("div");
    this.mirror.className = "mirror";
    this.mirror.setAttribute("role", "toolbar");
    this.mirror.setAttribute("aria-orientation", "vertical");
    this.mirror.setAttribute("aria-label", this.root.dataset.chips);
    this.root.appendChild(this.mirror);
    this.root.classList.add("live");
    var links = this.readLinks();
    var at = 0;
    this.value.split("\n").forEach(function (text) {
      var line = self.line(text);
      if (!blank(text)) {
        line.links = links[at] || [];
        at++;
      }
      self.lines.push(line);
      self.mirror.appendChild(line.box);
    });
    document.querySelectorAll("[data-fix], [data-insert]").forEach(function (b) { b.hidden = false; });
    this.readFindings();
    this.paint(this.lines);
    this.caretLine(0);
    this.restore();
    this.place();
    if (!this.edits && this.value && Number(this.form.elements.base_version.value) === 0 && Number(this.form.elements.rev.value) === 0) {
      this.changed(); // an outline, or words that came with the page: nobody has kept them yet
    }
    this.beat = setInterval(function () { self.here(); }, BEAT);
  };

  Editor.prototype.close = function () {
    clearInterval(this.beat);
    clearTimeout(this.timer);
    clearTimeout(this.keepTimer);
    this.closed = true; // the page that came may have taken the form over: its words are not this letter's
  };

  // readLinks takes the ticks of the list that stands there for browsers without scripts.
  Editor.prototype.readLinks = function () {
    var links = {};
    var list = $("links");
    if (!list) { return links; }
    list.querySelectorAll("input[name=link]:checked").forEach(function (tick) {
      var at = tick.value.split(".");
      (links[at[0]] = links[at[0]] || []).push(Number(at[1]));
    });
    list.remove();
    return links;
  };

  // ---- lines ----

  Editor.prototype.line = function (text) {
    var line = { text: text, links: [], box: document.createElement("div"), words: document.createElement("span"), gutter: null, drawn: null };
    line.box.className = "line";
    line.words.setAttribute("aria-hidden", "true");
    line.box.appendChild(line.words);
    line.box.line = line;
    return line;
  };

  // follow takes over what was typed: lines that stayed keep their blocks and their links.
  Editor.prototype.follow = function () {
    var value = this.text.value;
    if (value === this.value) { return false; }
    this.shift(this.value, value);
    this.value = value;
    var texts = value.split("\n");
    var old = this.lines;
    var head = 0;
    var most = Math.min(texts.length, old.length);
    while (head < most && old[head].text === texts[head]) { head++; }
    var tail = 0;
    while (tail < most - head && old[old.length - 1 - tail].text === texts[texts.length - 1 - tail]) { tail++; }
    var gone = old.slice(head, old.length - tail);
    var come = texts.slice(head, texts.length - tail);
    var self = this;
    var fresh;
    if (gone.length === come.length) {
      fresh = gone;
      gone.forEach(function (line, i) {
        if (!line.links.length && blank(line.text)) { line.links = self.remembered(come[i]); }
        if (blank(come[i])) { self.remember(line); line.links = []; }
        line.text = come[i];
      });
    } else {
      gone.forEach(function (line) { self.remember(line); });
      fresh = come.map(function (text, i) { return self.inherit(self.line(text), gone, i, come.length); });
      var before = tail ? old[old.length - tail].box : null;
      gone.forEach(function (line) { line.box.remove(); });
      var batch = document.createDocumentFragment();
      fresh.forEach(function (line) { batch.appendChild(line.box); });
      this.mirror.insertBefore(batch, before);
      this.lines = old.slice(0, head).concat(fresh, tail ? old.slice(old.length - tail) : []);
    }
    fresh.forEach(function (line) { line.drawn = null; });
    this.paint(fresh);
    return true;
  };

  // inherit gives a new line the links of what it came from: the same words, a part of them, or several joined.
  Editor.prototype.inherit = function (line, gone, i, count) {
    if (blank(line.text)) { return line; }
    var words = line.text.replace(BLANKS, "");
    var from = gone.filter(function (old) {
      var was = old.text.replace(BLANKS, "");
      return was && (was === words || words.indexOf(was) >= 0 || was.indexOf(words) >= 0);
    });
    if (!from.length && gone.length && (i === 0 || i === count - 1)) {
      from = [gone[i === 0 ? 0 : gone.length - 1]];
    }
    from.forEach(function (old) {
      old.links.forEach(function (p) { if (line.links.indexOf(p) < 0) { line.links.push(p); } });
    });
    if (!line.links.length) { line.links = this.remembered(line.text); }
    line.links.sort();
    return line;
  };

  Editor.prototype.remember = function (line) {
    if (line.links.length) { this.lost.set(line.text.replace(BLANKS, ""), line.links.slice()); }
  };

  Editor.prototype.remembered = function (text) { return (this.lost.get(text.replace(BLANKS, "")) || []).slice(); };

  Editor.prototype.lineAt = function (offset) {
    var at = 0;
    for (var i = 0; i < this.lines.length; i++) {
      at += this.lines[i].text.length + 1;
      if (offset < at) { return i; }
    }
    return this.lines.length - 1;
  };

  // ---- marks ----

  Editor.prototype.readFindings = function () {
    var list = $("findings");
    this.findings = !list ? [] : Array.prototype.map.call(list.querySelectorAll(".finding"), function (card) {
      return {
        card: card, from: Number(card.dataset.from), to: Number(card.dataset.to), mark: null,
        look: (card.classList.contains("must") ? "must" : "remind") + (card.classList.contains("answered") ? " answered" : ""),
      };
    });
    list && list.querySelectorAll("[data-fix]").forEach(function (b) { b.hidden = false; });
  };

  // shift moves the marks with the text around them. Words that were changed themselves are no longer marked.
  Editor.prototype.shift = function (was, is) {
    if (!this.findings.length) { return; }
    var head = 0;
    var most = Math.min(was.length, is.length);
    while (head < most && was.charCodeAt(head) === is.charCodeAt(head)) { head++; }
    var tail = 0;
    while (tail < most - head && was.charCodeAt(was.length - 1 - tail) === is.charCodeAt(is.length - 1 - tail)) { tail++; }
    var end = was.length - tail;
    var by = is.length - was.length;
    this.findings.forEach(function (f) {
      if (f.from < 0 || f.to <= head) { return; }
      if (f.from >= end) {
        f.from += by;
        f.to += by;
      } else {
        f.from = f.to = -1;
        f.card.classList.add("stale");
      }
    });
  };

  // paint draws those lines whose words or marks changed; fresh are lines that must be drawn.
  Editor.prototype.paint = function (fresh) {
    var marks = this.findings.filter(function (f) { return f.from >= 0; });
    var at = 0;
    var next = 0;
    marks.sort(function (a, b) { return a.from - b.from || a.to - b.to; });
    for (var i = 0; i < this.lines.length; i++) {
      var line = this.lines[i];
      var end = at + line.text.length;
      var mine = null;
      while (next < marks.length && marks[next].from <= end) {
        (mine = mine || []).push({ from: marks[next].from - at, to: Math.min(marks[next].to, end) - at, finding: marks[next] });
        next++;
      }
      if (mine || line.marked || fresh && fresh.indexOf(line) >= 0) { this.draw(line, mine); }
      at = end + 1;
    }
  };

  Editor.prototype.draw = function (line, marks) {
    var look = (marks || []).map(function (m) { return m.from + "-" + m.to + m.finding.look; }).join() + "|" + line.text;
    line.marked = Boolean(marks);
    if (line.drawn !== look) {
      line.drawn = look;
      line.words.textContent = "";
      var at = 0;
      (marks || []).forEach(function (m) {
        if (m.from < at) { m.from = at; } // one inside another
        line.words.appendChild(document.createTextNode(line.text.slice(at, m.from)));
        m.element = document.createElement("mark");
        m.element.className = m.finding.look;
        m.element.textContent = line.text.slice(m.from, Math.max(m.from, m.to));
        line.words.appendChild(m.element);
        at = Math.max(at, m.to);
      });
      line.words.appendChild(document.createTextNode(line.text.slice(at)));
      line.marks = Array.prototype.slice.call(line.words.querySelectorAll("mark"));
    }
    (marks || []).forEach(function (m, i) { m.finding.mark = line.marks[i]; });
    this.chips(line);
  };

  // ---- the gutter ----

  Editor.prototype.chips = function (line) {
    var want = !this.points || blank(line.text) ? "" : "links " + line.links.join() + (line.all ? "+" : "");
    if (line.chipped === want) { return; }
    line.chipped = want;
    line.box.classList.toggle("open", Boolean(line.all));
    var held = line.gutter && line.gutter.contains(document.activeElement) ? document.activeElement.dataset.point : null;
    if (line.gutter) {
      line.gutter.remove();
      line.gutter = null;
    }
    if (!this.points || blank(line.text)) { return; }
    var box = document.createElement("span");
    box.className = "gutter-chips" + (line.all ? " open" : "");
    (line.all || this.order(line)).forEach(function (point) {
      box.appendChild(point === "more" ? this.more(line) : this.chip(point, line.links.indexOf(point) >= 0));
    }, this);
    box.querySelectorAll("button").forEach(function (b) { b.tabIndex = -1; });
    line.gutter = box;
    line.box.appendChild(box);
    if (line === this.current) { box.firstChild.tabIndex = 0; }
    if (held) {
      var again = held === "more" && line.all ? null : box.querySelector('[data-point="' + held + '"]');
      (again || box.querySelector("[aria-pressed=false]") || box.firstChild).focus({ preventScroll: true });
    }
  };

  // order is what a paragraph's gutter shows: the points that it answers, then the one that is left, or a way to those that are.
  Editor.prototype.order = function (line) {
    var rest = this.rest(line);
    return line.links.concat(rest.length > 1 ? "more" : rest);
  };

  Editor.prototype.rest = function (line) {
    var rest = [];
    for (var p = 1; p <= this.points; p++) {
      if (line.links.indexOf(p) < 0) { rest.push(p); }
    }
    return rest;
  };

  // spread shows all points. What was there stays where it is: somebody may be about to press it.
  Editor.prototype.spread = function (line) {
    var rest = this.rest(line);
    line.all = line.all || this.order(line).concat(rest.length > 1 ? rest : []);
    this.chips(line);
  };

  Editor.prototype.more = function (line) {
    var more = document.createElement("button");
    more.type = "button";
    more.className = "more";
    more.textContent = "+";
    more.dataset.point = "more";
    more.setAttribute("aria-expanded", String(Boolean(line.all)));
    more.setAttribute("aria-label", this.root.dataset.chipMore);
    return more;
  };

  Editor.prototype.chip = function (point, linked) {
    var chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = point;
    chip.dataset.point = point;
    chip.setAttribute("aria-pressed", String(linked));
    chip.setAttribute("aria-label", this.root.dataset[linked ? "chipOn" : "chipOff"].replace("#", point));
    return chip;
  };

  Editor.prototype.press = function (chip) {
    var line = chip.closest(".line").line;
    if (chip.dataset.point === "more") {
      this.spread(line);
      return;
    }
    var point = Number(chip.dataset.point);
    var at = line.links.indexOf(point);
    if (at >= 0) { line.links.splice(at, 1); } else { line.links.push(point); }
    line.links.sort();
    this.chips(line);
    this.changed(300);
  };

  // caretLine makes the chips of the line with the caret the ones that Tab reaches.
  Editor.prototype.caretLine = function (i) {
    var line = this.lines[i];
    while (line && blank(line.text) && i > 0) { line = this.lines[--i]; }
    if (!line || line === this.current) { return; }
    var old = this.current;
    this.current = line;
    if (old && old.gutter) { old.gutter.querySelectorAll("button").forEach(function (b) { b.tabIndex = -1; }); }
    if (line.gutter) { line.gutter.firstChild.tabIndex = 0; }
  };

  // offer opens the chips of a paragraph that may answer the first point without an answer, and returns the point's chip.
  Editor.prototype.offer = function () {
    var answered = {};
    this.lines.forEach(function (l) { l.links.forEach(function (p) { answered[p] = true; }); });
    var point = 1;
    while (answered[point] && point < this.points) { point++; }
    var written = this.lines.filter(function (l) { return l.gutter; });
    var line = written.slice(1).find(function (l) { return l.links.length === 0; }) || written[0]; // the first is the opening
    if (!line) { return null; }
    this.spread(line);
    this.caretLine(this.lines.indexOf(line));
    return line.gutter.querySelector('[data-point="' + point + '"]');
  };

  Editor.prototype.walk = function (chip, key) {
    var line = chip.closest(".line").line;
    var row = Array.prototype.slice.call(line.gutter.children);
    var to;
    if (key === "ArrowLeft" || key === "ArrowRight") {
      to = row[row.indexOf(chip) + (key === "ArrowRight" ? 1 : -1)];
    } else {
      var step = key === "ArrowDown" ? 1 : -1;
      var i = this.lines.indexOf(line) + step;
      while (this.lines[i] && !this.lines[i].gutter) { i += step; }
      if (!this.lines[i]) { return; }
      this.caretLine(i);
      to = this.lines[i].gutter.firstChild;
    }
    if (to) { to.focus(); }
  };

  // ---- findings beside their words ----

  Editor.prototype.place = function () {
    var self = this;
    if (this.placing) { return; }
    this.placing = requestAnimationFrame(function () {
      self.placing = 0;
      self.placeNow();
    });
  };

  Editor.prototype.placeNow = function () {
    var margin = $("draft-margin");
    var sheet = this.root.closest(".draft-sheet");
    if (!margin || !sheet) { return; }
    var beside = window.matchMedia("(min-width: 1280px)").matches;
    margin.classList.toggle("beside", beside);
    var drawing = margin.querySelector(".leaders");
    if (drawing) { drawing.remove(); }
    margin.style.minHeight = "";
    if (!beside) {
      this.findings.forEach(function (f) { f.card.style.top = ""; });
      return;
    }
    var top = margin.getBoundingClientRect().top;
    var lacking = $("lacking");
    var free = lacking.getBoundingClientRect().bottom - top + 12;
    var gap = margin.getBoundingClientRect().left - sheet.getBoundingClientRect().right;
    var heights = this.findings.map(function (f) { return f.card.offsetHeight; });
    var lines = this.findings.map(function (f) {
      if (!f.mark || f.from < 0) { return null; }
      var box = f.mark.getClientRects();
      return box.length ? box[box.length - 1].bottom - top - 1 : null;
    });
    var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "leaders");
    svg.setAttribute("aria-hidden", "true");
    svg.style.left = -gap + "px";
    svg.style.width = gap + "px";
    this.findings.forEach(function (f, i) {
      var at = Math.max(free, lines[i] === null ? free : lines[i] - 24);
      f.card.style.top = at + "px";
      free = at + heights[i] + 10;
      if (lines[i] === null) { return; }
      var end = Math.min(Math.max(lines[i], at + 12), at + heights[i] - 8);
      var path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", "M0 " + lines[i] + "H" + (end === lines[i] ? gap : gap - 24 + " L" + gap + " " + end));
      if (f.look.indexOf("must") === 0) { path.setAttribute("class", "must"); }
      svg.appendChild(path);
    });
    margin.appendChild(svg);
    margin.style.minHeight = free + 12 + "px";
  };

  Editor.prototype.show = function (f) {
    this.findings.forEach(function (other) { if (other.mark) { other.mark.classList.remove("on"); } });
    if (f.mark) {
      f.mark.classList.add("on");
      f.mark.scrollIntoView({ block: "center" });
    }
  };

  Editor.prototype.nextFinding = function () {
    if (!this.findings.length) { return; }
    var now = this.findings.findIndex(function (f) { return f.card.contains(document.activeElement); });
    var f = this.findings[(now + 1) % this.findings.length];
    part("checks");
    this.show(f);
    f.card.focus({ preventScroll: Boolean(f.mark) && window.matchMedia("(min-width: 1280px)").matches });
  };

  // ---- writing into the text, so that undo knows it ----

  Editor.prototype.write = function (words) {
    this.text.focus();
    var from = this.text.selectionStart;
    var done = false;
    try { done = words ? document.execCommand("insertText", false, words) : document.execCommand("delete"); } catch (none) { done = false; }
    if (!done) {
      this.text.setRangeText(words, from, this.text.selectionEnd, "end");
      this.typed();
    }
  };

  Editor.prototype.fix = function (button) {
    var card = button.closest(".finding");
    var f = this.findings.find(function (one) { return one.card === card; });
    if (!f || f.from < 0) { return; }
    this.text.focus();
    this.text.setSelectionRange(f.from, f.to);
    this.write(button.dataset.fix);
    this.changed(50);
  };

  // insert puts whole paragraphs where the caret is; a caret inside a paragraph puts them after it.
  Editor.prototype.insert = function (words) {
    part("letter");
    var at = this.text.selectionEnd;
    var start = this.value.lastIndexOf("\n", at - 1) + 1;
    var end = this.value.indexOf("\n", at);
    if (end < 0) { end = this.value.length; }
    var paragraphs = words.replace(BREAKS, "\n").split("\n").filter(function (l) { return !blank(l); })
      .map(function (l) { return INDENT + l.replace(/^[\s\u3000]+/, ""); }).join("\n");
    this.text.focus();
    if (blank(this.value.slice(start, end))) {
      this.text.setSelectionRange(start, end);
      this.write(paragraphs);
    } else {
      this.text.setSelectionRange(end, end);
      this.write("\n" + paragraphs);
    }
  };

  Editor.prototype.paste = function (event) {
    var words = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!words) { return; }
    event.preventDefault();
    var lines = words.replace(BREAKS, "\n").split("\n");
    var start = this.value.lastIndexOf("\n", this.text.selectionStart - 1) + 1;
    var opens = blank(this.value.slice(start, this.text.selectionStart));
    lines = lines.map(function (line, i) {
      line = line.replace(/^[\s\u3000]+/, "");
      return line && i > 0 ? INDENT + line : line;
    });
    if (opens && lines[0] && start === this.text.selectionStart) { lines[0] = INDENT + lines[0]; }
    this.write(lines.join("\n"));
  };

  Editor.prototype.keyInText = function (event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape") {
      this.text.blur();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.write("\n" + INDENT);
    } else if (event.key === "Backspace" && this.text.selectionStart === this.text.selectionEnd) {
      var at = this.text.selectionStart;
      var start = this.value.lastIndexOf("\n", at - 1) + 1;
      if (start > 0 && this.value.slice(start, at) === INDENT) {
        event.preventDefault();
        this.text.setSelectionRange(start - 1, at);
        this.write("");
      }
    }
  };

  Editor.prototype.typed = function () {
    this.active = Date.now();
    if (!this.follow()) { return; }
    this.caretLine(this.lineAt(this.text.selectionStart));
    if ($("start-outline")) { $("start-outline").hidden = !!this.value; } // it would write over what is there
    this.changed();
    this.placeSoon();
  };

  Editor.prototype.placeSoon = function () {
    var self = this;
    clearTimeout(this.placeTimer);
    this.placeTimer = setTimeout(function () { self.place(); }, 120);
  };

  // ---- keeping ----

  Editor.prototype.changed = function (pause) {
    var self = this;
    this.edits++;
    this.active = Date.now();
    this.first = this.first || Date.now();
    this.since = this.since || clock();
    clearTimeout(this.keepTimer); // a long letter takes a moment to put away: between keys, not under them
    this.keepTimer = setTimeout(function () {
      requestIdleCallback(function () { if (self.edits > self.sent) { self.keep(); } }, { timeout: 1000 });
    }, Math.max(0, Math.min(300, this.first + 1000 - Date.now())));
    this.later(Math.max(0, Math.min(pause || PAUSE, this.first + LONGEST - Date.now())));
  };

  Editor.prototype.later = function (wait) {
    var self = this;
    clearTimeout(this.timer);
    this.timer = setTimeout(function () { self.send(); }, wait);
  };

  Editor.prototype.fields = function () {
    var fields = [];
    new FormData(this.form).forEach(function (value, name) { fields.push([name, value]); });
    return fields;
  };

  Editor.prototype.keep = function () {
    if (this.closed) { return; }
    banli.keepLocal(this.key, { since: this.since || clock(), fields: this.fields() });
  };

  // add completes what the form sends, whoever sends it: the links, which are no fields here, and which window speaks.
  Editor.prototype.add = function (data) {
    var paragraph = 0;
    this.lines.forEach(function (line) {
      if (blank(line.text)) { return; }
      line.links.forEach(function (point) { data.append("link", paragraph + "." + point); });
      paragraph++;
    });
    data.append("links_in", "body");
    data.append("tab", this.tab);
    data.append("seq", String(this.seq));
  };

  // send keeps the text on the server. It answers whether the server has everything.
  Editor.prototype.send = function (cut) {
    var self = this;
    clearTimeout(this.timer);
    if (this.closed) { return Promise.resolve(false); }
    if (this.sending) {
      return this.sending.then(function (kept) {
        return self.edits > self.sent || cut ? self.send(cut) : kept;
      });
    }
    this.seq++;
    var edits = this.edits;
    var body = new URLSearchParams(this.fields());
    if (cut) { body.append("cut", "1"); }
    this.sending = fetch(this.path + "/check", { method: "POST", body: body, headers: { "HX-Request": "true" } }).then(function (response) {
      return response.text().then(function (html) { return self.answer(response.status, html, edits); });
    }, function () { return self.offline("local"); }).then(function (kept) {
      self.sending = null;
      return kept;
    });
    return this.sending;
  };

  Editor.prototype.answer = function (status, html, edits) {
    if (this.closed) { return false; }
    if (status === 401) { return this.offline("lost"); }
    var page = new DOMParser().parseFromString(html, "text/html");
    var now = page.getElementById("draft-now");
    if (!now || status >= 500) { return this.offline("local"); }
    var kept = now.hasAttribute("data-kept");
    var quiet = edits === this.edits;
    this.alert(page.getElementById("draft-alert").textContent);
    if (kept) {
      this.form.elements.rev.value = now.dataset.rev;
      this.form.elements.base_version.value = now.dataset.base;
      this.sent = edits;
      this.first = quiet ? 0 : Date.now();
      if (quiet) {
        this.since = "";
        banli.dropLocal(this.key);
      }
      this.say(page);
    } else {
      this.refusedAt = edits;
      this.keep();
      this.state(this.root.dataset.refused, true);
    }
    if (quiet) { this.take(page, kept); } else { this.later(PAUSE); }
    return kept;
  };

  // take brings in what the server says of the text, if it is still the text.
  Editor.prototype.take = function (page, kept) {
    var ids = ["draft-theirs", "findings", "lacking", "bar-says"];
    page.querySelectorAll("[id^='answered.'], [id^='dot.']").forEach(function (e) { ids.push(e.id); });
    ids.forEach(function (id) {
      var old = $(id);
      var fresh = page.getElementById(id);
      if (old && fresh) { Idiomorph.morph(old, fresh, { morphStyle: "outerHTML", ignoreActiveValue: true, callbacks: { beforeAttributeUpdated: steady } }); }
    });
    this.readFindings();
    this.paint();
    this.place();
    banli.changed($("draft-margin"));
    if (!kept && $("draft-theirs").firstElementChild) { $("draft-theirs").scrollIntoView({ block: "nearest" }); }
  };

  // A reason that somebody is about to write stays open; where a card stands is not the server's to say.
  function steady(name, node) { return !(name === "style" || name === "open" && node.localName === "details"); }

  Editor.prototype.say = function (page) {
    var state = page.getElementById("draft-state");
    if (state && $("draft-state")) { $("draft-state").replaceWith(document.importNode(state, true)); }
  };

  Editor.prototype.state = function (words, bad) {
    var place = $("draft-state");
    if (!place) { return; }
    place.textContent = words;
    place.classList.toggle("unsaved", Boolean(bad));
  };

  Editor.prototype.alert = function (words) {
    var place = $("draft-alert");
    if (place && place.textContent !== words) { place.textContent = words; }
  };

  Editor.prototype.offline = function (why) {
    var self = this;
    this.keep();
    this.state(this.root.dataset[why].replace("#", this.since || clock()), true);
    if (why === "lost") {
      var link = document.createElement("a");
      link.href = "/login?back=" + encodeURIComponent(location.pathname);
      link.setAttribute("hx-boost", "false");
      link.textContent = this.root.dataset.keptHere;
      $("draft-state").appendChild(document.createTextNode(" "));
      $("draft-state").appendChild(link);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(function () { if (editor === self) { self.send(); } }, AGAIN);
    return false;
  };

  // restore puts back what this computer kept because the server never got it. The server then says whether anybody wrote since.
  Editor.prototype.restore = function () {
    var kept = banli.localKept(this.key);
    if (!kept) { return; }
    kept = kept.values;
    var form = this.form;
    var values = {};
    kept.fields.forEach(function (f) { (values[f[0]] = values[f[0]] || []).push(f[1]); });
    var links = (values.link || []).join();
    var same = Object.keys(values).every(function (name) {
      return /^(action_id|base_seq|base_version|rev|tab|seq|links_in|link)$/.test(name) || !form.elements[name] || form.elements[name].value === values[name][0];
    }) && links === this.fields().filter(function (f) { return f[0] === "link"; }).map(function (f) { return f[1]; }).join();
    if (same) {
      banli.dropLocal(this.key);
      return;
    }
    Object.keys(values).forEach(function (name) {
      if (/^(action_id|base_seq|tab|seq|links_in|link|body)$/.test(name)) { return; }
      if (/^promise\.|^promise_due\./.test(name) && !form.elements[name]) { addPromise(name); }
      if (form.elements[name]) { form.elements[name].value = values[name][0]; }
    });
    this.text.value = (values.body || [""])[0].replace(BREAKS, "\n");
    this.follow();
    var at = 0;
    var linked = {};
    (values.link || []).forEach(function (l) { var p = l.split("."); (linked[p[0]] = linked[p[0]] || []).push(Number(p[1])); });
    this.lines.forEach(function (line) {
      if (blank(line.text)) { return; }
      line.links = linked[at++] || [];
      this.chips(line);
    }, this);
    this.since = kept.since;
    this.changed(50);
    this.alert(this.root.dataset.restored.replace("#", kept.since));
  };

  // addPromise makes the row of a commitment that was added after the page was drawn.
  function addPromise(name) {
    var rows = document.querySelectorAll("#commitments .promise");
    var row = rows[rows.length - 1].cloneNode(true);
    var no = name.split(".")[1];
    row.querySelectorAll("input").forEach(function (input) {
      input.name = input.id = input.name.split(".")[0] + "." + no;
      input.value = "";
    });
    rows[rows.length - 1].after(row);
  }

  // here is the sign of life; the answer tells who else is writing, and of a version that came in between.
  Editor.prototype.here = function () {
    var self = this;
    if (document.hidden || Date.now() - this.active > IDLE || this.edits > this.sent || this.sending) { return; }
    fetch(this.path + "/here", { method: "POST", body: new URLSearchParams(), headers: { "HX-Request": "true" } }).then(function (response) {
      return response.ok ? response.text() : "";
    }).then(function (html) {
      if (!html || self.edits > self.sent) { return; }
      var page = new DOMParser().parseFromString(html, "text/html");
      var now = page.getElementById("draft-now");
      if (!now) { return; }
      self.say(page);
      if (Number(now.dataset.latest) > Number(self.form.elements.base_version.value) || Number(now.dataset.rev) > Number(self.form.elements.rev.value)) {
        self.send(); // somebody wrote: what is different?
      }
    }, function () { /* the next key will tell */ });
  };

  // ---- the bar ----

  function missing() { return $("bar-says") && $("bar-says").hasAttribute("data-missing"); }

  function goTo(id) {
    var target = $(id);
    if (!target) { target = id === "links" && editor ? editor.offer() : id === "main" ? $("draft-alert") : null; }
    if (!target) { return; }
    var home = target.closest("#draft-points") ? "points" : target.closest("#draft-margin") ? "checks" : "letter";
    part(home);
    var finding = editor && editor.findings.find(function (f) { return f.card === target; });
    if (finding) { editor.show(finding); }
    if (!/^(INPUT|TEXTAREA|SELECT|BUTTON|ARTICLE)$/.test(target.tagName)) {
      target = target.querySelector("input, select, textarea") || target;
    }
    if (!finding || !finding.mark) { target.scrollIntoView({ block: "center" }); }
    target.focus({ preventScroll: true });
  }

  // part shows one of the four parts where the window has room for one.
  function part(name) {
    var body = document.querySelector(".draft-body");
    if (!body) { return; }
    body.dataset.part = name;
    document.querySelectorAll(".draft-parts a").forEach(function (a) {
      var mine = a.getAttribute("href") === { points: "#draft-points", letter: "#draft-desk", checks: "#draft-margin", past: "#draft-past" }[name];
      if (mine) { a.setAttribute("aria-current", "true"); } else { a.removeAttribute("aria-current"); }
    });
    if (editor) { editor.place(); }
  }

  banli.ready(function () {
    var root = $("editor");
    if (editor && (editor.closed || editor.root !== root || !root.contains(editor.mirror))) {
      editor.close();
      if (root && root.contains(editor.mirror)) { editor.mirror.remove(); }
      editor = null;
    }
    if (!root || editor) { return; }
    part((document.querySelector(".draft-body") || { dataset: {} }).dataset.part || "letter");
    editor = new Editor(root);
    editor.open();
  });

  banli.on("insert", function (words) { if (editor) { editor.insert(words); } });
  banli.on("news", function () { if (editor) { editor.here(); } });

  // ---- what people do ----

  document.addEventListener("formdata", function (event) {
    if (editor && event.target === editor.form) { editor.add(event.formData); }
  });

  document.addEventListener("input", function (event) {
    if (!editor) { return; }
    if (event.target === editor.text) { editor.typed(); } else if (event.target.form === editor.form) { editor.changed(); }
  });
  document.addEventListener("change", function (event) {
    if (editor && event.target.form === editor.form && event.target !== editor.text) { editor.changed(300); }
  });
  document.addEventListener("selectionchange", function () {
    if (editor && document.activeElement === editor.text) {
      editor.active = Date.now();
      clearTimeout(editor.caretTimer);
      editor.caretTimer = setTimeout(function () { if (editor) { editor.caretLine(editor.lineAt(editor.text.selectionStart)); } }, 60);
    }
  });
  // A mouse opens a paragraph's chips by coming near: one click less.
  document.addEventListener("mouseover", function (event) {
    if (editor && event.target.matches(".gutter-chips .more")) { editor.press(event.target); }
  });
  document.addEventListener("mouseout", function (event) {
    var box = editor && event.target.closest(".gutter-chips.open");
    if (!box || box.contains(event.relatedTarget) || box.contains(document.activeElement)) { return; }
    box.closest(".line").line.all = null;
    editor.chips(box.closest(".line").line);
  });
  document.addEventListener("paste", function (event) {
    if (editor && event.target === editor.text) { editor.paste(event); }
  });
  document.addEventListener("toggle", function (event) {
    if (editor && event.target.closest && event.target.closest(".draft-margin")) { editor.place(); }
  }, true);

  document.addEventListener("keydown", function (event) {
    if (!editor) { return; }
    if (event.target === editor.text) {
      editor.keyInText(event);
      return;
    }
    var chip = event.target.closest && event.target.closest(".gutter-chips button");
    if (chip && /^Arrow/.test(event.key)) {
      event.preventDefault();
      editor.walk(chip, event.key);
    } else if (chip && event.key === "Escape") {
      var line = chip.closest(".line").line;
      line.all = null;
      editor.chips(line);
      editor.text.focus();
    } else if ((event.key === "f" || event.key === "F") && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing &&
        (!banli.typing(event.target) || event.target.closest(".finding") && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName))) {
      event.preventDefault();
      editor.nextFinding();
    }
  });

  var through = null; // a press that may go its way now

  document.addEventListener("click", function (event) {
    if (!editor || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    var target = event.target.closest("a, button, summary");
    if (!target || target === through) {
      through = null;
      return;
    }
    if (target.closest(".gutter-chips")) {
      editor.press(target);
    } else if (target.dataset.fix) {
      editor.fix(target);
    } else if (target.dataset.insert) {
      editor.insert(target.dataset.insert);
    } else if (target.matches(".draft-parts a")) {
      event.preventDefault();
      part(target.getAttribute("href") === "#draft-points" ? "points" : { "#draft-desk": "letter", "#draft-margin": "checks", "#draft-past": "past" }[target.getAttribute("href")]);
    } else if (target.closest(".finding") && target.getAttribute("href") === "#body") {
      event.preventDefault();
      var f = editor.findings.find(function (one) { return one.card === target.closest(".finding"); });
      if (f && f.from >= 0) {
        part("letter");
        editor.text.focus({ preventScroll: true });
        editor.text.setSelectionRange(f.from, f.to);
        editor.show(f);
      }
    } else if (/^#./.test(target.getAttribute("href") || "") && target.closest(".bar, #lacking, .summary")) {
      event.preventDefault();
      goTo(target.getAttribute("href").slice(1));
    } else if (target.matches(".bar button[form=act]")) {
      event.preventDefault();
      event.stopPropagation();
      var saves = target.hasAttribute("formaction");
      editor.send(saves).then(function (kept) {
        if (!kept || saves || !editor) { return; }
        var first = missing() && document.querySelector("#bar-says .missing a");
        if (first) {
          goTo(first.getAttribute("href").slice(1));
          return;
        }
        through = target;
        target.click();
      });
    } else if (target.matches("[name=on_top], [name=take]")) {
      banli.dropLocal(editor.key); // both texts become versions
      editor.edits = editor.sent;
    } else if (target.hasAttribute("data-cut")) {
      event.preventDefault();
      event.stopPropagation();
      editor.send(true).then(function () {
        through = target;
        target.click();
      });
    }
  }, true);

  function leaving() {
    if (!editor || editor.closed || editor.edits <= editor.sent) { return; }
    editor.keep();
    editor.seq++;
    var body = new URLSearchParams(editor.fields()).toString();
    if (body.length < 60000) { // what a browser still sends after the page is gone
      fetch(editor.path + "/check", { method: "POST", body: body, keepalive: true, headers: { "Content-Type": "application/x-www-form-urlencoded" } }).catch(function () {});
    }
  }
  window.addEventListener("pagehide", leaving);
  // Another page is about to come in place of this one, or this one again with what is wrong.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (!editor || event.detail.target !== document.body) { return; }
    leaving();
    editor.close();
  });
  document.addEventListener("visibilitychange", function () {
    if (!editor) { return; }
    if (document.hidden) { if (editor.edits > editor.sent) { editor.keep(); editor.send(); } } else { editor.active = Date.now(); editor.here(); }
  });
  window.addEventListener("online", function () { if (editor && editor.edits > editor.sent) { editor.send(); } });
  window.addEventListener("resize", function () { if (editor) { editor.place(); } });
  if (document.fonts && document.fonts.ready) { document.fonts.ready.then(function () { if (editor) { editor.place(); } }); }
})();
