// A lookup as it happens: its hops, its facts, its result.

import { change, url } from './api.js'
import { drawChart } from './chart.js'
import { byId, element, peer, row, setFacts, setHidden, setRows, setText } from './dom.js'
import { count, millis, plural, power } from './format.js'
import { resultOf, summaryOf } from './result.js'
import { showRefusal, takeToken } from './token.js'

const MAX_ROWS = 1000
const RESPONDED = / closer peers$/

/** Lookup that is shown: `{ state, hops, found, last, source, cancelling }`. */
let shown
let drawing = false

/** Shows a lookup from its beginning, and follows it to its end. */
export function watch (state) {
  hideTrace()
  const source = new EventSource(url('lookups', state.id, 'events'))
  const trace = { state, hops: [], found: [], last: null, next: 0, source, cancelling: false }
  shown = trace
  setText(byId('trace-title'), `${state.command} ${state.key}`)
  cancel.hidden = false
  showCancelling()
  byId('trace').hidden = false
  source.addEventListener('message', ({ data, lastEventId }) => {
    // After a loss of the connection the stream may begin again
    if (Number(lastEventId) >= trace.next) {
      trace.next = Number(lastEventId) + 1
      add(trace, JSON.parse(data))
      redraw()
    }
  })
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED && trace === shown && trace.last == null) {
      setText(byId('command-status'), 'The lookup can no longer be followed: the node has forgotten it, or serves too many requests.')
    }
  })
  redraw()
}

/** Ends to follow a lookup, and hides it. */
export function hideTrace () {
  shown?.source.close()
  shown = undefined
  byId('trace').hidden = true
}

/** Returns the ID of the lookup that is shown; empty if none is. */
export function shownId () {
  return shown?.state.id ?? ''
}

const cancel = byId('trace-cancel')
cancel.addEventListener('click', async () => {
  const trace = shown
  if (trace.cancelling) {
    return
  }
  trace.cancelling = true
  showCancelling()
  takeToken()
  byId('command-error').hidden = true
  const show = await cancelled(trace)
  trace.cancelling = false
  if (trace === shown) { // another lookup may be shown meanwhile
    showCancelling()
    show()
  }
})

/** Cancels a lookup; returns what shows how that has ended. */
async function cancelled (trace) {
  try {
    const state = await change('DELETE', ['lookups', trace.state.id])
    const text = state.failure === 'cancelled' ? 'The lookup was cancelled.' : 'The lookup had ended before.'
    return () => trace.last == null && setText(byId('command-status'), text)
  } catch (error) {
    return () => showRefusal(byId('command-error'), error)
  }
}

/** Shows whether the lookup that is shown is being cancelled. The button keeps the focus, which one that is disabled loses. */
function showCancelling () {
  cancel.setAttribute('aria-disabled', String(shown.cancelling))
}

function add (trace, line) {
  if (line.event === 'hop') {
    trace.hops.push({ ...line, responded: RESPONDED.test(line.answer) })
  } else if (Object.hasOwn(line, 'ok')) {
    trace.last = line
    trace.source.close()
  } else {
    trace.found.push(line)
  }
}

/** Draws what has come, once a frame. */
function redraw () {
  if (!drawing) {
    drawing = true
    requestAnimationFrame(() => {
      drawing = false
      if (shown != null) {
        draw(shown)
      }
    })
  }
}

function draw ({ state, hops, found, last }) {
  const responses = hops.filter(hop => hop.responded)
  setFacts(byId('trace-facts'), [
    ['Responses', count(responses.length)],
    ['Failed', count(hops.length - responses.length)],
    ['Hops', count(Math.max(0, ...responses.map(hop => hop.hop)))],
    ['Closest', responses.length === 0 ? 'none' : power(Math.min(...responses.map(hop => hop.distanceLog2)))],
    ['Slowest response', responses.length === 0 ? 'none' : millis(Math.max(...responses.map(hop => hop.millis)))]
  ])
  byId('trace-hops').hidden = hops.length === 0 && last != null
  drawChart(byId('chart'), hops)
  setRows(byId('hops'), hops.slice(-MAX_ROWS).map(rowOf), 5, 'No response yet.')
  const result = byId('result')
  result.hidden = found.length === 0 && last == null
  setRows(result, resultOf(found, last))
  if (last != null) {
    setHidden(cancel, true, byId('key'))
    setText(byId('command-status'), `${summaryOf(state, found, last)} ${plural(responses.length, 'peer')} responded.`)
  }
}

function rowOf (hop) {
  return row(
    [count(hop.hop), 'number'],
    peer(hop.peerId),
    [element('span', { title: hop.distance }, power(hop.distanceLog2)), 'number'],
    [hop.answer, hop.responded ? '' : 'bad'],
    [millis(hop.millis), 'number'])
}
