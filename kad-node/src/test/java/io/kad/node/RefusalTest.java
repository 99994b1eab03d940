package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts, streams and exit codes of refusals on the command line, which need no other peer. */
@Timeout(60)
@ProgramRun.InTests
class RefusalTest {

    private static final String KEY = "expected /namespace/name, or 0x followed by hex digits";
    private static final String DURATION = "expected a duration such as 30s, 500ms or 36h";
    private static final String PEER_ADDRESS = "expected a multiaddr that ends in /p2p/PEERID";

    @TempDir
    static Path directory;

    /**
     * Refusal of a command line.
     *
     * @param command the words of the command line; {@code DIR} stands for the directory of the test
     * @param message the whole message
     */
    private record Row(String command, String message) {

        String[] words(String... more) {
            List<String> words = new ArrayList<>();
            for (String word : command.split(" ", -1)) {
                if (!word.isEmpty()) {
                    words.add(word.replace("DIR", directory.toString()));
                }
            }
            words.addAll(List.of(more));
            return words.toArray(String[]::new);
        }

        String wholeMessage() {
            return message.replace("DIR", directory.toString());
        }

        @Override
        public String toString() {
            return "kad " + command;
        }
    }

    @BeforeAll
    static void writeFiles() throws IOException {
        Files.writeString(directory.resolve("typo.properties"), "lisen=/ip4/127.0.0.1/tcp/0\n");
        Files.writeString(directory.resolve("unknown.properties"), "colour=red\n");
        Files.writeString(directory.resolve("bare.properties"), "# a comment\n\nk\n");
        Files.writeString(directory.resolve("twice.properties"), "k=5\nalpha=2\nk=6\n");
        Files.writeString(directory.resolve("memory.properties"), "memory.max-records=5\n");
        Files.writeString(directory.resolve("negative.properties"), "memory.max-records=-1\n");
        Files.writeString(directory.resolve("water.properties"), "connection-low-water-percent=95\n");
        Files.writeString(directory.resolve("sync.properties"), "rocksdb.sync=-1\n");
        Files.writeString(directory.resolve("store.properties"), "record-store=x\n");
        Files.writeString(directory.resolve("rocksdb.properties"), "rocksdb.sync=all\n");
        Files.writeString(directory.resolve("profile.properties"), "profile=wan\n");
        Files.writeString(directory.resolve("value.properties"), "alpha=2\nk=many\n");
        Files.writeString(directory.resolve("store-value.properties"), "k=5\nmemory.max-records=many\n");
        Files.writeString(directory.resolve("listen.properties"), "bootstrap=/ip4/127.0.0.1/tcp/1\n");
        Files.writeString(
                directory.resolve("runs.yaml"),
                "{peers: 20, workload: {lookups: 9}, runs: [{name: small}, {name: large}]}\n");
        Files.writeString(directory.resolve("typo.yaml"), "workload: {lookup: 3}\n");
        Files.writeString(directory.resolve("evil.yaml"), "name: ../../evil\n");
        Files.writeString(directory.resolve("list.yaml"), "[1, 2]\n");
        Files.write(directory.resolve("latin1.yaml"), new byte[] {'t', ':', ' ', (byte) 0xe9});
        Files.writeString(directory.resolve("text.key"), "this is text");
        Files.writeString(directory.resolve("a-file"), "x");
    }

