// Text forms of keys, values, peers and addresses, and their way back to text.

import { readFile } from 'node:fs/promises'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import * as Digest from 'multiformats/hashes/digest'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { Refusal } from './refusals.mjs'

const HEX = /^0x(?:[0-9a-fA-F]{2})+$/
const PEER_RECORD_KEY = /^(\/pk\/|\/ipns\/)([^/]+)$/
const DURATION = /^(\d+)(ms|s|m)$/
const MILLIS = { ms: 1, s: 1000, m: 60_000 }

/** A record key: `/namespace/name` as UTF-8, `/pk/PEERID` and `/ipns/PEERID` in binary, or `0x` and hex. */
export function recordKey (text) {
  if (HEX.test(text)) {
    return fromString(text.slice(2), 'base16')
  }
  const ofPeer = PEER_RECORD_KEY.exec(text)
  if (ofPeer != null) {
    return concat([fromString(ofPeer[1]), peerId(ofPeer[2]).toMultihash().bytes])
  }
  if (!text.startsWith('/')) {
    throw new Refusal('bad-input', `KEY is '${text}': want /namespace/name or 0x and hex digits`)
  }
  return fromString(text)
}

/** A provider key: a CID, or `0x` and the hex of a multihash. */
export function providerKey (text) {
  return parsed('CID', text, 'a CID or 0x and the hex of a multihash', () => {
    return HEX.test(text) ? CID.createV1(raw.code, Digest.decode(fromString(text.slice(2), 'base16'))) : CID.parse(text)
  })
}

/** Any place in the key space: a record key, a peer id or a CID (whose multihash counts). */
export function place (text) {
  if (text.startsWith('/') || HEX.test(text)) {
    return recordKey(text)
  }
  return parsed('KEY', text, '/namespace/name, a peer id, a CID or 0x and hex digits', () => {
    try {
      return peerIdFromString(text).toMultihash().bytes
    } catch {
      return CID.parse(text).multihash.bytes
    }
  })
}

export function peerId (text) {
  return parsed('PEERID', text, 'a peer id', () => peerIdFromString(text))
}

export function address (text) {
  return parsed('MULTIADDR', text, 'a multiaddr such as /ip4/127.0.0.1/tcp/4001/p2p/PEERID', () => multiaddr(text))
}

/** Bytes of a value: the text itself, the contents of `@file`, or base64 when the command says so. */
export async function bytes (text, base64) {
  if (text.startsWith('@')) {
    return new Uint8Array(await readFile(text.slice(1)))
  }
  return base64 ? fromBase64(text) : fromString(text)
}

export function fromBase64 (text) {
  const decoded = Buffer.from(text, 'base64')
  if (decoded.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) {
    throw new Refusal('bad-input', 'BASE64 holds characters that are not base64')
  }
  return new Uint8Array(decoded)
}

/** A number of things, at least 1. */
export function count (text, name = '--count') {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new Refusal('bad-input', `${name} is '${text}': want a whole number from 1 on`)
  }
  return number
}

/** A duration in milliseconds: `500ms`, `30s` or `2m`. */
export function duration (text, name) {
  const parts = DURATION.exec(text)
  if (parts == null) {
    throw new Refusal('bad-input', `${name} is '${text}': want a duration such as 500ms, 30s or 2m`)
  }
  return Number(parts[1]) * MILLIS[parts[2]]
}

/** The fields that show bytes: base64, and the text when they are UTF-8. */
export function valueFields (value) {
  const fields = { value: toString(value, 'base64pad') }
  try {
    fields.text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value)
  } catch {
    // not UTF-8: the bytes alone are shown
  }
  return fields
}

export function peerFields (id, multiaddrs) {
  return { peerId: id.toString(), addresses: multiaddrs.map(String) }
}

function parsed (name, text, wanted, parse) {
  try {
    return parse()
  } catch (error) {
    throw new Refusal('bad-input', `${name} is '${text}': want ${wanted} (${error.message})`)
  }
}
