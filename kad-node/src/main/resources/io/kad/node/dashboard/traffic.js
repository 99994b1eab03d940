// Requests and bytes, and how many of them a second.

import { byId, element, row, setRows, setText } from './dom.js'
import { bytes, count, duration, rate } from './format.js'
import { labelValues, parse, sum } from './metrics.js'
import { Spark } from './spark.js'

const SENT = 'kad_requests_sent_seconds_count'
const SERVED = 'kad_requests_served_seconds_count'

/** Amounts that grow, each with how its rate is shown. */
const RATES = [
  ['Requests sent', samples => sum(samples, SENT), rate],
  ['Requests served', samples => sum(samples, SERVED), rate],
  ['Bytes sent', samples => amount(samples, 'traffic-sent-bytes'), perSecond => `${bytes(perSecond)}/s`],
  ['Bytes received', samples => amount(samples, 'traffic-received-bytes'), perSecond => `${bytes(perSecond)}/s`]
]

/** Returns a function that shows the samples of the metrics. */
export function makeTraffic () {
  const shown = RATES.map(([title, total, format]) => makeRate(title, total, format))
  const [total, toSend, received, uptime] = ['In all', 'Held to be sent', 'Held as received', 'Running for'].map(title => makeFact(title))
  byId('traffic-facts').replaceChildren(...[...shown, total, toSend, received, uptime].map(each => each.node))
  return samples => {
    const now = performance.now()
    shown.forEach(each => each.update(samples, now))
    setText(toSend.value, `${bytes(amount(samples, 'send-bytes'))} of ${bytes(amount(samples, 'send-bytes-limit'))}`)
    setText(received.value, `${bytes(amount(samples, 'receive-bytes'))} of ${bytes(amount(samples, 'receive-bytes-limit'))}`)
    const all = ['sent', 'received'].map(way => bytes(amount(samples, `traffic-${way}-bytes`)))
    setText(total.value, `${all[0]} sent, ${all[1]} received`)
    setText(uptime.value, duration(sum(samples, 'process_uptime_seconds')))
    showRequests(samples)
  }
}

/** Returns an amount of the transport. */
function amount (samples, name) {
  return sum(samples, 'kad_transport', labels => labels.get('amount') === name)
}

function makeFact (title, ...more) {
  const value = element('dd')
  return { node: element('div', {}, element('dt', {}, title), value, ...more), value }
}

/** Makes a fact of the rate of an amount, with a line of its last values. */
function makeRate (title, total, format) {
  const spark = new Spark()
  const fact = makeFact(title, element('dd', {}, spark.node))
  let before
  return {
    node: fact.node,
    update (samples, now) {
      const amount = total(samples)
      if (before != null && now > before.now) {
        const perSecond = Math.max(0, amount - before.amount) * 1000 / (now - before.now)
        spark.add(perSecond)
        setText(fact.value, format(perSecond))
      }
      before = { amount, now }
    }
  }
}

function showRequests (samples) {
  const types = [...new Set([...labelValues(samples, SENT, 'type'), ...labelValues(samples, SERVED, 'type')])].sort()
  const number = (name, type, fits) =>
    [count(sum(samples, name, labels => labels.get('type') === type && fits(labels.get('outcome')))), 'number']
  setRows(byId('request-rows'), types.map(type => row(type,
    number(SENT, type, () => true),
    number(SENT, type, outcome => outcome !== 'ok' && outcome !== 'cancelled'),
    number(SENT, type, outcome => outcome === 'cancelled'),
    number(SERVED, type, () => true),
    number(SERVED, type, outcome => outcome !== 'ok'))), 6, 'No request yet.')
}
