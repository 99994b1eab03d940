package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.kad.node.daemon.Stop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, options and numbers in {@code packaging/} are those of the program and of its documents; they are parsed, and no node is started. */
@ProgramRun.InTests
class PackagingTest {

    private static final String PEER_ID = "12D3KooWEytPNNKYcT5j2nTYarjCaCiT6rHmx3fmHANRiBdGTkm9";
    private static final Path ROOT = Path.of("..");
    private static final Path UNIT = ROOT.resolve("packaging/kad.service");
    private static final Path CONTAINERFILE = ROOT.resolve("packaging/Containerfile");
    private static final Path OPERATING = ROOT.resolve("docs/OPERATING.md");
    private static final Path CONFIG = ROOT.resolve("packaging/kad.conf");

    @TempDir
    private Path directory;

    /** Returns the rest of the only line that begins with {@code start}; a line that ends with a backslash goes on in the next one. */
    private static String rest(Path file, String start) throws IOException {
        String text = Files.readString(file).replaceAll("\\\\\n\\s*", "");
        List<String> found = text.lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
        assertThat(found).as(start).hasSize(1);
        return found.get(0);
    }

    private static String jvmOptions(String memory) throws IOException {
        return Pattern.compile("(?m)^\\| " + memory + " \\| `(.*)` \\|$")
                .matcher(Files.readString(ROOT.resolve("docs/PROGRAM.md")))
                .results()
                .map(row -> row.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static void assertParsed(List<String> words) {
        assertThat(words).startsWith("node");
        assertThatCode(() -> Main.commandLine().parseArgs(words.toArray(new String[0])))
                .doesNotThrowAnyException();
    }

    private static List<String> words(String json) throws IOException {
        return Arrays.asList(new ObjectMapper().readValue(json, String[].class));
    }

    @Test
    void theCommandOfTheUnitIsOneOfTheProgram() throws IOException {
        String start = rest(UNIT, "ExecStart=");
        String program = "/usr/bin/java $KAD_JAVA_OPTS -jar /opt/kad/kad.jar ";
        assertThat(start).startsWith(program);
        assertParsed(List.of(start.substring(program.length()).split(" ", -1)));
    }

    /** Secrets may be in the file of options, which the user of the unit could only read if all could. */
    @Test
    void theUnitPassesTheFileOfOptionsToItsUserOnly() throws IOException {
        assertThat(rest(UNIT, "LoadCredential=")).isEqualTo("kad.conf:/etc/kad/kad.conf");
        assertThat(rest(UNIT, "ExecStart=")).contains(" --config ${CREDENTIALS_DIRECTORY}/kad.conf ");
        assertThat(Files.readString(OPERATING)).contains("install -D -m 600 packaging/kad.conf /etc/kad/kad.conf\n");
    }

    /** The limit of starts is reached although there is a pause before each, and an attempt takes a while. */
    @Test
    void aNodeThatCannotStartIsGivenUp() throws IOException {
        long attempt = Long.parseLong(rest(UNIT, "RestartSec=")) + 20;
        assertThat(Long.parseLong(rest(UNIT, "StartLimitIntervalSec=")))
                .isGreaterThanOrEqualTo(attempt * Long.parseLong(rest(UNIT, "StartLimitBurst=")));
    }

    @Test
    void theUnitHasTheOptionsForItsMemory() throws IOException {
        assertThat(rest(UNIT, "MemoryMax=")).isEqualTo("1G");
        assertThat(rest(UNIT, "Environment=\"KAD_JAVA_OPTS=")).isEqualTo(jvmOptions("1 GiB") + "\"");
    }

    @Test
    void theUnitWaitsForANodeThatStops() throws IOException {
        assertThat(Duration.ofSeconds(Long.parseLong(rest(UNIT, "TimeoutStopSec="))))
                .isGreaterThan(Stop.MAX_TIME);
    }

    @Test
    void systemdKnowsEverythingInTheUnit() throws IOException, InterruptedException {
        Path tool = Path.of("/usr/bin/systemd-analyze");
        assumeTrue(Files.isExecutable(tool), "no systemd-analyze");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String unit = Files.readString(UNIT).replace("/usr/bin/java", java.toString());
        assertThat(warnings(tool, unit)).isEmpty();
        assertThat(warnings(tool, unit.replace("TasksMax=", "TasksMost="))).isNotEmpty();
    }

    /** Returns what the tool says of the unit; it also judges units of the machine that this one needs. */
    private List<String> warnings(Path tool, String unit) throws IOException, InterruptedException {
        Path file = directory.resolve("kad.service");
        Files.writeString(file, unit);
        return outputOf(tool.toString(), "verify", "--man=no", file.toString())
                .lines()
                .filter(line -> line.contains("kad.service"))
                .toList();
    }

    private String outputOf(String... command) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        assertThat(run(output, command)).isZero();
        return Files.readString(output);
    }

    private static int run(Path output, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theCommandOfTheImageIsOneOfTheProgramAndHasTheOptionsForItsMemory() throws IOException {
        assertThat(words(rest(CONTAINERFILE, "ENTRYPOINT "))).containsExactly("java", "-jar", "/opt/kad/kad.jar");
        assertParsed(words(rest(CONTAINERFILE, "CMD ")));
        assertThat(rest(CONTAINERFILE, "ENV "))
                .contains("JDK_JAVA_OPTIONS=\"" + jvmOptions("512 MiB") + "\"", "MALLOC_ARENA_MAX=2");
    }

    @Test
    void theHealthCheckOfTheImageAsksTheNode() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash");
        List<String> paths = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int port = server.getAddress().getPort();
        AtomicInteger status = new AtomicInteger(200);
        server.createContext("/", exchange -> {
            paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        try {
            assertThat(healthCheck(port)).isZero();
            status.set(503);
            assertThat(healthCheck(port)).isNotZero();
            assertThat(paths).containsExactly("GET /healthz", "GET /healthz");
        } finally {
            server.stop(0);
        }
        try (RefusingPort nobody = new RefusingPort()) {
            assertThat(healthCheck(nobody.number())).isNotZero();
        }
    }

    /** Images of OCI, which podman builds unless it is told otherwise, have no health check. */
    @Test
    void theImageIsBuiltInAFormatThatHasHealthChecks() throws IOException {
        assertThat(Files.readString(OPERATING).lines().filter(line -> line.startsWith("podman build ")))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("podman build --format docker "));
    }

    private int healthCheck(int port) throws IOException, InterruptedException {
        String check = rest(CONTAINERFILE, "HEALTHCHECK ");
        String command = check.substring(check.indexOf("CMD ") + "CMD ".length());
        assertThat(command).contains("/127.0.0.1/5001");
        return run(
                directory.resolve("output"),
                words(command.replace("/127.0.0.1/5001", "/127.0.0.1/" + port)).toArray(new String[0]));
    }

    /** The lines that begin with {@code #name=} are suggestions, which must be valid too. */
    @Test
    void theConfigurationAndItsSuggestionsAreValid() throws IOException {
        Path all = directory.resolve("kad.conf");
        String text =
                Files.readString(CONFIG).replaceAll("(?m)^#([a-z.-]+=)", "$1").replace("PEERID", PEER_ID);
        Files.writeString(all, text, StandardCharsets.UTF_8);
        for (Path file : List.of(CONFIG, all)) {
            assertThat(ProgramRun.of("config", "--print", "--config", file.toString(), "--data", directory.toString())
                            .code())
                    .isZero();
        }
        assertThat(text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")))
                .hasSize(5);
    }

    /** Code spans of the section about tuning that have no blank, no slash and are no metrics are options, some with a value. */
    @Test
    void theOptionsForTuningExist() throws IOException {
        String section = Pattern.compile("(?ms)^## Tune$(.*?)^## ")
                .matcher(Files.readString(OPERATING))
                .results()
                .map(part -> part.group(1))
                .findFirst()
                .orElseThrow();
        List<String> options = Pattern.compile("`([a-z.-]+)(?:=([a-z]+))?`")
                .matcher(section)
                .results()
                .map(option -> option.group(1) + "=" + (option.group(2) == null ? "" : option.group(2)))
                .toList();
        assertThat(options).contains("mode=client", "rocksdb.cache-bytes=").hasSizeGreaterThan(12);

        ProgramRun run = ProgramRun.of("config", "--print", "--data", directory.toString());
        assertThat(options)
                .extracting(option -> option.substring(0, option.indexOf('=')))
                .allSatisfy(name -> assertThat(run.out()).anyMatch(line -> line.startsWith(name + " ")));
        Path values = directory.resolve("values");
        Files.write(
                values, options.stream().filter(option -> !option.endsWith("=")).toList());
        assertThat(ProgramRun.of("config", "--print", "--config", values.toString())
                        .code())
                .isZero();
    }
}
