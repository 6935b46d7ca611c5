// Print and read aloud. Both buttons are hidden until this runs, so that nobody without scripts is offered a dead button.
(function () {
  "use strict";

  var print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", function () { window.print(); });
  }

  var read = document.querySelector("[data-read]");
  var speech = window.speechSynthesis;
  if (!read || !speech) { return; }

  function chineseVoice() {
    return speech.getVoices().find(function (voice) { return /^(zh|cmn)/i.test(voice.lang); });
  }

  // A machine without a Chinese voice would read noise: it is not offered the button.
  function offer() { read.hidden = !chineseVoice(); }
  offer();
  speech.addEventListener("voiceschanged", offer);

  function idle() { read.textContent = read.getAttribute("data-read"); }

  read.addEventListener("click", function () {
    if (speech.speaking) {
      speech.cancel();
      idle();
      return;
    }
    // Paragraph by paragraph: some engines stop in the middle of a long text.
    var parts = document.querySelectorAll("#letter > p, #letter > h2, #letter > h3, #letter > .run-in, #letter > dl > div");
    Array.prototype.forEach.call(parts, function (part, i) {
      var words = new SpeechSynthesisUtterance(part.textContent);
      words.lang = "zh-CN";
      words.voice = chineseVoice();
      if (i === parts.length - 1) { words.onend = idle; }
      speech.speak(words);
    });
    read.textContent = read.getAttribute("data-stop");
  });
  window.addEventListener("pagehide", function () { speech.cancel(); });
})();
