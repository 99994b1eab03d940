package io.kad.core.runtime;

import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.AddressRange;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.core.server.RangeQuota;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Quotas of the records and of the provider records that address ranges, and single peers in them, make this peer keep. What its store
 * evicts or refuses is released. The first refusal is logged; all are counted. Thread-safe.
 */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
public final class InboundQuotas implements StoreListener {

    private static final Logger LOG = LoggerFactory.getLogger(InboundQuotas.class);

    private final RangeQuota records;
    private final RangeQuota providers;
    private final AtomicLong refusals = new AtomicLong();

    /** Creates quotas of {@code config}, of which nothing is used. */
    public InboundQuotas(KademliaConfig config) {
        this.records = new RangeQuota(config);
        this.providers = new RangeQuota(config);
    }

    /** Returns the refusal of a record by the quota of its sender's range; empty if it may be stored. */
    Optional<DhtEvent.QuotaExceeded> refusal(InboundRequest request, Record record, Instant now) {
        return refusal(records, "records", request, record.key(), entry(record.key()), now);
    }

    /** Returns the refusal of a provider record by the quota of its sender's range; empty if it may be stored. */
    Optional<DhtEvent.QuotaExceeded> refusal(InboundRequest request, ProviderRecord record, Instant now) {
        return refusal(providers, "provider records", request, record.key(), entry(record), now);
    }

    private Optional<DhtEvent.QuotaExceeded> refusal(
            RangeQuota quota, String what, InboundRequest request, RecordKey key, long entry, Instant now) {
        return quota.exceeded(entry, request.from(), AddressRange.of(request.remoteAddress()), now)
                .map(exceeded -> {
                    long total = refusals.incrementAndGet();
                    if (total == 1) {
                        LOG.warn(
                                "{} of {} exceed the limit of {} ({}); further refusals are counted and not logged",
                                what,
                                exceeded.owner(),
                                exceeded.limit(),
                                exceeded.option());
                    }
                    return new DhtEvent.QuotaExceeded(
                            request.from(), key, exceeded.range().toString(), total);
                });
    }

    /** Told at the end of a request whether its entry was stored. */
    @FunctionalInterface
    interface Outcome {

        void end(boolean stored);
    }

    /**
     * Counts a record that is about to be stored for a request: before, so that the store may evict it at any time after. Returns what the caller
     * must tell whether it was stored.
     */
    Outcome count(InboundRequest request, Record record) {
        return count(records, request, entry(record.key()), record.expires());
    }

    /** Counts a provider record that is about to be stored, as {@link #count(InboundRequest, Record)} does. */
    Outcome count(InboundRequest request, ProviderRecord record) {
        return count(providers, request, entry(record), record.expires());
    }

    private static Outcome count(RangeQuota quota, InboundRequest request, long entry, Optional<Instant> expires) {
        Optional<RangeQuota.Claim> claim = quota.count(
                entry, request.from(), AddressRange.of(request.remoteAddress()), expires.orElse(Instant.MAX));
        return stored -> claim.ifPresent(counted -> quota.end(entry, counted, stored));
    }

    @Override
    public void recordEvicted(Record evicted, Record closer) {
        records.removed(entry(evicted.key()));
    }

    @Override
    public void providerEvicted(RecordKey key, PeerId provider) {
        providers.removed(entry(key, provider));
    }

    private static long entry(RecordKey key) {
        return key.kadKey().word(0);
    }

    private static long entry(ProviderRecord record) {
        return entry(record.key(), record.provider());
    }

    private static long entry(RecordKey key, PeerId provider) {
        return key.kadKey().word(0) ^ provider.kadKey().word(1);
    }
}
