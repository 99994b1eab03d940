// The result of a lookup, and a sentence that says it.

import { element, shortId } from './dom.js'
import { plural } from './format.js'

/** Returns the elements that show a result: what was found so far, and the last line if it has come. */
export function resultOf (found, last) {
  const parts = []
  if (last?.ok === false) {
    parts.push(element('p', { class: 'bad' }, last.message))
  }
  if (last?.event === 'record') {
    const isText = last.text != null
    parts.push(
      element('p', {}, `Value (${isText ? 'text' : 'base64'}) from ${last.from == null ? 'the local store' : shortId(last.from)}`),
      element('pre', { tabindex: '0', role: 'region', 'aria-label': 'Value' }, isText ? last.text : last.value))
  }
  const peers = last?.event === 'peer' ? [...found, last] : found
  if (peers.length > 0) {
    parts.push(element('ol', { 'aria-label': 'Peers that were found', tabindex: '0' }, ...peers.map(each => element('li', {},
      element('span', { class: 'code' }, each.peerId, ' ', (each.addresses ?? []).map(address => String(address).replace(/\/p2p\/[^/]+$/, '')).join(' '))))))
  }
  return parts
}

/** Returns what came of a lookup, as a sentence. */
export function summaryOf (state, found, last) {
  if (!last.ok) {
    return `The lookup has failed: ${last.message}.`
  }
  switch (state.command) {
    case 'get': return 'The record was found.'
    case 'find-peer': return 'The peer was found.'
    case 'find-providers': return `${plural(found.length, 'provider')} found.`
    default: return `${plural(found.length, 'closest peer')} found.`
  }
}
