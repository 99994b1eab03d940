package io.kad.api;

/**
 * How a lookup goes on and when it ends. By each, alpha requests run at once, nearest candidate first, and an answer counts as progress
 * if it names a new peer that is among the k nearest known.
 *
 * <p>Requests and time in a healthy network of 10,000 peers with k 20, in mean round trips: {@code SCOPED} 23.0 in 3.9 and {@code
 * STALL} 47.7 in 3.9 with alpha 3; {@code BETA} 31.6 in 3.7 with alpha 10.
 */
public enum LookupStrategy {

    /**
     * Ours, and the default. Alpha outcomes in a row without progress let k requests run at once, until there is progress. A request
     * that takes twice the usual round trip frees its place. Only the nearest k candidates are asked, or up to 2k when some of them
     * fail or are late; it ends when all of these have answered.
     */
    SCOPED,

    /**
     * rust-libp2p's. Alpha answers in a row without progress let k requests run at once. Any candidate may be asked; it ends when the
     * k nearest that don't fail have answered.
     */
    STALL,

    /**
     * The kad-dht specification's and go-libp2p's. It walks until the beta nearest that don't fail have answered, and then asks those
     * of the k nearest that are left, all at once. Peers that fail among these are not replaced.
     */
    BETA
}
