// Answers of the API for a routing table of 10,000 peers and 2,000 connections, in the form of a node.

export const LARGE_PEERS = 10_000

const BUCKETS = 14
const FARTHEST = 255
const CONNECTIONS = 2000

/** Halves from bucket to bucket, as in a network of equal distances; the closest one has the rest. */
const SIZES = Array.from({ length: BUCKETS }, (_, index) => index === BUCKETS - 1 ? 0 : Math.floor(LARGE_PEERS / 2 ** (index + 1)))
SIZES[BUCKETS - 1] = LARGE_PEERS - SIZES.reduce((sum, size) => sum + size, 0)

function peerId (bucket, index) {
  return `12D3KooW${String(bucket).padStart(4, 'a')}${String(index).padStart(40, 'b')}`
}

/** Lets a page read the large table instead of that of the node. */
export async function stubLargeTable (page) {
  await page.route('**/api/v1/buckets', route => route.fulfill({
    json: {
      event: 'buckets',
      ok: true,
      bucketSize: 4096,
      peers: LARGE_PEERS,
      buckets: SIZES.map((peers, index) => ({ bucket: FARTHEST - index, peers, connected: Math.floor(peers / 5), pending: 0 })).reverse()
    }
  }))
  await page.route('**/api/v1/buckets/*', route => {
    const url = new URL(route.request().url())
    const bucket = Number(url.pathname.split('/').pop())
    const from = Number(url.searchParams.get('from'))
    const total = SIZES[FARTHEST - bucket]
    const count = Math.min(Number(url.searchParams.get('count')), total - from)
    const peers = Array.from({ length: count }, (_, index) => ({
      peerId: peerId(bucket, from + index), connected: index % 5 === 0, addresses: [`/ip4/192.0.2.1/tcp/${from + index}`]
    }))
    return route.fulfill({ json: { event: 'bucket', ok: true, bucket, total, from, peers } })
  })
  await page.route('**/api/v1/connections', route => route.fulfill({
    json: {
      event: 'connections',
      ok: true,
      connections: Array.from({ length: CONNECTIONS }, (_, index) => ({
        peerId: peerId(0, index), address: `/ip4/192.0.2.2/tcp/${index}`, direction: index % 2 === 0 ? 'inbound' : 'outbound',
        transport: 'tcp', security: 'noise', muxer: 'yamux', streams: index % 3
      }))
    }
  }))
}
