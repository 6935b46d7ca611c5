// The marks of the picture of the open cases: Tab comes to one of them, the arrow keys walk on, Enter opens what it stands for.

const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

document.addEventListener("keydown", (event) => {
  const mark = event.target.closest ? event.target.closest(".ageing a.mark") : null;
  if (!mark || !steps[event.key] || event.altKey || event.ctrlKey || event.metaKey) { return; }
  const marks = [...mark.closest("svg").querySelectorAll("a.mark")];
  const next = marks[marks.indexOf(mark) + steps[event.key]];
  event.preventDefault();
  if (next) { next.focus(); }
});
