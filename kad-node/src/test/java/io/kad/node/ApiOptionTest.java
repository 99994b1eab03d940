package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.node.api.CommandPath;
import io.kad.node.task.TaskCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that run in a running node ({@code --api}), each compared with the same command that runs alone. */
@Timeout(180)
@ProgramRun.InTests
class ApiOptionTest {

    private static final String TOKEN = "0123456789abcdef";
    private static final String LISTEN = "/ip4/127.0.0.1/tcp/0";
    private static final String UNKNOWN_PEER = "12D3KooWEytPNNKYcT5j2nTYarjCaCiT6rHmx3fmHANRiBdGTkm9";
    private static final String CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";

    /** What differs between two runs of one command: times, and which of several peers was first. */
    private static final String VARYING =
            "\"(rttMillis|millis|distanceLog2)\":[0-9.E-]+|RTT [0-9.E-]+ ms|  [0-9.E-]+ ms|\"from\":\"[^\"]*\"|\"observedAddress\":\"[^\"]*\"|observedAddress=\\S+";

    private static OwnProcess first;
    private static OwnProcess second;
    private static OwnProcess node;
    private static String firstAddress;
    private static String secondAddress;
    private static String api;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        first = OwnProcess.start("C.UTF-8", "node", "--json", "--stdin", "--listen", LISTEN);
        firstAddress = addressIn(first.line());
        second = OwnProcess.start(
                "C.UTF-8", "node", "--json", "--stdin", "--listen", LISTEN, "--bootstrap", firstAddress);
        secondAddress = addressIn(second.line());
        node = OwnProcess.start(
                "C.UTF-8",
                "node",
                "--json",
                "--stdin",
                "--mode",
                "client",
                "--listen",
                LISTEN,
                "--bootstrap",
                firstAddress,
                "--bootstrap",
                secondAddress,
                "--http",
                "127.0.0.1:0",
                "--http-token",
                TOKEN);
        assertThat(node.line()).contains("\"listening\"");
        api = json(node.line()).path("address").asText();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> ProgramRun.of("closest-peers", "/app/x", "--json", "--api", api)
                                .last()
                                .path("count")
                                .asInt()
                        == 2);
    }

    @AfterAll
    static void stop() {
        node.close();
        second.close();
        first.close();
    }

    private static JsonNode json(String line) throws IOException {
        return new ObjectMapper().readTree(line);
    }

    private static String addressIn(String listening) throws IOException {
        return json(listening).at("/addresses/0").asText();
    }

    private static ProgramRun alone(List<String> words) {
        return run(words, "--bootstrap", firstAddress, "--bootstrap", secondAddress);
    }

    private static ProgramRun inNode(List<String> words) {
        return run(words, "--api", api, "--token", TOKEN);
    }

    private static ProgramRun run(List<String> words, String... more) {
        List<String> all = new ArrayList<>(words);
        all.addAll(List.of(more));
        return ProgramRun.of(all.toArray(String[]::new));
    }

    private static List<String> comparable(List<String> lines) {
        Stream<String> masked = lines.stream().map(line -> line.replaceAll(VARYING, "_"));
        // The hops of one lookup come in any order
        boolean isTraced = lines.stream().anyMatch(line -> line.contains("hop"));
        return (isTraced ? masked.sorted() : masked).toList();
    }

    private static List<String> words(String command) {
        return Stream.of(command.split(" "))
                .map(word -> switch (word) {
                    case "FIRST" -> firstAddress;
                    case "FIRST_ID" -> firstAddress.replaceFirst(".*/p2p/", "");
                    case "UNKNOWN" -> UNKNOWN_PEER;
                    default -> word.replace("CID", CID).replace("~", " ");
                })
                .toList();
    }

    private static void assertSame(ProgramRun inNode, ProgramRun alone) {
        assertThat(comparable(inNode.out())).isEqualTo(comparable(alone.out()));
        assertThat(comparable(inNode.err())).isEqualTo(comparable(alone.err()));
        assertThat(inNode.code()).isEqualTo(alone.code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "put /app/a~b%2F hällo~& --quorum all",
                "put /app/many x --quorum 3",
                "put /app/x x --ttl 1h --timeout 20s",
                "put /ipns/UNKNOWN x",
                "put /app/empty @/dev/null",
                "get /app/none",
                "get /app/none --quorum 2",
                "get hello",
                "find-providers CID --count 5",
                "find-providers /ipfs/CID",
                "find-providers /app/nobody",
                "find-peer FIRST_ID",
                "find-peer UNKNOWN",
                "closest-peers /app/x",
                "closest-peers 0x00ff --count 1",
                "closest-peers /app/x --count 21",
                "closest-peers CID --trace",
                "ping FIRST",
                "ping /ip4/127.0.0.1/tcp/1",
                "identify FIRST",
                "get /app/none --timeout 0s"
            })
    void outputAndExitCodeAreThoseOfTheCommandAlone(String command) {
        List<String> words = words(command.replace("/UNKNOWN", "/" + UNKNOWN_PEER));
        assertSame(inNode(words), alone(words));
        List<String> asJson = Stream.concat(words.stream(), Stream.of("--json")).toList();
        assertSame(inNode(asJson), alone(asJson));
    }

    @Test
    void aRecordIsFoundWhicheverWayItWasPut() throws Exception {
        Path value = Files.writeString(directory.resolve("value"), "from a file");
        assertThat(inNode(List.of("put", "/app/node", "@" + value)).code()).isZero();
        assertThat(alone(List.of("put", "/app/alone", "second")).code()).isZero();
        for (List<String> options : List.of(List.<String>of(), List.of("--json"))) {
            List<String> words = Stream.concat(Stream.of("get", "/app/alone"), options.stream())
                    .toList();
            ProgramRun found = inNode(words);
            assertThat(found.code()).isZero();
            assertSame(found, alone(words));
        }
        List<String> words = List.of("get", "/app/node");
        assertThat(alone(words).out()).containsExactlyElementsOf(inNode(words).out());
        assertThat(inNode(words).code()).isZero();
    }

    /** Once each way, as a node leaves an address alone that has failed. */
    @Test
    void aPeerThatCannotBeReachedIsReportedAlike() {
        List<String> words = List.of("ping", "/ip4/127.0.0.1/tcp/1/p2p/" + UNKNOWN_PEER);
        ProgramRun ran = inNode(words);
        assertThat(ran.code()).isEqualTo(1);
        assertSame(ran, alone(words));
    }

    @Test
    void standardInputMayBeTheValue() {
        ProgramRun put = ProgramRun.withInput(
                List.of("line 1", "line 2"), "put", "/app/input", "-", "--api", api, "--token", TOKEN);
        assertThat(put.out()).containsExactly("stored at 2 peers (quorum 1)");
        assertThat(alone(List.of("get", "/app/input")).out()).containsExactly("line 1", "line 2");
    }

    @Test
    void theNodeItselfIsTheProvider() {
        ProgramRun announced = inNode(List.of("provide", "/app/content"));
        assertSame(
                announced,
                run(
                        List.of("provide", "/app/other"),
                        "--bootstrap",
                        firstAddress,
                        "--bootstrap",
                        secondAddress,
                        "--listen",
                        LISTEN));
        assertThat(announced.out()).containsExactly("announced to 2 peers");
        List<String> words = List.of("find-providers", "/app/content", "--json");
        ProgramRun found = alone(words);
        assertThat(found.last().path("count").asInt()).isEqualTo(1);
        assertSame(inNode(words), found);
    }

    /** A command of the command line that has no path must be told so, and not run by itself. */
    @Test
    void eachOneShotCommandHasAPath() {
        Set<String> commands = new TreeSet<>();
        TaskCommands.oneShot().forEach(name -> commands.add(CommandPath.of(name).command()));
        assertThat(commands).hasSameSizeAs(TaskCommands.oneShot());
    }

    @Test
    void readingNeedsNoTokenAndChangesNeedTheRightOne() {
        assertThat(run(List.of("closest-peers", "/app/x"), "--api", api).code()).isZero();
        String expected = "kad: %s --token for the node at " + api
                + ": give that of its --http-token, or of the file http-token in its data directory";
        ProgramRun missing = run(List.of("put", "/app/x", "x"), "--api", api);
        assertThat(missing.err()).containsExactly(expected.formatted("missing"));
        assertThat(missing.code()).isEqualTo(2);
        ProgramRun wrong = run(List.of("put", "/app/x", "x"), "--api", api, "--token", TOKEN + "0");
        assertThat(wrong.err()).containsExactly(expected.formatted("wrong"));
        assertThat(wrong.code()).isEqualTo(2);
    }

    @Test
    void aNodeThatDoesNotListenIsNamed() throws Exception {
        try (RefusingPort port = new RefusingPort()) {
            String address = "127.0.0.1:" + port.number();
            ProgramRun ran = ProgramRun.of("get", "/app/x", "--json", "--api", address);
            assertThat(ran.out())
                    .containsExactly(
                            "{\"event\":\"error\",\"ok\":false,\"code\":\"unreachable\",\"message\":\"cannot connect to the node at "
                                    + address + ": connection refused; check that it runs with --http " + address
                                    + "\"}");
            assertThat(ran.code()).isEqualTo(1);
        }
    }

    @Test
    void theListenerOfAPeerIsNoApi() {
        String address = firstAddress.replaceFirst("/ip4/([0-9.]+)/tcp/(\\d+)/.*", "$1:$2");
        ProgramRun ran = ProgramRun.of("get", "/app/x", "--api", address);
        assertThat(ran.err())
                .containsExactly("kad: " + address
                        + " does not speak HTTP; give the address of --http of a node, not one of its listeners");
        assertThat(ran.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get /app/x --api 127.0.0.1:1 --bootstrap /ip4/127.0.0.1/tcp/1/p2p/UNKNOWN|--bootstrap has no effect with --api, as the command runs in that node; remove one of them",
                "get /app/x --api 127.0.0.1:1 --security noise|--security has no effect with --api, as the command runs in that node; remove one of them",
                "get /app/x --token 0123456789abcdef|--token has no effect without --api; add that option, or remove this one",
                "get /app/x --api 127.0.0.1:1 --token short|invalid --token: expected 16 to 256 letters, digits or -._~+/=",
                "get /app/x --api 127.0.0.1|invalid --api '127.0.0.1': expected HOST:PORT such as 127.0.0.1:5001 or [::1]:5001",
                "get /app/x --api 127.0.0.1:0|invalid --api '127.0.0.1:0': expected HOST:PORT such as 127.0.0.1:5001 or [::1]:5001"
            })
    void optionsThatDoNotFitAreRefused(String row) {
        String[] parts = row.replace("UNKNOWN", UNKNOWN_PEER).split("\\|", -1);
        ProgramRun ran = ProgramRun.of(parts[0].split(" ", -1));
        assertThat(ran.err()).containsExactly("kad: " + parts[1]);
        assertThat(ran.code()).isEqualTo(2);
    }
}
