// Runs one request: finds the command, bounds its time, and always ends it with one line that carries "ok".

import { setMaxListeners } from 'node:events'
import { lookups } from './lookups.mjs'
import { readWords } from './options.mjs'
import { plumbing } from './plumbing.mjs'
import { raw } from './raw.mjs'
import { Refusal, refusalLine } from './refusals.mjs'
import { duration } from './values.mjs'

const COMMANDS = { ...lookups, ...plumbing, ...raw }
const NAMES = [...Object.keys(COMMANDS), 'stop'].join(', ')

/** Answers a request through `say`; never rejects. `closing` ends it early. */
export async function answer (request, peers, settings, closing, say) {
  let open = true
  const sayWhileOpen = line => open && say(line)
  try {
    const { event, ...fields } = await run(request, peers, settings, closing, sayWhileOpen)
    say({ event, ok: true, ...fields })
  } catch (error) {
    say(refusalLine(error))
  } finally {
    open = false
  }
}

async function run (request, peers, settings, closing, say) {
  if (request.error != null) {
    throw request.error
  }
  const command = Object.hasOwn(COMMANDS, request.name ?? '') ? COMMANDS[request.name] : undefined
  if (command == null) {
    throw new Refusal('bad-input', `no command '${request.name ?? ''}': want one of ${NAMES}`)
  }
  const node = peers[request.index]
  if (node == null) {
    throw new Refusal('bad-input', `no peer @${request.index}: this process has ${peers.length}`)
  }
  const { positionals, values } = readWords(request.name, command, request.words)
  const millis = values.timeout == null ? settings.timeout : duration(values.timeout, '--timeout')
  const signal = AbortSignal.any([closing, AbortSignal.timeout(millis)])
  setMaxListeners(Infinity, signal)
  return inTime(command.run({ node, settings, positionals, values, signal, say }), signal, node)
}

/** The result, or a refusal once the signal fires, whether or not the libraries below heed it. */
async function inTime (result, signal, node) {
  let onAbort
  const late = new Promise((resolve, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([result, late])
  } catch (error) {
    throw signal.aborted ? lateRefusal(signal, node, error.reached) : error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function lateRefusal (signal, node, reached) {
  if (signal.reason?.name !== 'TimeoutError') {
    return new Refusal('io', 'the peer is stopping', reached)
  }
  if (node.services.dht.routingTable.size === 0) {
    return new Refusal('no-peers', 'the time is over and the routing table is empty', reached)
  }
  return new Refusal('timeout', 'the time is over', reached)
}
