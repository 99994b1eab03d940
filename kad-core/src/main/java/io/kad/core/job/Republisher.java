package io.kad.core.job;

import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.core.query.OperationId;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Keeps alive what was published although peers come and go: own records and own provider records are published again, and records of
 * others that nobody else stored anew.
 *
 * <p>Sources: Kademlia paper, section 2.5; libp2p kad-dht specification, content provider advertisement. Confined to one thread at a
 * time.
 */
public final class Republisher {

    private final JobHost host;
    private final RecentlyReceived received = new RecentlyReceived();
    private final RepublishJob<Record> records;
    private final RepublishJob<Record> replicas;
    private final RepublishJob<ProviderRecord> providers;

    /** Makes the jobs of {@code self}; none of them is begun. */
    public Republisher(PeerId self, KademliaConfig config, RandomGenerator random, JobHost host) {
        this.host = host;
        int parallel = config.get(KademliaConfig.REPUBLISH_PARALLELISM);
        boolean values = config.get(KademliaConfig.VALUES_ENABLED);
        boolean announces = config.get(KademliaConfig.PROVIDERS_ENABLED);
        this.records = new RepublishJob<>(
                DhtEvent.RepublishKind.RECORD,
                new OwnRecords(),
                timer(values, config.get(KademliaConfig.REPUBLISH_INTERVAL), random),
                parallel);
        this.replicas = new RepublishJob<>(
                DhtEvent.RepublishKind.REPLICA,
                new Replicas(self, received),
                timer(values, config.get(KademliaConfig.REPLICATE_INTERVAL), random),
                parallel);
        this.providers = new RepublishJob<>(
                DhtEvent.RepublishKind.PROVIDER,
                new OwnProviders(),
                timer(announces, config.get(KademliaConfig.REPROVIDE_INTERVAL), random),
                parallel);
    }

    private static JitteredInterval timer(boolean enabled, Optional<Duration> interval, RandomGenerator random) {
        return new JitteredInterval(enabled ? interval : Optional.empty(), random);
    }

    private Stream<RepublishJob<?>> all() {
        return Stream.of(records, replicas, providers);
    }

    /** Begins; called once, first. */
    public void begin() {
        all().forEach(job -> job.begin(host.nanos()));
    }

    /** Goes on as far as possible; called in each step, at its end. */
    public void proceed() {
        records.proceed(host);
        replicas.proceed(host);
        providers.proceed(host);
    }

    /** Notes that another peer stored a record here. */
    public void received(RecordKey key) {
        received.add(key);
    }

    /** Takes records that were read. */
    public void recordsLoaded(OperationId operation, Page<Record> page) {
        for (RepublishJob<Record> job : List.of(records, replicas)) {
            if (job.awaits(operation)) {
                job.loaded(page);
            }
        }
    }

    /** Takes provider records that were read. */
    public void providersLoaded(OperationId operation, Page<ProviderRecord> page) {
        if (providers.awaits(operation)) {
            providers.loaded(page);
        }
    }

    /** Takes that a store did not do what it was asked. */
    public void storeFailed(OperationId operation) {
        all().filter(job -> job.awaits(operation)).forEach(RepublishJob::loadFailed);
    }

    /** Returns when {@link #proceed} is to be called; {@link Long#MAX_VALUE} for not before something happens. Constant time. */
    public long nextDeadlineNanos() {
        boolean knowsPeers = host.knowsPeers();
        return Math.min(
                records.nextDeadlineNanos(knowsPeers),
                Math.min(replicas.nextDeadlineNanos(knowsPeers), providers.nextDeadlineNanos(knowsPeers)));
    }

    private static final class OwnRecords implements RepublishJob.Source<Record> {

        @Override
        public OperationId load(JobHost host, Optional<Bytes> after, int limit) {
            return host.loadRecords(true, after, limit);
        }

        @Override
        public RecordKey key(Record item) {
            return item.key();
        }

        @Override
        public Optional<QuerySpec> query(Record item, JobHost host) {
            return item.isExpired(host.wall()) ? Optional.empty() : Optional.of(new QuerySpec.Republish(item));
        }
    }

    private static final class Replicas implements RepublishJob.Source<Record> {

        private final PeerId self;
        private final RecentlyReceived received;

        Replicas(PeerId self, RecentlyReceived received) {
            this.self = self;
            this.received = received;
        }

        @Override
        public void begin() {
            received.begin();
        }

        @Override
        public OperationId load(JobHost host, Optional<Bytes> after, int limit) {
            return host.loadRecords(false, after, limit);
        }

        @Override
        public RecordKey key(Record item) {
            return item.key();
        }

        @Override
        public Optional<QuerySpec> query(Record item, JobHost host) {
            boolean own = item.publisher().filter(self::equals).isPresent();
            return own || item.isExpired(host.wall()) || received.contains(item.key())
                    ? Optional.empty()
                    : Optional.of(new QuerySpec.Republish(item));
        }
    }

    private static final class OwnProviders implements RepublishJob.Source<ProviderRecord> {

        @Override
        public OperationId load(JobHost host, Optional<Bytes> after, int limit) {
            return host.loadProviders(after, limit);
        }

        @Override
        public RecordKey key(ProviderRecord item) {
            return item.key();
        }

        @Override
        public Optional<QuerySpec> query(ProviderRecord item, JobHost host) {
            return Optional.of(new QuerySpec.Reprovide(item.key()));
        }
    }
}
