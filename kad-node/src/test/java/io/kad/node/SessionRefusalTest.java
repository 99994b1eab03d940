package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.node.daemon.NodeCommand;
import io.kad.wire.key.Ed25519Identity;
import io.kad.wire.key.IdentityFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Texts, streams and codes of refusals of a running peer, and of refusals that come from a network on loopback. */
@Timeout(120)
@ProgramRun.InTests
class SessionRefusalTest {

    private static final String PEER = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
    private static final String COMMANDS =
            "put, get, provide, find-providers, find-peer, closest-peers, ping, identify, diagnose,"
                    + " connect, disconnect, connections, routing-table, bootstrap, add-address, remove-address, remove-peer,"
                    + " mode, remove, stop-providing, info, stop";
    private static final String ANY = "/ip4/127.0.0.1/tcp/1";

    @TempDir
    private Path directory;

    /** Returns lines that a session refuses, each with the code and the message. */
    private static Map<String, List<String>> refusals() {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        badInput(lines, "x", "unknown command 'x'; known: " + COMMANDS);
        badInput(lines, "gett /app/x", "unknown command 'gett'; did you mean 'get'?");
        for (String name : List.of("demo", "node", "id", "sim", "config", "completion", "help")) {
            badInput(
                    lines,
                    name + " --json",
                    "'" + name + "' is no command of a session; run 'kad " + name + "' outside the session");
        }
        badInput(lines, "info now", "unexpected argument 'now'; usage: info");
        badInput(lines, "stop now", "stop must be the only word of its line, without quotes");
        badInput(lines, "get", "missing KEY; usage: get KEY");
        badInput(lines, "connect", "missing MULTIADDR; usage: connect MULTIADDR");
        badInput(lines, "add-address " + PEER, "missing MULTIADDR; usage: add-address PEERID MULTIADDR");
        badInput(lines, "get /app/x --tarce", "unknown option '--tarce'; did you mean '--trace'?");
        badInput(lines, "info --colour", "unknown option '--colour'; known: --debug, --json, --timeout");
        badValues(lines);
        lines.put("remove-peer " + PEER, List.of("not-found", "peer " + PEER + " is not in the routing table"));
        lines.put(
                "remove-address " + PEER + " " + ANY,
                List.of("not-found", "peer " + PEER + " is not in the routing table"));
        lines.put("remove /app/x", List.of("not-found", "this peer has not published a record under key /app/x"));
        lines.put("stop-providing 0x01", List.of("not-found", "this peer does not provide key 0x01"));
        return lines;
    }

    private static void badValues(Map<String, List<String>> lines) {
        badInput(lines, "get hello", "invalid key 'hello': expected /namespace/name, or 0x followed by hex digits");
        badInput(
                lines,
                "stop-providing hello",
                "invalid key 'hello': expected /namespace/name, 0x followed by hex digits, a CID, or /ipfs/CID");
        badInput(lines, "disconnect hello", "invalid peer ID 'hello': expected base58 such as 12D3Koo..., or a CID");
        badInput(
                lines,
                "connect " + ANY,
                "invalid address '" + ANY + "': expected a multiaddr that ends in /p2p/PEERID");
        badInput(lines, "mode sometimes", "invalid mode 'sometimes': expected auto, server or client");
        badInput(
                lines, "mode clinet", "invalid mode 'clinet': expected auto, server or client; did you mean 'client'?");
        badInput(lines, "put /app/x \"hello", "unterminated quote in: put /app/x \"hello");
        badInput(
                lines,
                "put /app/x -",
                "invalid VALUE '-': expected the value itself or @FILE, as standard input carries the commands");
        badInput(lines, "put /app/x @/none", "cannot read VALUE @/none: no such file or directory");
        String long70k = "/app/" + "k".repeat(70_000);
        for (String command : List.of("get ", "closest-peers ")) {
            badInput(
                    lines,
                    command + long70k,
                    "key of 70005 bytes exceeds the limit of 16320, as a message has at most 16384 (max-sent-message-bytes)");
        }
        badInput(lines, "find-providers " + long70k, "key must be 1 to 80 bytes, got 70005");
        badInput(lines, "stop-providing " + long70k, "key must be 1 to 80 bytes, got 70005");
        badInput(lines, "get /app/x --timeout 0s", "--timeout must be greater than 0, got 0s");
        badInput(lines, "closest-peers /app/x --count 30", "--count must be between 1 and 20 (k), got 30");
        badInput(
                lines,
                "add-address " + PEER + " " + ANY + "/p2p/12D3KooWGnBKRMeLRgrcKTbTKTWHvYVe7aAXRtJu2dNbxm1QJwbk",
                "address belongs to peer 12D3KooWGnBKRMeLRgrcKTbTKTWHvYVe7aAXRtJu2dNbxm1QJwbk");
        badInput(
                lines,
                "add-address " + PEER + " /p2p/" + PEER,
                "invalid address '/p2p/" + PEER + "': expected a transport address before /p2p/PEERID");
    }

