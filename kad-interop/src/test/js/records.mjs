// Validators and selectors of the record namespaces a peer accepts.

import { compare } from 'uint8arrays/compare'
import { toString } from 'uint8arrays/to-string'

/** One validator and one selector for each namespace, as the kad service takes them. */
export function recordRules (namespaces) {
  return {
    validators: Object.fromEntries(namespaces.map(namespace => [namespace, requireName])),
    selectors: Object.fromEntries(namespaces.map(namespace => [namespace, indexOfGreatest]))
  }
}

/** Any value is valid; the key must be `/namespace/name` with a name. */
function requireName (key) {
  const [, , ...name] = toString(key).split('/')
  if (name.join('/') === '') {
    throw new Error('the key has no name after its namespace')
  }
}

/** Of several values the bytewise greatest wins, and a longer one over its own beginning: the same on every peer. */
export function indexOfGreatest (key, values) {
  return values.reduce((best, value, index) => compare(value, values[best]) > 0 ? index : best, 0)
}
