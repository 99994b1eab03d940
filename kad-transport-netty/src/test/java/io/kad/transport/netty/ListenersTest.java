package io.kad.transport.netty;

import static io.kad.transport.netty.support.Callbacks.completing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.limit.NodeBudgets;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.transport.AddressPattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners on unspecified addresses, and on a machine whose network interfaces change. */
@Timeout(120)
class ListenersTest {

    /** More than the time between two readings of the interfaces, on a busy machine. */
    private static final Duration SOON = Duration.ofSeconds(60);

    private final List<InetAddress> interfaces = new CopyOnWriteArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<List<Multiaddr>> seen = new CopyOnWriteArrayList<>();

    /** Transport that keeps its events. */
    private class Node implements TransportHandler {

        private final TestIdentity identity;
        final NettyTransport transport;
        private final List<TransportEvent> events = new CopyOnWriteArrayList<>();

        Node(long number, LocalInterfaces machine) {
            identity = new TestIdentity(number);
            KademliaConfig config = KademliaConfig.builder().build();
            transport = new NettyTransport(
                    identity, config, InstantSource.system(), NodeBudgets.of(config), List.of(), machine);
            transport.start(this);
            nodes.add(this);
        }

        @Override
        public void onRequest(InboundRequest request, Responder responder) {
            responder.reset();
        }

        @Override
        public void onEvent(TransportEvent event) {
            events.add(event);
        }

        List<Multiaddr> listen(String address) throws Exception {
            return StartedTransports.listen(transport, address).get(30, TimeUnit.SECONDS);
        }

        void connectTo(Node other, Multiaddr address) throws Exception {
            CompletableFuture<ConnectionInfo> connected = new CompletableFuture<>();
            transport.connect(
                    PeerInfo.of(other.identity.peerId(), List.of(address)),
                    Duration.ofSeconds(30),
                    completing(connected));
            connected.get(30, TimeUnit.SECONDS);
        }

        /** Returns the addresses that the remote peer named last; empty before it has. */
        List<Multiaddr> named() {
            return events.stream()
                    .filter(TransportEvent.PeerIdentified.class::isInstance)
                    .map(event -> ((TransportEvent.PeerIdentified) event)
                            .identification()
                            .listenAddresses())
                    .reduce(List.of(), (before, after) -> after);
        }
    }

    @Test
    void whoIsToldOfAChangeMayWaitForAnotherThreadThatAsksForTheAddresses() throws Exception {
        interfaces.add(InetAddress.getLoopbackAddress());
        Node node = new Node(1, () -> interfaces) {
            @Override
            public void onEvent(TransportEvent event) {
                if (event instanceof TransportEvent.ListenerOpened || event instanceof TransportEvent.ListenerClosed) {
                    seen.add(CompletableFuture.supplyAsync(transport::listenAddresses)
                            .completeOnTimeout(List.of(), 20, TimeUnit.SECONDS)
                            .join());
                }
                super.onEvent(event);
            }
        };
        List<Multiaddr> listening = node.listen("/ip4/127.0.0.1/tcp/0");
        assertThat(seen).containsExactly(listening);
        assertThat(node.events).containsExactly(new TransportEvent.ListenerOpened(listening.get(0)));
    }

    private Node node(long number) {
        return new Node(number, () -> interfaces);
    }

