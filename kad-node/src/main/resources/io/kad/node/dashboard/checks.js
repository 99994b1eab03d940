// Checks of the node, made when they are asked for: what passes, and what to do about what does not.

import { change } from './api.js'
import { byId, row, runOnce, setRows, setText } from './dom.js'
import { plural } from './format.js'
import { showRefusal, takeToken } from './token.js'

export function startChecks () {
  const button = byId('checks-run')
  button.addEventListener('click', () => runOnce(button, run))
}

async function run () {
  takeToken()
  byId('checks-error').hidden = true
  setText(byId('checks-summary'), 'The checks run. A host that does not answer takes 20 seconds.')
  try {
    show(await change('POST', ['diagnosis']))
  } catch (error) {
    setText(byId('checks-summary'), '')
    showRefusal(byId('checks-error'), error)
  }
}

function show (done) {
  const made = [plural(done.passed, 'check') + ' passed', `${done.failed} failed`, `${done.skipped} could not be made`]
  setText(byId('checks-summary'), `${made.join(', ')}.`)
  byId('checks-scroll').hidden = false
  setRows(byId('check-rows'), (done.results ?? []).map(check => row(
    check.name,
    resultOf(check),
    check.address == null ? seen(check) : `${seen(check)} (${check.address})`,
    check.advice ?? '')))
}

/** Returns the result in words, as its colour alone would not tell it to everybody. */
function resultOf (check) {
  if (check.pass == null) {
    return 'not made'
  }
  return check.pass ? ['passed', 'good'] : [`failed: ${check.cause}`, 'bad']
}

function seen (check) {
  return check.detail ?? check.skipped ?? ''
}
