// What @chainsafe/libp2p-quic needs of Node 22, for Node 20.

Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new this((...both) => { [resolve, reject] = both })
  return { promise, resolve, reject }
}
