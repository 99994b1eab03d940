// Light or dark, as the system or as chosen; a choice is kept in this browser.

import { byId } from './dom.js'

const KEY = 'kad-theme'

export function startTheme () {
  const select = byId('theme')
  select.value = stored()
  apply(select.value)
  select.addEventListener('change', () => {
    apply(select.value)
    try {
      localStorage.setItem(KEY, select.value)
    } catch {
      // without storage the choice lasts as long as the page
    }
  })
}

function stored () {
  try {
    const theme = localStorage.getItem(KEY)
    return ['light', 'dark'].includes(theme) ? theme : 'auto'
  } catch {
    return 'auto'
  }
}

function apply (theme) {
  if (theme === 'auto') {
    delete document.documentElement.dataset.theme
  } else {
    document.documentElement.dataset.theme = theme
  }
}
