// Distances of the peers that responded to a lookup, in the order of their responses.

import { svg } from './dom.js'
import { plural, power } from './format.js'

const WIDTH = 480
const HEIGHT = 240
const LEFT = 44
const EDGE = 16
const CROSS = 4

/** Draws hops with `distanceLog2` and `responded`. */
export function drawChart (chart, hops) {
  chart.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`)
  const logs = hops.map(hop => hop.distanceLog2)
  const top = Math.max(...logs, 255)
  const bottom = Math.min(...logs, top - 4)
  const x = index => LEFT + EDGE + index * (WIDTH - LEFT - 2 * EDGE) / Math.max(1, hops.length - 1)
  const y = log => EDGE + (top - log) * (HEIGHT - 2 * EDGE) / (top - bottom)
  chart.setAttribute('aria-label', label(hops))
  chart.replaceChildren(
    ...axis(top, bottom, y),
    svg('path', { class: 'closest', d: closestPath(hops, x, y) }),
    ...hops.map((hop, index) => mark(hop, x(index), y(hop.distanceLog2))))
}

function label (hops) {
  const responses = hops.filter(hop => hop.responded)
  return responses.length === 0
    ? 'No response yet'
    : `Distance by response: from ${power(responses[0].distanceLog2)} down to ` +
      `${power(Math.min(...responses.map(hop => hop.distanceLog2)))} in ${plural(responses.length, 'response')}`
}

function axis (top, bottom, y) {
  const step = Math.max(1, Math.ceil((top - bottom) / 5))
  const parts = []
  for (let log = top; log >= bottom; log -= step) {
    parts.push(
      svg('line', { class: 'axis', x1: LEFT, x2: WIDTH, y1: y(log), y2: y(log) }),
      svg('text', { class: 'axis-label', x: LEFT - 6, y: y(log) + 4, 'text-anchor': 'end' }, power(log)))
  }
  return parts
}

/** Steps down at each response that is closer than all before. */
function closestPath (hops, x, y) {
  let path = ''
  let closest = Infinity
  hops.forEach((hop, index) => {
    if (hop.responded && hop.distanceLog2 < closest) {
      path += path === '' ? `M${x(index)} ${y(hop.distanceLog2)}` : `H${x(index)}V${y(hop.distanceLog2)}`
      closest = hop.distanceLog2
    }
  })
  return path === '' ? '' : `${path}H${x(hops.length - 1)}`
}

function mark (hop, x, y) {
  return hop.responded
    ? svg('circle', { class: 'responded', cx: x, cy: y, r: 4 })
    : svg('path', { class: 'failed', d: `M${x - CROSS} ${y - CROSS}l${2 * CROSS} ${2 * CROSS}m0 ${-2 * CROSS}l${-2 * CROSS} ${2 * CROSS}` })
}
