// The command line of peer.mjs.

import { parseArgs } from 'node:util'
import { Refusal } from './refusals.mjs'
import { address, count, duration } from './values.mjs'

export const USAGE = `usage: node peer.mjs [option...]
  --stack NAME               noise (default) or tls over TCP with Yamux, ws (WebSocket with Noise), wss (the same in TLS), or quic
  --listen MULTIADDR         listen there (repeatable; default /ip4/127.0.0.1 with /tcp/0, /tcp/0/ws, /tcp/0/tls/ws or /udp/0/quic-v1)
  --ws-cert FILE             certificate of a listener of wss, in PEM, which the dialer trusts, too
  --ws-key FILE              its private key, in PEM
  --no-listen                listen nowhere
  --psk FILE                 pre-shared key of a private network
  --bootstrap MULTIADDR      dial it once at the start (repeatable)
  --protocol ID              kad protocol (default /kad/1.0.0)
  --client | --server        kad mode (default server)
  --namespace NAME           accept records /NAME/... (repeatable; default app)
  --key-type TYPE            Ed25519 (default), secp256k1 or RSA
  --seed HEX                 Ed25519 key made of these 32 bytes
  --quiet                    no self-query and no refresh: a server that is measured
  --count N                  peers in this process (default 1); without --bootstrap the later ones dial the first
  --timeout DURATION         bound of each command (default 30s)
  --max-inbound-streams N    kad streams a connection may open here (default 512; js itself: 32)
  --inbound-threshold N      connections a second from one host (default 10000; js itself: 5)
  --min-timeout DURATION     shortest time of a kad request and of a heartbeat ping, which js adapts to earlier ones (default 30s; js itself: 5s)
  --monitor | --no-monitor   heartbeat pings that abort a connection (default off; js itself: on)
  --peer-mapper passthrough  loopback addresses count (the only choice)
  --no-push                  without identify push
  --agent TEXT               agent version that identify states (default: that of js)
`

const OPTIONS = {
  stack: { type: 'string', default: 'noise' },
  listen: { type: 'string', multiple: true },
  'no-listen': { type: 'boolean' },
  'ws-cert': { type: 'string' },
  'ws-key': { type: 'string' },
  psk: { type: 'string' },
  bootstrap: { type: 'string', multiple: true, default: [] },
  protocol: { type: 'string', default: '/kad/1.0.0' },
  client: { type: 'boolean' },
  server: { type: 'boolean' },
  namespace: { type: 'string', multiple: true, default: ['app'] },
  'key-type': { type: 'string', default: 'Ed25519' },
  seed: { type: 'string' },
  quiet: { type: 'boolean' },
  count: { type: 'string', default: '1' },
  timeout: { type: 'string', default: '30s' },
  'max-inbound-streams': { type: 'string', default: '512' },
  'inbound-threshold': { type: 'string', default: '10000' },
  'min-timeout': { type: 'string', default: '30s' },
  monitor: { type: 'boolean' },
  'no-monitor': { type: 'boolean' },
  'peer-mapper': { type: 'string', default: 'passthrough' },
  'no-push': { type: 'boolean' },
  agent: { type: 'string' },
  help: { type: 'boolean' }
}

const LISTEN = {
  noise: '/ip4/127.0.0.1/tcp/0',
  tls: '/ip4/127.0.0.1/tcp/0',
  ws: '/ip4/127.0.0.1/tcp/0/ws',
  wss: '/ip4/127.0.0.1/tcp/0/tls/ws',
  quic: '/ip4/127.0.0.1/udp/0/quic-v1'
}

const KEY_TYPES = ['Ed25519', 'secp256k1', 'RSA']

/** The validated settings of this process; throws a Refusal that names what is wrong. */
export function readOptions (args) {
  const given = parseOrRefuse({ args, options: OPTIONS, strict: true })
  refuse(given.client && given.server, '--client and --server exclude each other')
  refuse(given.monitor && given['no-monitor'], '--monitor and --no-monitor exclude each other')
  refuse(given.listen != null && given['no-listen'], '--listen and --no-listen exclude each other')
  refuse(!given.protocol.startsWith('/'), `--protocol is '${given.protocol}': want an id that starts with /`)
  refuse(given.namespace.some(name => !/^[^/\s]+$/.test(name)), '--namespace takes a name without / or blanks')
  refuse(!KEY_TYPES.includes(given['key-type']), `--key-type is '${given['key-type']}': want ${KEY_TYPES.join(', ')}`)
  refuse(!Object.hasOwn(LISTEN, given.stack), `--stack is '${given.stack}': want ${Object.keys(LISTEN).join(', ')}`)
  refuse((given.stack === 'wss') !== (given['ws-cert'] != null && given['ws-key'] != null), '--ws-cert and --ws-key belong to --stack wss')
  refuse(given.seed != null && !/^[0-9a-fA-F]{64}$/.test(given.seed), '--seed takes 64 hex digits')
  refuse(given['peer-mapper'] !== 'passthrough', '--peer-mapper takes passthrough only')
  return {
    help: given.help === true,
    stack: given.stack,
    listen: listenAddresses(given),
    wsCert: given['ws-cert'],
    wsKey: given['ws-key'],
    psk: given.psk,
    bootstrap: given.bootstrap.map(address),
    protocol: given.protocol,
    clientMode: given.client === true,
    namespaces: given.namespace,
    keyType: given['key-type'],
    seed: given.seed == null ? undefined : Buffer.from(given.seed, 'hex'),
    quiet: given.quiet === true,
    count: count(given.count),
    timeout: duration(given.timeout, '--timeout'),
    maxInboundStreams: count(given['max-inbound-streams'], '--max-inbound-streams'),
    inboundThreshold: count(given['inbound-threshold'], '--inbound-threshold'),
    minTimeout: duration(given['min-timeout'], '--min-timeout'),
    monitor: given.monitor === true,
    push: given['no-push'] !== true,
    agent: given.agent
  }
}

/** Words after a command's name: `{ positionals, values }`. */
export function readWords (name, command, words) {
  const options = { timeout: { type: 'string' }, ...command.options }
  const { positionals, values } = parseOrRefuse({ args: words, options, strict: true, allowPositionals: true }, true)
  if (positionals.length !== command.arity) {
    const wanted = `${name} takes ${command.arity} argument(s), not ${positionals.length}`
    throw new Refusal('bad-input', `${wanted}: ${command.usage}`)
  }
  return { positionals, values }
}

function listenAddresses (given) {
  return given['no-listen'] ? [] : (given.listen ?? [LISTEN[given.stack]]).map(text => address(text).toString())
}

function parseOrRefuse (config, whole = false) {
  try {
    const result = parseArgs(config)
    return whole ? result : result.values
  } catch (error) {
    throw new Refusal('bad-input', error.message.split('. ')[0])
  }
}

function refuse (wrong, message) {
  if (wrong) {
    throw new Refusal('bad-input', message)
  }
}