    static Stream<Row> commands() {
        return Stream.of(
                new Row("", "missing command; run 'kad --help' for the list"),
                new Row("gett /app/x", "unknown command 'gett'; did you mean 'get'?"),
                new Row("GET /app/x", "unknown command 'GET'; did you mean 'get'?"),
                new Row(
                        "nonsense",
                        "unknown command 'nonsense'; known: demo, node, put, get, provide, find-providers,"
                                + " find-peer, closest-peers, ping, identify, diagnose, id, sim, config, completion, help"),
                new Row("get /app/x --quorom 1", "unknown option '--quorom'; did you mean '--quorum'?"),
                new Row("get /app/x --quorom=1", "unknown option '--quorom'; did you mean '--quorum'?"),
                new Row("node --moed server", "unknown option '--moed'; did you mean '--mode'?"),
                new Row(
                        "id --colour red",
                        "unknown option '--colour'; known: --debug, --help, --json, --key, --timeout, --type, --version"),
                new Row("--quorom 1 get", "unknown option '--quorom'; did you mean '--quorum'?, after the command"),
                new Row("--jsn get /app/x", "unknown option '--jsn'; did you mean '--json'?, after the command"),
                new Row("-- get /app/x", "unexpected '--' before the command: it must follow it, as in kad COMMAND --"),
                new Row(
                        "put /app/x -y",
                        "unknown option '-y'; for an argument that begins with a dash,"
                                + " put '--' before the arguments, after all options"),
                new Row("put /app/x --ttl 1s", "missing VALUE; usage: kad put KEY VALUE"),
                new Row("--colour", "unknown option '--colour'; known: --help, --version"),
                new Row("--timeout 1s get /app/x", "option '--timeout' must follow the command: kad COMMAND --timeout"),
                new Row("id --kye DIR/new.key", "unknown option '--kye'; did you mean '--key'?"),
                new Row("get", "missing KEY; usage: kad get KEY"),
                new Row("put /app/x", "missing VALUE; usage: kad put KEY VALUE"),
                new Row("id", "missing --key FILE; usage: kad id --key FILE"),
                new Row("id --key", "missing FILE after --key"),
                new Row("id --key DIR/new.key --type", "missing TYPE after --type"),
                new Row(
                        "id --key DIR/new.key --type ecdas",
                        "unknown key type 'ecdas' for --type; did you mean 'ecdsa'?"),
                new Row(
                        "id --key DIR/new.key --type dilithium",
                        "unknown key type 'dilithium' for --type; known: rsa, ed25519, secp256k1, ecdsa"),
                new Row("get /app/x --bootstrap", "missing MULTIADDR after --bootstrap"),
                new Row("get /app/x /app/y", "unexpected argument '/app/y'; usage: kad get KEY"),
                new Row("get /app/x --timeout 1s --timeout 2s", "--timeout must be given only once"),
                new Row("get /app/x --trace=maybe", "invalid --trace 'maybe': expected true or false"));
    }

    static Stream<Row> values() {
        return Stream.of(
                new Row("get hello", "invalid key 'hello': " + KEY),
                new Row("put 0xzz value", "invalid key '0xzz': " + KEY),
                new Row("get /pk/hello", "invalid key '/pk/hello': expected /pk/PEERID"),
                new Row(
                        "provide hello",
                        "invalid key 'hello': expected /namespace/name, 0x followed by hex digits, a CID, or /ipfs/CID"),
                new Row(
                        "find-providers hello",
                        "invalid key 'hello': expected /namespace/name, 0x followed by hex digits, a CID, or /ipfs/CID"),
                new Row(
                        "closest-peers hello",
                        "invalid key 'hello': expected /namespace/name,"
                                + " 0x followed by hex digits, a CID, or a peer ID"),
                new Row("find-peer hello", "invalid peer ID 'hello': expected base58 such as 12D3Koo..., or a CID"),
                new Row("ping /ip4/127.0.0.1/tcp/1", "invalid address '/ip4/127.0.0.1/tcp/1': " + PEER_ADDRESS),
                new Row(
                        "get /app/x --bootstrap /ip4/127.0.0.1/tcp/1",
                        "invalid --bootstrap '/ip4/127.0.0.1/tcp/1': " + PEER_ADDRESS),
                new Row(
                        "get /app/x --quorum most",
                        "invalid quorum 'most': expected one, majority, all, or an integer of at least 1"),
                new Row(
                        "put /app/x y --quorum 0",
                        "invalid quorum '0': expected one, majority, all, or an integer of at least 1"),
                new Row("node --mode x", "invalid mode 'x': expected auto, server or client"),
                new Row(
                        "node --mode sever",
                        "invalid mode 'sever': expected auto, server or client; did you mean 'server'?"),
                new Row("node --profile x", "unknown profile 'x' for --profile; known: private"),
                new Row("node --profile privat", "unknown profile 'privat' for --profile; did you mean 'private'?"));
    }

