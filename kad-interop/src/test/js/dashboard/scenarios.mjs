// What a person does with the dashboard, and what they then see.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { stubLargeTable, LARGE_PEERS } from './large.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TOKEN = '0123456789abcdef-token'
const CID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'
const HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'

/** More than a page of each table has, and much less than all of a large table. */
const MOST_ADDED = 2500

/** Colours of the ground, as theme.css has them. */
const LIGHT = 'rgb(244, 246, 249)'
const DARK = 'rgb(15, 18, 23)'

/** Scenarios by name: `steps`, options of the browser, and messages of the console that are expected. */
export const SCENARIOS = {
  state: { steps: state },
  lookup: { steps: lookup },
  records: { steps: records },
  providers: { steps: providers },
  refusal: { steps: refusal, expects: [/400 \(Bad Request\)/] },
  token: { steps: token, withToken: true, expects: [/401 \(Unauthorized\)/] },
  cancel: { steps: cancel, withToken: true, expects: [/401 \(Unauthorized\)/, /503 \(Service Unavailable\)/] },
  checks: { steps: checks, withToken: true, expects: [/401 \(Unauthorized\)/] },
  keyboard: { steps: keyboard },
  hostile: { steps: hostile },
  security: { steps: security, expects: [/Content Security Policy/, /requires 'TrustedHTML'|requires 'TrustedScript'/, /Refused to connect|violates/] },
  offline: { steps: offline, expects: [/Failed to load resource|ERR_FAILED/] },
  themes: { steps: themes },
  motion: { steps: motion, options: { reducedMotion: 'reduce' } },
  accessibleInTheLight: { steps: accessible, options: { colorScheme: 'light', bypassCSP: true } },
  accessibleInTheDark: { steps: accessible, options: { colorScheme: 'dark', bypassCSP: true } },
  narrow: { steps: narrow, options: { viewport: { width: 360, height: 740 } } },
  large: { steps: large }
}

/** Opens the page, and waits until the node has told about itself. */
async function open (page, url) {
  await page.goto(url)
  await text(page, '#health-badge', 'healthy')
  await page.locator('#buckets summary').first().waitFor()
}

/** Waits until an element has a text: a part of it, or what a pattern finds. */
async function text (page, selector, wanted) {
  await page.locator(selector).filter({ hasText: wanted }).first().waitFor()
}

async function start (page, operation, key) {
  await page.selectOption('#operation', operation)
  await page.fill('#key', key)
  await page.click('#command button[type=submit]')
}

function backgroundOf (page) {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor)
}

async function state (page, url) {
  await open(page, url)
  await text(page, '#peer-id', /^12D3Koo\w+$/)
  await text(page, '#health', 'It knows other peers')
  await text(page, '#connection-rows', /(inbound|outbound)tcpnoise\/?.*yamux/)
  await text(page, '#connection-rows', 'kad/0.1.0')
  await text(page, '#request-rows', 'FIND_NODE')
  await text(page, '#store-rows', 'records')
  await text(page, '#limits-summary', 'limits')
  const peers = Number(await page.locator('#tiles dd').first().textContent())
  assert.ok(peers >= 5, `${peers} peers in the routing table`)
  const bucket = page.locator('#buckets details').first()
  await bucket.locator('summary').click()
  await text(page, '#buckets details[open] li', '/ip4/127.0.0.1/tcp/')
  const before = await page.locator('#connection-rows tr').count()
  await page.fill('#connections-filter', 'no such word')
  await text(page, '#connection-rows', 'No connection fits the filter.')
  await page.fill('#connections-filter', '')
  await page.waitForFunction(rows => document.querySelectorAll('#connection-rows tr').length >= rows, before)
}

