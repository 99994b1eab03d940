package io.kad.core.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.inject.AbstractModule;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.ProvisionException;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.OptionalBinder;
import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.metrics.Metric;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.transport.Transport;
import io.kad.core.micrometer.MicrometerMetrics;
import io.kad.core.peer.HeapProviderStore;
import io.kad.core.peer.HeapRecordStore;
import io.kad.core.peer.TestIdentity;
import io.kad.core.runtime.RecordingTransport;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KademliaModuleTest {

    private final HeapRecordStore records = new HeapRecordStore();

    private static final class Essentials extends AbstractModule {
        @Override
        protected void configure() {
            bind(Identity.class).toInstance(TestIdentity.of(0));
            bind(KademliaConfig.class).toInstance(KademliaConfig.of("/test/kad/1.0.0"));
        }
    }

    private record Validator(String namespace) implements RecordValidator {

        @Override
        public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
            return Optional.empty();
        }

        @Override
        public int select(RecordKey key, List<Bytes> values, Instant now) {
            return 0;
        }
    }

    private static Module plugins(RecordStore records) {
        return new AbstractModule() {
            @Override
            protected void configure() {
                bind(Transport.class).toInstance(new RecordingTransport());
                OptionalBinder.newOptionalBinder(binder(), RecordStore.class)
                        .setBinding()
                        .toInstance(records);
                bind(ProviderStore.class).to(HeapProviderStore.class);
            }
        };
    }

    private static Module validators(String... namespaces) {
        return new AbstractModule() {
            @Override
            protected void configure() {
                for (String namespace : namespaces) {
                    Multibinder.newSetBinder(binder(), RecordValidator.class)
                            .addBinding()
                            .toInstance(new Validator(namespace));
                }
            }
        };
    }

    @Test
    void whatIsBoundIsUsed() throws Exception {
        Injector injector =
                Guice.createInjector(new KademliaModule(), new Essentials(), plugins(records), validators("a", "b"));

        try (Kademlia peer = injector.getInstance(Kademlia.class)) {
            assertThat(peer.peerId()).isEqualTo(TestIdentity.of(0).peerId());
            assertThat(injector.getInstance(Kademlia.class)).isSameAs(peer);
            assertThat(peer.storeSizes().get(60, TimeUnit.SECONDS).records()).isZero();
        }
        assertThatThrownBy(
                        () -> injector.getInstance(Kademlia.class).storeSizes().get(60, TimeUnit.SECONDS))
                .hasMessageContaining("closed");
    }

    @Test
    void metricsAreReportedWhereTheyAreBound() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Module metrics = new AbstractModule() {
            @Override
            protected void configure() {
                bind(Metrics.class).toInstance(new MicrometerMetrics(registry, Tags.empty()));
            }
        };
        Injector injector = Guice.createInjector(new KademliaModule(), new Essentials(), plugins(records), metrics);
        // A plug-in may ask for its context before there is a peer
        Metric calls = new Metric("kad.plugin.calls", "Calls of a plug-in.", List.of());
        injector.getInstance(SpiContext.class).metrics().counter(calls).increment();
        assertThat(registry.get(calls.name()).counter().count()).isEqualTo(1);
        try (Kademlia peer = injector.getInstance(Kademlia.class)) {
            assertThat(registry.get("kad.queries.running").gauge().value())
                    .isEqualTo(peer.queries().size());
        }
    }

    @Test
    void aPeerSnapshotStoreIsUsedWhereItIsBound() {
        AtomicInteger loads = new AtomicInteger();
        Module snapshots = new AbstractModule() {
            @Override
            protected void configure() {
                bind(PeerSnapshotStore.class).toInstance(new CountingSnapshots(loads));
            }
        };
        Injector injector = Guice.createInjector(new KademliaModule(), new Essentials(), plugins(records), snapshots);
        injector.getInstance(Kademlia.class).close();
        assertThat(loads).hasValue(1);
    }

    private record CountingSnapshots(AtomicInteger loads) implements PeerSnapshotStore {

        @Override
        public List<PeerInfo> load() {
            loads.incrementAndGet();
            return List.of();
        }

        @Override
        public void save(List<PeerInfo> peers) {}

        @Override
        public void close() {}
    }

    /** A store that Guice creates, from the context of the peer. */
    @Singleton
    static final class InjectedStore extends HeapRecordStore {

        final SpiContext context;

        @Inject
        InjectedStore(SpiContext context) {
            this.context = context;
        }
    }

    private static Module storeByClass() {
        return new AbstractModule() {
            @Override
            protected void configure() {
                bind(Transport.class).toInstance(new RecordingTransport());
                bind(RecordStore.class).to(InjectedStore.class);
                bind(ProviderStore.class).to(HeapProviderStore.class);
            }
        };
    }

    @Test
    void aStoreBoundByItsClassGetsTheContextOfThePeer(@TempDir Path directory) throws Exception {
        Injector injector = Guice.createInjector(
                new KademliaModule(builder -> builder.dataDirectory(directory).option("store.size", "7")),
                new Essentials(),
                storeByClass());

        // Also where the store is asked for before the peer
        InjectedStore store = injector.getInstance(InjectedStore.class);
        assertThat(store.context.self()).isEqualTo(TestIdentity.of(0).peerId());
        assertThat(store.context.dataDirectory()).contains(directory);
        assertThat(store.context.options()).containsEntry("store.size", "7");
        CompletableFuture<Void> task = CompletableFuture.runAsync(() -> {}, store.context.executor());
        assertThat(task).isNotDone();
        try (Kademlia peer = injector.getInstance(Kademlia.class)) {
            assertThat(peer.recordStore()).isSameAs(store);
            assertThat(task).succeedsWithin(60, TimeUnit.SECONDS);
            assertThat(CompletableFuture.runAsync(() -> {}, store.context.executor()))
                    .succeedsWithin(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void anEvictionOfABoundStoreIsAnEventOfThePeer() throws Exception {
        Injector injector = Guice.createInjector(new KademliaModule(), new Essentials(), storeByClass());
        List<DhtEvent> events = new CopyOnWriteArrayList<>();
        try (Kademlia peer = injector.getInstance(Kademlia.class)) {
            peer.onEvent(events::add);
            Record evicted = Record.of(RecordKey.utf8("/a/evicted"), Bytes.utf8("1"));
            Record closer = Record.of(RecordKey.utf8("/a/closer"), Bytes.utf8("2"));
            injector.getInstance(InjectedStore.class).context.listener().recordEvicted(evicted, closer);
            await().untilAsserted(
                            () -> assertThat(events).contains(new DhtEvent.RecordEvicted(evicted.key(), closer.key())));
        }
    }

    @Test
    void whatIsNotBoundIsLookedForOnThePath() {
        Injector injector = Guice.createInjector(new KademliaModule(), new Essentials());

        assertThatThrownBy(() -> injector.getInstance(Kademlia.class))
                .isInstanceOf(ProvisionException.class)
                .hasMessageContaining("no transport is available")
                .hasMessageContaining("no record store is available");
    }

    @Test
    void twoValidatorsOfOneNamespaceAreAnError() {
        Injector injector = Guice.createInjector(
                new KademliaModule(), new Essentials(), plugins(records), validators("a"), other("a"));

        assertThatThrownBy(() -> injector.getInstance(Kademlia.class)).hasMessageContaining("'a'");
    }

    /** A validator that is not equal to the record of the same namespace. */
    private static Module other(String namespace) {
        return new AbstractModule() {
            @Override
            protected void configure() {
                Multibinder.newSetBinder(binder(), RecordValidator.class)
                        .addBinding()
                        .toInstance(new RecordValidator() {
                            @Override
                            public String namespace() {
                                return namespace;
                            }

                            @Override
                            public Optional<String> validate(RecordKey key, Bytes value, Instant now) {
                                return Optional.empty();
                            }

                            @Override
                            public int select(RecordKey key, List<Bytes> values, Instant now) {
                                return 0;
                            }
                        });
            }
        };
    }

    @Test
    void withoutAnIdentityTheInjectorIsNotEvenMade() {
        assertThatThrownBy(() -> Guice.createInjector(new KademliaModule()))
                .isInstanceOf(CreationException.class)
                .hasMessageContaining("Identity")
                .hasMessageContaining("KademliaConfig");
    }

    @Test
    void furtherSettingsReachTheBuilderAndWhatIsBoundOverridesThem() throws Exception {
        HeapRecordStore notBound = new HeapRecordStore();
        Injector injector = Guice.createInjector(
                new KademliaModule(builder -> builder.recordStore(notBound).callbackExecutor(Runnable::run)),
                new Essentials(),
                plugins(records));

        try (Kademlia peer = injector.getInstance(Kademlia.class)) {
            notBound.close();
            assertThat(peer.storeSizes()).isCompleted();
        }
    }
}
