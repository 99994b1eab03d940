package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.Kademlia;
import io.kad.api.KademliaBuilder;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.core.runtime.RecordingTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerBuilderTest {

    private static final KademliaConfig CONFIG = KademliaConfig.of("/test/kad/1.0.0");

    private final RecordingTransport transport = new RecordingTransport();
    private final HeapRecordStore records = new HeapRecordStore();
    private final HeapProviderStore providers = new HeapProviderStore();

    private KademliaBuilder complete() {
        return Kademlia.builder()
                .identity(TestIdentity.of(0))
                .config(CONFIG)
                .transport(transport)
                .recordStore(records)
                .providerStore(providers);
    }

    @AfterEach
    void noThreadIsLeft() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().startsWith("kad-")));
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

    @Test
    void theBuilderIsFoundByItsInterface() {
        assertThat(Kademlia.builder()).isInstanceOf(PeerBuilder.class);
    }

    @Test
    void whatWasGivenIsUsedAndOnlyTheTransportIsClosedWithThePeer() {
        Kademlia peer = complete().build();
        assertThat(peer.peerId()).isEqualTo(TestIdentity.of(0).peerId());
        assertThat(peer.config()).isSameAs(CONFIG);
        assertThat(transport.handler).isNotNull();

        peer.close();

        assertThat(transport.closes).isEqualTo(1);
        assertThat(records.closes).isZero();
        assertThat(providers.closes).isZero();
    }

    @Test
    void everythingThatIsMissingIsNamedAtOnce() {
        assertThatThrownBy(() -> Kademlia.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("identity")
                .hasMessageContaining("config");
        assertThatThrownBy(() -> Kademlia.builder().config(CONFIG).build()).hasMessageContaining("identity");
        assertThatThrownBy(() -> Kademlia.builder().identity(TestIdentity.of(0)).build())
                .hasMessageContaining("config");
        assertThatThrownBy(() -> Kademlia.builder()
                        .identity(TestIdentity.of(0))
                        .config(CONFIG)
                        .validator(new Validator("x"))
                        .validator(new Validator("x"))
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no transport")
                .hasMessageContaining("no record store")
                .hasMessageContaining("no provider store")
                .hasMessageContaining("'x'");
    }

    @Test
    void aPeerSnapshotStoreThatIsWantedByNameMustBeThere() {
        KademliaBuilder builder = complete()
                .config(KademliaConfig.builder()
                        .set(KademliaConfig.PEER_SNAPSHOT_STORE, "absent")
                        .build());
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unknown peer snapshot store 'absent' (peer-snapshot-store); known: ");
    }

    @Test
    void aTransportThatDoesNotStartFailsTheBuildAndLeavesNoThread() {
        RecordingTransport broken = new RecordingTransport() {
            @Override
            public void start(TransportHandler handler) {
                throw new IllegalStateException("no start");
            }
        };

        assertThatThrownBy(() -> complete().transport(broken).build())
                .hasMessageContaining(
                        "cannot start transport " + broken.getClass().getName())
                .hasMessageContaining("no start");
    }

    @Test
    void usersAreCalledOnTheExecutorTheyGave() throws Exception {
        AtomicInteger tasks = new AtomicInteger();
        Kademlia peer = complete()
                .callbackExecutor(task -> {
                    tasks.incrementAndGet();
                    task.run();
                })
                .build();

        assertThat(peer.removePeer(peer.peerId()).get(60, TimeUnit.SECONDS)).isFalse();

        assertThat(tasks).hasValue(1);
        peer.close();
    }
}
