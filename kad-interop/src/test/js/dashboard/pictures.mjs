// The pictures of the documents: the page after a lookup, light and dark.

import { join } from 'node:path'

const SIZE = { width: 1200, height: 1230 }

export async function takePictures (browser, url, directory) {
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ colorScheme, viewport: SIZE })
    await page.goto(url)
    await page.locator('#health-badge', { hasText: 'healthy' }).waitFor()
    // Rates need two samples, and a line of them some more
    await page.locator('#traffic-facts polyline[points*=" "]').first().waitFor({ state: 'attached' })
    await page.fill('#key', '/app/anywhere')
    await page.press('#key', 'Enter')
    await page.locator('#command-status', { hasText: 'found' }).waitFor()
    await page.locator('#recent button').first().waitFor()
    await page.evaluate(() => document.activeElement.blur())
    await page.screenshot({ path: join(directory, `dashboard-${colorScheme}.png`) })
    await page.close()
  }
}
