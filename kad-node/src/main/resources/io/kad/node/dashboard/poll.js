// Repeated reading: one call at a time, none while the page is hidden, ever more seldom while the node is away.

import { byId, setText } from './dom.js'

const MAX_WAIT_MILLIS = 30_000

const failing = new Set()

/** Calls `read` now and then `everyMillis` after each end. Returns a function that calls it at once. */
export function poll (everyMillis, read) {
  let timer
  let running = false
  let wait = everyMillis

  async function run () {
    clearTimeout(timer)
    if (running || document.hidden) {
      return
    }
    running = true
    try {
      await read()
      failing.delete(read)
      wait = everyMillis
    } catch (error) {
      failing.add(read)
      wait = Math.min(MAX_WAIT_MILLIS, wait * 2)
      console.debug('a call has failed:', error.message)
    }
    running = false
    showFailure()
    timer = setTimeout(run, wait)
  }

  document.addEventListener('visibilitychange', run)
  run()
  return run
}

function showFailure () {
  const notice = byId('offline')
  if (failing.size > 0) {
    setText(notice, 'The node does not respond, or refuses what this page reads. The page tries again; what it shows may be old.')
  }
  notice.hidden = failing.size === 0
}
