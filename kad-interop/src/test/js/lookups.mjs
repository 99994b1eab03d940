// Commands that ask the network: records, providers, peers.

import { describe, Refusal } from './refusals.mjs'
import { bytes, count, peerFields, peerId, place, providerKey, recordKey, valueFields } from './values.mjs'

const MAX_ERRORS_TOLD = 20

const put = {
  usage: 'put KEY VALUE [--base64]',
  arity: 2,
  options: { base64: { type: 'boolean' } },
  async run ({ node, positionals: [key, value], values, signal }) {
    const tally = new Tally()
    const stored = new Set()
    const content = await bytes(value, values.base64)
    for await (const event of tally.watch(node.services.dht.put(recordKey(key), content, { signal }))) {
      if (event.name === 'PEER_RESPONSE' && event.messageName === 'PUT_VALUE') {
        stored.add(event.from.toString())
      } else if (event.name === 'QUERY_ERROR') {
        stored.delete(event.from.toString())
      }
    }
    const reached = { stored: stored.size, holders: [...stored], ...tally.fields() }
    requireSome(stored.size, 'quorum-failed', 'no peer stored the record', reached)
    return { event: 'put', ...reached }
  }
}

const get = {
  usage: 'get KEY',
  arity: 1,
  async run ({ node, positionals: [key], signal }) {
    const tally = new Tally()
    const holders = new Set()
    let best
    for await (const event of tally.watch(node.services.dht.get(recordKey(key), { signal }))) {
      if (event.name === 'VALUE') {
        best = event
      } else if (event.name === 'PEER_RESPONSE' && event.messageName === 'GET_VALUE' && event.record != null) {
        holders.add(event.from.toString())
      }
    }
    const reached = { holders: [...holders], ...tally.fields() }
    requireSome(best == null ? 0 : 1, 'not-found', 'no peer has a valid record of the key', reached)
    return { event: 'record', ...valueFields(best.value), from: best.from.toString(), ...reached }
  }
}

const provide = {
  usage: 'provide CID',
  arity: 1,
  async run ({ node, positionals: [key], signal }) {
    const tally = new Tally()
    const announced = new Set()
    for await (const event of tally.watch(node.services.dht.provide(providerKey(key), { signal }))) {
      if (event.name === 'PEER_RESPONSE' && event.messageName === 'ADD_PROVIDER') {
        announced.add(event.from.toString())
      }
    }
    const reached = { announced: announced.size, told: [...announced], ...tally.fields() }
    requireSome(announced.size, 'no-peers', 'no peer could be told', reached)
    return { event: 'provided', ...reached }
  }
}

const findProviders = {
  usage: 'find-providers CID [--count N]',
  arity: 1,
  options: { count: { type: 'string' } },
  async run ({ node, positionals: [key], values, signal, say }) {
    const wanted = values.count == null ? Infinity : count(values.count)
    const tally = new Tally()
    let found = 0
    for await (const event of tally.watch(node.services.dht.findProviders(providerKey(key), { signal }))) {
      for (const peer of event.name === 'PROVIDER' ? event.providers.slice(0, wanted - found) : []) {
        say({ event: 'provider', ...peerFields(peer.id, peer.multiaddrs), from: event.from.toString() })
        found++
      }
      if (found >= wanted) {
        break
      }
    }
    requireSome(found, 'not-found', 'no provider of the key is known', { count: 0, ...tally.fields() })
    return { event: 'done', count: found, ...tally.fields() }
  }
}

const findPeer = {
  usage: 'find-peer PEERID [--no-cache]',
  arity: 1,
  options: { 'no-cache': { type: 'boolean' } },
  async run ({ node, positionals: [id], values, signal }) {
    const tally = new Tally()
    const options = { signal, useCache: values['no-cache'] !== true }
    for await (const event of tally.watch(node.services.dht.findPeer(peerId(id), options))) {
      if (event.name === 'FINAL_PEER') {
        return { event: 'peer', ...peerFields(event.peer.id, event.peer.multiaddrs), from: event.from.toString() }
      }
    }
    throw new Refusal('not-found', 'the peer was not found', tally.fields())
  }
}

const closestPeers = {
  usage: 'closest-peers KEY [--count N]',
  arity: 1,
  options: { count: { type: 'string' } },
  async run ({ node, positionals: [key], values, signal, say }) {
    const wanted = values.count == null ? Infinity : count(values.count)
    const tally = new Tally()
    const closest = []
    for await (const event of tally.watch(node.services.dht.getClosestPeers(place(key), { signal }))) {
      if (event.name === 'FINAL_PEER') {
        closest.push(event.peer.id)
      }
    }
    requireSome(closest.length, 'no-peers', 'no peer answered', tally.fields())
    const told = closest.slice(0, wanted)
    for (const id of told) {
      say({ event: 'peer', ...peerFields(id, await knownAddresses(node, id)) })
    }
    return { event: 'done', count: told.length, ...tally.fields() }
  }
}

export const lookups = {
  put,
  get,
  provide,
  'find-providers': findProviders,
  'find-peer': findPeer,
  'closest-peers': closestPeers
}

/** Addresses in the node's address book; the query itself names only those of peers it heard of on the way. */
export async function knownAddresses (node, id) {
  try {
    return (await node.peerStore.get(id)).addresses.map(entry => entry.multiaddr)
  } catch (error) {
    if (error.name === 'NotFoundError') {
      return []
    }
    throw error
  }
}

/** What a lookup reached: the peers asked and the errors met. */
class Tally {
  #asked = new Set()
  #errors = []

  async * watch (events) {
    try {
      for await (const event of events) {
        this.#add(event)
        yield event
      }
    } catch (error) {
      error.reached = { ...this.fields(), ...error.reached }
      throw error
    }
  }

  #add (event) {
    if (event.name === 'SEND_QUERY') {
      this.#asked.add(event.to.toString())
    } else if (event.name === 'QUERY_ERROR' && this.#errors.length < MAX_ERRORS_TOLD) {
      this.#errors.push({ peerId: event.from.toString(), message: describe(event.error) })
    }
  }

  fields () {
    const asked = { asked: this.#asked.size }
    return this.#errors.length === 0 ? asked : { ...asked, errors: this.#errors }
  }
}

function requireSome (number, code, message, reached) {
  if (number === 0) {
    throw new Refusal(code, message, reached)
  }
}
