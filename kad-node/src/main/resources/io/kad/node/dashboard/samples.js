// The metrics, read once for all parts that show them.

import { readText } from './api.js'
import { parse } from './metrics.js'
import { poll } from './poll.js'
import { showStores } from './stores.js'
import { makeTraffic } from './traffic.js'

const EVERY_MILLIS = 2000

export function startSamples () {
  const showTraffic = makeTraffic()
  poll(EVERY_MILLIS, async () => {
    const samples = parse(await readText('/metrics'))
    showTraffic(samples)
    showStores(samples)
  })
}
