package io.kad.interop.hostile;

import static io.kad.interop.hostile.KadMessages.closerPeer;
import static io.kad.interop.hostile.KadMessages.key;
import static io.kad.interop.hostile.KadMessages.message;
import static io.kad.interop.hostile.KadMessages.peer;
import static io.kad.interop.hostile.KadMessages.peerId;
import static io.kad.interop.hostile.KadMessages.record;
import static io.kad.interop.hostile.KadMessages.recordField;
import static io.kad.interop.hostile.Target.random;
import static io.kad.transport.netty.hostile.HandMadeMessage.field;
import static io.kad.transport.netty.hostile.HandMadeMessage.prefixed;
import static io.kad.transport.netty.hostile.HandMadeMessage.varint;
import static io.kad.transport.netty.hostile.HandMadeNoise.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.interop.Answer;
import io.kad.transport.netty.hostile.HandMadePeer;
import io.kad.transport.netty.support.Closing;
import io.kad.wire.key.Ed25519Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lookups of a node among eight honest peers and one that answers badly and is the closest to the key, so that it is always asked.
 *
 * <p>Each lookup ends in time with what the honest peers have, whatever that peer says, and the node dials nobody for it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class MaliciousAnswersTest {

    private static final int HONEST = 8;
    private static final long MAX_GROWTH = 32 * Usage.MIB;

    /** A lookup may wait for a silent peer, but not for more than one request timeout at each stage. */
    private static final Duration LOOKUP_TIME = Duration.ofSeconds(20);

    /** Peers of an answer that a lookup may take, for each of the lookups of a test. */
    private static final int MAX_DIALS = 3 * 2 * 20;

    private static final String KEY = "/app/asked";
    private static final Bytes KEY_BYTES = Bytes.utf8(KEY);
    private static final KadKey POINT = RecordKey.utf8(KEY).kadKey();
    private static final String VALUE = "what the honest peers have";

    private final List<Kademlia> honest = new ArrayList<>();
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private NodeUnderAttack node;
    private Victim victim;

    /** A named way to answer. */
    record Malice(String name, MaliciousPeer.Answers answers) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        victim = new Victim();
        node = new NodeUnderAttack(directory);
        for (int number = 0; number < HONEST; number++) {
            Kademlia peer = Kademlia.builder()
                    .identity(Ed25519Identity.generate(new SecureRandom()))
                    .config(KademliaConfig.of(NodeUnderAttack.PROTOCOL))
                    .bootstrapPeer(node.info())
                    .build();
            honest.add(peer);
            peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).join();
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> node.process().routingTable().size() >= HONEST);
        for (Kademlia peer : honest) {
            peer.bootstrap().result().get(60, TimeUnit.SECONDS);
        }
        honest.get(0)
                .putRecord(Record.of(RecordKey.utf8(KEY), Bytes.utf8(VALUE)), Quorum.all())
                .result()
                .get(30, TimeUnit.SECONDS);
        honest.get(1).startProviding(RecordKey.utf8(KEY)).result().get(30, TimeUnit.SECONDS);
    }

    @AfterAll
    void end() {
        later.shutdownNow();
        List<AutoCloseable> started = new ArrayList<>(honest);
        started.add(victim);
        if (node != null) { // it has started
            started.add(this::endNode);
        }
        Closing.all(started);
    }

    private void endNode() throws IOException {
        node.close();
        assertThat(node.process().findings()).isEmpty();
    }

    private static Malice malice(String name, MaliciousPeer.Answers answers) {
        return new Malice(name, answers);
    }

    Stream<Malice> malices() {
        return Stream.of(unfinished(), malformed(), closerPeers(), records(), providers())
                .flatMap(List::stream);
    }

    private List<Malice> unfinished() {
        return List.of(
                malice("no answer", (self, question, stream) -> {}),
                malice("the end instead of an answer", (self, question, stream) -> stream.end(new byte[0])),
                malice("a reset instead of an answer", (self, question, stream) -> stream.reset()),
                malice("half of an answer and a reset", (self, question, stream) -> {
                    stream.send(half(question));
                    stream.reset();
                }),
                malice("half of an answer and the end", (self, question, stream) -> stream.end(half(question))),
                malice("half of an answer and nothing", (self, question, stream) -> stream.send(half(question))),
                malice(
                        "a byte at a time",
                        (self, question, stream) ->
                                trickle(stream, message(question.type(), key(question.keyBytes())))),
                malice(
                        "an answer after the time-out",
                        (self, question, stream) ->
                                later(6000, () -> stream.end(message(question.type(), key(question.keyBytes()))))),
                malice("the end of the session in the middle", (self, question, stream) -> {
                    stream.send(half(question));
                    self.connection().send(HandMadePeer.frame(HandMadePeer.GO_AWAY, 0, 0, 0));
                }),
                malice("a lost connection in the middle", (self, question, stream) -> {
                    stream.send(half(question));
                    self.connection().reset();
                }));
    }

    private static List<Malice> malformed() {
        return List.of(
                answers("random bytes", question -> prefixed(random(1000))),
                answers("4 MiB", question -> message(question.type(), field(99, new byte[4 << 20]))),
                answers("a declared length of 4 GiB", question -> varint(0xffff_ffffL)),
                answers("an empty message", question -> prefixed(new byte[0])),
                answers(
                        "four answers",
                        question -> join(
                                message(question.type(), key(question.keyBytes())),
                                message(question.type()),
                                message(77),
                                message(question.type(), key(question.keyBytes())))),
                answers("an answer of another type", question -> message(KadMessages.PING)),
                answers("an answer to another key", question -> message(question.type(), key(random(30)))));
    }

    private List<Malice> closerPeers() {
        return List.of(
                answers("10,000 closer peers", question -> closer(question, peers(10_000, 0))),
                answers(
                        "closer peers that are all at a victim",
                        question -> closer(question, peers(500, victim.port()))),
                answers(
                        "closer peers at private addresses",
                        question -> closer(
                                question,
                                closerPeer(peer(peerId(), KadMessages.address(169, 254, 169, 254, 80))),
                                closerPeer(peer(peerId(), KadMessages.address(10, 255, 255, 1, 22))),
                                closerPeer(peer(peerId(), KadMessages.address(224, 0, 0, 1, 9))),
                                closerPeer(peer(peerId(), KadMessages.address(0, 0, 0, 0, victim.port()))))),
                answers(
                        "the node itself at a victim",
                        question -> closer(question, at(node.identity().peerId()))),
                answers(
                        "one peer 500 times",
                        question -> closer(question, repeat(at(honest.get(3).peerId()), 500))),
                answers(
                        "the closest peers, forged",
                        question -> closer(
                                question,
                                MaliciousPeer.forged(POINT, 20).stream()
                                        .map(this::at)
                                        .toArray(byte[][]::new))),
                answers(
                        "forged peers without an address",
                        question -> closer(
                                question,
                                MaliciousPeer.forged(POINT, 20).stream()
                                        .map(id -> closerPeer(peer(id.bytes().toArray())))
                                        .toArray(byte[][]::new))),
                answers(
                        "an address of 1 MB",
                        question -> closer(question, closerPeer(peer(peerId(), new byte[1 << 20])))),
                answers(
                        "addresses that are none",
                        question -> closer(
                                question, closerPeer(peer(peerId(), random(50), new byte[0], new byte[] {4, 1})))),
                answers(
                        "ids that are none",
                        question -> closer(
                                question,
                                closerPeer(peer(random(3))),
                                closerPeer(peer(new byte[0])),
                                closerPeer(peer(new byte[9000])))));
    }

    private static List<Malice> records() {
        byte[] key = KEY_BYTES.toArray();
        byte[] lie = "a lie".getBytes(StandardCharsets.UTF_8);
        return List.of(
                answers("a record of another key", question -> found(question, record(random(20), lie, published(0)))),
                answers("a record without a key", question -> found(question, field(2, lie))),
                answers(
                        "a record that is expired",
                        question -> found(
                                question,
                                record(
                                        key,
                                        lie,
                                        field(777, 0),
                                        published(-Duration.ofDays(3).toMillis())))),
                answers(
                        "a record that was published before",
                        question -> found(
                                question,
                                record(
                                        key,
                                        lie,
                                        field(777, 0xffff_ffffL),
                                        published(-Duration.ofHours(1).toMillis())))),
                answers(
                        "a record of the future",
                        question -> found(
                                question,
                                record(key, lie, published(Duration.ofDays(300).toMillis())))),
                answers(
                        "a record of a time that is none",
                        question -> found(question, record(key, lie, field(778, -1)))),
                answers(
                        "a record of 3 MB of another key",
                        question -> found(question, record(random(20), new byte[3 << 20]))));
    }

    private List<Malice> providers() {
        return List.of(
                answers("10,000 providers", question -> provided(question, 10_000, 1)),
                answers("providers at a victim", question -> provided(question, 500, victim.port())));
    }

    /** What a peer answers, with the end of its side behind it. */
    private interface Whole {
        byte[] of(Question question);
    }

    private static Malice answers(String name, Whole whole) {
        return malice(name, (self, question, stream) -> stream.end(whole.of(question)));
    }

    private static byte[] half(Question question) {
        byte[] whole = message(question.type(), key(question.keyBytes()), field(99, new byte[100]));
        return Arrays.copyOf(whole, whole.length / 2);
    }

    /** What a peer sends later. */
    private interface Sending {
        void send() throws IOException, GeneralSecurityException;
    }

    private void later(long millis, Sending sending) {
        ScheduledFuture<?> unused = later.schedule(
                () -> {
                    try {
                        sending.send();
                    } catch (IOException ended) {
                        // the node has ended the connection, or the test has
                    } catch (GeneralSecurityException | RuntimeException | Error broken) {
                        faults.add(broken);
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    private void trickle(HandMadeServer.Stream stream, byte[] bytes) {
        for (int at = 0; at < bytes.length; at++) {
            byte[] part = {bytes[at]};
            later(500L * at, () -> stream.send(part));
        }
    }

    private static byte[] closer(Question question, byte[]... peers) {
        return message(question.type(), key(question.keyBytes()), join(peers));
    }

    private static byte[] found(Question question, byte[] record) {
        return message(question.type(), key(question.keyBytes()), recordField(record));
    }

    private static byte[] published(long fromNowMillis) {
        return field(778, System.currentTimeMillis() + fromNowMillis);
    }

    private static byte[] provided(Question question, int count, int port) {
        byte[][] peers = new byte[count][];
        for (int number = 0; number < count; number++) {
            peers[number] = field(9, peer(peerId(), KadMessages.address(127, 0, 0, 1, port)));
        }
        return message(question.type(), key(question.keyBytes()), join(peers));
    }

    /** Returns a peer at the victim, as a closer peer. */
    private byte[] at(PeerId id) {
        return closerPeer(peer(id.bytes().toArray(), KadMessages.address(127, 0, 0, 1, victim.port())));
    }

    private static byte[] peers(int count, int port) {
        byte[][] peers = new byte[count][];
        for (int number = 0; number < count; number++) {
            byte[] address = port == 0
                    ? KadMessages.address(127, 1, number >> 8, number, 1)
                    : KadMessages.address(127, 0, 0, 1, port);
            peers[number] = closerPeer(peer(peerId(), address));
        }
        return join(peers);
    }

    private static byte[] repeat(byte[] bytes, int times) {
        return join(Collections.nCopies(times, bytes).toArray(byte[][]::new));
    }

    @ParameterizedTest
    @MethodSource("malices")
    void lookupsEndWithWhatTheHonestPeersHave(Malice malice) throws Exception {
        Usage before = node.usage();
        int dialsBefore = victim.accepted();
        try (MaliciousPeer malicious = new MaliciousPeer(node, POINT, malice.answers())) {
            String id = malicious.id().toString();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> node.process().routingTable().contains(id));

            CompletableFuture<Answer> get = send("get " + KEY + " --quorum 6");
            CompletableFuture<Answer> closest = send("closest-peers " + KEY + " --count 20");
            CompletableFuture<Answer> providers = send("find-providers " + KEY + " --count 1000");

            assertThat(result(get).text("text")).isEqualTo(VALUE);
            List<String> ids =
                    honest.stream().map(peer -> peer.peerId().toString()).toList();
            assertThat(result(closest).peerIds()).containsAll(ids);
            assertThat(result(providers).peerIds()).contains(ids.get(1));
            assertThat(malicious.asked()).as("requests to the malicious peer").isPositive();
            assertThat(malicious.fault()).as("fault of the malicious peer").isEmpty();
            assertThat(faults).as("faults of what it sends later").isEmpty();
            assertThat(node.usage().memory() - before.memory())
                    .as("growth of heap and direct memory")
                    .isLessThan(MAX_GROWTH);
            assertThat(victim.accepted() - dialsBefore)
                    .as("connections to a victim")
                    .isLessThanOrEqualTo(MAX_DIALS);
            node.process().ask("remove-peer " + id);
        }
    }

    @Test
    void aLookupDialsFewOfTheAddressesThatAPeerInvents() throws Exception {
        try (Victim victims = Victim.everywhere();
                MaliciousPeer malicious = new MaliciousPeer(
                        node,
                        POINT,
                        (self, question, stream) -> stream.end(closer(
                                question,
                                question.key().equals(KEY_BYTES) ? invented(victims.port()) : new byte[0])))) {
            String id = malicious.id().toString();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> node.process().routingTable().contains(id));
            List<String> ids =
                    honest.stream().map(peer -> peer.peerId().toString()).toList();
            assertThat(result(send("closest-peers " + KEY + " --count 20")).peerIds())
                    .containsAll(ids);
            assertThat(victims.accepted())
                    .as("connections to victims")
                    .isBetween(1, TransportOptions.MAX_LOOKUP_DIALS.defaultValue() + 2 * 20);
            node.process().ask("remove-peer " + id);
        }
    }

    /** Returns the peers that are the closest to the key, each with sixteen addresses of its own. */
    private static byte[] invented(int port) {
        List<byte[]> peers = new ArrayList<>();
        for (PeerId id : MaliciousPeer.forged(POINT, 20)) {
            byte[][] addresses = new byte[16][];
            for (int number = 0; number < addresses.length; number++) {
                addresses[number] = KadMessages.address(127, 2, peers.size(), number, port);
            }
            peers.add(closerPeer(peer(id.bytes().toArray(), addresses)));
        }
        return join(peers.toArray(byte[][]::new));
    }

    private CompletableFuture<Answer> send(String command) {
        return node.process().send(command + " --timeout " + LOOKUP_TIME.toSeconds() + "s");
    }

    private Answer result(CompletableFuture<Answer> answer) {
        Answer result = node.process().within(LOOKUP_TIME, "lookup", answer);
        assertThat(result.ok()).as(result::toString).isTrue();
        return result;
    }
}
