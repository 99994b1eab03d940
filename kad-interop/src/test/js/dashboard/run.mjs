// Drives the dashboard of kad nodes in a real browser: one line for each scenario, then `done`.
//
//     node run.mjs BROWSER URL URL-WITH-TOKEN [SCREENSHOT-DIRECTORY]
//
// With a directory, it takes the pictures of the documents instead.

import { chromium } from 'playwright-core'
import { emit } from '../lines.mjs'
import { SCENARIOS } from './scenarios.mjs'
import { takePictures } from './pictures.mjs'

// The machine may have no internet, and a container no sandbox; none of this changes how a page is shown
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync'
]
const SCENARIO_MILLIS = 60_000

const [browserPath, url, urlWithToken, pictures] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: browserPath, args: ARGUMENTS })
try {
  if (pictures != null) {
    await takePictures(browser, url, pictures)
    emit({ event: 'done', ok: true })
  } else {
    await runAll()
  }
} finally {
  await browser.close()
}

async function runAll () {
  let failed = 0
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    const failures = await run(scenario)
    failed += failures.length === 0 ? 0 : 1
    emit({ event: 'scenario', name, pass: failures.length === 0, failures })
  }
  emit({ event: 'done', ok: failed === 0 })
}

/** Runs a scenario in a fresh profile; returns what was wrong. */
async function run ({ steps, options = {}, withToken = false, expects = [] }) {
  const failures = []
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  context.setDefaultTimeout(SCENARIO_MILLIS)
  const page = await context.newPage()
  const address = withToken ? urlWithToken : url
  watchForFaults(page, address, expects, failures)
  try {
    await steps(page, address)
  } catch (error) {
    failures.push(error.stack)
  }
  await context.close()
  return failures
}

/** Whatever a scenario does, there is no error in the console, and no request to any other host. */
function watchForFaults (page, address, expects, failures) {
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type()) && !expects.some(pattern => pattern.test(message.text()))) {
      failures.push(`console: ${message.text()}`)
    }
  })
  page.on('pageerror', error => failures.push(`page error: ${error.stack}`))
  page.on('dialog', dialog => failures.push(`dialog: ${dialog.message()}`))
  page.on('request', request => {
    if (!request.url().startsWith(address)) {
      failures.push(`request to another host: ${request.url()}`)
    }
  })
}