async function lookup (page, url) {
  await open(page, url)
  await start(page, 'closest-peers', '/app/anywhere')
  await text(page, '#command-status', /closest peers? found/)
  await text(page, '#trace-title', 'closest-peers /app/anywhere')
  const hops = await page.locator('#hops tr').allTextContents()
  assert.ok(hops.length >= 5, `${hops.length} hops`)
  for (const hop of hops) {
    assert.match(hop, /^\d+12D3KooW….{8}2\^\d+(\d+ closer peers|.*)\d+ ms$|^\d+12D3KooW….{8}2\^\d+.*[\d.]+ m?s$/)
  }
  assert.equal(await page.locator('#chart circle').count(), hops.filter(hop => hop.includes('closer peers')).length)
  assert.match(await page.locator('#chart').getAttribute('aria-label'), /^Distance by response: from 2\^\d+ down to 2\^\d+ in \d+ responses$/)
  assert.ok(await page.locator('#result li').count() >= 5)
  await start(page, 'find-peer', await page.locator('#result li .code').first().evaluate(node => node.textContent.split(' ')[0]))
  await text(page, '#command-status', 'The peer was found.')
  // The earlier one can be shown again
  await page.locator('#recent button', { hasText: 'closest-peers /app/anywhere' }).first().click()
  await text(page, '#trace-title', 'closest-peers /app/anywhere')
  await page.waitForFunction(count => document.querySelectorAll('#hops tr').length === count, hops.length)
}

async function records (page, url) {
  await open(page, url)
  await page.selectOption('#operation', 'put')
  await page.fill('#key', '/app/greeting')
  await page.fill('#value', 'hello, Grüße, 你好')
  await page.click('#command button[type=submit]')
  await text(page, '#command-status', /The record is stored at [1-9]\d* peers?\./)
  await start(page, 'get', '/app/greeting')
  await text(page, '#command-status', 'The record was found.')
  assert.equal(await page.locator('#result pre').textContent(), 'hello, Grüße, 你好')
  await page.waitForFunction(() => [...document.querySelectorAll('#tiles div')]
    .some(tile => /^Records[1-9]/.test(tile.textContent)))
  await start(page, 'get', '/app/none')
  await text(page, '#command-status', 'The lookup has failed')
}

async function providers (page, url) {
  await open(page, url)
  await start(page, 'provide', CID)
  await text(page, '#command-status', /announced as a provider at [1-9]\d* peers?\./)
  await start(page, 'find-providers', CID)
  await text(page, '#command-status', '1 provider found.')
  await text(page, '#result', await page.locator('#peer-id').textContent())
}

async function refusal (page, url) {
  await open(page, url)
  await start(page, 'get', 'not a key')
  await text(page, '#command-error', "invalid key 'not a key'")
  assert.equal(await page.locator('#command-error').getAttribute('role'), 'alert')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'key')
  await start(page, 'closest-peers', '/app/right')
  await page.locator('#command-error').waitFor({ state: 'hidden' })
}

async function token (page, url) {
  await open(page, url)
  assert.equal(await page.locator('#token').isVisible(), false)
  await start(page, 'closest-peers', '/app/x')
  await text(page, '#command-error', 'missing token')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'token')
  await page.keyboard.type('wrong-but-long-enough')
  await page.keyboard.press('Enter')
  await text(page, '#command-error', 'invalid token')
  await page.fill('#token', TOKEN)
  await page.keyboard.press('Enter')
  await text(page, '#command-status', /closest peers? found/)
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))
  assert.ok(!stored.includes(TOKEN))
}

