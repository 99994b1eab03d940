// Limits that were reached, the most frequent first.

import { read } from './api.js'
import { byId, row, setRows, setText } from './dom.js'
import { count, plural } from './format.js'
import { poll } from './poll.js'

const EVERY_MILLIS = 5000

let atFirst

export function startLimits () {
  poll(EVERY_MILLIS, async () => show(Object.entries((await read('limits')).limits)))
}

function show (counters) {
  atFirst ??= new Map(counters)
  const reached = counters.filter(([, times]) => times > 0).sort((one, other) => other[1] - one[1])
  setText(byId('limits-summary'), reached.length === 0
    ? `None of the ${plural(counters.length, 'limit')} was reached: nothing was refused or delayed.`
    : `${count(reached.length)} of the ${plural(counters.length, 'limit')} were reached. Remote peers can cause that; LIMITS.md says what each does.`)
  byId('limits-scroll').hidden = reached.length === 0
  setRows(byId('limit-rows'), reached.map(([name, times]) =>
    row(name.replace(/^limit-/, '').replaceAll('-', ' '), [count(times), 'number'], [count(times - (atFirst.get(name) ?? 0)), 'number'])))
}
