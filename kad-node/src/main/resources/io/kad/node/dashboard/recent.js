// Lookups that run or have ended lately, whoever has started them; a button shows one.

import { read } from './api.js'
import { byId, element, setText } from './dom.js'
import { poll } from './poll.js'
import { shownId, watch } from './trace.js'

const EVERY_MILLIS = 2000
const MAX_SHOWN = 8

const buttons = new Map()

let readNow = () => {}

export function startRecent () {
  readNow = poll(EVERY_MILLIS, async () => show((await read('lookups')).lookups.slice(-MAX_SHOWN).reverse()))
}

/** Reads the list at once. */
export function refreshRecent () {
  readNow()
}

function show (lookups) {
  const ids = new Set(lookups.map(lookup => lookup.id))
  for (const [id, button] of buttons) {
    if (!ids.has(id)) {
      button.parentElement.remove()
      buttons.delete(id)
    }
  }
  lookups.forEach((lookup, index) => {
    const button = buttons.get(lookup.id) ?? add(lookup, index)
    setText(button, `${lookup.command} ${lookup.key} (${lookup.ended ? 'ended' : 'running'})`)
    button.setAttribute('aria-current', String(lookup.id === shownId()))
  })
  byId('recent-title').hidden = lookups.length === 0
}

function add (lookup, index) {
  const list = byId('recent')
  const button = element('button', { type: 'button', title: `${lookup.command} ${lookup.key}` })
  button.addEventListener('click', () => {
    watch(lookup)
    readNow()
  })
  list.insertBefore(element('li', {}, button), list.children[index] ?? null)
  buttons.set(lookup.id, button)
  return button
}
