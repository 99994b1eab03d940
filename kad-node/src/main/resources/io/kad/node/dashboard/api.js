// Calls of the HTTP API. The token is kept in memory only.

const BASE = '/api/v1'

const READ_MILLIS = 15_000

let token = ''

/** Refusal of the node, or a failure to reach it (code `offline`). */
export class Refusal extends Error {
  constructor (code, message) {
    super(message)
    this.code = code
  }
}

export function setToken (text) {
  token = text.trim()
}

/** Returns the URL of a path below the API, whose segments are encoded. */
export function url (...segments) {
  return [BASE, ...segments.map(segment => encodeURIComponent(segment))].join('/')
}

/** Reads JSON from a path of the API. */
export async function read (...segments) {
  return checked(await send(url(...segments)))
}

/** Reads JSON from a path of the API with parameters of the query. */
export async function readWith (parameters, ...segments) {
  return checked(await send(`${url(...segments)}?${new URLSearchParams(parameters)}`))
}

/** Reads JSON from a URL whatever its status is: a health check that fails says why. */
export async function readAny (address) {
  return json(await send(address))
}

/** Reads text from a URL. */
export async function readText (address) {
  const response = await send(address)
  if (!response.ok) {
    throw new Refusal('http', `the node responded with the status ${response.status}`)
  }
  return response.text()
}

/** Changes something, with the token if there is one. */
export async function change (method, segments, body) {
  const headers = token === '' ? {} : { Authorization: `Bearer ${token}` }
  if (body != null) {
    headers['Content-Type'] = 'application/octet-stream'
  }
  return checked(await send(url(...segments), { method, headers, body }))
}

/** Sends a request; one that reads has a limit of time, or a node that hangs would look healthy. */
async function send (address, options = { signal: AbortSignal.timeout(READ_MILLIS) }) {
  try {
    return await fetch(address, { cache: 'no-store', credentials: 'omit', ...options })
  } catch {
    throw new Refusal('offline', 'the node does not respond')
  }
}

async function json (response) {
  try {
    return await response.json()
  } catch {
    throw new Refusal('http', `the node responded with the status ${response.status}, without JSON`)
  }
}

/** Returns the answer; a diagnosis that has found faults (event `done`) is one too. */
async function checked (response) {
  const line = await json(response)
  if (line.ok !== true && line.event !== 'done') {
    throw new Refusal(line.code ?? 'http', line.message ?? `the node responded with the status ${response.status}`)
  }
  return line
}
