// A peer.mjs process and its lines, for the self-test.

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'

const PEER = fileURLToPath(new URL('peer.mjs', import.meta.url))
const PATIENCE_MILLIS = 20_000

export class Child {
  /** All lines so far that answer no command, with the time each came. */
  events = []
  exit
  #process
  #answers = new Map()
  #waiting = new Set()
  #nextTag = 1

  constructor (options = []) {
    this.#process = spawn(process.execPath, [PEER, ...options], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.exit = new Promise(resolve => this.#process.on('exit', code => resolve(code)))
    createInterface({ input: this.#process.stdout }).on('line', line => this.#onLine(JSON.parse(line)))
  }

  static async start (options) {
    const child = new Child(options)
    const { peerId, addresses } = await child.event('listening')
    return Object.assign(child, { peerId, address: addresses[0] })
  }

  /** The lines of the answer, the last of which carries "ok". */
  ask (command) {
    const tag = String(this.#nextTag++)
    this.#process.stdin.write(`#${tag} ${command}\n`)
    const lines = []
    const answered = new Promise(resolve => this.#answers.set(tag, line => {
      lines.push(line)
      return line.ok != null && resolve(lines)
    }))
    return inTime(answered, `an answer to '${command}'`)
  }

  /** The last line of a positive answer; throws on any other. */
  async do (command) {
    const last = (await this.ask(command)).at(-1)
    if (!last.ok) {
      throw new Error(`${command}: ${JSON.stringify(last)}`)
    }
    return last
  }

  /** The first event of that name that fits, past or future. */
  event (name, fits = () => true) {
    const matches = line => line.event === name && fits(line)
    const past = this.events.find(matches)
    const future = new Promise(resolve => this.#waiting.add(line => matches(line) && resolve(line)))
    return past ?? inTime(future, `the event ${name}`)
  }

  endInput () {
    this.#process.stdin.end()
  }

  #onLine (line) {
    const told = { ...line, at: Date.now() }
    if (line.id != null) {
      this.#answers.get(line.id)?.(told)
      return
    }
    this.events.push(told)
    this.#waiting.forEach(tell => tell(told))
  }
}

async function inTime (promise, what) {
  let timer
  const late = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come in ${PATIENCE_MILLIS} ms`)), PATIENCE_MILLIS)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
