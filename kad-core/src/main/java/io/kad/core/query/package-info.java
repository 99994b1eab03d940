/**
 * The queries: one state machine for each running query. {@link io.kad.core.query.QueryStateMachine} holds its life and deadline,
 * {@link io.kad.core.query.QueryState} its pending requests and statistics, and a {@code *Query} class the logic of its kind, made of
 * a lookup phase and, if the query stores, a store phase. Sans-IO: {@link io.kad.core.query.QueryOperations} turns the calls of a query into
 * actions. Confined to one thread at a time.
 *
 * <p>Source: libp2p kad-dht specification, sections on record and provider operations; Kademlia paper, section 2.3.
 */
@NullMarked
package io.kad.core.query;

import org.jspecify.annotations.NullMarked;
