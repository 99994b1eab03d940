/**
 * The lookup: finds the peers closest to a key by one of three strategies, over one path or several disjoint paths. Sans-IO: a
 * lookup returns the next peer to query, and is called with the results. {@link io.kad.core.lookup.LookupConfig} has its
 * parameters. Confined to one thread at a time.
 *
 * <p><b>Timeouts.</b> Two times of a lookup follow from the median RTT of all peers, measured over the latest 64 responses ({@link
 * io.kad.core.lookup.RoundTrips}). The <em>soft timeout</em> is twice the median, from 50 ms to 5 s: a request that exceeds it
 * releases its slot, and the scope of the lookup grows by its peer, but a late response is still used. The <em>max wait</em> is four
 * soft timeouts, at least 2 s: a lookup that has found too few peers waits that long for the late ones before it ends. {@link
 * io.kad.core.lookup.Patience} returns both for a peer; the engine's {@code MeasuredPatience} keeps one window for connected peers,
 * and one for peers that it has to dial first. The <em>request timeout</em> is another matter: it ends the request itself, which
 * then fails in the lookup. The engine's {@code RttEstimator} computes it for each connected peer from the RTTs of that peer
 * (RFC 6298), between the options {@code MIN_REQUEST_TIMEOUT} and {@code REQUEST_TIMEOUT}; a peer that has to be dialled has the
 * latter. The option {@code QUERY_TIMEOUT} ends the whole query.
 *
 * <p>Source: Kademlia paper, section 2.3; S/Kademlia (Baumgart and Mies 2007), section 4.4, for disjoint paths.
 */
@NullMarked
package io.kad.core.lookup;

import org.jspecify.annotations.NullMarked;
