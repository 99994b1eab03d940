// The token of the node, which the form of the lookups asks for.

import { setToken } from './api.js'
import { byId, setText } from './dom.js'

/** Uses the token that was typed for the calls that follow. */
export function takeToken () {
  setToken(byId('token').value)
}

/** Shows a refusal as `notice`. If the token is what lacks, its field is shown and gets the focus, otherwise `next`, if it is given. */
export function showRefusal (notice, error, next) {
  setText(notice, error.message)
  notice.hidden = false
  if (error.code === 'unauthorized') {
    byId('token-field').hidden = false
    byId('token').focus()
  } else {
    next?.focus()
  }
}
