// What an answer with "ok":false says: a code of the fixed list, a message, and what was reached so far.

const CODE_BY_ERROR_NAME = {
  NotFoundError: 'not-found',
  TimeoutError: 'timeout',
  AbortError: 'timeout',
  InvalidParametersError: 'bad-input',
  InvalidMultiaddrError: 'bad-input',
  InvalidRecordError: 'invalid-record',
  DialError: 'unreachable',
  ConnectionFailedError: 'unreachable',
  NoValidAddressesError: 'unreachable',
  UnexpectedPeerError: 'unreachable',
  EncryptionFailedError: 'unreachable',
  QueryError: 'io',
  StreamResetError: 'io',
  UnexpectedEOFError: 'io',
  UnsupportedListenAddressesError: 'io',
  UnsupportedProtocolError: 'io'
}

const CODE_BY_SYSTEM_ERROR = {
  ECONNREFUSED: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRINUSE: 'io',
  ENOENT: 'bad-input'
}

/** A command that cannot be answered as asked; `reached` holds the fields to add to the answer. */
export class Refusal extends Error {
  constructor (code, message, reached = {}) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.reached = reached
  }
}

/** The answer line for any error. */
export function refusalLine (error) {
  const message = describe(error)
  return { event: 'error', ok: false, code: codeOf(error), message, error: message, ...error?.reached }
}

/** The error's name and text; of an error made of several, all their texts. */
export function describe (error) {
  if (error instanceof Refusal) {
    return error.message
  }
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map(describe).join('; ')
  }
  if (!(error instanceof Error)) {
    return String(error)
  }
  const text = oneLine(error.message)
  return error.name === 'Error' ? text : `${error.name}: ${text}`
}

/** Some messages carry the stack of their cause. */
function oneLine (message) {
  return message.split('\n').map(line => line.trim()).filter(line => line !== '' && !line.startsWith('at ')).join(' ')
}

function codeOf (error) {
  if (error instanceof Refusal) {
    return error.code
  }
  if (error instanceof AggregateError && error.errors.length > 0) {
    return codeOf(error.errors[0])
  }
  return CODE_BY_ERROR_NAME[error?.name] ?? CODE_BY_SYSTEM_ERROR[error?.code] ?? 'internal'
}
