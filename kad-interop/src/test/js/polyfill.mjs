// Node 20 lacks Promise.withResolvers and WebSocket, which the libp2p packages use; import this module before any of them.
import { WebSocket } from 'ws'

globalThis.WebSocket ??= WebSocket
if (typeof Promise.withResolvers !== 'function') {
  Promise.withResolvers = () => {
    const parts = {}
    parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }))
    return parts
  }
}