    private static InetAddress ip(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private static int port(Multiaddr address) {
        return AddressPattern.TCP.socket(address).orElseThrow().getPort();
    }

    private static boolean accepts(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 5000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static void requireIp6() {
        try (ServerSocket socket = new ServerSocket(0, 1, ip("::1"))) {
            assumeTrue(socket.isBound());
        } catch (IOException e) {
            assumeTrue(false, "this machine has no IPv6");
        }
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.transport.close());
    }

    @Test
    void theUnspecifiedAddressOfIp4IsIp4Only() throws Exception {
        requireIp6();
        List<Multiaddr> addresses = new Node(1, LocalInterfaces.SYSTEM).listen("/ip4/0.0.0.0/tcp/0");

        assertThat(addresses)
                .isNotEmpty()
                .allMatch(address -> address.toString().startsWith("/ip4/"));
        assertThat(accepts("127.0.0.1", port(addresses.get(0)))).isTrue();
        assertThat(accepts("::1", port(addresses.get(0)))).isFalse();
    }

    @Test
    void theUnspecifiedAddressOfIp6IsIp6Only() throws Exception {
        requireIp6();
        List<Multiaddr> addresses = new Node(1, LocalInterfaces.SYSTEM).listen("/ip6/::/tcp/0");

        assertThat(addresses)
                .isNotEmpty()
                .allMatch(address -> address.toString().startsWith("/ip6/"));
        assertThat(addresses.stream().map(ListenersTest::port).distinct()).hasSize(1);
        assertThat(accepts("::1", port(addresses.get(0)))).isTrue();
        assertThat(accepts("127.0.0.1", port(addresses.get(0)))).isFalse();
    }

    @Test
    void bothWorkOnOnePortInEitherOrder() throws Exception {
        requireIp6();
        for (List<String> order : List.of(List.of("/ip4/0.0.0.0", "/ip6/::"), List.of("/ip6/::", "/ip4/0.0.0.0"))) {
            Node node = new Node(1, LocalInterfaces.SYSTEM);
            int port = port(node.listen(order.get(0) + "/tcp/0").get(0));
            node.listen(order.get(1) + "/tcp/" + port);

            assertThat(accepts("127.0.0.1", port)).isTrue();
            assertThat(accepts("::1", port)).isTrue();
            node.transport.close();
            assertThat(accepts("127.0.0.1", port)).isFalse();
            assertThat(accepts("::1", port)).isFalse();
        }
    }

    @Test
    void aMachineWithoutIp6SaysSo() throws Exception {
        interfaces.add(ip("127.0.0.1"));
        Node node = node(1);

        assertThat(catchThrowable(() -> node.listen("/ip6/::/tcp/4001")))
                .hasMessageContaining("cannot listen on /ip6/::/tcp/4001: this machine has no IPv6 address");
        assertThat(node.transport.listenAddresses()).isEmpty();
    }

    @Test
    void interfacesThatCannotBeReadAgainLeaveNoCallWithoutAResult() throws Exception {
        AtomicInteger readings = new AtomicInteger();
        Node node = new Node(1, () -> {
            if (readings.getAndIncrement() > 0) {
                throw new UncheckedIOException(new IOException("too many open files"));
            }
            return List.of(InetAddress.getLoopbackAddress());
        });

        assertThat(node.listen("/ip4/0.0.0.0/tcp/0")).hasSize(1);
    }

    @Test
    void aTakenPortIsToldFromAMissingAddressInAnyLanguage() throws Exception {
        BindException failure = new BindException("etwas ging schief");
        assertThat(ListenerSockets.isTaken(new InetSocketAddress(ip("127.0.0.1"), 4001), failure))
                .isTrue();
        assertThat(ListenerSockets.isTaken(new InetSocketAddress(ip("240.0.0.1"), 4001), failure))
                .isFalse();
        assertThat(ListenerSockets.isTaken(
                        new InetSocketAddress(ip("240.0.0.1"), 1), new SocketException("no permission")))
                .as("another reason")
                .isTrue();
    }

    @Test
    void anAddressThatCannotBeBoundYetDoesNotHoldUpTheOthers() throws Exception {
        requireIp6();
        interfaces.addAll(List.of(ip("::1"), ip("2001:db8::1")));

        assertThat(node(1).listen("/ip6/::/tcp/0")).singleElement().asString().startsWith("/ip6/::1/tcp/");
    }

    @Test
    void aListenerThatIsOpenedLaterIsTold() throws Exception {
        Node server = new Node(1, LocalInterfaces.SYSTEM);
        Multiaddr first = server.listen("/ip4/127.0.0.1/tcp/0").get(0);
        Node client = new Node(2, LocalInterfaces.SYSTEM);
        client.connectTo(server, first);
        await().atMost(SOON).untilAsserted(() -> assertThat(client.named()).containsExactly(first));
        Multiaddr second = server.listen("/ip4/127.0.0.1/tcp/0").get(0);

        await().atMost(SOON).untilAsserted(() -> assertThat(client.named()).containsExactly(first, second));
    }

    @Test
    void anAddressThatComesAndGoesIsTold() throws Exception {
        interfaces.add(ip("127.0.0.1"));
        Node server = node(1);
        Multiaddr first = server.listen("/ip4/0.0.0.0/tcp/0").get(0);
        Node client = new Node(2, LocalInterfaces.SYSTEM);
        client.connectTo(server, first);
        await().atMost(SOON).untilAsserted(() -> assertThat(client.named()).containsExactly(first));

        interfaces.add(ip("127.0.0.9"));
        Multiaddr second = Multiaddr.parse("/ip4/127.0.0.9/tcp/" + port(first));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(server.events).contains(new TransportEvent.ListenerOpened(second)));
        await().atMost(SOON).untilAsserted(() -> assertThat(client.named()).containsExactly(first, second));
        assertThat(accepts("127.0.0.9", port(first))).isTrue();

        interfaces.remove(ip("127.0.0.1"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(server.events).contains(new TransportEvent.AddressExpired(first)));
        assertThat(server.transport.listenAddresses()).containsExactly(second);
        await().atMost(SOON).untilAsserted(() -> assertThat(client.named()).containsExactly(second));
    }

    @Test
    void anAddressOfIp6ThatComesBackIsBoundAgain() throws Exception {
        requireIp6();
        interfaces.add(ip("::1"));
        Node server = node(1);
        Multiaddr address = server.listen("/ip6/::/tcp/0").get(0);

        interfaces.clear();
        await().atMost(SOON).until(() -> !accepts("::1", port(address)));
        assertThat(server.events).contains(new TransportEvent.AddressExpired(address));
        assertThat(server.events).doesNotContain(new TransportEvent.ListenerClosed(address));
        server.events.clear();
        interfaces.add(ip("::1"));
        await().atMost(SOON).until(() -> accepts("::1", port(address)));
        await().atMost(SOON).until(() -> server.events.contains(new TransportEvent.ListenerOpened(address)));
    }

    @Test
    void anAddressThatWasNamedExpiresWithItsInterface() throws Exception {
        interfaces.add(ip("127.0.0.7"));
        Node server = node(1);
        Multiaddr address = server.listen("/ip4/127.0.0.7/tcp/0").get(0);
        interfaces.clear();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(server.events).contains(new TransportEvent.AddressExpired(address)));
        assertThat(server.transport.listenAddresses()).isEmpty();
    }

    @Test
    void anotherAddressOfALoopbackNetworkStays() throws Exception {
        interfaces.add(ip("127.0.0.1"));
        List<Multiaddr> addresses = node(1).listen("/ip4/127.0.0.5/tcp/0");

        assertThat(addresses).singleElement().asString().startsWith("/ip4/127.0.0.5/tcp/");
    }
}
