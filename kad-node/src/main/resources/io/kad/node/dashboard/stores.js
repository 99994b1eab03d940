// Statistics of the stores.

import { byId, row, setRows } from './dom.js'
import { bytes, count } from './format.js'
import { labelValues } from './metrics.js'

const COLUMNS = 3

export function showStores (samples) {
  const ofStores = samples.filter(sample => sample.name === 'kad_store')
  const cell = (store, statistic) => {
    const found = ofStores.find(({ labels }) => labels.get('store') === store && labels.get('statistic') === statistic)
    return [found == null ? '' : statistic.includes('bytes') ? bytes(found.value) : count(found.value), 'number']
  }
  setRows(byId('store-rows'), labelValues(ofStores, 'kad_store', 'statistic').map(statistic =>
    row(statistic.replaceAll('-', ' '), cell('records', statistic), cell('providers', statistic))), COLUMNS, 'The stores have no statistics.')
}
