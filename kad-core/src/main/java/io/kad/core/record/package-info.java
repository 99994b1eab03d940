/**
 * Rules for records: validation and selection per key namespace, collection of the records of one query, and expiry of received records.
 * Immutable and thread-safe, except {@link io.kad.core.record.RecordCollector}, which is confined to one thread at a time.
 *
 * <p>Source: libp2p kad-dht specification, section on entry validation.
 */
@NullMarked
package io.kad.core.record;

import org.jspecify.annotations.NullMarked;
