/**
 * The lookup: finds the peers closest to a key by one of three strategies, over one path or several disjoint paths. Sans-IO: a
 * lookup returns the next peer to query, and is called with the results. {@link io.kad.core.lookup.LookupConfig} has its
 * parameters. Confined to one thread at a time.
 *
 * <p><b>Timeouts.</b> The {@link io.kad.core.lookup.WaitTimes} belong to the lookup and follow from what the peer measured, over the
 * latest 256 RTTs and the latest 256 outcomes: the RTTs, and the share d of requests without a response. Only {@code SCOPED} uses them. Each
 * is for a decision of its own:
 *
 * <ul>
 *   <li>At the <em>soft timeout</em>, 1.5 to 2 times the median RTT, a request is late and releases its slot.
 *   <li>A peer is <em>presumed dead</em> once it is more likely dead than slow: after 1.1 times the RTT x at which (1 - d) P(RTT &gt; x) = d, the
 *       largest RTT if d is 0. It leaves the scope of the lookup, which grows in its place.
 *   <li>At the <em>max wait</em>, twice the largest RTT and at least five times the median, the lookup no longer waits for the peer; while
 *       at most 2 of the latest requests had no response, only at the <em>extended max wait</em>, four times the largest RTT. Until then it
 *       does not finish if the peer is closer than the farthest of the closest that responded. Until 64 RTTs are measured, only the request timeout ends the wait; while fewer
 *       peers have responded than are to be found, the wait is at least 2 s.
 * </ul>
 *
 * <p>A response counts until the lookup has finished. So a lookup is exact when RTTs are unequal, and is as fast as the RTTs and the dead
 * peers of its network allow. It has two stages: it has <em>converged</em> when no candidate in its scope is to be queried or in flight, which is
 * enough for reads, and it has <em>finished</em> when no late candidate can change its result.
 *
 * <p>{@link io.kad.core.lookup.ResponseTimes} is the window that the wait times are computed from; there is one for connected peers and
 * one for peers that have to be dialled first, as {@link io.kad.core.lookup.ResponseTimesSource} returns them. The options {@code
 * MIN_SOFT_TIMEOUT} and {@code MIN_MAX_WAIT} are lower bounds, for pauses and lost packets.
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
