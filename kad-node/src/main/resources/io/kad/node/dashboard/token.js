// The token of the node, which the form of the lookups asks for.

import { setToken } from './api.js'
import { byId } from './dom.js'

/** Uses the token that was typed for the calls that follow. */
export function takeToken () {
  setToken(byId('token').value)
}

/** Shows the field of the token, and goes there. */
export function askForToken () {
  byId('token-field').hidden = false
  byId('token').focus()
}
