// The pictures of the documents: the page after a lookup, light and dark.

import { join } from 'node:path'

const SIZE = { width: 1200, height: 1430 }
const KEYS = 12

export async function takePictures (browser, url, directory) {
  const key = await keyWithSteps(browser, url)
  for (const colorScheme of ['light', 'dark']) {
    const page = await open(browser, url, colorScheme)
    // Rates need two samples, and a line of them some more
    await page.locator('#traffic-facts polyline[points*=" "]').first().waitFor({ state: 'attached' })
    await lookUp(page, key)
    await page.evaluate(() => document.activeElement.blur())
    await page.screenshot({ path: join(directory, `dashboard-${colorScheme}.png`) })
    await page.close()
  }
}

async function open (browser, url, colorScheme) {
  const page = await browser.newPage({ colorScheme, viewport: SIZE })
  await page.goto(url)
  await page.locator('#health-badge', { hasText: 'healthy' }).waitFor()
  return page
}

/** Looks up the closest peers to a key; returns how often the closest distance so far has fallen. */
async function lookUp (page, key) {
  await page.fill('#key', key)
  await page.press('#key', 'Enter')
  await page.locator('#trace-title', { hasText: key }).waitFor()
  await page.locator('#command-status', { hasText: 'found' }).waitFor()
  const path = await page.locator('#chart .closest').getAttribute('d')
  return path.split('V').length - 1
}

/** Returns the key whose lookup shows best what a lookup does: most steps towards it. */
async function keyWithSteps (browser, url) {
  const page = await open(browser, url, 'light')
  const steps = new Map()
  for (let index = 0; index < KEYS; index++) {
    steps.set(`/app/key-${index}.`, await lookUp(page, `/app/key-${index}.`))
  }
  await page.close()
  return [...steps].sort((one, other) => other[1] - one[1])[0][0]
}
