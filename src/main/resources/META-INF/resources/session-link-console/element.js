/** Makes an element; what is a text becomes one, whatever people have typed. */
export function element(name, className = '', ...content) {
  const made = document.createElement(name);
  if (className !== '') {
    made.className = className;
  }
  made.append(...content);
  return made;
}

/** Makes a button. */
export function button(className, text, label, pressed) {
  const made = element('button', `btn ${className}`, text);
  made.type = 'button';
  if (label !== undefined) {
    made.setAttribute('aria-label', label);
  }
  made.addEventListener('click', pressed);
  return made;
}

/** Writes a text where it is another: what has not changed is not touched. */
export function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
