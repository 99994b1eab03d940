package io.kad.transport.netty.identify;

import static io.kad.transport.netty.support.Callbacks.completing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.NettyTransport;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.wire.key.KeyType;
import io.kad.wire.key.PrivateKeyIdentity;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections between peers with keys of any two types. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class KeyTypesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<KeyType, Peer> DIALERS = new EnumMap<>(KeyType.class);
    private static final Map<KeyType, Peer> LISTENERS = new EnumMap<>(KeyType.class);

    @BeforeAll
    static void start() {
        for (KeyType type : KeyType.values()) {
            DIALERS.put(type, new Peer(type));
            LISTENERS.put(type, new Peer(type));
        }
    }

    @AfterAll
    static void close() {
        Stream.of(DIALERS, LISTENERS).flatMap(peers -> peers.values().stream()).forEach(peer -> peer.transport.close());
    }

    static Stream<Arguments> pairs() {
        return Stream.of(KeyType.values())
                .flatMap(dialer -> Stream.of(KeyType.values()).map(listener -> Arguments.of(dialer, listener)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void eachAuthenticatesAndIdentifiesTheOther(KeyType dialing, KeyType listening) {
        Peer dialer = DIALERS.get(dialing);
        Peer listener = LISTENERS.get(listening);
        CompletableFuture<ConnectionInfo> connected = new CompletableFuture<>();

        dialer.transport.connect(PeerInfo.of(listener.id(), listener.addresses), PATIENCE, completing(connected));

        assertThat(connected.join().peer()).isEqualTo(listener.id());
        dialer.awaitIdentified(listener);
        listener.awaitIdentified(dialer);
    }

    /** Transport that listens on a loopback port, and records identifications. */
    private static final class Peer implements TransportHandler {

        private final PrivateKeyIdentity identity;
        private final NettyTransport transport;
        private final List<Multiaddr> addresses;
        private final Map<PeerId, PeerIdentification> identified = new ConcurrentHashMap<>();

        Peer(KeyType type) {
            identity = PrivateKeyIdentity.generate(type, new SecureRandom());
            transport = new NettyTransport(identity, KademliaConfig.of("/test/kad/1.0.0"), InstantSource.system());
            transport.start(this);
            addresses =
                    StartedTransports.listen(transport, "/ip4/127.0.0.1/tcp/0").join();
        }

        PeerId id() {
            return identity.peerId();
        }

        void awaitIdentified(Peer other) {
            await().atMost(PATIENCE).until(() -> identified.containsKey(other.id()));
            assertThat(identified.get(other.id()).listenAddresses()).isEqualTo(other.addresses);
        }

        @Override
        public void onRequest(InboundRequest request, Responder responder) {
            responder.reset();
        }

        @Override
        public void onEvent(TransportEvent event) {
            if (event instanceof TransportEvent.PeerIdentified one) {
                identified.put(one.connection().peer(), one.identification());
            }
        }
    }
}
