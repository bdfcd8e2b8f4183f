/** Enables or disables a button. */
export function enable(button, enabled, next) {
  pass(button, !enabled, next);
  button.disabled = !enabled;
}

/** Shows or hides an element. */
export function show(element, shown, next) {
  pass(element, !shown, next);
  element.hidden = !shown;
}

// What vanishes would take the focus with it, and what is disabled swallows every key.
function pass(element, leaves, next) {
  if (leaves && element.contains(document.activeElement)) {
    // After whatever else happens now, which may show the next or hide it.
    queueMicrotask(() => next.focus());
  }
}
