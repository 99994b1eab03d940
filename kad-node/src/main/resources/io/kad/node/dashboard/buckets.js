// The routing table by distance: how full each bucket is; the peers of a bucket are read when it is opened.

import { read, readWith } from './api.js'
import { byId, element, peer, runOnce, setHidden, setRows, setText } from './dom.js'
import { count, plural, power } from './format.js'
import { poll } from './poll.js'

const EVERY_MILLIS = 3000
const PAGE = 50

const shown = new Map()

export function startBuckets () {
  poll(EVERY_MILLIS, async () => show(await read('buckets')))
}

function show (table) {
  const list = byId('buckets')
  const largest = Math.max(table.bucketSize, ...table.buckets.map(bucket => bucket.peers))
  setText(byId('table-summary'), table.peers === 0
    ? 'The routing table is empty.'
    : `${plural(table.peers, 'peer')} in ${plural(table.buckets.length, 'bucket')}. A bucket has room for ${plural(table.bucketSize, 'peer')}. ` +
      'The strong part of a bar shows those that are connected.')
  const indexes = new Set(table.buckets.map(bucket => bucket.bucket))
  for (const [index, item] of shown) {
    if (!indexes.has(index)) {
      item.node.remove()
      shown.delete(index)
    }
  }
  for (const bucket of table.buckets) {
    let item = shown.get(bucket.bucket)
    if (item == null) {
      item = makeItem(bucket.bucket)
      shown.set(bucket.bucket, item)
      insert(list, item)
    }
    update(item, bucket, largest)
  }
}

/** Inserts a bucket at its place, the farthest one first. */
function insert (list, item) {
  const next = [...list.children].find(node => Number(node.dataset.bucket) < item.index)
  list.insertBefore(item.node, next ?? null)
}

function makeItem (index) {
  const connected = element('span')
  const all = element('span')
  const text = element('span', { class: 'bucket-count' })
  const summary = element('summary', {},
    element('span', { class: 'fixed' }, power(index)),
    element('span', { class: 'fill', 'aria-hidden': 'true' }, all, connected), text)
  const peers = element('ol', { 'aria-label': `Peers at a distance from ${power(index)}` })
  const more = element('button', { type: 'button' }, 'Show more')
  const details = element('details', {}, summary, element('div', { class: 'bucket-peers' }, peers, more))
  const item = { index, loaded: 0, node: element('li', { 'data-bucket': index }, details), all, connected, text, peers, more, summary }
  details.addEventListener('toggle', () => {
    more.hidden = true // until it is known how many there are
    return details.open ? load(item, 0) : setRows(peers, [])
  })
  more.addEventListener('click', () => runOnce(more, () => load(item, item.loaded)))
  more.hidden = true
  return item
}

function update (item, bucket, largest) {
  item.all.style.setProperty('--share', bucket.peers / largest)
  item.connected.style.setProperty('--share', bucket.connected / largest)
  setText(item.text, `${plural(bucket.peers, 'peer')}, ${count(bucket.connected)} connected`)
}

async function load (item, from) {
  try {
    const bucket = await readWith({ from, count: PAGE }, 'buckets', item.index)
    const rows = bucket.peers.map(entry => element('li', {},
      peer(entry.peerId), entry.connected ? ' connected ' : ' not connected ',
      element('span', { class: 'addresses' }, entry.addresses.map(address => String(address).replace(/\/p2p\/[^/]+$/, '')).join(' '))))
    if (from === 0) {
      setRows(item.peers, rows)
    } else {
      item.peers.append(...rows)
      rows[0]?.scrollIntoView({ block: 'nearest' })
    }
    item.loaded = from + rows.length
    rows[0]?.setAttribute('tabindex', '-1')
    setHidden(item.more, item.loaded >= bucket.total, rows[0] ?? item.summary)
    setText(item.more, `Show more of ${plural(bucket.total, 'peer')}`)
  } catch (error) {
    item.loaded = 0
    setRows(item.peers, [element('li', { class: 'bad' }, error.message)])
  }
}
