package io.kad.core.job;

import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.StoreOperationId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Republication of the stored entries of a peer. It republishes locally published records, reprovides the provider records of the local
 * peer, and replicates received records that no other peer has stored here since the previous run.
 *
 * <p>Sources: Kademlia paper, section 2.5; libp2p kad-dht specification, content provider advertisement. Confined to one thread at a time.
 */
public final class Republisher {

    private final PeerId self;
    private final JobOperations operations;
    private final RecentlyReceived received = new RecentlyReceived();
    private final RepublishJob<Record> records;
    private final RepublishJob<Record> replicas;
    private final RepublishJob<ProviderRecord> providers;

    /** Creates the jobs of the peer {@code self}; they start with {@link #begin}. */
    public Republisher(PeerId self, KademliaConfig config, RandomGenerator random, JobOperations operations) {
        this.self = self;
        this.operations = operations;
        int parallelism = config.get(KademliaConfig.REPUBLISH_PARALLELISM);
        boolean valuesEnabled = config.get(KademliaConfig.VALUES_ENABLED);
        boolean providersEnabled = config.get(KademliaConfig.PROVIDERS_ENABLED);
        this.records = new RepublishJob<>(
                DhtEvent.RepublishKind.RECORD,
                new LocalRecords(self),
                timer(valuesEnabled, config.get(KademliaConfig.REPUBLISH_INTERVAL), random),
                parallelism);
        this.replicas = new RepublishJob<>(
                DhtEvent.RepublishKind.REPLICA,
                new Replicas(self, received),
                timer(valuesEnabled, config.get(KademliaConfig.REPLICATE_INTERVAL), random),
                parallelism);
        this.providers = new RepublishJob<>(
                DhtEvent.RepublishKind.PROVIDER,
                new LocalProviders(),
                timer(providersEnabled, config.get(KademliaConfig.REPROVIDE_INTERVAL), random),
                parallelism);
    }

    private static JitteredInterval timer(boolean enabled, Optional<Duration> interval, RandomGenerator random) {
        return new JitteredInterval(enabled ? interval : Optional.empty(), random);
    }

    private Stream<RepublishJob<?>> jobs() {
        return Stream.of(records, replicas, providers);
    }

    /** Starts the first interval of each job. Called once, before all other methods. */
    public void begin() {
        jobs().forEach(job -> job.begin(operations.nanos()));
    }

    /** Starts the runs, queries and pages that are due. Called at the end of each advance of the engine. */
    public void proceed() {
        records.proceed(operations);
        replicas.proceed(operations);
        providers.proceed(operations);
    }

    /** Called when other peers stored records here, with their Kademlia keys. */
    public void received(List<KadKey> keys) {
        keys.forEach(received::add);
    }

    /** Called when a page of records was read. Ignores operations that no job started. */
    public void recordPageLoaded(StoreOperationId operation, Page<Record> page) {
        for (RepublishJob<Record> job : List.of(records, replicas)) {
            if (job.isWaitingFor(operation)) {
                job.loaded(page);
            }
        }
    }

    /** Called when one record was read. Ignores operations that no job started. */
    public void recordLoaded(StoreOperationId operation, Optional<Record> record) {
        records.reloaded(operation, record, operations);
        replicas.reloaded(operation, record, operations);
    }

    /** Called when a page of provider records was read. Ignores operations that no job started. */
    public void providerPageLoaded(StoreOperationId operation, Page<ProviderRecord> page) {
        if (providers.isWaitingFor(operation)) {
            providers.loaded(page);
        }
    }

    /** Called when the provider records of one key were read. Ignores operations that no job started. */
    public void providersLoaded(StoreOperationId operation, List<ProviderRecord> stored) {
        if (providers.isWaitingFor(operation)) {
            Optional<ProviderRecord> local = stored.stream()
                    .filter(record -> record.provider().equals(self))
                    .findFirst();
            providers.reloaded(operation, local, operations);
        }
    }

    /** Called when a store operation failed. Ignores operations that no job started. */
    public void storeFailed(StoreOperationId operation, StoreException failure) {
        jobs().filter(job -> job.isWaitingFor(operation))
                .forEach(job -> job.loadFailed(operation, failure, operations));
    }

    /** Returns the time at which {@link #proceed} must be called; {@link Long#MAX_VALUE} for no deadline. Constant time. */
    public long nextDeadlineNanos() {
        return Math.min(
                records.nextDeadlineNanos(operations),
                Math.min(replicas.nextDeadlineNanos(operations), providers.nextDeadlineNanos(operations)));
    }

    /** Records of the store that the local peer has published, or the other ones. */
    private abstract static class StoredRecords implements RepublishJob.Source<Record> {

        private final PeerId self;
        private final boolean local;

        StoredRecords(PeerId self, boolean local) {
            this.self = self;
            this.local = local;
        }

        /** Returns whether a record need not be republished now. */
        abstract boolean skips(Record item);

        @Override
        public StoreOperationId load(JobOperations operations, Optional<Bytes> after, int limit) {
            return operations.loadRecords(local, after, limit);
        }

        @Override
        public StoreOperationId reload(JobOperations operations, RecordKey key) {
            return operations.loadRecord(key);
        }

        @Override
        public RecordKey key(Record item) {
            return item.key();
        }

        @Override
        public Optional<QuerySpec> query(Record item, JobOperations operations) {
            boolean isLocal = item.publisher().filter(self::equals).isPresent();
            return isLocal != local || item.isExpired(operations.wall()) || skips(item)
                    ? Optional.empty()
                    : Optional.of(new QuerySpec.Republish(item));
        }
    }

    private static final class LocalRecords extends StoredRecords {

        LocalRecords(PeerId self) {
            super(self, true);
        }

        @Override
        boolean skips(Record item) {
            return false;
        }
    }

    private static final class Replicas extends StoredRecords {

        private final RecentlyReceived received;

        Replicas(PeerId self, RecentlyReceived received) {
            super(self, false);
            this.received = received;
        }

        @Override
        public void begin() {
            received.begin();
        }

        @Override
        boolean skips(Record item) {
            return received.contains(item.key());
        }
    }

    private static final class LocalProviders implements RepublishJob.Source<ProviderRecord> {

        @Override
        public StoreOperationId load(JobOperations operations, Optional<Bytes> after, int limit) {
            return operations.loadProviders(after, limit);
        }

        @Override
        public StoreOperationId reload(JobOperations operations, RecordKey key) {
            return operations.loadProviders(key);
        }

        @Override
        public RecordKey key(ProviderRecord item) {
            return item.key();
        }

        @Override
        public Optional<QuerySpec> query(ProviderRecord item, JobOperations operations) {
            return Optional.of(new QuerySpec.Reprovide(item.key()));
        }
    }
}
