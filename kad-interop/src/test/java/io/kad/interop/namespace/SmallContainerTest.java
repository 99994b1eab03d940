package io.kad.interop.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.PutResult;
import io.kad.interop.KadProgram;
import io.kad.interop.PeerProcess;
import io.kad.wire.key.Ed25519Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node in a container of 256 MiB, with the options that the documents give for it, under load. */
@Timeout(300)
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class SmallContainerTest {

    private static final long LIMIT_MIB = 256;
    /** What the system itself needs in the container, such as for files that are read and written. */
    private static final long SPARE_MIB = 16;

    private static final String PROTOCOL = "/small-container/kad/1.0.0";
    private static final int CLIENTS = 64;
    private static final int IN_FLIGHT = 512;
    private static final int RECORDS = 30_000;
    private static final int VALUE_BYTES = 8192;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Random random = new Random(7);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNodeThatStoresMuchStaysWithinItsMemory(boolean durable, @TempDir Path directory)
            throws IOException, InterruptedException {
        MemoryGroup group = MemoryGroup.create(LIMIT_MIB << 20).orElse(null);
        if (group == null) {
            System.out.println("SKIPPED: " + SmallContainerTest.class.getSimpleName()
                    + " needs the right to make a control group below /sys/fs/cgroup");
            abort("no control group");
        }
        try (group) {
            PeerProcess node = new PeerProcess("small", group.command(node(durable, directory)));
            try (node) {
                storeOrTellHowItEnded(durable, node);
                long peak = peakMebibytes(node.pid());
                System.out.printf("at most %d MiB were resident%n", peak);
                assertThat(peak).isLessThanOrEqualTo(LIMIT_MIB - SPARE_MIB);
                assertThat(node.connectedPeers())
                        .as("of clients that have left")
                        .isEmpty();
            }
            assertThat(node.findings()).isEmpty();
        }
    }

    private static List<String> node(boolean durable, Path directory) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "MALLOC_ARENA_MAX=2"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(documentedOptions());
        command.addAll(List.of("-cp", KadProgram.classPath(), "io.kad.node.Main", "node", "--json", "--stdin"));
        command.addAll(List.of("--listen", "/ip4/127.0.0.1/tcp/0", "--protocol", PROTOCOL));
        if (durable) {
            command.addAll(List.of("--data", directory.resolve("data").toString()));
        }
        return command;
    }

    private static List<String> documentedOptions() throws IOException {
        Matcher row = Pattern.compile("\\| " + LIMIT_MIB + " MiB \\| `([^`]*)`")
                .matcher(Files.readString(Path.of("..", "docs", "PROGRAM.md")));
        assertThat(row.find()).as("the row of docs/PROGRAM.md").isTrue();
        return List.of(row.group(1).split(" ", -1));
    }

    private void storeOrTellHowItEnded(boolean durable, PeerProcess node) throws InterruptedException {
        try {
            store(durable, node);
        } catch (AssertionError few) {
            node.close();
            throw new AssertionError("most requests failed; " + node.findings(), few);
        }
    }

    private void store(boolean durable, PeerProcess node) throws InterruptedException {
        List<Kademlia> clients = new ArrayList<>();
        try {
            for (int number = 0; number < CLIENTS; number++) {
                clients.add(client(node));
            }
            Semaphore inFlight = new Semaphore(IN_FLIGHT);
            List<CompletableFuture<Boolean>> results = new ArrayList<>();
            for (int number = 0; number < RECORDS; number++) {
                inFlight.acquire();
                CompletableFuture<?> result = use(clients, number);
                results.add(result.handle((done, failure) -> {
                    inFlight.release();
                    return failure == null;
                }));
            }
            long succeeded = results.stream().filter(CompletableFuture::join).count();
            // A store in memory makes room, and refuses what is farther than all it has
            assertThat(succeeded).isGreaterThan(durable ? RECORDS / 2 : RECORDS / 20);
        } finally {
            clients.forEach(Kademlia::close);
        }
    }

    private CompletableFuture<?> use(List<Kademlia> clients, int number) {
        Kademlia reader = clients.get(random.nextInt(CLIENTS));
        RecordKey key = RecordKey.utf8("/app/" + number);
        return put(clients.get(number % CLIENTS), key)
                .thenCompose(stored -> reader.getRecord(key, Quorum.one()).result())
                .thenCompose(read -> reader.startProviding(key).result());
    }

    private static Kademlia client(PeerProcess node) {
        Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + node.port());
        Kademlia client = Kademlia.builder()
                .identity(Ed25519Identity.generate(RANDOM))
                .config(KademliaConfig.of(PROTOCOL).toBuilder()
                        .mode(Mode.CLIENT)
                        .build())
                .build();
        client.externalAddresses(Set.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/1")))
                .join();
        client.addAddress(PeerId.parse(node.peerId()), address).join();
        return client;
    }

    private CompletableFuture<PutResult> put(Kademlia client, RecordKey key) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return client.putRecord(Record.of(key, Bytes.of(value)), Quorum.one()).result();
    }

    /** Returns the largest resident memory that the process had. */
    private static long peakMebibytes(long pid) throws IOException {
        Matcher peak = Pattern.compile("VmHWM:\\s*(\\d+) kB")
                .matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
        assertThat(peak.find()).isTrue();
        return Long.parseLong(peak.group(1)) >> 10;
    }
}
