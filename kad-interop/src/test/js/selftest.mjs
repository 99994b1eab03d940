// Runs js peers against each other, so that a failure of a kad test can be laid at the right door.

import assert from 'node:assert/strict'
import { Child } from './child.mjs'
import { splitWords } from './lines.mjs'
import { indexOfGreatest } from './records.mjs'

const GIVE_UP_AFTER_MILLIS = 55_000
const KAD = '/selftest/kad/1.0.0'
const CID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'
const UNKNOWN_CID = 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4'
const UNKNOWN_PEER = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
const KAD_PING = 'CAU='
const GARBAGE = '////'

const children = []
const timings = {}
let a
let b
let c
let client

const steps = {
  async 'words are split as a shell does' () {
    assert.deepEqual(splitWords(' put "a b"\'c\' \\"d "\\$" \'\' '), ['put', 'a bc', '"d', '$', ''])
    assert.throws(() => splitWords('"a'), /quote/)
  },
  async 'the selector takes the bytewise greatest value' () {
    assert.equal(indexOfGreatest(undefined, ['a', 'c', 'b', 'ca'].map(text => new TextEncoder().encode(text))), 3)
  },
  async 'three servers and a client start' () {
    a = await start()
    b = await start('--bootstrap', a.address)
    client = await start('--client', '--bootstrap', a.address)
    await a.event('routing-add', line => line.peerId === b.peerId)
    c = await start()
    const { security, muxer, peerId } = await c.do(`connect ${a.address}`)
    assert.deepEqual([security, muxer, peerId], ['noise', 'yamux', a.peerId])
  },
  async 'each server gets all the others into its table' () {
    for (const server of [a, b, c]) {
      for (const other of [a, b, c].filter(one => one !== server)) {
        const added = await server.event('routing-add', line => line.peerId === other.peerId)
        timings[`${name(server)} has ${name(other)} in its table`] = added.at - bothListened(server, other)
      }
    }
  },
  async 'the client gets all the servers into its table' () {
    // js follows only peers nearer to the key than the one that named them, and hears of later arrivals only
    // by chance: with a table that is not complete a lookup may rightly miss some
    for (const server of [a, b, c]) {
      await client.do(`connect ${server.address}`)
      await client.event('routing-add', line => line.peerId === server.peerId)
    }
  },
  async 'the table is told nearest first with connected peers' () {
    const { peers } = await a.do('routing-table')
    assert.deepEqual(peers.map(peer => peer.peerId).sort(), [b, c].map(peer => peer.peerId).sort())
    assert.ok(peers.every(peer => peer.connected && peer.addresses.length > 0))
    assert.ok(peers[0].commonPrefixBits >= peers[1].commonPrefixBits)
  },
  async 'a record put on one is got on another' () {
    const put = await b.do('put /app/greeting "hello world"')
    assert.equal(put.stored, 2)
    assert.deepEqual([...put.holders].sort(), [a.peerId, c.peerId].sort())
    assert.equal((await c.do('held /app/greeting')).text, 'hello world')
    const got = await client.do('get /app/greeting')
    assert.deepEqual([got.text, got.value, got.holders.length], ['hello world', 'aGVsbG8gd29ybGQ=', 3])
  },
  async 'of two values the greater one is got' () {
    await a.do('put /app/rivals aaa')
    await b.do('put /app/rivals zzz')
    assert.equal((await client.do('get /app/rivals')).text, 'zzz')
  },
  async 'a missing record, provider and peer are not found' () {
    const lookups = [`find-providers ${UNKNOWN_CID}`, `find-peer ${UNKNOWN_PEER}`]
    for (const command of ['get /app/missing', 'held /app/missing', ...lookups]) {
      assert.equal((await c.ask(command)).at(-1).code, 'not-found', command)
    }
  },
  async 'an unknown namespace is refused by the other side' () {
    const refused = (await a.ask('put /other/x y')).at(-1)
    assert.deepEqual([refused.code, refused.stored], ['quorum-failed', 0])
  },
  async 'a provider is found' () {
    assert.equal((await b.do(`provide ${CID}`)).announced, 2)
    const lines = await client.ask(`find-providers ${CID} --count 1`)
    assert.deepEqual(lines.map(line => line.event), ['provider', 'done'])
    assert.equal(lines[0].peerId, b.peerId)
    assert.ok(lines[0].addresses.some(text => b.address.startsWith(text)))
  },
  async 'a peer is found over the network' () {
    const found = await client.do(`find-peer ${c.peerId} --no-cache`)
    assert.equal(found.peerId, c.peerId)
    assert.ok(found.addresses.some(text => c.address.startsWith(text)))
  },
  async 'the closest peers are the servers' () {
    const lines = await client.ask('closest-peers /app/anything')
    assert.deepEqual(ids(lines), [a, b, c].map(peer => peer.peerId).sort())
    assert.equal(lines.at(-1).count, 3)
    assert.equal((await client.ask(`closest-peers ${b.peerId} --count 1`))[0].peerId, b.peerId)
  },
  async 'the client stays out of every table' () {
    const { protocols } = await a.event('peer-identified', line => line.peerId === client.peerId)
    assert.ok(!protocols.includes(KAD))
    assert.equal((await client.do('info')).mode, 'client')
    for (const server of [a, b, c]) {
      const { peers } = await server.do('routing-table')
      assert.ok(!peers.some(peer => peer.peerId === client.peerId))
    }
  },
  async 'a client that turns server joins by identify push' () {
    const before = Date.now()
    await client.do('mode server')
    const added = await a.event('routing-add', line => line.peerId === client.peerId)
    timings['a has the client in its table after mode server'] = added.at - before
  },
  async 'ping, connections and disconnect work' () {
    assert.ok((await b.do(`ping ${c.address}`)).rttMillis >= 0)
    const { connections } = await b.do('connections')
    assert.ok(connections.some(one => one.peerId === c.peerId && one.security === 'noise'))
    await b.do(`disconnect ${c.peerId}`)
    await b.event('peer-disconnected', line => line.peerId === c.peerId)
  },
  async 'raw bytes are answered, and garbage resets the stream' () {
    const pong = await b.do(`raw-request ${a.peerId} ${KAD} ${KAD_PING} --wait 500ms`)
    assert.deepEqual([pong.end, pong.value], ['timeout', 'AggF'])
    assert.equal((await b.do(`raw-request ${a.peerId} ${KAD} ${GARBAGE}`)).end, 'reset')
    assert.equal((await b.ask(`raw-request ${a.peerId} /no/such/1 ${KAD_PING}`)).at(-1).ok, false)
    assert.equal((await a.do('info')).mode, 'server')
  },
  async 'bad input is answered' () {
    for (const command of ['nonsense', 'get', 'get nothing', 'connect zz', 'find-peer zz', 'provide zz', '@7 info']) {
      assert.equal((await a.ask(command)).at(-1).code, 'bad-input', command)
    }
    assert.equal((await a.ask('connect /ip4/127.0.0.1/tcp/1')).at(-1).code, 'unreachable')
  },
  async 'many commands run side by side' () {
    const puts = Array.from({ length: 50 }, (_, i) => b.do(`put /app/many-${i} value-${i}`))
    await Promise.all(puts)
    const got = await Promise.all(puts.map((_, i) => c.do(`get /app/many-${i}`)))
    assert.deepEqual(got.map(answer => answer.text), puts.map((_, i) => `value-${i}`))
  },
  async 'a lone peer says no-peers in time' () {
    const lone = await start()
    assert.equal((await lone.ask('get /app/x --timeout 300ms')).at(-1).code, 'no-peers')
  },
  async 'several peers live in one process' () {
    const many = await start('--count', '3', '--bootstrap', a.address)
    const last = await many.event('listening', line => line.node === 2)
    await many.event('routing-add', line => line.node === 2 && line.peerId === a.peerId)
    assert.equal((await many.do('@2 info')).peerId, last.peerId)
    assert.equal((await many.do('@2 get /app/greeting')).text, 'hello world')
  },
  async 'each process ends with its input or on stop' () {
    await a.do('stop')
    children.forEach(child => child.endInput())
    assert.deepEqual(await Promise.all(children.map(child => child.exit)), children.map(() => 0))
  },
  async 'no error escaped' () {
    assert.deepEqual(children.flatMap(child => child.events.filter(line => line.event === 'unhandled')), [])
  }
}

await runAll()

async function runAll () {
  setTimeout(() => fail(new Error(`not done after ${GIVE_UP_AFTER_MILLIS} ms`)), GIVE_UP_AFTER_MILLIS).unref()
  for (const [title, step] of Object.entries(steps)) {
    const before = Date.now()
    await step().catch(error => fail(error, title))
    process.stdout.write(`ok ${title} (${Date.now() - before} ms)\n`)
  }
  Object.entries(timings).forEach(([what, millis]) => process.stdout.write(`${what}: ${millis} ms\n`))
  process.stdout.write(`${Object.keys(steps).length} passed, 0 failed\n`)
}

function fail (error, title = 'the whole run') {
  process.stdout.write(`FAILED ${title}\n${error.stack}\n`)
  children.forEach(child => child.endInput())
  process.exit(1)
}

async function start (...options) {
  const child = await Child.start(['--protocol', KAD, ...options])
  children.push(child)
  return child
}

function bothListened (one, other) {
  return Math.max(...[one, other].map(peer => peer.events.find(line => line.event === 'listening').at))
}

function name (peer) {
  return 'abc'[[a, b, c].indexOf(peer)]
}

function ids (lines) {
  return lines.filter(line => line.event === 'peer').map(line => line.peerId).sort()
}
