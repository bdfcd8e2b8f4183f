// But for what writes emoji, and Persian.
const UNSEEN = /(?![\n\t\u200c\u200d\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?<=^|[ -~])[\u200c\u200d]|[\u200c\u200d](?=[ -~]|$)/gu;

// What nobody sees, or what turns round what follows, would have one name pass for another.
function seen(text) {
  return text.replace(UNSEEN, (unseen) => `⟨U+${unseen.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/** Makes an element; what is a text becomes one, whatever people have typed. */
export function element(name, className = '', ...content) {
  const made = document.createElement(name);
  if (className !== '') {
    made.className = className;
  }
  made.append(...content.map((part) => part instanceof Node ? part : seen(String(part))));
  return made;
}

/** Makes a button. */
export function button(className, text, label, pressed) {
  const made = element('button', `btn ${className}`, text);
  made.type = 'button';
  if (label !== undefined) {
    made.setAttribute('aria-label', seen(label));
  }
  made.addEventListener('click', pressed);
  return made;
}

/** Writes a text where it is another: what has not changed is not touched. */
export function write(element, text) {
  const shown = seen(text);
  if (element.textContent !== shown) {
    element.textContent = shown;
  }
}

/** Makes what is in an element like this: what is as it was stays, and with it the focus and what is marked. */
export function patch(parent, wanted) {
  wanted.forEach((next, place) => {
    const now = parent.childNodes[place];
    if (now === undefined) {
      parent.append(next);
    } else if (!isLike(now, next)) {
      now.replaceWith(next);
    } else if (next.nodeType === Node.TEXT_NODE) {
      write(now, next.data);
    } else {
      patch(now, [...next.childNodes]);
    }
  });
  while (parent.childNodes.length > wanted.length) {
    parent.lastChild.remove();
  }
}

// A button is what it does, which its key says.
function isLike(now, next) {
  return now.nodeName === next.nodeName && now.className === next.className && now.dataset?.key === next.dataset?.key;
}
