package io.kad.node.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.node.http.HttpServer;
import io.kad.node.http.Route;
import io.kad.node.http.RouteGroup;
import io.kad.node.http.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the page as a browser gets them. */
@Timeout(60)
class DashboardTest {

    private static final Path RESOURCES = Path.of("src", "main", "resources", "io", "kad", "node", "dashboard");
    private static final HttpClient client = HttpClient.newHttpClient();

    private static HttpServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.loopback(RouteGroup.of("", Dashboard.routes()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<String> paths() {
        return Dashboard.routes().stream().map(route -> route.path().text()).toList();
    }

    private static HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** Sends a request line as it stands, which a client would mend, and returns the status line. */
    private static String statusOf(String target) throws IOException {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8)
                    .lines()
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void thePageIsAtTheRoot() throws Exception {
        HttpResponse<String> page = send("GET", "/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.body()).startsWith("<!doctype html>").contains("<html lang=\"en\">");
    }

    @ParameterizedTest
    @MethodSource("paths")
    void eachFileHasItsTypeAndTheSameRules(String path) throws Exception {
        HttpResponse<String> file = send("GET", path);
        assertThat(file.statusCode()).isEqualTo(200);
        String type = path.endsWith(".js")
                ? "text/javascript"
                : path.endsWith(".css") ? "text/css" : path.endsWith(".svg") ? "image/svg+xml" : "text/html";
        assertThat(header(file, "Content-Type")).isEqualTo(type + "; charset=utf-8");
        assertThat(header(file, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(file, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(header(file, "Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("require-trusted-types-for 'script'", "frame-ancestors 'none'", "connect-src 'self'")
                .doesNotContain("unsafe", "http", "*", "data:");
    }

    @ParameterizedTest
    @MethodSource("paths")
    void aClientThatHasAVersionGetsItOnlyIfItIsAnother(String path) throws Exception {
        HttpResponse<String> file = send("GET", path);
        String tag = header(file, "ETag");
        assertThat(tag).matches("\"[0-9a-f]{32}\"");
        assertThat(header(file, "Cache-Control")).isEqualTo("no-cache");
        for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
            HttpResponse<String> same = send("GET", path, "If-None-Match", known);
            assertThat(same.statusCode()).as(known).isEqualTo(304);
            assertThat(same.body()).isEmpty();
            assertThat(header(same, "ETag")).isEqualTo(tag);
            assertThat(header(same, "Content-Length")).isEmpty();
        }
        assertThat(send("GET", path, "If-None-Match", "\"other\"").body()).isEqualTo(file.body());
    }

    @Test
    void filesThatDifferHaveDifferentTags() throws Exception {
        Set<String> tags = new HashSet<>();
        for (String path : paths()) {
            tags.add(header(send("HEAD", path), "ETag"));
        }
        assertThat(tags).hasSameSizeAs(paths());
    }

    @Test
    void headHasTheHeadersWithoutTheFile() throws Exception {
        HttpResponse<String> head = send("HEAD", "/dashboard/main.js");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length")).isEqualTo(String.valueOf(Files.size(RESOURCES.resolve("main.js"))));
    }

    @Test
    void onlyReadingIsServed() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE")) {
            HttpResponse<String> refused = send(method, "/dashboard/main.js");
            assertThat(refused.statusCode()).as(method).isEqualTo(405);
            assertThat(header(refused, "Allow")).isEqualTo("GET, HEAD, OPTIONS");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dashboard",
                "/dashboard/",
                "/dashboard/none.js",
                "/dashboard/MAIN.JS",
                "/dashboard/index.html",
                "/dashboard/../main.js",
                "/dashboard/./main.js",
                "/dashboard//main.js",
                "/dashboard/../../Main.class",
                "/dashboard/%2e%2e/Main.class",
                "/dashboard/%2e%2e%2f%2e%2e%2fMain.class",
                "/dashboard/..%5c..%5cMain.class",
                "/dashboard/Dashboard.class",
                "/dashboard/main.js%00.html",
                "/dashboard/main.js/",
                "/dashboard/%2fetc%2fpasswd",
                "//etc/passwd",
                "/../../../../etc/passwd"
            })
    void noOtherPathLeadsToAFile(String target) throws IOException {
        assertThat(statusOf(target)).contains(" 404 ");
    }

    @Test
    void eachFileOfTheFolderIsServed() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(paths().stream()
                            .map(path -> path.equals("/") ? "index.html" : path.replace("/dashboard/", ""))
                            .toList());
        }
    }

    @Test
    void thePageRefersToServedFilesOnly() throws Exception {
        Set<String> referred = new HashSet<>();
        for (String path : paths()) {
            String text = send("GET", path).body();
            referred.addAll(matches("(?:src|href)=\"(/[^\"]*)\"", text).collect(Collectors.toSet()));
            matches("from '\\./([^']*)'", text).forEach(name -> referred.add("/dashboard/" + name));
        }
        assertThat(paths()).containsAll(referred);
        assertThat(referred).hasSizeGreaterThan(20);
    }

    private static Stream<String> matches(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map((MatchResult match) -> match.group(1));
    }

    /** What the security policy forbids, or what would turn text of a peer into markup, is not even tried. */
    @Test
    void noFileHasScriptOrStyleWithinThePageOrMarkupFromText() throws Exception {
        for (String path : paths()) {
            String text = send("GET", path).body();
            assertThat(text)
                    .as(path)
                    .doesNotContain(
                            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser")
                    .doesNotContain("setAttribute('style'", "javascript:", " style=\"", " onclick=", "<style")
                    .doesNotContainPattern("<script(?![^>]* src=\"/)");
            assertThat(matches("((?:https?:)?//[a-z0-9-]+\\.[a-z]+[^\\s'\"]*)", text))
                    .as(path)
                    .allMatch(url -> url.startsWith("http://www.w3.org/2000/svg"));
        }
    }

    @Test
    void noRouteChangesAnything() {
        assertThat(Dashboard.routes())
                .noneMatch(Route::changesState)
                .allMatch(route -> route.work() == Route.Work.LOCAL);
    }
}
