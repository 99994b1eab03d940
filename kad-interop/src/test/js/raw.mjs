// `raw-request`: any bytes on any protocol, to see what a peer makes of them.

import { varint } from 'multiformats'
import { concat } from 'uint8arrays/concat'
import { toString } from 'uint8arrays/to-string'
import { bytes, duration, peerId } from './values.mjs'

const DEFAULT_WAIT = '3s'

const rawRequest = {
  usage: 'raw-request PEERID PROTOCOL BASE64|@FILE [--no-prefix] [--close] [--wait DURATION]',
  arity: 3,
  options: {
    'no-prefix': { type: 'boolean' },
    close: { type: 'boolean' },
    wait: { type: 'string', default: DEFAULT_WAIT }
  },
  async run ({ node, positionals: [id, protocol, payload], values, signal }) {
    const body = await bytes(payload, true)
    const wait = duration(values.wait, '--wait')
    const stream = await node.dialProtocol(peerId(id), protocol, { signal })
    return exchange(stream, values['no-prefix'] ? body : prefixed(body), values.close === true, wait, signal)
  }
}

export const raw = { 'raw-request': rawRequest }

/** Writes, then reads until the other side ends the stream, resets it, or the wait is over. */
async function exchange (stream, body, close, wait, signal) {
  const chunks = []
  stream.addEventListener('message', event => chunks.push(event.data.subarray()))
  const ended = ending(stream, wait)
  if (body.length > 0) {
    stream.send(body)
  }
  if (close) {
    // resolves only when all is sent, which a peer that stops reading never allows; the wait bounds it
    stream.close({ signal }).catch(() => {})
  }
  const end = await ended
  release(stream, end)
  return { event: 'raw-response', value: toString(concat(chunks), 'base64pad'), end }
}

function ending (stream, wait) {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve('timeout'), wait)
    const end = how => {
      clearTimeout(timer)
      resolve(how)
    }
    stream.addEventListener('remoteCloseWrite', () => end('closed'))
    stream.addEventListener('close', event => end(event.error == null ? 'closed' : 'reset'))
    if (stream.remoteWriteStatus === 'closed') {
      // ended before anyone listened: what was buffered is delivered first
      setImmediate(end, stream.status === 'reset' ? 'reset' : 'closed')
    }
  })
}

function release (stream, end) {
  if (end === 'closed') {
    stream.close().catch(error => stream.abort(error))
  } else if (end === 'timeout') {
    stream.abort(new Error('the wait is over'))
  }
}

function prefixed (body) {
  return concat([varint.encodeTo(body.length, new Uint8Array(varint.encodingLength(body.length))), body])
}
