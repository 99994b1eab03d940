// The two ends of the line protocol: words in from a command line, one JSON object a line out.

import { Refusal } from './refusals.mjs'

const TAG = /^#(\S+)$/
const INDEX = /^@(\d+)$/
const ESCAPABLE_IN_DOUBLE_QUOTES = '"\\$`'

/** Writes one event or answer to standard output. */
export function emit (line) {
  process.stdout.write(JSON.stringify(line) + '\n')
}

/** Reads `#TAG @INDEX NAME WORD...`; tag and index may be missing. Answers undefined for an empty line. */
export function parseRequest (line) {
  const request = { id: undefined, index: 0, name: undefined, words: [] }
  const tag = TAG.exec(line.trimStart().split(/\s/, 1)[0])
  let rest = line.trimStart()
  if (tag != null) {
    request.id = tag[1]
    rest = rest.slice(tag[0].length)
  }
  try {
    request.words = splitWords(rest)
  } catch (error) {
    request.error = error
    return request
  }
  const index = INDEX.exec(request.words[0] ?? '')
  if (index != null) {
    request.index = Number(index[1])
    request.words.shift()
  }
  request.name = request.words.shift()
  return request.name == null && request.id == null ? undefined : request
}

/** Splits at blanks as a POSIX shell does: single quotes, double quotes, backslash. */
export function splitWords (text) {
  const words = []
  let word
  let quote
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (quote == null && /\s/.test(char)) {
      if (word != null) {
        words.push(word)
        word = undefined
      }
    } else if (quote == null && (char === '"' || char === "'")) {
      quote = char
      word ??= ''
    } else if (char === quote) {
      quote = undefined
    } else if (escapes(char, quote, text[at + 1])) {
      word = (word ?? '') + text[++at]
    } else {
      word = (word ?? '') + char
    }
  }
  if (quote != null) {
    throw new Refusal('bad-input', `the line ends inside a ${quote} quote`)
  }
  if (word != null) {
    words.push(word)
  }
  return words
}

function escapes (char, quote, next) {
  if (char !== '\\' || next == null || quote === "'") {
    return false
  }
  return quote == null || ESCAPABLE_IN_DOUBLE_QUOTES.includes(next)
}
