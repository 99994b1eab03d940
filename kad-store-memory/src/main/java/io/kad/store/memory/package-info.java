/**
 * Bounded record and provider stores in memory. Their content is lost when the process ends.
 *
 * <pre>{@code
 * MemoryRecordStore      MemoryProviderStore       the two stores
 *        |                       |
 *        +-----> EntryTable <----+                 bounded map, one lock for writes
 *                  |
 *                  |--- StoreEntry                 content under one key
 *                  |      |- MemoryRecordEntry       one record
 *                  |      `- ProviderSet             the providers of one key
 *                  |
 *                  |--- EntryIndex                 updated with each change of an entry
 *                  |      |- KeyIndex                pages, by key
 *                  |      |- ExpiryIndex             sweeps, by expiry
 *                  |      |- RecordEvictionRule      evictions of records, by EvictionRank
 *                  |      `- ProviderIndex           evictions of providers, by provider and distance
 *                  |
 *                  `--- QuotaTracker               enforces the quotas on the sum of each entry's Usage
 *                         `- MemoryStoreLimits       the quotas, read by MemoryStoreOptions
 * }</pre>
 *
 * <p>A write is accepted or refused before it changes anything. An accepted record stays until it is removed, expires, or is
 * evicted: when the quota of remote records is full, the remote record with the greatest product of its distance from the local peer and its
 * size is evicted in favour of one with a smaller product, which is counted and reported. A flood of distant records therefore evicts nothing,
 * one of close ones evicts only records that are farther away or larger than 12 KiB, and one of large records evicts few small ones. Local records, which the local peer publishes or provides, have separate quotas that
 * remote peers cannot use up. Expiry is checked against the wall clock at each read, so the stores tolerate clock steps. The same
 * sequence of calls gives the same content, in the same order.
 *
 * <p>Stores, tables and quota trackers are thread-safe; all other indexes except {@code KeyIndex} are used under the lock of their
 * table. Reads take no lock, and a write waits at most for the writes before it.
 *
 * <p>Implements the rules of {@link io.kad.api.spi.store.RecordStore} and {@link io.kad.api.spi.store.ProviderStore}. Records and
 * provider records are those of the libp2p kad-dht specification.
 */
@NullMarked
package io.kad.store.memory;

import org.jspecify.annotations.NullMarked;
