/**
 * The queries: one state machine per query, made of a lookup phase and, where the query stores something, a store phase. Sans-IO:
 * {@link io.kad.core.query.QueryHost} carries out what a query decides. Confined to one thread at a time.
 *
 * <p>Source: libp2p kad-dht specification, sections on record and provider operations; Kademlia paper, section 2.3.
 */
@NullMarked
package io.kad.core.query;

import org.jspecify.annotations.NullMarked;
