package io.kad.core.runtime;

import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.AddressRange;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.core.server.EntryKey;
import io.kad.core.server.EntrySender;
import io.kad.core.server.LeavingEntries;
import io.kad.core.server.RangeQuota;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Quotas of the records and of the provider records that address ranges, and single peers in them, make this peer keep, and of their bytes.
 * What its store evicts or refuses is released. A refusal by an option is logged at most once a minute for each kind of entry; all are counted. Thread-safe.
 */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
public final class InboundQuotas implements StoreListener {

    private static final Logger LOG = LoggerFactory.getLogger(InboundQuotas.class);

    /** Bytes that a store in memory needs for the objects around a record. Source: its own estimate. */
    static final int RECORD_OVERHEAD_BYTES = 768;
    /** Bytes that a store in memory needs for the objects around a provider record and its key. Source: its own estimate. */
    static final int PROVIDER_OVERHEAD_BYTES = 880;
    /** Bytes that a store in memory needs for the objects around an address. Source: its own estimate. */
    static final int ADDRESS_OVERHEAD_BYTES = 96;

    private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

    private final KadKey self;
    private final RangeQuota records;
    private final RangeQuota providers;
    private final AtomicLong refusals = new AtomicLong();
    /** When a refusal was logged last, by the kind of entry and the option. */
    private final Map<String, Instant> lastLogged = new ConcurrentHashMap<>();

    /** Creates quotas of {@code config}, of which nothing is used. */
    public InboundQuotas(KademliaConfig config, PeerId self) {
        this.self = self.kadKey();
        this.records = new RangeQuota(config);
        this.providers = new RangeQuota(config);
    }

    /** Shares the limits of the stores, and limits bytes by theirs where the configuration does not say more. Called before the first request. */
    public void useStores(RecordStore recordStore, ProviderStore providerStore) {
        records.useStore(recordStore.maxRemoteRecords(), recordStore.maxRemoteBytes());
        providers.useStore(providerStore.maxRemoteRecords(), providerStore.maxRemoteBytes());
    }

    /**
     * Answer to a request to store an entry.
     *
     * @param claim what must be told at the end of the request whether the entry was stored
     * @param refusal why the entry must not be stored; empty if it may be
     */
    record Admission(RangeQuota.Claim claim, Optional<DhtEvent.QuotaExceeded> refusal) {}

    /** Claims room for a record that is about to be stored: before, so that the store may evict it at any time after. */
    Admission admit(InboundRequest request, Record record, Instant now) {
        return admit(
                "records",
                request,
                record.key(),
                now,
                records.claim(
                        entryKey(record.key(), entry(record.key())),
                        sender(request, record.publisher()),
                        bytes(record),
                        expiry(record.expires()),
                        now));
    }

    /** Claims room for a provider record that is about to be stored, as {@link #admit(InboundRequest, Record, Instant)} does. */
    Admission admit(InboundRequest request, ProviderRecord record, Instant now) {
        return admit(
                "provider records",
                request,
                record.key(),
                now,
                providers.claim(
                        entryKey(record.key(), entry(record.key(), record.provider())),
                        sender(request, Optional.empty()),
                        bytes(record),
                        expiry(record.expires()),
                        now));
    }

    private Admission admit(String what, InboundRequest request, RecordKey key, Instant now, RangeQuota.Claim claim) {
        return new Admission(claim, claim.exceeded().map(exceeded -> {
            if (isLogged(what + " " + exceeded.option(), now)) {
                LOG.warn(
                        "{} of {} exceed the limit of {}; further refusals of this kind are counted, and logged once a minute",
                        what,
                        exceeded.owner(),
                        exceeded.limit());
            }
            return new DhtEvent.QuotaExceeded(
                    request.from(), key, exceeded.range().toString(), exceeded.option(), refusals.incrementAndGet());
        }));
    }

    /** Returns whether a refusal is logged now: none of its kind was in the last minute, by a clock that may have been set back. */
    private boolean isLogged(String kind, Instant now) {
        Instant last = lastLogged.get(kind);
        boolean isRecent = last != null && !now.isBefore(last) && now.isBefore(last.plus(LOG_INTERVAL));
        return !isRecent
                && (last == null ? lastLogged.putIfAbsent(kind, now) == null : lastLogged.replace(kind, last, now));
    }

    /** Ends the claim of {@code sent}, after which {@code stored} is stored, which has its value. */
    static void end(RangeQuota.Claim claim, Record sent, Record stored, boolean isLocal) {
        if (!isLocal && !stored.expires().equals(sent.expires())) {
            claim.endKept(expiry(stored.expires()));
        } else {
            claim.end(!isLocal);
        }
    }

    /** Returns the sender of an entry; one without a publisher counts as published by its sender. */
    private static EntrySender sender(InboundRequest request, Optional<PeerId> publisher) {
        PeerId from = request.from();
        boolean isReplicating = publisher.filter(peer -> !peer.equals(from)).isPresent();
        return new EntrySender(from, AddressRange.of(request.remoteAddress()), isReplicating);
    }

    private static Instant expiry(Optional<Instant> expires) {
        return expires.orElse(Instant.MAX);
    }

    /** Returns the bytes that a store in memory needs for a record, as it estimates them. */
    static long bytes(Record record) {
        return (long) RECORD_OVERHEAD_BYTES
                + record.key().bytes().size()
                + record.value().size();
    }

    /** Returns the bytes that a store in memory needs for a provider record under a key of its own. */
    static long bytes(ProviderRecord record) {
        long bytes = (long) PROVIDER_OVERHEAD_BYTES + record.key().bytes().size();
        for (Multiaddr address : record.addresses()) {
            bytes += ADDRESS_OVERHEAD_BYTES + address.bytes().size();
        }
        return bytes;
    }

    @Override
    public void recordEvicted(Record evicted, Record closer) {
        records.removed(entry(evicted.key()));
    }

    @Override
    public void providerEvicted(RecordKey key, PeerId provider) {
        providers.removed(entry(key, provider));
    }

    /** Releases the record that the local peer has replaced by one of its own, which counts for nobody. */
    public void recordPublished(RecordKey key) {
        records.replaced(entry(key));
    }

    @Override
    public Iterator<RecordKey> recordsOverShare(RecordKey incoming) {
        return new LeavingEntries<>(
                limit -> records.overShare(entry(incoming), limit),
                RangeQuota.Leaving::key,
                leaving -> records.removed(leaving.id()));
    }

    /** Returns whose provider records go first; who sends one is its provider. */
    @Override
    public Iterator<Provided> providersOverShare(Provided incoming) {
        return new LeavingEntries<>(
                limit -> providers.overShare(entry(incoming.key(), incoming.provider()), limit),
                leaving -> new Provided(leaving.key(), leaving.sender()),
                leaving -> providers.removed(leaving.id()));
    }

    private EntryKey entryKey(RecordKey key, long id) {
        return new EntryKey(id, key, self.word(0) ^ key.kadKey().word(0));
    }

    private static long entry(RecordKey key) {
        return key.kadKey().word(0);
    }

    private static long entry(RecordKey key, PeerId provider) {
        return key.kadKey().word(0) ^ provider.kadKey().word(1);
    }
}