    static Stream<Row> numbers() {
        return Stream.of(
                new Row("get /app/x --timeout 0s", "--timeout must be greater than 0, got 0s"),
                new Row("get /app/x --timeout PT-1S", "--timeout must be greater than 0, got PT-1S"),
                new Row("get /app/x --timeout soon", "invalid --timeout 'soon': " + DURATION),
                new Row("put /app/x y --ttl 0s", "--ttl must be greater than 0, got 0s"),
                new Row("put /app/x y --ttl soon", "invalid --ttl 'soon': " + DURATION),
                new Row(
                        "put /app/x y --ttl 50000d",
                        "--ttl of 50000d exceeds the limit of 4294967295 s (about 136 years)"),
                new Row("find-providers /app/x --count -1", "--count must be 0 (all) or more, got -1"),
                new Row(
                        "find-providers /app/x --count x",
                        "invalid --count 'x': expected an integer of 0 (all) or more"),
                new Row("closest-peers /app/x --count 30", "--count must be between 1 and 20 (k), got 30"),
                new Row("closest-peers /app/x --count 0", "--count must be between 1 and 20 (k), got 0"),
                new Row("demo --nodes 2", "--nodes must be between 3 and 1000, got 2"),
                new Row("demo --nodes 99999999999", "--nodes must be between 3 and 1000, got 99999999999"),
                new Row("demo --nodes x", "invalid --nodes 'x': expected an integer between 3 and 1000"));
    }

    static Stream<Row> http() {
        return Stream.of(
                new Row(
                        "node --http 5001",
                        "invalid --http '5001': expected HOST:PORT such as 127.0.0.1:5001 or [::1]:5001"),
                new Row(
                        "node --http localhost:99999",
                        "invalid --http 'localhost:99999': expected HOST:PORT such as 127.0.0.1:5001 or [::1]:5001"),
                new Row(
                        "node --http 127.0.0.1:0 --http-token short",
                        "invalid --http-token: expected 16 to 256 letters, digits or -._~+/="),
                new Row(
                        "node --http-token 0123456789abcdef",
                        "--http-token has no effect without --http; add that option, or remove this one"));
    }

    static Stream<Row> files() {
        return Stream.of(
                new Row("put /app/x @DIR/none", "cannot read VALUE @DIR/none: no such file or directory"),
                new Row("id --key DIR", "--key: cannot read identity file DIR: Is a directory"),
                new Row("id --key DIR/a-file/key", "--key: cannot read identity file DIR/a-file/key: Not a directory"),
                new Row("node --config DIR/none", "cannot read --config DIR/none: no such file or directory"),
                new Row(
                        "node --config DIR/typo.properties",
                        "unknown option 'lisen' for --config DIR/typo.properties line 1; did you mean 'listen'?"),
                new Row(
                        "node --config DIR/bare.properties",
                        "invalid --config DIR/bare.properties line 3: expected name=value"),
                new Row(
                        "node --config DIR/twice.properties",
                        "invalid --config DIR/twice.properties line 3: k was given in line 1 already"),
                new Row(
                        "node --config DIR/memory.properties --data DIR/data",
                        "--config DIR/memory.properties line 1: memory.max-records has no effect with --data;"
                                + " remove it, or use an option that begins with rocksdb."),
                new Row(
                        "node --config DIR/rocksdb.properties",
                        "--config DIR/rocksdb.properties line 1: rocksdb.sync has no effect without --data;"
                                + " remove it, or use an option that begins with memory."),
                new Row(
                        "get /app/x --config DIR/negative.properties",
                        "memory.max-records: expected an integer from 0 to 100000000, got '-1'"),
                new Row(
                        "get /app/x --config DIR/water.properties",
                        "--config DIR/water.properties line 1: connection-low-water-percent (95) must not exceed connection-high-water-percent (90)"),
                new Row(
                        "get /app/x --data DIR/data --config DIR/sync.properties",
                        "rocksdb.sync: expected own, all or none, got '-1'"),
                new Row(
                        "get /app/x --data DIR/data --config DIR/store.properties",
                        "unknown record store 'x' (record-store); known: 'memory', 'rocksdb'"),
                new Row("get /app/x --psk DIR/none", "psk: cannot read DIR/none: no such file or directory"),
                new Row(
                        "node --config DIR/profile.properties",
                        "unknown profile 'wan' for --config DIR/profile.properties line 1; known: private"),
                new Row(
                        "node --config DIR/value.properties",
                        "--config DIR/value.properties line 2: k: expected an integer from 1 to 256, got 'many'"),
                new Row(
                        "node --config DIR/listen.properties",
                        "invalid --config DIR/listen.properties line 1: bootstrap '/ip4/127.0.0.1/tcp/1': "
                                + PEER_ADDRESS));
    }