async function cancel (page, url) {
  const started = await fetch(new URL('/api/v1/lookups/closest-peers/%2Fapp%2Fcancelled', url),
    { method: 'POST', headers: { Authorization: `Bearer ${TOKEN}` } })
  assert.equal(started.status, 201)
  const { id } = await started.json()
  for (let state = {}; state.ended !== true;) {
    state = await (await fetch(new URL(`/api/v1/lookups/${id}`, url))).json()
  }
  // The lookup seems to run, as its lines do not come
  await page.route('**/api/v1/lookups/*/events', () => {})
  await open(page, url)
  await page.locator('#recent button', { hasText: 'closest-peers /app/cancelled' }).first().click()
  await page.focus('#trace-cancel')
  await page.keyboard.press('Enter')
  await text(page, '#command-error', 'missing token')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'token')
  await page.keyboard.type(TOKEN)
  await page.click('#trace-cancel')
  await text(page, '#command-status', 'The lookup had ended before.')
  assert.equal(await page.locator('#command-error').isHidden(), true)
  // What comes of it is not shown at another lookup that was opened meanwhile, and that can be cancelled too
  let asked
  const cancelling = new Promise(resolve => { asked = resolve })
  await page.route('**/api/v1/lookups/*', asked)
  await page.click('#trace-cancel')
  assert.equal(await page.getAttribute('#trace-cancel', 'aria-disabled'), 'true')
  await page.locator('#recent button').first().click()
  assert.equal(await page.getAttribute('#trace-cancel', 'aria-disabled'), 'false')
  const refused = page.waitForResponse(response => response.status() === 503)
  const request = await cancelling
  await request.fulfill({ status: 503, json: { event: 'error', ok: false, code: 'overloaded', message: 'too late' } })
  await refused
  await page.evaluate(() => new Promise(resolve => setTimeout(resolve)))
  assert.equal(await page.locator('#command-error').isHidden(), true)
}

async function checks (page, url) {
  await open(page, url)
  await page.focus('#checks-run')
  await page.keyboard.press('Enter')
  await text(page, '#checks-error', 'missing token')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'token')
  await page.keyboard.type(TOKEN)
  await page.click('#checks-run')
  await text(page, '#checks-summary', /^[1-9]\d* checks passed, 0 failed, \d+ could not be made\.$/)
  assert.equal(await page.locator('#checks-error').isHidden(), true)
  const rows = await page.locator('#check-rows tr').allTextContents()
  assert.deepEqual(rows.map(row => /^[a-z]+?(?=passed|failed|not made)/.exec(row)?.[0]),
    ['listeners', 'dial', 'security', 'muxer', 'identify', 'protocol', 'table', 'addresses', 'clock', 'disk', 'limits'])
  assert.match(rows[1], /^dialpassedconnected over tcp \(\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\w+\)$/)
  assert.match(rows[9], /^disknot made/)
  assert.equal(await page.locator('#checks-run').isEnabled(), true)
  assert.equal(await page.evaluate(() => document.activeElement.id), 'checks-run')
  // A fault comes with what to do
  await page.route('**/api/v1/diagnosis', route => route.fulfill({
    json: {
      event: 'done', ok: false, passed: 0, failed: 1, skipped: 0,
      results: [{ event: 'check', name: 'dial', pass: false, cause: 'connection-refused', advice: 'start the peer there', detail: HOSTILE }]
    }
  }))
  await page.click('#checks-run')
  await text(page, '#checks-summary', '1 failed')
  await text(page, '#check-rows', `dialfailed: connection-refused${HOSTILE}start the peer there`)
  assert.equal(await page.evaluate(() => window.hacked), undefined)
}

async function focused (page) {
  return page.evaluate(() => {
    const node = document.activeElement
    const style = getComputedStyle(node)
    return {
      name: node.id || node.textContent.trim(),
      outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
      visible: node.getBoundingClientRect().width > 0
    }
  })
}

