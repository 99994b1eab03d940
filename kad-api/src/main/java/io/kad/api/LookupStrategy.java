package io.kad.api;

/**
 * Strategy of one path of a lookup: selects the candidate that is queried next, the parallelism, and the end of the lookup.
 *
 * <p>Each strategy has alpha requests in flight and queries the closest candidate first. A response is progress if it contains a new peer
 * that is among the k closest known ones.
 *
 * <p>Mean cost in a network of 10,000 peers without failures and with k 20, as requests and as multiples of the RTT: {@code SCOPED} 23.0 in
 * 3.9 and {@code STALL} 47.7 in 3.9 with alpha 3; {@code BETA} 31.6 in 3.7 with alpha 10.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md#peer-routing">kad-dht, peer routing</a>
 */
public enum LookupStrategy {

    /**
     * Strategy of kad, and the default. After alpha results in a row without progress, the parallelism is k until there is progress. A
     * request releases its slot after 1.5 to 2 times the median RTT. Only the closest k candidates are queried, or up to 2k if some of them
     * fail or are presumed dead. The lookup has converged when all of these have responded, but for a quarter that may be late; it ends
     * when no late candidate can change its result. It is exact when RTTs are unequal, and the only strategy that does not wait for the
     * request timeout of dead peers.
     */
    SCOPED,

    /**
     * Strategy after rust-libp2p. After alpha responses in a row without progress, the parallelism is k. Any candidate may be queried. The
     * lookup ends when the k closest candidates that do not fail have responded. Other than in rust-libp2p, a request holds its slot until it
     * has a result, and progress is a new peer among the k closest.
     */
    STALL,

    /**
     * Strategy of the kad-dht specification and of go-libp2p-kad-dht. The lookup first runs until the beta closest candidates that do not
     * fail have responded, and then queries all of the k closest that remain, concurrently. Peers that fail among these are not replaced.
     */
    BETA
}
