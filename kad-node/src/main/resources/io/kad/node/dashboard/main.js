// Start of the page: each part reads what it shows by itself.

import { startBuckets } from './buckets.js'
import { startChecks } from './checks.js'
import { startCommands } from './commands.js'
import { startConnections } from './connections.js'
import { startEvents } from './events.js'
import { startLimits } from './limits.js'
import { startOverview } from './overview.js'
import { startRecent } from './recent.js'
import { startSamples } from './samples.js'
import { startTheme } from './theme.js'

startTheme()
startOverview()
startCommands()
startRecent()
startBuckets()
startConnections()
startSamples()
startLimits()
startChecks()
startEvents()