async function keyboard (page, url) {
  await open(page, url)
  const expected = ['Skip to the content', 'theme', 'Overview', 'Lookups', 'Routing table', 'Traffic', 'Connections', 'Stores', 'Limits', 'Checks', 'Events',
    'operation', 'key', 'Start']
  for (const name of expected) {
    await page.keyboard.press('Tab')
    const now = await focused(page)
    assert.equal(now.name, name)
    assert.ok(now.outline >= 2 && now.visible, `the focus of ${name} can be seen: ${JSON.stringify(now)}`)
  }
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.type('/app/typed')
  await page.keyboard.press('Enter')
  await text(page, '#command-status', /closest peers? found/)
  // On to the first bucket, which Enter opens and closes
  for (let tabs = 0; (await focused(page)).name.match(/^2\^\d+/) == null; tabs++) {
    assert.ok(tabs < 20, 'Tab reaches the buckets')
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await page.locator('#buckets details[open] li').first().waitFor()
  await page.keyboard.press('Enter')
  await page.locator('#buckets details[open]').waitFor({ state: 'detached' })
  // The link to the content, and a section, take the focus along
  await page.goto(url)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main')
}

async function hostile (page, url) {
  await open(page, url)
  await text(page, '#connection-rows', HOSTILE)
  // A character that reverses the rest of the line is made visible
  await text(page, '#connection-rows', '\ufffdfake')
  await start(page, 'get', `/app/${HOSTILE}`)
  await text(page, '#trace-title', HOSTILE)
  await text(page, '#command-status', 'The lookup has failed')
  await text(page, '#recent', HOSTILE)
  await page.selectOption('#operation', 'put')
  await page.fill('#value', HOSTILE)
  await page.click('#command button[type=submit]')
  await text(page, '#command-status', 'The record is stored')
  await start(page, 'get', `/app/${HOSTILE}`)
  await text(page, '#command-status', 'The record was found.')
  assert.equal(await page.locator('#result pre').textContent(), HOSTILE)
  assert.equal(await page.locator('img').count(), 1)
  assert.equal(await page.locator('script').count(), 1)
  assert.equal(await page.evaluate(() => window.hacked), undefined)
}

async function security (page, url) {
  await open(page, url)
  const outcome = await page.evaluate(async () => {
    const attempt = run => {
      try {
        run()
        return 'done'
      } catch (error) {
        return error.name
      }
    }
    const found = {}
    found.markup = attempt(() => { document.body.innerHTML = '<p>' })
    found.script = attempt(() => {
      const script = document.createElement('script')
      script.textContent = 'window.hacked = 1'
      document.body.append(script)
    })
    found.handler = attempt(() => {
      const button = document.createElement('button')
      button.setAttribute('onclick', 'window.hacked = 1')
      button.click()
    })
    const styled = document.createElement('p')
    styled.setAttribute('style', 'position: fixed')
    document.body.append(styled)
    found.position = getComputedStyle(styled).position
    found.elsewhere = await fetch('http://127.0.0.1:1/').then(() => 'done', error => error.name)
    found.hacked = window.hacked
    return found
  })
  assert.equal(outcome.markup, 'TypeError')
  assert.notEqual(outcome.position, 'fixed')
  assert.equal(outcome.elsewhere, 'TypeError')
  assert.equal(outcome.hacked, undefined)
}

async function offline (page, url) {
  await open(page, url)
  await page.route('**/*', route => route.abort())
  await text(page, '#offline', 'The node does not respond')
  await page.unroute('**/*')
  await page.locator('#offline').waitFor({ state: 'hidden' })
}

async function themes (page, url) {
  await page.emulateMedia({ colorScheme: 'dark' })
  await open(page, url)
  assert.equal(await backgroundOf(page), DARK)
  await page.emulateMedia({ colorScheme: 'light' })
  assert.equal(await backgroundOf(page), LIGHT)
  await page.selectOption('#theme', 'dark')
  assert.equal(await backgroundOf(page), DARK)
  await page.reload()
  assert.equal(await backgroundOf(page), DARK)
  assert.equal(await page.inputValue('#theme'), 'dark')
  await page.selectOption('#theme', 'auto')
  assert.equal(await backgroundOf(page), LIGHT)
}

async function motion (page, url) {
  await open(page, url)
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), 'auto')
  await page.emulateMedia({ reducedMotion: 'no-preference' })
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), 'smooth')
}

