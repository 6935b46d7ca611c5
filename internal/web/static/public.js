// Print and read aloud. Both buttons are hidden until this runs, so that nobody without scripts is offered a dead button.

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => { window.print(); });
}

const speech = window.speechSynthesis;
const read = document.querySelector("[data-read]");
if (read && speech) { readAloud(read); }

function readAloud(button) {
  const chineseVoice = () => speech.getVoices().find((voice) => /^(zh|cmn)/i.test(voice.lang));
  // A machine without a Chinese voice would read noise: it is not offered the button.
  const offer = () => { button.hidden = !chineseVoice(); };
  const idle = () => { button.textContent = button.dataset.read; };
  offer();
  speech.addEventListener("voiceschanged", offer);

  button.addEventListener("click", () => {
    if (speech.speaking) {
      speech.cancel();
      idle();
      return;
    }
    // Paragraph by paragraph: some engines stop in the middle of a long text.
    const parts = document.querySelectorAll("#reply-text > p, #reply-text > h2, #reply-text > h3, #reply-text > .run-in, #reply-text > dl > div");
    parts.forEach((part, i) => {
      const words = new SpeechSynthesisUtterance(part.textContent);
      words.lang = "zh-CN";
      words.voice = chineseVoice();
      if (i === parts.length - 1) { words.onend = idle; }
      speech.speak(words);
    });
    button.textContent = button.dataset.stop;
  });
  window.addEventListener("pagehide", () => { speech.cancel(); });
}