    private static void badInput(Map<String, List<String>> lines, String line, String message) {
        lines.put(line, List.of("bad-input", message));
    }

    private static String[] node(String... more) {
        return Stream.concat(Stream.of("node", "--stdin", "--listen", "/ip4/127.0.0.1/tcp/0"), Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void withJsonARefusalIsOneObjectOnStandardOutputWithTheTagOfItsLine() {
        Map<String, List<String>> refusals = refusals();
        List<String> lines = new ArrayList<>(refusals.keySet());
        lines.add("");
        refusals.put("", List.of("bad-input", "missing command after tag #" + (lines.size() - 1)));
        ProgramRun ran = ProgramRun.inTurn(lines, node("--json"));

        for (int tag = 0; tag < lines.size(); tag++) {
            List<String> codeAndMessage = refusals.get(lines.get(tag));
            assertThat(ran.answers().get(Integer.toString(tag)))
                    .as(lines.get(tag))
                    .isEqualTo(new ObjectMapper()
                            .createObjectNode()
                            .put("event", "error")
                            .put("ok", false)
                            .put("code", codeAndMessage.get(0))
                            .put("message", codeAndMessage.get(1))
                            .put("id", Integer.toString(tag)));
        }
        assertThat(ran.last().path("event").asText()).isEqualTo("stopped");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
    }

    @Test
    void inTextARefusalIsOneLineOnStandardError() {
        Map<String, List<String>> refusals = refusals();
        ProgramRun ran = ProgramRun.withInput(refusals.keySet(), node());

        assertThat(ran.err())
                .containsExactlyInAnyOrderElementsOf(refusals.values().stream()
                        .map(codeAndMessage -> "kad: " + codeAndMessage.get(1))
                        .toList());
        assertThat(ran.out()).first().asString().startsWith("listening as 12D3Koo");
        assertThat(ran.out()).last().isEqualTo("stopped");
        assertThat(ran.code()).isZero();
    }

    @Test
    void whatIsMissingInTheRoutingTableIsNamed() throws IOException {
        Path key = directory.resolve("peer.key");
        PeerId local = IdentityFile.loadOrCreate(key).peerId();
        List<String> far = inFarthestBucketOf(local, 2);
        Path config = Files.writeString(directory.resolve("kad.properties"), "bucket-size=1\n");
        Map<String, JsonNode> answers = ProgramRun.inTurn(
                        List.of(
                                "add-address " + far.get(0) + " " + ANY,
                                "add-address " + far.get(1) + " " + ANY,
                                "add-address " + local + " " + ANY,
                                "remove-address " + far.get(0) + " /ip4/127.0.0.1/tcp/2"),
                        node("--json", "--key", key.toString(), "--config", config.toString()))
                .answers();
        assertThat(answers.get("0").path("ok").asBoolean()).isTrue();
        assertRefused(answers.get("1"), "bad-input", "not added: the bucket of peer " + far.get(1) + " is full");
        assertRefused(answers.get("2"), "bad-input", "not added: " + local + " is the local peer");
        assertRefused(
                answers.get("3"),
                "not-found",
                "address /ip4/127.0.0.1/tcp/2 of peer " + far.get(0) + " is not in the routing table");
    }

    private static List<String> inFarthestBucketOf(PeerId local, int count) {
        SecureRandom random = new SecureRandom();
        return Stream.generate(() -> Ed25519Identity.generate(random).peerId())
                .filter(peer -> local.kadKey().distance(peer.kadKey()).log2() == 255)
                .limit(count)
                .map(PeerId::toString)
                .toList();
    }

    @Test
    void aTimeoutNamesTheTimeAndTheOptionThatAllowsMore() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String address = "/ip4/127.0.0.1/tcp/" + silent.getLocalPort();
            Map<String, JsonNode> answers = ProgramRun.inTurn(
                            List.of(
                                    "add-address " + PEER + " " + address,
                                    "get /app/x --timeout 3s",
                                    "ping " + address + "/p2p/" + PEER + " --timeout 3s"),
                            node("--json"))
                    .answers();
            String timedOut = "timed out after 3 s; use --timeout to allow more";
            assertRefused(answers.get("1"), "timeout", timedOut);
            assertRefused(answers.get("2"), "timeout", timedOut);

            ProgramRun joining =
                    ProgramRun.of("get", "/app/x", "--timeout", "3s", "--bootstrap", address + "/p2p/" + PEER);
            assertThat(joining.err()).containsExactly("kad: bootstrap peer " + PEER + " did not respond within 3 s");
            assertThat(joining.out()).isEmpty();
            assertThat(joining.code()).isEqualTo(1);
        }
    }

