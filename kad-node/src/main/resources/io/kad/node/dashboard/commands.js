// The form: lookups, which are watched as they run, and what stores something.

import { change } from './api.js'
import { byId, element, setRows, setText } from './dom.js'
import { plural } from './format.js'
import { refreshRecent } from './recent.js'
import { showRefusal, takeToken } from './token.js'
import { hideTrace, watch } from './trace.js'

const KEY_HINT = 'A key such as /app/name, or 0x and hex digits.'
const CONTENT_HINT = 'A CID, or a key such as /app/name.'

const OPERATIONS = {
  'closest-peers': { title: 'Find the closest peers', hint: 'A peer ID, a CID, or a key such as /app/name.', run: lookup },
  get: { title: 'Get a record', hint: KEY_HINT, run: lookup },
  put: { title: 'Put a record', hint: KEY_HINT, takesValue: true, run: put },
  'find-providers': { title: 'Find providers', hint: CONTENT_HINT, run: lookup },
  provide: { title: 'Provide', hint: `${CONTENT_HINT} This node becomes a provider of it.`, run: provide },
  'find-peer': { title: 'Find a peer', hint: 'A peer ID, in base58 or as a CID.', run: lookup }
}

let running = false

export function startCommands () {
  setRows(byId('operation'), Object.entries(OPERATIONS).map(([name, { title }]) => element('option', { value: name }, title)))
  byId('operation').addEventListener('change', showOperation)
  byId('command').addEventListener('submit', event => {
    event.preventDefault()
    submit()
  })
  showOperation()
}

function showOperation () {
  const operation = OPERATIONS[byId('operation').value]
  setText(byId('key-hint'), operation.hint)
  byId('value-field').hidden = operation.takesValue !== true
}

async function submit () {
  if (running) {
    return
  }
  running = true
  takeToken()
  byId('command-error').hidden = true
  const name = byId('operation').value
  try {
    await OPERATIONS[name].run(name, byId('key').value.trim())
  } catch (error) {
    setText(byId('command-status'), '')
    showRefusal(byId('command-error'), error, byId('key'))
  }
  running = false
}

async function lookup (name, key) {
  const state = await change('POST', ['lookups', name, key])
  setText(byId('command-status'), 'The lookup has started.')
  watch(state)
  refreshRecent()
}

async function put (name, key) {
  hideTrace()
  setText(byId('command-status'), 'Storing the record at the closest peers.')
  const done = await change('PUT', ['records', key], byId('value').value)
  setText(byId('command-status'), `The record is stored at ${plural(done.stored, 'peer')}.`)
}

async function provide (name, key) {
  hideTrace()
  setText(byId('command-status'), 'Announcing this node at the closest peers.')
  const done = await change('PUT', ['providers', key])
  setText(byId('command-status'), `This node is announced as a provider at ${plural(done.announced, 'peer')}.`)
}
