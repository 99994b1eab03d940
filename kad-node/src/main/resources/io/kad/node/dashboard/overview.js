// Health in words, and the numbers of the node.

import { read, readAny } from './api.js'
import { byId, element, setFacts, setRows, setText } from './dom.js'
import { bytes, count, plural } from './format.js'
import { poll } from './poll.js'

const EVERY_MILLIS = 3000

export function startOverview () {
  poll(EVERY_MILLIS, async () => {
    const [info, health] = await Promise.all([read('info'), readAny('/readyz')])
    showInfo(info)
    showHealth(health, info)
  })
}

function showInfo (info) {
  setText(byId('peer-id'), info.peerId)
  document.title = `kad node …${String(info.peerId).slice(-8)}`
  setFacts(byId('tiles'), [
    ['Peers in the table', count(info.routingTable)],
    ['Connections', count(info.connections)],
    ['Records', count(info.records)],
    ['Provider records', count(info.providers)],
    ['Memory', bytes(info.memoryBytes)],
    ['Mode', info.mode]
  ])
  setFacts(byId('addresses'), [
    ['Protocol', element('span', { class: 'code' }, info.protocol)],
    ['Listens at', info.addresses.length === 0 ? 'no address' : addresses(info.addresses)]
  ])
}

/** Returns the addresses without the peer ID, which all of them end in. */
function addresses (all) {
  return element('span', { class: 'code' }, all.map(address => String(address).replace(/\/p2p\/[^/]+$/, '')).join(' '))
}

function showHealth (health, info) {
  const failed = health.checks.filter(check => !check.pass)
  const alone = info.routingTable === 0
  const state = failed.length > 0 ? 'bad' : alone ? 'warn' : 'good'
  const badge = byId('health-badge')
  badge.dataset.state = state
  setText(badge, { bad: 'not ready', warn: 'alone', good: 'healthy' }[state])
  setText(byId('health'), sentence(failed, alone, info))
  const advice = byId('advice')
  advice.hidden = failed.length === 0
  setRows(advice, failed.map(check => element('li', {}, `${check.name}: ${check.cause}. What to do: ${check.advice}.`)))
}

function sentence (failed, alone, info) {
  if (failed.length > 0) {
    return `The node is not ready: ${plural(failed.length, 'check')} failed.`
  }
  const well = 'The node responds, its stores can be read, and it listens.'
  return alone
    ? `${well} It knows no other peer yet: connect it to one, or let others join through it.`
    : `${well} It knows other peers, and runs in mode ${info.mode}.`
}
