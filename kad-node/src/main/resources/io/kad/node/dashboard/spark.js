// Small line of the last values.

import { svg } from './dom.js'

const POINTS = 60
const WIDTH = 120
const HEIGHT = 30

/** Series of values, of which the last ones are kept. */
export class Spark {
  #values = []
  #line = svg('polyline')

  constructor () {
    this.node = svg('svg', { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, this.#line)
  }

  add (value) {
    this.#values = [...this.#values, value].slice(-POINTS)
    const largest = Math.max(1e-9, ...this.#values)
    const first = POINTS - this.#values.length
    this.#line.setAttribute('points', this.#values.map((each, index) =>
      `${(first + index) * WIDTH / (POINTS - 1)},${HEIGHT - 2 - each / largest * (HEIGHT - 4)}`).join(' '))
  }
}
