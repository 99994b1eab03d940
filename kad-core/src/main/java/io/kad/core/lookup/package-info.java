/**
 * The lookup: finds the peers closest to a key by one of three strategies, over one path or several disjoint paths. Sans-IO: a
 * lookup returns the next peer to query, and is called with the results. {@link io.kad.core.lookup.LookupConfig} has its
 * parameters. Confined to one thread at a time.
 *
 * <p><b>Timeouts.</b> Two of them belong to the lookup and follow from the median RTT of all peers, over the latest 64 responses:
 *
 * <ul>
 *   <li>The <em>soft timeout</em> is twice the median, from 50 ms to 5 s. A request that exceeds it releases its slot, and the scope
 *       of the lookup grows in place of its peer. A late response is still used.
 *   <li>The <em>max wait</em> is four soft timeouts, at least 2 s. A lookup that has too few responses waits that long for late ones
 *       before it ends.
 * </ul>
 *
 * <p>{@link io.kad.core.lookup.RoundTrips} is the window that computes both. {@link io.kad.core.lookup.Patience} returns them for a
 * peer: the engine's {@code MeasuredPatience} has one window for connected peers and one for peers that have to be dialled first.
 *
 * <p>The <em>request timeout</em> belongs to one peer and ends the request itself, which then fails in the lookup. The engine's {@code
 * RttEstimator} computes it by RFC 6298 from the RTTs of that peer, between the options {@code MIN_REQUEST_TIMEOUT} and {@code
 * REQUEST_TIMEOUT}; for a peer that is not connected, it is {@code REQUEST_TIMEOUT}. The <em>query timeout</em>, option {@code
 * QUERY_TIMEOUT}, ends the whole query.
 *
 * <p>Source: Kademlia paper, section 2.3; S/Kademlia (Baumgart and Mies 2007), section 4.4, for disjoint paths.
 */
@NullMarked
package io.kad.core.lookup;

import org.jspecify.annotations.NullMarked;