    static Stream<Row> simulations() {
        return Stream.of(
                new Row("sim", "missing SCENARIO: give a scenario file, or use --chaos N"),
                new Row("sim DIR/none.yaml", "cannot read SCENARIO DIR/none.yaml: no such file or directory"),
                new Row("sim DIR/latin1.yaml", "cannot read SCENARIO DIR/latin1.yaml: not UTF-8 text"),
                new Row("sim DIR/list.yaml", "invalid SCENARIO DIR/list.yaml: the top level must be a mapping"),
                new Row(
                        "sim DIR/typo.yaml",
                        "invalid SCENARIO DIR/typo.yaml: workload: unknown field 'lookup'; did you mean 'lookups'?"),
                new Row("sim DIR/runs.yaml --run other", "unknown run 'other' for --run; known: small, large"),
                new Row("sim DIR/runs.yaml --run smal", "unknown run 'smal' for --run; did you mean 'small'?"),
                new Row("sim DIR/runs.yaml --replay 1 --lookup 0", "--lookup must be 1 or more, got 0"),
                new Row(
                        "sim DIR/runs.yaml --replay 1 --run small --lookup 10",
                        "--lookup must be between 1 and 9, the lookups of run 'small', got 10"),
                new Row("sim DIR/runs.yaml --lookup 2", "--lookup needs --replay SEED"),
                new Row(
                        "sim DIR/runs.yaml --replay 1 --seed 2",
                        "--seed has no effect with --replay: leave out one of them"),
                new Row(
                        "sim DIR/runs.yaml --replay 1 --out DIR/out",
                        "--out has no effect with --replay: leave out one of them"),
                new Row("sim DIR/runs.yaml --chaos 1", "SCENARIO has no effect with --chaos: leave out one of them"),
                new Row("sim --chaos 1 --out DIR/out", "--out has no effect with --chaos: leave out one of them"),
                new Row("sim --chaos 1 --run small", "--run has no effect with --chaos: leave out one of them"),
                new Row("sim --chaos 1 --replay 2", "--replay has no effect with --chaos: leave out one of them"),
                new Row("sim --chaos 1 --lookup 2", "--lookup needs --replay SEED"),
                new Row(
                        "sim DIR/evil.yaml",
                        "invalid SCENARIO DIR/evil.yaml: invalid name '../../evil': expected a name of 1 to 100 of the"
                                + " characters A-Z, a-z, 0-9, '.', '_' and '-' that begins with a letter or digit, other than metrics"),
                new Row("sim --chaos 0", "--chaos must be 1 or more, got 0"),
                new Row("sim --seeds many", "invalid --chaos 'many': expected an integer of 1 or more"),
                new Row("sim --chaos 1 --seed x", "invalid --seed 'x': expected an integer of at most 64 bits"));
    }

