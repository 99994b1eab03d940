// The Delegated Routing client of Helia, unaltered: one lookup, a line for each peer, then `done`.
//
//     node delegated.mjs URL providers|peers|closest-peers CID [FILTER-ADDRS]

import './polyfill.mjs'
import { delegatedRoutingV1HttpApiClient } from '@helia/delegated-routing-v1-http-api-client'
import { CID } from 'multiformats/cid'
import { emit } from './lines.mjs'

const TIMEOUT_MILLIS = 60_000
const LOOKUPS = { providers: 'getProviders', peers: 'getPeers', 'closest-peers': 'getClosestPeers' }

const [url, lookup, cid, filterAddrs] = process.argv.slice(2)
const failures = []

// The client logs the failure of some lookups instead of failing
const log = Object.assign(() => {}, { trace: () => {}, error: (...words) => failures.push(words.map(String).join(' ')) })
log.newScope = () => log
const components = { logger: { forComponent: () => log } }

const client = delegatedRoutingV1HttpApiClient({ url, timeout: TIMEOUT_MILLIS, cacheTTL: 0 })(components)
try {
  let count = 0
  const options = filterAddrs == null ? {} : { filterAddrs: filterAddrs.split(',') }
  for await (const peer of client[LOOKUPS[lookup]](CID.parse(cid), options)) {
    count++
    emit({ event: 'peer', peerId: peer.ID.toString(), addresses: peer.Addrs.map(String), protocols: peer.Protocols })
  }
  emit({ event: 'done', ok: failures.length === 0, count, failures })
} catch (error) {
  emit({ event: 'error', ok: false, message: `${error.name}: ${error.message}` })
}