async function accessible (page, url) {
  await open(page, url)
  await page.locator('#buckets summary').first().click()
  await page.locator('#buckets details[open] li').first().waitFor()
  await start(page, 'closest-peers', '/app/anywhere')
  await text(page, '#command-status', /closest peers? found/)
  await page.click('#checks-run')
  await text(page, '#checks-summary', 'checks passed')
  await page.evaluate(() => {
    document.querySelector('#command-error').hidden = false
    document.querySelector('#command-error').textContent = 'a refusal'
    document.querySelector('#token-field').hidden = false
  })
  await page.evaluate(AXE)
  const { violations, passes } = await page.evaluate(() => window.axe.run())
  assert.ok(passes.length > 20, `${passes.length} rules apply`)
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => `${node.html} ${node.failureSummary}`).join(' | ')}`), [])
}

/** On the screen of a phone nothing is cut off: what is wide scrolls in its own region. */
async function narrow (page, url) {
  await open(page, url)
  await start(page, 'closest-peers', '/app/anywhere')
  await text(page, '#command-status', /closest peers? found/)
  await page.click('#checks-run')
  await text(page, '#checks-summary', 'checks passed')
  const { content, screen } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    screen: document.documentElement.clientWidth
  }))
  assert.ok(content <= screen, `the page is ${content} wide, the screen ${screen}`)
}

/** Presses a button that is at the top of the window. */
async function pressAtTheTop (page, button) {
  await button.evaluate(node => {
    node.focus()
    node.scrollIntoView({ block: 'start' })
  })
  await page.keyboard.press('Enter')
}

/** Counts the elements that the page adds in one go, without a pause to react in. */
async function countAdded (page) {
  await page.addInitScript(() => {
    window.mostAdded = 0
    // Called when the script that has changed the page ends
    new MutationObserver(changes => {
      const added = new Set()
      for (const node of changes.flatMap(change => [...change.addedNodes]).filter(node => node instanceof Element)) {
        [node, ...node.querySelectorAll('*')].forEach(element => added.add(element))
      }
      window.mostAdded = Math.max(window.mostAdded, added.size)
    }).observe(document, { childList: true, subtree: true })
  })
}

async function large (page, url) {
  await stubLargeTable(page)
  await countAdded(page)
  await open(page, url)
  await text(page, '#table-summary', `${LARGE_PEERS.toLocaleString('en')} peers in 14 buckets`)
  await text(page, '#connections-summary', '2,000 connections')
  await page.locator('#buckets summary').first().click()
  await page.locator('#buckets details[open] li').nth(49).waitFor()
  await page.locator('#buckets details[open] button').click()
  await page.locator('#buckets details[open] li').nth(99).waitFor()
  // A button that goes with the last page leaves the focus at what it has shown, and the page where it is
  const bucket = page.locator('#buckets li[data-bucket="249"]')
  await bucket.locator('summary').click()
  await bucket.locator('li').nth(49).waitFor()
  await pressAtTheTop(page, bucket.locator('button'))
  await bucket.locator('li').nth(77).waitFor()
  await bucket.locator('button').waitFor({ state: 'hidden' })
  assert.equal(await bucket.locator('li').nth(50).evaluate(node => node === document.activeElement), true)
  await page.fill('#connections-filter', '/tcp/19')
  await text(page, '#connections-summary', '111 of 2,000 connections')
  await pressAtTheTop(page, page.locator('#connections-more'))
  await page.locator('#connections-more').waitFor({ state: 'hidden' })
  assert.equal(await page.evaluate(() => document.activeElement.id), 'connections-filter')
  await page.fill('#connections-filter', '/tcp/1999')
  await text(page, '#connections-summary', '1 of 2,000 connections')
  await page.fill('#connections-filter', '')
  const { elements, mostAdded } = await page.evaluate(() => ({ elements: document.querySelectorAll('*').length, mostAdded: window.mostAdded }))
  assert.ok(elements < 4000, `${elements} elements`)
  assert.ok(mostAdded > 0 && mostAdded < MOST_ADDED, `the page added ${mostAdded} elements at once`)
}
