// A real js-libp2p kad peer, driven over standard input and output. README.md tells the language.

import './polyfill.mjs'
import { createInterface } from 'node:readline'
import { answer } from './commands.mjs'
import { emit, parseRequest } from './lines.mjs'
import { startNode } from './node.mjs'
import { readOptions, USAGE } from './options.mjs'
import { describe, refusalLine } from './refusals.mjs'
import { peerFields } from './values.mjs'

const STOP_WITHIN_MILLIS = 4000
const EXIT_FAILED = 1
const EXIT_USAGE = 2

const peers = []
const running = new Set()
const closing = new AbortController()

process.on('uncaughtException', tellUnhandled)
process.on('unhandledRejection', tellUnhandled)
process.stdout.on('error', () => process.exit(EXIT_FAILED))

const settings = settingsOrExit()
await startOrExit()
listenToCommands()

function settingsOrExit () {
  try {
    const read = readOptions(process.argv.slice(2))
    if (read.help) {
      process.stdout.write(USAGE)
      process.exit(0)
    }
    return read
  } catch (error) {
    process.stderr.write(`${describe(error)}\n${USAGE}`)
    return process.exit(EXIT_USAGE)
  }
}

async function startOrExit () {
  try {
    for (let index = 0; index < settings.count; index++) {
      const say = sayAs(index)
      const node = await startNode(settings, say)
      peers.push(node)
      say({ event: 'listening', ...peerFields(node.peerId, node.getMultiaddrs()) })
      join(node, index, say)
    }
  } catch (error) {
    emit(refusalLine(error))
    process.exit(EXIT_FAILED)
  }
}

/** Dials the bootstrap peers in the background, once each. */
function join (node, index, say) {
  const first = index > 0 ? peers[0].getMultiaddrs().slice(0, 1) : []
  const targets = settings.bootstrap.length > 0 ? settings.bootstrap : first
  for (const target of targets) {
    node.dial(target, { signal: closing.signal })
      .then(connection => say({ event: 'bootstrap-reached', peerId: connection.remotePeer.toString() }))
      .catch(error => say({ event: 'bootstrap-failed', address: target.toString(), error: describe(error) }))
  }
}

function listenToCommands () {
  const input = createInterface({ input: process.stdin, crlfDelay: Infinity, terminal: false })
  input.on('line', onLine)
  input.on('close', () => stop())
  process.on('SIGTERM', () => stop())
  process.on('SIGINT', () => stop())
}

function onLine (line) {
  const request = parseRequest(line)
  if (request == null) {
    return
  }
  const say = sayAs(request.index, request.id)
  if (request.name === 'stop') {
    stop(say)
    return
  }
  const run = answer(request, peers, settings, closing.signal, say).finally(() => running.delete(run))
  running.add(run)
}

/** Ends running commands, then the peers, then the process: always, and soon. */
async function stop (say = emit) {
  if (closing.signal.aborted) {
    return
  }
  closing.abort()
  setTimeout(() => leave(say), STOP_WITHIN_MILLIS)
  await Promise.all(running)
  const results = await Promise.allSettled(peers.map(node => node.stop()))
  results.filter(result => result.status === 'rejected').forEach(result => tellUnhandled(result.reason))
  leave(say)
}

function leave (say) {
  say({ event: 'stopped', ok: true })
  process.exit(0)
}

function sayAs (index, id) {
  const origin = settings.count > 1 ? { node: index } : {}
  const tag = id == null ? {} : { id }
  return line => emit({ ...line, ...tag, ...origin })
}

/** Errors that escaped the libraries: told, so that a test sees them, but the peer goes on. */
function tellUnhandled (error) {
  emit({ event: 'unhandled', error: describe(error), stack: error?.stack })
}
