// Numbers for people.

const WHOLE = new Intl.NumberFormat('en')
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function count (number) {
  return WHOLE.format(number)
}

/** Returns a number with its noun: 1 peer, 2 peers. */
export function plural (number, noun) {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`
}

export function bytes (number) {
  let unit = 0
  while (number >= 1024 && unit < UNITS.length - 1) {
    number /= 1024
    unit++
  }
  return `${unit === 0 ? Math.round(number) : number.toFixed(1)} ${UNITS[unit]}`
}

export function millis (number) {
  return number >= 1000 ? `${(number / 1000).toFixed(2)} s` : `${number.toFixed(number < 10 ? 1 : 0)} ms`
}

export function rate (number) {
  return `${number >= 100 ? count(Math.round(number)) : number.toFixed(1)}/s`
}

export function clock (date) {
  return date.toLocaleTimeString('en', { hour12: false })
}

export function duration (seconds) {
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${count(hours)} h ${minutes} min` : minutes > 0 ? `${minutes} min` : `${Math.floor(seconds)} s`
}

/** Returns a power of two as text: 2^240. */
export function power (exponent) {
  return exponent < 0 ? '0' : `2^${exponent}`
}