    /** Keys and values of a wrong form or size, refused although nobody can be dialled. */
    static Stream<Row> sizes() {
        String nobody = " --bootstrap /ip4/127.0.0.1/tcp/1/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
        String emptyKey = "; a key is not empty";
        String longKey = "0x" + "61".repeat(81);
        return Stream.of(
                new Row("put /app x", "invalid key '/app': " + KEY),
                new Row("get /app/", "invalid key '/app/': " + KEY),
                new Row("get //", "invalid key '//': " + KEY),
                new Row("get //name", "invalid key '//name': " + KEY),
                new Row(
                        "provide /app",
                        "invalid key '/app': expected /namespace/name, 0x followed by hex digits, a CID, or /ipfs/CID"),
                new Row(
                        "closest-peers /app",
                        "invalid key '/app': expected /namespace/name,"
                                + " 0x followed by hex digits, a CID, or a peer ID"),
                new Row("put 0x x" + nobody, "invalid key '0x': " + KEY + emptyKey),
                new Row("get 0x" + nobody, "invalid key '0x': " + KEY + emptyKey),
                new Row(
                        "closest-peers 0x" + nobody,
                        "invalid key '0x': expected /namespace/name, 0x followed by hex digits, a CID, or a peer ID"
                                + emptyKey),
                new Row(
                        "find-providers 0x" + nobody,
                        "invalid key '0x': expected /namespace/name, 0x followed by hex digits, a CID, or /ipfs/CID"
                                + emptyKey),
                new Row("provide " + longKey + nobody, "key must be 1 to 80 bytes, got 81"),
                new Row("find-providers " + longKey + nobody, "key must be 1 to 80 bytes, got 81"),
                new Row(
                        "put /app/" + "k".repeat(9000) + " x" + nobody,
                        "key of 9005 bytes leaves no room for a value in a message of 16384 bytes (max-sent-message-bytes)"));
    }

