package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.ConfigOption;
import io.kad.api.KademliaConfig;
import io.kad.node.option.PeerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kad config --print}: every option, its value and where it comes from. */
@ProgramRun.InTests
class ConfigCommandTest {

    @TempDir
    private Path directory;

    private Map<String, JsonNode> print(String... arguments) throws IOException {
        String[] words = new String[arguments.length + 3];
        System.arraycopy(new String[] {"config", "--print", "--json"}, 0, words, 0, 3);
        System.arraycopy(arguments, 0, words, 3, arguments.length);
        ProgramRun run = ProgramRun.of(words);
        assertThat(run.code()).isZero();
        Map<String, JsonNode> options = new HashMap<>();
        for (String line : run.out()) {
            JsonNode option = new ObjectMapper().readTree(line);
            if (option.path("event").asText().equals("option")) {
                options.put(option.path("name").asText(), option);
            }
        }
        assertThat(run.last().path("event").asText()).isEqualTo("config");
        assertThat(run.last().path("ok").asBoolean()).isTrue();
        assertThat(run.last().path("options").asInt()).isEqualTo(options.size());
        return options;
    }

    private static void assertOption(JsonNode option, String value, String source) {
        assertThat(option.path("value").asText()).isEqualTo(value);
        assertThat(option.path("source").asText()).isEqualTo(source);
    }

    @Test
    void everyOptionHasItsDefault() throws IOException {
        Map<String, JsonNode> options = print();

        List<String> names =
                KademliaConfig.options().stream().map(ConfigOption::name).toList();
        assertThat(options.keySet())
                .containsAll(names)
                .contains("listen", "bootstrap", "announce", "key", "data", "profile");
        assertThat(options.values())
                .allMatch(option -> option.path("source").asText().equals("default"));
        assertOption(options.get("listen"), String.join(" ", PeerOptions.defaultListen()), "default");
        assertOption(options.get("mode"), "server", "default");
        assertOption(options.get("record-ttl"), "48h", "default");
    }

    @Test
    void theCommandLineTakesPrecedenceOverTheFileAndTheFileOverDefaults() throws IOException {
        Path file = Files.writeString(
                directory.resolve("kad.properties"),
                "# mine\nprotocol=/file/kad/1.0.0\nmode=client\nrecord-ttl=1h\nrocksdb.sync=all\n");
        Map<String, JsonNode> options =
                print("--config", file.toString(), "--protocol", "/line/kad/1.0.0", "--data", directory.toString());

        assertOption(options.get("protocol"), "/line/kad/1.0.0", "command line");
        assertOption(options.get("mode"), "client", "--config " + file + " line 3");
        assertOption(options.get("record-ttl"), "1h", "--config " + file + " line 4");
        assertOption(options.get("rocksdb.sync"), "all", "--config " + file + " line 5");
        assertOption(options.get("data"), directory.toString(), "command line");
        assertOption(options.get("key"), directory.resolve("identity.key").toString(), "default");
        assertThat(directory.resolve("identity.key")).doesNotExist();
    }

    @Test
    void theOptionsOfHttpHaveTheirSourceAndTheTokenIsNotShown() throws IOException {
        assertOption(print().get("http"), "", "default");
        assertOption(print().get("http-token"), "", "default");
        Path file = Files.writeString(
                directory.resolve("kad.properties"), "http=127.0.0.1:0\n\nhttp-token=0123456789abcdef\n");
        String position = "--config " + file + " line ";
        Map<String, JsonNode> options = print("--config", file.toString());
        assertOption(options.get("http"), "127.0.0.1:0", position + 1);
        assertOption(options.get("http-token"), "(hidden)", position + 3);
        options = print("--config", file.toString(), "--http", "[::1]:0", "--http-token", "fedcba9876543210");
        assertOption(options.get("http"), "[::1]:0", "command line");
        assertOption(options.get("http-token"), "(hidden)", "command line");
        Path data = directory.resolve("data");
        options = print("--http", "[::1]:0", "--data", data.toString());
        assertOption(options.get("http-token"), data.resolve("http-token").toString(), "default");
        assertThat(data).doesNotExist();
    }

    @Test
    void valuesOfHttpThatAreNotAllowedAreRefused() throws IOException {
        assertThat(refusal("http=here")).contains("line 1: http").contains("HOST:PORT");
        assertThat(refusal("http=[::1]:0\nhttp-token=short"))
                .contains("line 2: http-token")
                .doesNotContain("short");
        assertThat(refusal("http-token=0123456789abcdef")).contains("has no effect without --http");
    }

    @Test
    void aValueThatIsNotAllowedIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("kad.properties"), "record-ttl=soon\n");
        ProgramRun run = ProgramRun.of("config", "--print", "--config", file.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).singleElement().asString().contains("record-ttl");
        assertThat(ProgramRun.of("config").code()).isEqualTo(2);
        assertThat(ProgramRun.of("config", "--print", "--listen", "nowhere").code())
                .isEqualTo(2);
    }

    @Test
    void theOptionsOfTheStoreInUseHaveTheirDefaults() throws IOException {
        Map<String, JsonNode> inMemory = print();
        assertOption(inMemory.get("memory.max-records"), "65536", "default");
        assertThat(inMemory.keySet()).noneMatch(name -> name.startsWith("rocksdb."));

        Map<String, JsonNode> onDisk = print("--data", directory.toString());
        assertOption(onDisk.get("rocksdb.sync"), "own", "default");
        assertOption(onDisk.get("rocksdb.max-records"), "1000000", "default");
        assertThat(onDisk.keySet()).noneMatch(name -> name.startsWith("memory."));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void optionsOfAStoreThatAreUnknownOrNotAllowedAreRefused() throws IOException {
        assertThat(refusal("memory.max-recrods=1")).contains("unknown option 'memory.max-recrods'; known: memory.max-");
        assertThat(refusal("memory.max-records=many")).contains("expected an integer from 0 to");
        String data = "data=" + directory + "\n";
        assertThat(refusal(data + "rocksdb.snyc=all")).contains("unknown option 'rocksdb.snyc'");
        assertThat(refusal(data + "rocksdb.sync=sometimes")).contains("rocksdb.sync: expected own, all or none");
    }

    private String refusal(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("kad.properties"), content);
        ProgramRun run = ProgramRun.of("config", "--print", "--config", file.toString());
        assertThat(run.code()).isEqualTo(2);
        return String.join("\n", run.err());
    }

    @Test
    void theTextHasALinePerOption() {
        ProgramRun run = ProgramRun.of("config", "--print", "--mode", "auto");
        assertThat(run.out()).anyMatch(line -> line.matches("mode +auto +command line"));
        assertThat(run.out()).last().asString().matches("[0-9]+ options");
    }
}
