// Elements of the page. Whatever is shown becomes text: a peer may have stated anything.

const SVG = 'http://www.w3.org/2000/svg'

/** Returns the element of that id, which the page has. */
export function byId (id) {
  return document.getElementById(id)
}

/** Makes an element with attributes; children are elements, or become text. */
export function element (tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children)
}

/** Makes an element of SVG. */
export function svg (tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children)
}

function filled (node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value)
  }
  node.append(...children.map(child => child instanceof Node ? child : visible(child)))
  return node
}

/** Sets the text of an element, if it is another one. */
export function setText (node, text) {
  const shown = visible(text)
  if (node.textContent !== shown) {
    node.textContent = shown
  }
}

/** Text in which characters that reorder or hide others are visible. */
export function visible (text) {
  return String(text).replace(/[\p{Cc}\p{Cf}]/gu, character => character === '\n' ? character : '\ufffd')
}

/** Replaces the rows of a table or list; a table says so if there is none. */
export function setRows (body, rows, columns = 0, ifNone = 'None.') {
  if (rows.length === 0 && columns > 0) {
    rows = [element('tr', {}, element('td', { colspan: columns, class: 'empty' }, ifNone))]
  }
  body.replaceChildren(...rows)
}

/** Makes a table row of cells: a text, `[text, class]`, or an element. */
export function row (...cells) {
  return element('tr', {}, ...cells.map(cell => {
    const [content, style] = Array.isArray(cell) ? cell : [cell, '']
    return element('td', style === '' ? {} : { class: style }, content)
  }))
}

/** Sets the pairs of a list of terms. */
export function setFacts (list, facts) {
  list.replaceChildren(...facts.map(([term, value]) => element('div', {}, element('dt', {}, term), element('dd', {}, value))))
}

/**
 * Shows or hides an element; if one that is hidden has the focus, `next` takes it, as it would be lost. The page does not move: it shows what has come
 * just now.
 */
export function setHidden (node, hidden, next) {
  if (hidden && node === document.activeElement) {
    next.focus({ preventScroll: true })
  }
  node.hidden = hidden
}

/** Runs an action of a button unless it runs already. The button keeps the focus, which one that is disabled loses. */
export async function runOnce (button, action) {
  if (button.getAttribute('aria-disabled') === 'true') {
    return
  }
  button.setAttribute('aria-disabled', 'true')
  try {
    await action()
  } finally {
    button.removeAttribute('aria-disabled')
  }
}

/** Makes a short form of a peer ID, with the whole one as its title. */
export function peer (id) {
  return element('span', { class: 'code', title: visible(id) }, shortId(id))
}

/** Returns the first and last characters of a peer ID. */
export function shortId (id) {
  const text = String(id)
  return text.length > 20 ? `${text.slice(0, 8)}…${text.slice(-8)}` : text
}