    @ParameterizedTest
    @MethodSource({"commands", "values", "numbers", "sizes", "http", "files", "simulations"})
    void aRefusalIsOneLineOnStandardError(Row row) {
        ProgramRun ran = ProgramRun.of(row.words());
        assertThat(ran.err()).containsExactly("kad: " + row.wholeMessage());
        assertThat(ran.out()).isEmpty();
        assertThat(ran.code()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource({"commands", "values", "numbers", "sizes", "http", "files", "simulations"})
    void withJsonARefusalIsOneObjectOnStandardOutput(Row row) {
        if (row.command().isEmpty() || row.command().startsWith("--")) {
            return; // without a command there is no option --json
        }
        ProgramRun ran = ProgramRun.of(row.words("--json"));
        assertThat(ran.out()).hasSize(1);
        assertThat(ran.last())
                .isEqualTo(new ObjectMapper()
                        .createObjectNode()
                        .put("event", "error")
                        .put("ok", false)
                        .put("code", "bad-input")
                        .put("message", row.wholeMessage()));
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isEqualTo(2);
    }

    @Test
    void aValueThatIsTooLargeIsRefusedBeforeAnythingIsDialledWithTheLargestOne() throws IOException {
        String nobody = "/ip4/127.0.0.1/tcp/1/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
        ProgramRun refused = put("x".repeat(20_000), nobody);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.last().path("code").asText()).isEqualTo("invalid-record");
        String message = refused.last().path("message").asText();
        assertThat(message)
                .matches(
                        "value of 20000 bytes exceeds the limit of 16[0-9]{3} under this key, which is twice in a message"
                                + " of at most 16384 bytes \\(max-sent-message-bytes\\)");

        int largest = Integer.parseInt(message.replaceAll(".*limit of ([0-9]+) .*", "$1"));
        try (OwnProcess node = OwnProcess.start("C.UTF-8", "node", "--json", "--listen", "/ip4/127.0.0.1/tcp/0")) {
            String address = node.line().replaceFirst(".*\"addresses\":\\[\"([^\"]*)\".*", "$1");
            assertThat(put("x".repeat(largest), address).last().path("stored").asInt())
                    .as("the largest value is stored")
                    .isEqualTo(1);
        }
        assertThat(put("x".repeat(largest + 1), nobody).last().path("code").asText())
                .isEqualTo("invalid-record");
    }

    private static ProgramRun put(String value, String bootstrap) {
        return ProgramRun.of("put", "/app/x", value, "--json", "--bootstrap", bootstrap);
    }

    @Test
    void aRefusalThatQuotesAnotherParserBeginsAlike() {
        assertRefused(
                "get /app/x --bootstrap hello",
                "invalid --bootstrap 'hello': expected a multiaddr such as /ip4/192.0.2.1/tcp/4001 (");
        assertRefused(
                "node --listen /ip4/1",
                "invalid --listen '/ip4/1': expected a multiaddr such as /ip4/192.0.2.1/tcp/4001 (");
        assertRefused(
                "node --announce hello",
                "invalid --announce 'hello': expected a multiaddr such as /ip4/192.0.2.1/tcp/4001 (");
        assertRefused("id --key DIR/text.key", "--key: identity file DIR/text.key: not a private key: ");
        assertRefused(
                "node --config DIR/unknown.properties",
                "unknown option 'colour' for --config DIR/unknown.properties line 1; known: listen, bootstrap, announce, key, data, profile,"
                        + " http, http-token, protocol, mode, k, ");
    }

    @Test
    void anAddressOfAnotherPeerIsNoOwnOne() {
        String other = "/ip4/127.0.0.1/tcp/0/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
        for (String option : List.of("--listen ", "--announce ")) {
            assertRefused(
                    "get /app/x " + option + other,
                    "invalid " + option + "'" + other
                            + "': expected an address without /p2p/PEERID, or with that of this peer, 12D3Koo");
        }
    }

    /** An empty value is not that of an option which is not given. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--mode|invalid mode '': expected auto, server or client",
                "--protocol|invalid --protocol '': expected a protocol ID such as /my-network/kad/1.0.0",
                "--resolver|invalid --resolver '': expected HOST:PORT such as 192.0.2.53:53",
                "--ws-cert|invalid --ws-cert '': expected the name of a file or directory",
                "--ws-key|invalid --ws-key '': expected the name of a file or directory",
                "--psk|invalid --psk '': expected the name of a file or directory",
                "--data|invalid --data '': expected the name of a file or directory",
                "--profile|unknown profile '' for --profile; known: private",
                "--security|unknown security protocol '' for --security; known: noise, tls"
            })
    void anEmptyValueIsRefused(String option, String message) {
        ProgramRun ran = ProgramRun.of("config", "--print", option, "");
        assertThat(ran.err()).containsExactly("kad: " + message);
        assertThat(ran.code()).isEqualTo(2);
    }

    @Test
    void anOptionAfterTheEndOfOptionsIsNamed() {
        ProgramRun ran = ProgramRun.of("put", "/app/x", "--", "-y", "--quorum", "1");
        assertThat(ran.err())
                .containsExactly("kad: option '--quorum' stands after '--', where each word is an argument:"
                        + " put it before '--'");
        assertThat(ran.code()).isEqualTo(2);
    }

    @Test
    void aValueOfAStoreInAFileIsNamedByItsLine() {
        ProgramRun ran = ProgramRun.of(
                "config",
                "--print",
                "--config",
                directory.resolve("store-value.properties").toString());
        assertThat(ran.err())
                .singleElement()
                .asString()
                .startsWith("kad: --config " + directory.resolve("store-value.properties") + " line 2: ");
        assertThat(ran.code()).isEqualTo(2);
    }

    private static void assertRefused(String command, String beginning) {
        Row row = new Row(command, beginning);
        ProgramRun ran = ProgramRun.of(row.words());
        assertThat(ran.err()).singleElement().asString().startsWith("kad: " + row.wholeMessage());
        assertThat(ran.out()).isEmpty();
        assertThat(ran.code()).isEqualTo(2);
    }
}
