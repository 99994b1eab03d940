// Open connections with what was agreed on each, and the agent version that the peer has stated.

import { read } from './api.js'
import { byId, element, peer, row, setHidden, setRows, setText } from './dom.js'
import { count, plural } from './format.js'
import { poll } from './poll.js'

const EVERY_MILLIS = 3000
const PAGE = 100
const COLUMNS = 8

let all = []
let limit = PAGE
let last = ''

export function startConnections () {
  poll(EVERY_MILLIS, async () => {
    const [open, stated] = await Promise.all([read('connections'), read('agents')])
    const agents = new Map(stated.agents.map(agent => [agent.peerId, agent.agent]))
    all = open.connections.map(connection => ({ ...connection, agent: agents.get(connection.peerId) ?? null }))
    show()
  })
  byId('connections-filter').addEventListener('input', () => {
    limit = PAGE
    show()
  })
  byId('connections-more').addEventListener('click', () => {
    limit += PAGE
    show()
  })
}

function show () {
  const words = byId('connections-filter').value.trim().toLowerCase()
  const fitting = words === '' ? all : all.filter(connection => Object.values(connection).join(' ').toLowerCase().includes(words))
  const rows = fitting.slice(0, limit)
  setHidden(byId('connections-more'), fitting.length <= limit, byId('connections-filter'))
  const inbound = all.filter(connection => connection.direction === 'inbound').length
  setText(byId('connections-summary'), words === ''
    ? `${plural(all.length, 'connection')}: ${count(inbound)} inbound, ${count(all.length - inbound)} outbound.`
    : `${count(fitting.length)} of ${plural(all.length, 'connection')}.`)
  const state = JSON.stringify(rows)
  if (state !== last) {
    last = state
    setRows(byId('connection-rows'), rows.map(rowOf), COLUMNS, words === '' ? 'No connection is open.' : 'No connection fits the filter.')
  }
}

function rowOf (connection) {
  return row(
    peer(connection.peerId),
    connection.agent == null ? ['not known', 'empty'] : connection.agent === '' ? ['not stated', 'empty'] : connection.agent,
    connection.direction,
    connection.transport,
    connection.security,
    connection.muxer,
    [count(connection.streams), 'number'],
    element('span', { class: 'code' }, connection.address))
}
