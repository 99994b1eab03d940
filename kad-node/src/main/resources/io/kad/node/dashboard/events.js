// Events of the node as they come, the latest first.

import { url } from './api.js'
import { byId, element, setText } from './dom.js'
import { clock, plural } from './format.js'

const MAX_ROWS = 100
const SHOW_EVERY_MILLIS = 300
const NOT_DETAILS = new Set(['event', 'protocols'])

let source
let waiting = []
let total = 0

export function startEvents () {
  follow()
  document.addEventListener('visibilitychange', follow)
  // At most a few times a second, however many events come
  setInterval(show, SHOW_EVERY_MILLIS)
}

/** Follows the events while the page is visible: a browser has few connections to a host for all pages together. */
function follow () {
  source?.close()
  source = undefined
  if (document.hidden) {
    return
  }
  const opened = new EventSource(url('events'))
  source = opened
  opened.addEventListener('message', ({ data }) => {
    total++
    waiting = [...waiting, { line: JSON.parse(data), at: new Date() }].slice(-MAX_ROWS)
  })
  opened.addEventListener('error', () => {
    if (opened.readyState === EventSource.CLOSED) {
      setText(byId('events-summary'), 'The node refuses a further stream of events. Load the page again to try once more.')
    }
  })
}

function show () {
  if (waiting.length === 0 || byId('events-paused').checked || document.hidden) {
    return
  }
  const list = byId('event-rows')
  list.prepend(...waiting.reverse().map(rowOf))
  waiting = []
  while (list.children.length > MAX_ROWS) {
    list.lastElementChild.remove()
  }
  setText(byId('events-summary'), `${plural(total, 'event')} while this page was visible; the last ${MAX_ROWS} are shown.`)
}

function rowOf ({ line, at }) {
  return element('li', {},
    element('time', { datetime: at.toISOString() }, clock(at)),
    element('strong', {}, line.event),
    element('span', {}, details(line)))
}

function details (line) {
  return Object.entries(line)
    .filter(([name]) => !NOT_DETAILS.has(name))
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(' ') : value}`)
    .join(', ')
}
