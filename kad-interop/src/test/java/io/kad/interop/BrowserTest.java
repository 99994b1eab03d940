package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The dashboard of a node in a real browser, Chromium, in a network of kad peers and a js peer with a hostile agent version. The browser runs all
 * scenarios of {@code src/test/js/dashboard} once, and each test looks at one. With {@code -Dkad.pictures=DIR} the pictures of the documents are
 * made too.
 */
@Timeout(1000)
class BrowserTest {

    private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String TOKEN = "0123456789abcdef-token";
    private static final String HOSTILE_AGENT =
            "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>\u202efake";
    private static final int EMBEDDED = 30;
    private static final Duration LIMIT = Duration.ofMinutes(15);

    @RegisterExtension
    static final Peers peers = new Peers();

    private static final Map<String, JsonNode> scenarios = new HashMap<>();

    private static Optional<String> browser = Optional.empty();
    private static EmbeddedPeers others;
    private static KadPeer node;
    private static KadPeer withToken;

    @BeforeAll
    static void runAll() throws Exception {
        browser = browser();
        if (browser.isEmpty()) {
            System.out.println("SKIPPED: " + BrowserTest.class.getSimpleName() + " needs Chromium: one of "
                    + String.join(", ", BROWSERS) + " on the path");
            abort("no Chromium");
        }
        others = new EmbeddedPeers(EMBEDDED);
        String first = others.addresses().get(0);
        others.joinFirst();
        // A table with little room, so that a lookup has hops
        node = peers.kadWith(Map.of("bucket-size", "3"), "--bootstrap", first, "--http", "127.0.0.1:0");
        withToken = peers.kad("--bootstrap", first, "--http", "127.0.0.1:0", "--http-token", TOKEN);
        LibraryPeer hostile = peers.of(Implementation.JS, "--bootstrap", node.address(), "--agent", HOSTILE_AGENT);
        node.event("peer-identified", line -> line.path("peerId").asText().equals(hostile.peerId()));
        node.run("bootstrap");
        withToken.run("bootstrap");
        for (JsonNode line : drive()) {
            scenarios.put(line.path("name").asText(), line);
        }
    }

    @AfterAll
    static void closeOthers() {
        if (others != null) {
            others.close();
        }
    }

    private static Optional<String> browser() {
        return BROWSERS.stream()
                .flatMap(name -> Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    private static String url(KadPeer peer) {
        return "http://" + peer.event("http", line -> true).path("address").asText() + "/";
    }

    /** Runs the browser, and returns what it says about each scenario. */
    private static List<JsonNode> drive(String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(browser.orElseThrow(), url(node), url(withToken)));
        arguments.addAll(List.of(more));
        List<JsonNode> lines = NodeScript.run(LIMIT, "src/test/js/dashboard/run.mjs", arguments);
        assertThat(lines)
                .last()
                .satisfies(line -> assertThat(line.path("event").asText()).isEqualTo("done"));
        return lines.subList(0, lines.size() - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state",
                "lookup",
                "records",
                "providers",
                "refusal",
                "token",
                "cancel",
                "checks",
                "keyboard",
                "hostile",
                "security",
                "offline",
                "themes",
                "motion",
                "accessibleInTheLight",
                "accessibleInTheDark",
                "narrow",
                "large"
            })
    void thePageWorks(String scenario) {
        assertThat(scenarios).containsKey(scenario);
        JsonNode line = scenarios.get(scenario);
        assertThat(line.path("pass").asBoolean()).as(line.toPrettyString()).isTrue();
    }

    @Test
    void eachScenarioHasATest() throws NoSuchMethodException {
        ValueSource tested =
                getClass().getDeclaredMethod("thePageWorks", String.class).getAnnotation(ValueSource.class);
        assertThat(scenarios.keySet()).containsExactlyInAnyOrder(tested.strings());
    }

    @Test
    void picturesAreMadeIfWanted() throws Exception {
        String directory = System.getProperty("kad.pictures", "");
        if (!directory.isEmpty()) {
            Path target = Files.createDirectories(Path.of("..").resolve(directory));
            assertThat(drive(target.toString())).isEmpty();
        }
    }
}
