// One js-libp2p node: a stack of connections, identify, ping and kad, set up for tests on loopback.

import './polyfill.mjs'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { quic } from '@chainsafe/libp2p-quic'
import { generateKeyPair, generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify, identifyPush } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { WebSocket } from 'ws'
import { recordRules } from './records.mjs'
import { peerFields } from './values.mjs'

const FIRST_SELF_QUERY_AFTER_MILLIS = 100
/** Longer than a process that is measured; timers take no more than 2^31. */
const NEVER_MILLIS = 1_000_000_000
const MAX_OUTBOUND_KAD_STREAMS = 512
const MAX_PENDING_CONNECTIONS = 1000
const MAX_PING_STREAMS = 64
const RSA_BITS = 2048

/** What carries the connections, by the name of the option. */
const STACKS = {
  noise: () => ({ transports: [tcp()], connectionEncrypters: [noise()], streamMuxers: [yamux()] }),
  tls: () => ({ transports: [tcp()], connectionEncrypters: [tls()], streamMuxers: [yamux()] }),
  ws: () => ({ transports: [webSockets()], connectionEncrypters: [noise()], streamMuxers: [yamux()] }),
  wss: settings => ({ transports: [secureWebSockets(settings)], connectionEncrypters: [noise()], streamMuxers: [yamux()] }),
  quic: () => ({ transports: [quic()] })
}

/** Makes and starts a node; `say` gets its events from the first one on. */
export async function startNode (settings, say) {
  const node = await createLibp2p({
    start: false,
    privateKey: await privateKey(settings),
    addresses: { listen: settings.listen },
    ...(settings.agent == null ? {} : { nodeInfo: { userAgent: settings.agent } }),
    ...STACKS[settings.stack](settings),
    ...(settings.psk == null ? {} : { connectionProtector: preSharedKey({ psk: await readFile(settings.psk) }) }),
    connectionMonitor: { enabled: settings.monitor, pingTimeout: { minTimeout: settings.minTimeout } },
    connectionManager: {
      inboundConnectionThreshold: settings.inboundThreshold,
      maxIncomingPendingConnections: MAX_PENDING_CONNECTIONS
    },
    services: services(settings)
  })
  sayEvents(node, say)
  await node.start()
  if (settings.quiet) {
    await node.services.dht.routingTableRefresh.stop()
  }
  return node
}

/** WebSocket in TLS. The library dials with the WebSocket of the runtime and hands it no options, so that one trusts the certificate. */
function secureWebSockets ({ wsCert, wsKey }) {
  const cert = readFileSync(wsCert)
  globalThis.WebSocket = class extends WebSocket {
    constructor (url) {
      super(url, { ca: cert })
    }
  }
  return webSockets({ https: { cert, key: readFileSync(wsKey) } })
}

function privateKey ({ seed, keyType }) {
  return seed == null ? generateKeyPair(keyType, RSA_BITS) : generateKeyPairFromSeed('Ed25519', seed)
}

function services (settings) {
  const chosen = {
    identify: identify(),
    ping: ping({ maxInboundStreams: MAX_PING_STREAMS, maxOutboundStreams: MAX_PING_STREAMS }),
    dht: kadDHT({
      protocol: settings.protocol,
      clientMode: settings.clientMode,
      peerInfoMapper: passthroughMapper,
      networkDialTimeout: { minTimeout: settings.minTimeout },
      maxInboundStreams: settings.maxInboundStreams,
      maxOutboundStreams: MAX_OUTBOUND_KAD_STREAMS,
      initialQuerySelfInterval: settings.quiet ? NEVER_MILLIS : FIRST_SELF_QUERY_AFTER_MILLIS,
      ...recordRules(settings.namespaces)
    })
  }
  return settings.push ? { ...chosen, identifyPush: identifyPush() } : chosen
}

function sayEvents (node, say) {
  sayPeers(node, { 'peer:connect': 'peer-connected', 'peer:disconnect': 'peer-disconnected' }, say)
  sayPeers(node.services.dht.routingTable, { 'peer:add': 'routing-add', 'peer:remove': 'routing-remove' }, say)
  node.addEventListener('peer:identify', ({ detail }) => say({
    event: 'peer-identified',
    ...peerFields(detail.peerId, detail.listenAddrs),
    protocols: detail.protocols,
    agent: detail.agentVersion,
    signedRecord: detail.signedPeerRecord != null
  }))
}

function sayPeers (source, names, say) {
  for (const [name, event] of Object.entries(names)) {
    source.addEventListener(name, ({ detail: id }) => say({ event, peerId: id.toString() }))
  }
}
