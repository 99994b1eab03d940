package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.EventRegistration;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.node.diagnose.CheckName;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.SignedPeerRecord;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.key.Ed25519Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kad diagnose} names each fault that is staged, and no other; with none it passes. */
@Timeout(180)
@ProgramRun.InTests
class DiagnoseTest {

    private static final String ID = "12D3KooWEytPNNKYcT5j2nTYarjCaCiT6rHmx3fmHANRiBdGTkm9";
    private static final String LISTEN = "/ip4/127.0.0.1/tcp/0";
    private static final String PROTOCOL = KademliaConfig.PROTOCOL.defaultValue();

    private static Kademlia server;
    private static String address;

    @TempDir
    private Path directory;

    /** Lines of a diagnosis. */
    private record Diagnosed(ProgramRun run, List<JsonNode> checks) {

        static Diagnosed by(String... words) {
            ProgramRun ran = ProgramRun.of(Stream.concat(Stream.of("diagnose", "--json"), Stream.of(words))
                    .toArray(String[]::new));
            List<JsonNode> lines = ran.out().stream().map(Diagnosed::json).toList();
            assertThat(lines).as(ran.err().toString()).isNotEmpty();
            List<JsonNode> checks = lines.subList(0, lines.size() - 1);
            assertThat(checks)
                    .allMatch(line -> line.path("event").asText().equals("check")
                            && !line.has("ok")
                            && line.has("pass")
                            && line.has("cause")
                                    == line.path("pass").isBoolean()
                                    != line.path("pass").asBoolean());
            return new Diagnosed(ran, checks);
        }

        private static JsonNode json(String line) {
            try {
                return new ObjectMapper().readTree(line);
            } catch (IOException malformed) {
                throw new AssertionError(line, malformed);
            }
        }