    private static void assertRefused(JsonNode answer, String code, String message) {
        assertThat(answer.path("code").asText()).isEqualTo(code);
        assertThat(answer.path("message").asText()).isEqualTo(message);
    }

    /** The texts of these are those of the DHT; here only code, stream and exit code count. */
    @Test
    void aRefusalOfTheNetworkIsOneLineOnStandardErrorAndExitCodeOne() throws IOException {
        try (RefusingPort refusing = new RefusingPort();
                Kademlia peer = Kademlia.builder()
                        .identity(Ed25519Identity.generate(new SecureRandom()))
                        .config(KademliaConfig.builder().build())
                        .build()) {
            String closed = "/ip4/127.0.0.1/tcp/" + refusing.number() + "/p2p/" + PEER;
            peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                    .toCompletableFuture()
                    .join();
            String bootstrap = peer.addresses().get(0).withPeerId(peer.peerId()).toString();
            assertNetworkSaysNo("not-found", "get", "/app/none", "--bootstrap", bootstrap);
            assertNetworkSaysNo("not-found", "find-peer", PEER, "--bootstrap", bootstrap);
            JsonNode quorum = assertNetworkSaysNo(
                    "quorum-failed", "put", "/app/x", "y", "--quorum", "5", "--bootstrap", bootstrap);
            assertThat(quorum.path("stored").asInt()).isEqualTo(1);
            assertThat(quorum.path("quorum").asInt()).isEqualTo(5);
            assertNetworkSaysNo("no-peers", "get", "/app/none");
            assertNetworkSaysNo("unreachable", "ping", closed);
            assertNetworkSaysNo("unreachable", "get", "/app/none", "--bootstrap", closed);
        }
    }

    /** Each names what helps where it is said. */
    @Test
    void aPeerThatIsAloneIsToldHowToJoinOrAnnounce() {
        ProgramRun get = ProgramRun.of("get", "/app/none");
        assertThat(get.err())
                .containsExactly("kad: routing table is empty; add a peer first: start the program with"
                        + " --bootstrap MULTIADDR, or let the running node connect to a peer");
        ProgramRun put = ProgramRun.of("put", "/app/x", "y");
        assertThat(put.err()).isEqualTo(get.err());
        ProgramRun provide = ProgramRun.of("provide", "/app/x");
        assertThat(provide.err())
                .containsExactly(
                        "kad: no address to announce: give one by --listen or --announce when the peer is started");
        assertThat(provide.code()).isEqualTo(2);
    }

    /** The options of the command line are those of the node, which runs. */
    @Test
    void aDiagnosisOfARunningNodeAdvisesNoOptionOfACommand() {
        ProgramRun ran = ProgramRun.withInput(List.of("diagnose"), node("--json"));
        assertThat(ran.out()).anyMatch(line -> line.contains("the node was started without one"));
        assertThat(ran.out()).noneMatch(line -> line.contains("--bootstrap"));
    }

    @Test
    void aNodeThatIsItsOwnBootstrapPeerIsNamed() throws IOException {
        Path key = directory.resolve("own.key");
        PeerId self = IdentityFile.loadOrCreate(key).peerId();
        Logger logger = (Logger) LoggerFactory.getLogger(NodeCommand.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            ProgramRun.of(node("--key", key.toString(), "--bootstrap", ANY + "/p2p/" + self));
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("cannot join through bootstrap peer " + self
                        + ": it is this node itself, or one with the same key");
    }

    private static JsonNode assertNetworkSaysNo(String code, String... command) {
        ProgramRun text = ProgramRun.of(command);
        assertThat(text.err()).singleElement().asString().startsWith("kad: ");
        assertThat(text.out()).isEmpty();
        assertThat(text.code()).isEqualTo(1);

        ProgramRun json = ProgramRun.of(
                Stream.concat(Stream.of(command), Stream.of("--json")).toArray(String[]::new));
        assertThat(json.out()).hasSize(1);
        assertThat(json.last().path("event").asText()).isEqualTo("error");
        assertThat(json.last().path("ok").asBoolean(true)).isFalse();
        assertThat(json.last().path("code").asText()).isEqualTo(code);
        assertThat(text.err())
                .containsExactly("kad: " + json.last().path("message").asText());
        assertThat(json.err()).isEmpty();
        assertThat(json.code()).isEqualTo(1);
        return json.last();
    }
}
