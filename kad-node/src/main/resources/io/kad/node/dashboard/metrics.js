// Reader of the text format of Prometheus, as far as a node uses it.

const SAMPLE = /^(\w+)(?:\{(.*)\})? (\S+)$/
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** Returns the samples of a text: `{ name, labels, value }`. */
export function parse (text) {
  const samples = []
  for (const line of text.split('\n')) {
    const match = line.startsWith('#') ? null : SAMPLE.exec(line)
    if (match != null) {
      const labels = new Map()
      for (const [, name, value] of (match[2] ?? '').matchAll(LABEL)) {
        labels.set(name, value)
      }
      samples.push({ name: match[1], labels, value: Number(match[3]) })
    }
  }
  return samples
}

/** Returns the sum of the samples of a name that fit. */
export function sum (samples, name, fits = () => true) {
  return samples.filter(sample => sample.name === name && fits(sample.labels))
    .reduce((total, sample) => total + sample.value, 0)
}

/** Returns the values that a label has in the samples of a name, in order. */
export function labelValues (samples, name, label) {
  const values = samples.filter(sample => sample.name === name).map(sample => sample.labels.get(label))
  return [...new Set(values)].filter(value => value != null).sort()
}
