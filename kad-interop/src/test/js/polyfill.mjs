// Node 20 lacks Promise.withResolvers, which the libp2p packages call; import this module before any of them.
if (typeof Promise.withResolvers !== 'function') {
  Promise.withResolvers = () => {
    const parts = {}
    parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }))
    return parts
  }
}