        /** The names of the checks with that result. */
        Set<String> with(String pass) {
            return checks.stream()
                    .filter(check -> check.path("pass").asText().equals(pass))
                    .map(check -> check.path("name").asText())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        /** The checks that have failed, each with its fault. */
        Set<String> faults() {
            return checks.stream()
                    .filter(check -> check.has("cause"))
                    .map(check -> check.path("name").asText() + " "
                            + check.path("cause").asText())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        JsonNode check(String name) {
            return checks.stream()
                    .filter(check -> check.path("name").asText().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        /** Asserts that these faults were found and no others, and that the end says so. */
        Diagnosed hasFaults(String... faults) {
            assertThat(faults()).as(checks.toString()).containsExactlyInAnyOrder(faults);
            assertThat(run.code()).isEqualTo(faults.length == 0 ? 0 : 1);
            JsonNode end = run.last();
            assertThat(end.path("event").asText()).isEqualTo("done");
            assertThat(end.path("ok").asBoolean()).isEqualTo(faults.length == 0);
            assertThat(end.path("failed").asInt()).isEqualTo(faults.length);
            assertThat(end.path("passed").asInt()
                            + end.path("failed").asInt()
                            + end.path("skipped").asInt())
                    .isEqualTo(checks.size());
            return this;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        server = peer(KademliaConfig.builder());
        address = addressOf(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Kademlia peer(KademliaConfig.Builder config) throws Exception {
        Kademlia peer = Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(config.mode(config.build().get(KademliaConfig.MODE) == Mode.CLIENT ? Mode.CLIENT : Mode.SERVER)
                        .build())
                .build();
        peer.listen(Multiaddr.parse(LISTEN)).get(60, TimeUnit.SECONDS);
        return peer;
    }

    private static String addressOf(Kademlia peer) {
        return peer.addresses().get(0).withPeerId(peer.peerId()).toString();
    }

    private static String at(int port) {
        return "/ip4/127.0.0.1/tcp/" + port + "/p2p/" + ID;
    }

    private static Diagnosed joining(String bootstrap, String... more) {
        return Diagnosed.by(Stream.concat(Stream.of("--bootstrap", bootstrap), Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void withoutAFaultEachCheckPassesOrSaysWhyItIsNotMade() {
        Diagnosed fine = joining(address, "--listen", LISTEN, "--data", directory.toString())
                .hasFaults();
        assertThat(fine.with("true"))
                .containsExactlyInAnyOrder(
                        "listeners",
                        "dial",
                        "security",
                        "muxer",
                        "identify",
                        "protocol",
                        "table",
                        "addresses",
                        "clock",
                        "disk");
        assertThat(fine.with("null")).containsExactly("limits");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void withoutAnythingToCheckNothingIsClaimed() {
        Diagnosed nothing = Diagnosed.by().hasFaults();
        assertThat(nothing.with("true")).isEmpty();
        assertThat(nothing.with("null")).hasSameSizeAs(CheckName.values());
    }

    @Test
    void nothingListensAtTheBootstrapAddress() throws Exception {
        try (RefusingPort port = new RefusingPort()) {
            String refusing = at(port.number());
            Diagnosed found = joining(refusing).hasFaults("dial connection-refused", "table table-empty");
            assertThat(found.with("null")).contains("security", "muxer", "identify", "protocol", "clock");
            assertThat(found.check("dial").path("address").asText()).isEqualTo(refusing);
        }
    }

    @Test
    void aHostThatAcceptsAndSaysNothing() throws Exception {
        Path config = Files.writeString(directory.resolve("kad.properties"), "upgrade-timeout=500ms\n");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            joining(at(silent.getLocalPort()), "--config", config.toString())
                    .hasFaults("dial silent-host", "table table-empty");
        }
    }

    /** The time of the command ends the dial before any other timeout does. */
    @Test
    void aHostThatDoesNotAnswerInTheTimeThereIs() throws Exception {
        Path config = Files.writeString(directory.resolve("kad.properties"), "upgrade-timeout=10m\n");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Diagnosed found = joining(at(silent.getLocalPort()), "--timeout", "30s", "--config", config.toString())
                    .hasFaults("dial no-response");
            assertThat(found.check("table").path("skipped").asText())
                    .isEqualTo("not enough time; use a longer --timeout");
        }
    }

    /** It waits for the end of the request, so that it is silent at first. */
    @Test
    void anHttpServerBehindThePort() throws Exception {
        Path config = Files.writeString(directory.resolve("kad.properties"), "upgrade-timeout=500ms\n");
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
        try {
            joining(at(http.getAddress().getPort()), "--timeout", "10m", "--config", config.toString())
                    .hasFaults("dial not-libp2p", "table table-empty");
        } finally {
            http.stop(0);
        }
    }

    @Test
    void aServerOfAnotherProtocolThatSpeaksFirst() throws Exception {
        try (ServerSocket ssh = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            List<Socket> open = new CopyOnWriteArrayList<>();
            Thread greeting = new Thread(() -> greet(ssh, open), "greeting-server");
            greeting.setDaemon(true);
            greeting.start();
            Diagnosed found = joining(at(ssh.getLocalPort())).hasFaults("dial not-libp2p", "table table-empty");
            assertThat(found.check("dial").path("detail").asText()).contains("'SSH-2.0-OpenSSH_9.2\\u000d'");
            for (Socket accepted : open) {
                accepted.close();
            }
        }
    }

    private static void greet(ServerSocket server, List<Socket> open) {
        while (!server.isClosed()) {
            try {
                Socket accepted = server.accept();
                open.add(accepted);
                accepted.getOutputStream().write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException ended) {
                return;
            }
        }
    }

    @Test
    void aHostThatEndsTheConnection() throws Exception {
        try (ServerSocket closing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread accepting = new Thread(
                    () -> {
                        while (!closing.isClosed()) {
                            try {
                                closing.accept().close();
                            } catch (IOException ended) {
                                return;
                            }
                        }
                    },
                    "closing-server");
            accepting.setDaemon(true);
            accepting.start();
            joining(at(closing.getLocalPort())).hasFaults("dial connection-closed", "table table-empty");
        }
    }

    @Test
    void aHostNameThatDoesNotExist() throws Exception {
        try (EmptyDnsServer dns = new EmptyDnsServer()) {
            Path config = Files.writeString(directory.resolve("kad.properties"), "resolver=" + dns.address() + "\n");
            joining("/dns4/none.invalid/tcp/4001/p2p/" + ID, "--config", config.toString())
                    .hasFaults("dial name-not-found", "table table-empty");
        }
    }

    @Test
    void anAddressThatThisPeerDoesNotSupport() {
        joining("/ip4/127.0.0.1/sctp/4001/p2p/" + ID).hasFaults("dial not-dialled", "table table-empty");
    }

    @Test
    void anotherPeerThanThatOfTheAddress() {
        Diagnosed found = joining(address.replaceFirst("/p2p/.*", "/p2p/" + ID))
                .hasFaults("security wrong-peer-id", "table table-empty");
        assertThat(found.with("true")).contains("dial");
        assertThat(found.check("security").path("detail").asText())
                .contains(ID, server.peerId().toString());
    }

    @Test
    void noCommonSecurityProtocol() throws Exception {
        try (Kademlia tls = peer(KademliaConfig.builder().set("security", "tls"))) {
            Diagnosed found = joining(addressOf(tls), "--security", "noise")
                    .hasFaults("security no-common-security", "table table-empty");
            assertThat(found.with("true")).contains("dial");
        }
    }

    @Test
    void noCommonMuxer() {
        try (OddPeer odd = OddPeer.withOtherMuxer()) {
            Diagnosed found = joining(odd.address()).hasFaults("muxer no-common-muxer", "table table-empty");
            assertThat(found.with("true")).contains("dial", "security");
            assertThat(found.with("null")).contains("identify", "protocol");
        }
    }

    @Test
    void identifyIsMissing() {
        try (OddPeer odd = OddPeer.withoutProtocols()) {
            Diagnosed found = joining(odd.address()).hasFaults("identify identify-missing", "table table-empty");
            assertThat(found.with("true")).contains("dial", "security", "muxer");
        }
    }

    @Test
    void identifyFails() {
        try (OddPeer odd = OddPeer.identifyingWith(identity -> Bytes.fromHex("ffffffff"))) {
            Diagnosed found = joining(odd.address()).hasFaults("identify identify-failed", "table table-empty");
            assertThat(found.with("true")).contains("dial", "security").doesNotContain("muxer");
        }
    }

    @Test
    void thePeerOfAnotherNetwork() throws Exception {
        try (Kademlia other = peer(KademliaConfig.of("/other/kad/1.0.0").toBuilder())) {
            Diagnosed found = joining(addressOf(other)).hasFaults("protocol other-network", "table table-empty");
            assertThat(found.check("protocol").path("detail").asText()).contains("/other/kad/1.0.0", PROTOCOL);
        }
    }

    @Test
    void aPeerThatIsAClient() throws Exception {
        try (Kademlia client = peer(KademliaConfig.builder().mode(Mode.CLIENT))) {
            joining(addressOf(client)).hasFaults("protocol client-only", "table table-empty");
        }
    }

    @Test
    void aPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "/ip4/127.0.0.1/tcp/" + taken.getLocalPort();
            Diagnosed found =
                    joining(address, "--listen", listen).hasFaults("listeners port-in-use", "addresses no-address");
            assertThat(found.check("listeners").path("address").asText()).isEqualTo(listen);
        }
    }

    @Test
    void anAddressOfAnotherMachine() {
        joining(address, "--listen", "/ip4/192.0.2.1/tcp/0")
                .hasFaults("listeners address-not-local", "addresses no-address");
    }

    @Test
    void onlyLoopbackAddressesAreToldToPeersOfANetwork() throws Exception {
        try (Kademlia other = peer(KademliaConfig.builder())) {
            String reachable = addressOf(other);
            other.externalAddresses(Set.of(Multiaddr.parse("/ip4/192.0.2.9/tcp/4001")))
                    .get(60, TimeUnit.SECONDS);
            Diagnosed found = joining(reachable, "--listen", LISTEN).hasFaults("addresses loopback-only");
            assertThat(found.with("true")).contains("listeners");
        }
    }

    @Test
    void aClockThatIsBehind() {
        try (OddPeer ahead = OddPeer.identifyingWith(identity -> identification(identity, Duration.ofHours(2)))) {
            Diagnosed found = joining(ahead.address())
                    .hasFaults("clock clock-behind", "protocol client-only", "table table-empty");
            assertThat(found.check("clock").path("detail").asText()).contains("up to 119 min ahead");
        }
        try (OddPeer exact = OddPeer.identifyingWith(identity -> identification(identity, Duration.ZERO))) {
            assertThat(joining(exact.address())
                            .hasFaults("protocol client-only", "table table-empty")
                            .with("true"))
                    .contains("clock");
        }
    }

    @Test
    void theAgentOfAPeerAddsNoLine() {
        try (OddPeer odd = OddPeer.identifyingWith(
                identity -> identification(identity, Duration.ZERO, "a\nok       table\r\u009b2J\u202eb"))) {
            ProgramRun ran = ProgramRun.of("diagnose", "--bootstrap", odd.address());
            assertThat(ran.out()).noneMatch(line -> line.startsWith("ok       table"));
            assertThat(ran.out())
                    .filteredOn(line -> line.contains("agent "))
                    .singleElement()
                    .asString()
                    .endsWith("agent 'a\\u000aok       table\\u000d\\u009b2J\\u202eb'");
        }
    }

    /** Returns the message of a client whose clock is ahead. */
    private static Bytes identification(Identity identity, Duration ahead) {
        return identification(identity, ahead, "odd");
    }

    private static Bytes identification(Identity identity, Duration ahead, String agent) {
        Instant time = Instant.now().plus(ahead);
        List<Multiaddr> addresses = List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/1"));
        long nanos = TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
        try {
            return new IdentifyMessage(
                            Optional.of(identity.publicKey()),
                            addresses,
                            Set.of("/ipfs/id/1.0.0"),
                            Optional.empty(),
                            "ipfs/0.1.0",
                            agent,
                            Optional.of(SignedPeerRecord.seal(identity, nanos, addresses)))
                    .encode();
        } catch (MessageTooLargeException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void aDataDirectoryThatCannotBeWritten() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "text");
        Diagnosed.by("--data", file.toString()).hasFaults("disk data-not-directory");
        try (SmallDisk disk = SmallDisk.mount(directory, "size=1m")) {
            disk.remount("ro");
            Diagnosed.by("--data", disk.path().toString()).hasFaults("disk data-not-writable");
        }
    }

    @Test
    void aDiskThatIsFull() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory, "size=128m")) {
            String data = disk.path().resolve("data").toString();
            Diagnosed.by("--data", data).hasFaults();
            Files.write(disk.path().resolve("filler"), new byte[80 << 20]);
            Diagnosed.by("--data", data).hasFaults("disk data-full");
        }
        try (SmallDisk disk = SmallDisk.mount(directory, "size=64k")) {
            Files.write(disk.path().resolve("filler"), new byte[60 << 10]);
            Diagnosed.by("--data", disk.path().toString()).hasFaults("disk data-full");
        }
    }

    @Test
    void aDataDirectoryOfANodeThatRuns() throws Exception {
        String data = directory.resolve("data").toString();
        try (OwnProcess node = OwnProcess.start("C", "node", "--json", "--stdin", "--listen", LISTEN, "--data", data)) {
            assertThat(node.line()).contains("\"listening\"");
            Diagnosed.by("--data", data).hasFaults("disk data-in-use");
            // The check has not taken the lock away
            assertThat(ProgramRun.of("node", "--listen", LISTEN, "--data", data, "--timeout", "1ms")
                            .code())
                    .isEqualTo(2);
            node.endInput();
            assertThat(node.exitCode()).isZero();
        }
        Diagnosed.by("--data", data).hasFaults();
    }

    @Test
    void aNodeThatRunsIsCheckedOverItsApi() throws Exception {
        Path config = Files.writeString(directory.resolve("kad.properties"), "max-connections=4\n");
        try (OwnProcess node = OwnProcess.start(
                "C",
                "node",
                "--json",
                "--stdin",
                "--listen",
                LISTEN,
                "--bootstrap",
                address,
                "--data",
                directory.resolve("data").toString(),
                "--config",
                config.toString(),
                "--http",
                "127.0.0.1:0")) {
            String own =
                    new ObjectMapper().readTree(node.line()).at("/addresses/0").asText();
            String api =
                    new ObjectMapper().readTree(node.line()).path("address").asText();
            await().atMost(Duration.ofMinutes(1)).until(() -> node.line().contains("\"outcome\":\"added\""));
            String token =
                    Files.readString(directory.resolve("data/http-token")).strip();
            Diagnosed fine = Diagnosed.by("--api", api, "--token", token).hasFaults();
            assertThat(fine.with("true")).hasSameSizeAs(CheckName.values());

            List<Kademlia> guests = new ArrayList<>();
            try {
                for (int guest = 0; guest < 6; guest++) {
                    Kademlia joining = peer(KademliaConfig.builder());
                    guests.add(joining);
                    var unused = joining.connect(
                                    io.kad.api.message.PeerInfo.of(Multiaddr.parse(own)), Duration.ofSeconds(30))
                            .handle((done, refused) -> done)
                            .get(60, TimeUnit.SECONDS);
                }
                Diagnosed full = Diagnosed.by("--api", api, "--token", token);
                assertThat(full.faults()).contains("limits limits-reached");
                assertThat(full.check("limits").path("detail").asText()).contains("max-connections: ");
                assertThat(full.run().code()).isEqualTo(1);
            } finally {
                guests.forEach(Kademlia::close);
            }
        }
    }

    @Test
    void aNodeThatIsItsOwnBootstrapPeerIsTold() throws Exception {
        Path key = directory.resolve("key");
        ProgramRun id = ProgramRun.of("id", "--key", key.toString(), "--json");
        String own = "/ip4/127.0.0.1/tcp/1/p2p/" + id.last().path("peerId").asText();
        joining(own, "--key", key.toString()).hasFaults("dial local-address", "table table-empty");
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.move(key, data.resolve("identity.key"));
        joining(own, "--data", data.toString()).hasFaults("dial local-address", "table table-empty");
        assertThat(joining(address, "--data", directory.resolve("new").toString())
                        .run()
                        .err())
                .isEmpty();
        assertThat(directory.resolve("new")).doesNotExist();
    }

    @Test
    void theKeyOfANodeThatRunsIsOnlyRead() throws Exception {
        Path key = directory.resolve("key");
        PeerId node = PeerId.parse(ProgramRun.of("id", "--key", key.toString(), "--json")
                .last()
                .path("peerId")
                .asText());
        Set<PeerId> connected = ConcurrentHashMap.newKeySet();
        EventRegistration listener = server.onEvent(event -> {
            if (event instanceof DhtEvent.TransportEventReceived received
                    && received.event() instanceof TransportEvent.ConnectionOpened opened) {
                connected.add(opened.connection().peer());
            }
        });
        try {
            joining(address, "--key", key.toString(), "--listen", LISTEN).hasFaults();
            await().untilAsserted(() -> assertThat(connected).isNotEmpty());
            assertThat(connected).doesNotContain(node);
        } finally {
            listener.close();
        }
        Path none = directory.resolve("none");
        assertThat(joining(address, "--key", none.toString()).hasFaults().run().err())
                .containsExactly("kad: the file " + none + " of --key does not exist; a node would make it");
        assertThat(none).doesNotExist();
        Path malformed = Files.writeString(directory.resolve("malformed"), "x");
        assertThat(ProgramRun.of("diagnose", "--key", malformed.toString()).code())
                .isEqualTo(2);
    }

    @Test
    void textSaysWhatToDo() {
        ProgramRun ran = ProgramRun.of("diagnose", "--bootstrap", at(1));
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out())
                .contains(
                        "    at " + at(1),
                        "    to do: start the peer there, or correct the port of the address",
                        "done: passed=0 failed=2 skipped=9");
        assertThat(ran.out()).anyMatch(line -> line.startsWith("FAILED   dial       connection-refused: "));
        assertThat(ran.out()).anyMatch(line -> line.startsWith("skipped  limits     "));
    }

    @Test
    void timeThatIsTooShortForTheChecksIsSaid() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long start = System.nanoTime();
            ProgramRun ran =
                    ProgramRun.of("diagnose", "--json", "--bootstrap", at(silent.getLocalPort()), "--timeout", "1s");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.last().path("ok").asBoolean(true)).isFalse();
        }
    }
}
