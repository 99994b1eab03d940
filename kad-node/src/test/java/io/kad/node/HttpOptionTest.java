package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The options of the HTTP server of a node. */
@Timeout(180)
@ProgramRun.InTests
class HttpOptionTest {

    private static final String LISTEN = "/ip4/127.0.0.1/tcp/0";

    @TempDir
    private Path directory;

    private static List<String> events(ProgramRun ran) {
        return ran.out().stream()
                .map(line -> line.replaceAll("\\{\"event\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    @Test
    void withoutTheOptionThereIsNoServer() {
        ProgramRun ran = ProgramRun.of("node", "--json", "--timeout", "1ms", "--listen", LISTEN);
        assertThat(events(ran)).containsExactly("listening", "stopped");
    }

    @Test
    void theAddressIsReportedOnceItIsListening() throws Exception {
        try (OwnProcess node =
                OwnProcess.start("C", "node", "--json", "--stdin", "--listen", LISTEN, "--http", "127.0.0.1:0")) {
            assertThat(node.line()).contains("\"listening\"");
            var event = new ObjectMapper().readTree(node.line());
            assertThat(event.path("event").asText()).isEqualTo("http");
            String address = event.path("address").asText();
            assertThat(address).matches("127\\.0\\.0\\.1:[1-9]\\d*");
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://" + address + "/none"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(404);
            node.endInput();
            assertThat(node.rest()).containsExactly("{\"event\":\"stopped\",\"ok\":true}");
            assertThat(node.exitCode()).isZero();
        }
    }

    @Test
    void aFileMayHaveTheOptions() throws Exception {
        Path config =
                Files.writeString(directory.resolve("kad.properties"), "http=[::1]:0\nhttp-token=0123456789abcdef\n");
        ProgramRun ran =
                ProgramRun.of("node", "--json", "--timeout", "1ms", "--listen", LISTEN, "--config", config.toString());
        assertThat(events(ran)).containsExactly("listening", "http", "stopped");
        assertThat(ran.out().get(1)).contains("[0:0:0:0:0:0:0:1]:");
    }

    @Test
    void aDataDirectoryGetsATokenWithTheServerOnly() {
        String[] words = {"node", "--json", "--timeout", "1ms", "--listen", LISTEN, "--data", directory.toString()};
        ProgramRun.of(words);
        assertThat(directory.resolve("http-token")).doesNotExist();
        ProgramRun.of(Stream.concat(Stream.of(words), Stream.of("--http", "127.0.0.1:0"))
                .toArray(String[]::new));
        assertThat(directory.resolve("http-token")).exists();
    }

    @Test
    void anAddressThatIsInUseIsRefused() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            ProgramRun ran = ProgramRun.of("node", "--listen", LISTEN, "--http", address);
            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.err())
                    .last()
                    .asString()
                    .startsWith("kad: cannot listen on --http " + address + ": ")
                    .contains("in use");
        }
    }

    @Test
    void anAddressOfTheNetworkWithoutATokenIsReported() {
        assertThat(warnings("--http", "0.0.0.0:0"))
                .singleElement()
                .asString()
                .matches(
                        "HTTP calls that change something are refused at (0\\.0\\.0\\.0|\\[0:0:0:0:0:0:0:0]):[1-9]\\d*: an address of the network needs a token;"
                                + " use --http-token or --data");
        assertThat(warnings("--http", "127.0.0.1:0")).isEmpty();
        assertThat(warnings("--http", "0.0.0.0:0", "--http-token", "0123456789abcdef"))
                .isEmpty();
        assertThat(warnings("--http", "0.0.0.0:0", "--data", directory.toString()))
                .isEmpty();
    }

    /** The warnings of a node about HTTP. */
    private static List<String> warnings(String... options) {
        Logger logger = (Logger) LoggerFactory.getLogger("io.kad.node.daemon.NodeHttp");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            ProgramRun ran = ProgramRun.of(Stream.concat(
                            Stream.of("node", "--json", "--timeout", "1ms", "--listen", LISTEN), Stream.of(options))
                    .toArray(String[]::new));
            assertThat(events(ran)).containsExactly("listening", "http", "stopped");
            return log.list.stream()
                    .filter(event -> event.getLevel() == Level.WARN)
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        } finally {
            logger.detachAppender(log);
        }
    }
}
