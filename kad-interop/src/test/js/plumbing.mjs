// Commands about this peer itself: connections, routing table, mode, what it holds.

import { sha256 } from 'multiformats/hashes/sha2'
import { compare } from 'uint8arrays/compare'
import { xor } from 'uint8arrays/xor'
import { knownAddresses } from './lookups.mjs'
import { describe, Refusal } from './refusals.mjs'
import { address, peerFields, peerId, recordKey, valueFields } from './values.mjs'

const RECORDS = '/dht/record'
const PROVIDERS = '/dht/provider'
const MODES = ['server', 'client']

const connect = {
  usage: 'connect MULTIADDR',
  arity: 1,
  async run ({ node, positionals: [target], signal }) {
    const connection = await reach(() => node.dial(address(target), { signal }), signal)
    return { event: 'connected', ...connectionFields(connection) }
  }
}

/** Puts a peer into the routing table without asking it, which the library does not offer. */
const addAddress = {
  usage: 'add-address PEERID MULTIADDR',
  arity: 2,
  async run ({ node, positionals: [id, target], signal }) {
    const peer = peerId(id)
    await node.peerStore.merge(peer, { multiaddrs: [address(target)] }, { signal })
    await node.services.dht.routingTable.kb._add(
      { peerId: peer, kadId: await keyOf(peer), lastPing: Date.now() }, { signal })
    return { event: 'routing-updated' }
  }
}

const disconnect = {
  usage: 'disconnect PEERID',
  arity: 1,
  async run ({ node, positionals: [id], signal }) {
    await node.hangUp(peerId(id), { signal })
    return { event: 'disconnected', peerId: id }
  }
}

const ping = {
  usage: 'ping MULTIADDR|PEERID',
  arity: 1,
  async run ({ node, positionals: [target], signal }) {
    const peer = target.startsWith('/') ? address(target) : peerId(target)
    const rttMillis = await reach(() => node.services.ping.ping(peer, { signal }), signal)
    return { event: 'pong', rttMillis }
  }
}

const connections = {
  usage: 'connections',
  arity: 0,
  async run ({ node }) {
    return { event: 'connections', connections: node.getConnections().map(connectionFields) }
  }
}

const routingTable = {
  usage: 'routing-table',
  arity: 0,
  async run ({ node }) {
    const own = await keyOf(node.peerId)
    const entries = [...node.services.dht.routingTable.kb.toIterable()]
      .map(({ peerId: id, kadId }) => ({ id, distance: xor(kadId, own) }))
      .sort((a, b) => compare(a.distance, b.distance))
    const peers = []
    for (const { id, distance } of entries) {
      peers.push({
        ...peerFields(id, await knownAddresses(node, id)),
        commonPrefixBits: leadingZeros(distance),
        connected: node.getConnections(id).length > 0
      })
    }
    return { event: 'routing-table', peers }
  }
}

const mode = {
  usage: 'mode server|client',
  arity: 1,
  async run ({ node, positionals: [wanted], signal }) {
    if (!MODES.includes(wanted)) {
      throw new Refusal('bad-input', `the mode is '${wanted}': want server or client`)
    }
    await node.services.dht.setMode(wanted, { signal })
    return { event: 'mode', mode: node.services.dht.getMode() }
  }
}

const info = {
  usage: 'info',
  arity: 0,
  async run ({ node, settings }) {
    return {
      event: 'info',
      ...peerFields(node.peerId, node.getMultiaddrs()),
      mode: node.services.dht.getMode(),
      protocol: settings.protocol,
      protocols: node.getProtocols(),
      tableSize: node.services.dht.routingTable.size,
      connections: node.getConnections().length,
      records: await countEntries(node, RECORDS),
      providers: await countEntries(node, PROVIDERS),
      memory: process.memoryUsage().rss
    }
  }
}

const held = {
  usage: 'held KEY',
  arity: 1,
  async run ({ node, positionals: [key], signal }) {
    const record = await node.services.dht.contentFetching.getLocal(recordKey(key), { signal })
    return { event: 'held', ...valueFields(record.value), timeReceived: record.timeReceived.getTime() }
  }
}

export const plumbing = { 'add-address': addAddress, connect, disconnect, ping, connections, 'routing-table': routingTable, mode, info, held }

/** A dial that fails for any reason other than time is 'unreachable'. */
async function reach (dial, signal) {
  try {
    return await dial()
  } catch (error) {
    if (error instanceof Refusal || signal.aborted) {
      throw error
    }
    throw new Refusal('unreachable', describe(error))
  }
}

function connectionFields (connection) {
  return {
    peerId: connection.remotePeer.toString(),
    address: connection.remoteAddr.toString(),
    direction: connection.direction,
    security: shortName(connection.encryption),
    muxer: shortName(connection.multiplexer),
    streams: connection.streams.length
  }
}

function shortName (protocol) {
  return protocol?.split('/')[1]
}

async function keyOf (id) {
  return (await sha256.digest(id.toMultihash().bytes)).digest
}

function leadingZeros (distance) {
  const at = distance.findIndex(byte => byte !== 0)
  return at < 0 ? distance.length * 8 : at * 8 + Math.clz32(distance[at]) - 24
}

async function countEntries (node, prefix) {
  let number = 0
  for await (const _ of node.components.datastore.queryKeys({ prefix })) {
    number++
  }
  return number
}
