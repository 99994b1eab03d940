package io.kad.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kad.node.http.RawClient.Answer;
import io.kad.node.http.limit.HttpLimits;
import io.kad.node.option.UsageException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and their answers, and what is refused. */
@Timeout(120)
class RequestsTest {

    private static final String TOKEN = "0123456789abcdef";

    @RegisterExtension
    final TestServer servers = new TestServer();

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = servers.start(
                HttpLimits.DEFAULT,
                Optional.of(AccessToken.parse("token", TOKEN)),
                RouteGroup.of(
                        "/a",
                        List.of(
                                Route.get("/a/{name}", RequestsTest::echo).producing("application/json", "text/plain"),
                                Route.get("/a/fixed", (request, exchange) -> exchange.send(Response.empty(204))),
                                Route.change("POST", "/a/{name}", RequestsTest::echo)
                                        .consuming("text/plain", 100),
                                Route.get("/a/refusing/{how}", RequestsTest::refuse))),
                new RouteGroup(
                        "/open",
                        true,
                        HttpError.BAD_REQUEST,
                        HttpError.NOT_IMPLEMENTED,
                        List.of(Route.get("/open/it", RequestsTest::echo))));
    }

    private static void echo(Request request, Exchange exchange) throws HttpException {
        request.checkQuery(Set.of("x", "y"));
        var json = JsonNodeFactory.instance.objectNode();
        json.put("method", request.method()).put("name", request.parameters().get("name"));
        json.put("x", request.queryValue("x").orElse(null));
        json.put("body", request.body().utf8().orElseThrow());
        json.put("type", request.mediaType());
        exchange.send(Response.json(200, json));
    }

    private static void refuse(Request request, Exchange exchange) throws Exception {
        switch (request.parameter("how")) {
            case "http" -> throw new HttpException(HttpError.CONFLICT, "no", Map.of("X-Why", "because"));
            case "usage" -> throw new UsageException("invalid key");
            case "fault" -> throw new IllegalStateException("broken");
            default -> {} // no answer
        }
    }

    private Answer request(String head, String... headers) throws IOException {
        return RawClient.request(server.address(), head, headers);
    }

    private static void assertRefused(Answer answer, int status, String code, String message) throws IOException {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("event", "ok", "code", "message");
        assertThat(answer.json().path("event").asText()).isEqualTo("error");
        assertThat(answer.json().path("ok").asBoolean(true)).isFalse();
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
        assertThat(answer.json().path("message").asText()).contains(message);
    }

    @Test
    void aRequestReachesItsRoute() throws IOException {
        Answer answer = request("GET /a/caf%C3%A9%2Fx?x=1%202+3&y");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("x").asText()).isEqualTo("1 2 3");
        assertThat(answer.body()).contains("/x\"");
        assertThat(answer.header("Date")).matches("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void aLiteralSegmentGoesBeforeAParameter() throws IOException {
        assertThat(request("GET /a/fixed").status()).isEqualTo(204);
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws IOException {
        Answer get = request("GET /a/b");
        try (RawClient client = new RawClient(server.address())) {
            client.send("HEAD /a/b");
            Answer head = client.head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).isEqualTo("application/json");
            assertThat(Integer.parseInt(head.header("Content-Length")))
                    .isEqualTo(get.body().length() + "HEAD".length() - "GET".length());
            client.send("GET /a/fixed");
            assertThat(client.answer().status()).isEqualTo(204);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/b", "/a", "/a/", "/a/b/", "/a//", "/a/refusing/x/y", "/A/b"})
    void anUnknownPathIsNotFound(String path) throws IOException {
        assertRefused(request("GET " + path), 404, "not-found", "unknown path '" + path + "'");
    }

    @Test
    void anUnknownMethodIsNotAllowedAndTheOthersAreNamed() throws IOException {
        Answer answer = request("DELETE /a/b");
        assertRefused(answer, 405, "method-not-allowed", "supported: GET, HEAD, OPTIONS, POST");
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
        assertThat(request("BREW /a/b").status()).isEqualTo(405);
    }

    @Test
    void aGroupHasRefusalsOfItsOwn() throws IOException {
        assertRefused(request("GET /open/other"), 400, "bad-input", "unknown path");
        assertRefused(request("PUT /open/it"), 501, "not-implemented", "method 'PUT'");
        assertThat(request("GET /opening").status()).isEqualTo(404);
    }

    @Test
    void pagesOfOtherSitesMayUseAGroupThatIsForThem() throws IOException {
        for (Answer answer : List.of(request("GET /open/it"), request("GET /open/other"), request("PUT /open/it"))) {
            assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("GET, OPTIONS");
        }
        Answer preflight =
                request("OPTIONS /open/it", "Origin: https://example.org", "Access-Control-Request-Method: GET");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Accept");
    }

    @Test
    void optionsNameTheMethods() throws IOException {
        Answer answer = request("OPTIONS /a/b", "Origin: https://example.org");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(request("OPTIONS *").header("Allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
        assertThat(request("OPTIONS /b").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | application/json",
                "*/* | application/json",
                "text/plain | text/plain",
                "TEXT/*;q=0.5, application/json;q=0.4 | text/plain",
                "text/plain, application/json | text/plain",
                "application/json, text/plain | application/json",
                "image/png, */*;q=0.1 | application/json",
                "application/json;q=0, */* | text/plain"
            })
    void theTypeThatTheClientPrefersIsChosen(String accept, String type) throws IOException {
        assertThat(request("GET /a/b", "Accept: " + accept).json().path("type").asText())
                .isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "text/html;q=1", "application/json;q=0, text/plain;q=0"})
    void aTypeThatThereIsNotIsRefused(String accept) throws IOException {
        assertRefused(
                request("GET /a/b", "Accept: " + accept),
                406,
                "not-acceptable",
                "supported: application/json, text/plain");
    }

    private Answer post(String body, String... headers) throws IOException {
        try (RawClient client = new RawClient(server.address())) {
            client.send("POST /a/b", headers);
            client.write(body);
            return client.answer();
        }
    }

    private Answer post(String type, String body) throws IOException {
        return post(
                body, "Authorization: Bearer " + TOKEN, "Content-Type: " + type, "Content-Length: " + body.length());
    }

    @Test
    void aBodyIsReceived() throws IOException {
        assertThat(post("text/plain; charset=utf-8", "value")
                        .json()
                        .path("body")
                        .asText())
                .isEqualTo("value");
        assertThat(post(
                                "3\r\nval\r\n2\r\nue\r\n0\r\n\r\n",
                                "Authorization: bearer " + TOKEN,
                                "Content-Type: text/plain",
                                "Transfer-Encoding: chunked")
                        .json()
                        .path("body")
                        .asText())
                .isEqualTo("value");
    }

    @Test
    void aClientThatWaitsWithItsBodyIsAskedForIt() throws IOException {
        try (RawClient client = new RawClient(server.address())) {
            client.send(
                    "POST /a/b",
                    "Authorization: Bearer " + TOKEN,
                    "Content-Type: text/plain",
                    "Content-Length: 1",
                    "Expect: 100-continue");
            assertThat(client.head().status()).isEqualTo(100);
            client.write("v");
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyOfAnotherTypeOrTooLargeOrWithoutNeedIsRefused() throws IOException {
        assertRefused(post("text/html", "x"), 415, "unsupported-media-type", "expected text/plain");
        assertRefused(
                post(
                        "x",
                        "Authorization: Bearer " + TOKEN,
                        "Content-Type: text/plain",
                        "Content-Encoding: gzip",
                        "Content-Length: 1"),
                415,
                "unsupported-media-type",
                "without Content-Encoding");
        assertRefused(post("text/plain", "x".repeat(101)), 413, "too-large", "the limit of 100 bytes");
        assertRefused(
                post(
                        "65\r\n" + "x".repeat(101) + "\r\n0\r\n\r\n",
                        "Authorization: Bearer " + TOKEN,
                        "Content-Type: text/plain",
                        "Transfer-Encoding: chunked"),
                413,
                "too-large",
                "the limit of 100 bytes");
        assertRefused(request("GET /a/b", "Content-Length: 1"), 400, "bad-input", "take no body");
    }

    @Test
    void aRefusalReachesAClientThatSendsAMegabyteAllTheSame() throws IOException {
        String body = "x".repeat(1 << 20);
        Answer answer = post("text/plain", body);
        assertRefused(answer, 413, "too-large", "limit");
        assertThat(answer.header("Connection")).isEqualTo("close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%2", "%zz", "%ff", "%c3%28"})
    void textThatIsNotUtf8InPercentEncodingIsRefused(String text) throws IOException {
        assertRefused(request("GET /a/" + text), 400, "bad-input", "percent");
        assertRefused(request("GET /a/b?x=" + text), 400, "bad-input", "percent");
    }

    @Test
    void parametersOfTheQueryAreCheckedAndBounded() throws IOException {
        assertRefused(request("GET /a/b?z=1"), 400, "bad-input", "unknown parameter 'z'");
        assertRefused(request("GET /a/b?x=1&x=2"), 400, "bad-input", "x must be given only once");
        assertRefused(request("GET /a/b?" + "x&".repeat(65)), 400, "bad-input", "limit of 64");
    }

    @Test
    void theHeadIsBounded() throws IOException {
        assertRefused(request("GET /a/" + "b".repeat(HttpLimits.HEAD_BYTES)), 414, "too-large", "request line");
        assertRefused(
                request("GET /a/b", "X-A: " + "b".repeat(HttpLimits.HEAD_BYTES)), 431, "too-large", "the headers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET /a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
                "GET /a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "POST /a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET /a/b HTTP/1.1\r\n\r\n",
                "GET /a/b HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                "GET a/b HTTP/1.1\r\nHost: localhost\r\n\r\n"
            })
    void whatIsNotHttpIsRefused(String text) throws IOException {
        try (RawClient client = new RawClient(server.address())) {
            client.write(text);
            assertRefused(client.answer(), 400, "bad-input", "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1", "127.9.8.7:80", "[::1]:5001"})
    void hostsOfThisMachineAreServed(String host) throws IOException {
        assertThat(request("GET /a/b", "Host: " + host).status()).isEqualTo(200);
        assertThat(request("GET http://" + host + "/a/b", "Host: ignored.example")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"example.org", "localhost.example.org", "192.0.2.1", "[2001:db8::1]", "127.0.0.1.example", ""})
    void aHostThatIsNotThisMachineIsRefused(String host) throws IOException {
        assertRefused(request("GET /a/b", "Host: " + host), 403, "forbidden", "use localhost");
        if (!host.isEmpty()) {
            assertRefused(request("GET http://" + host + "/a/b", "Host: localhost"), 403, "forbidden", "use localhost");
        }
    }

    @Test
    void whatChangesSomethingNeedsTheToken() throws IOException {
        Answer without = post("x", "Content-Type: text/plain", "Content-Length: 1");
        assertRefused(without, 401, "unauthorized", "missing token");
        assertThat(without.header("WWW-Authenticate")).startsWith("Bearer");
        for (String wrong : List.of("Bearer x", "Basic " + TOKEN, "Bearer " + TOKEN + "0", "Bearer")) {
            assertRefused(
                    post("x", "Content-Type: text/plain", "Content-Length: 1", "Authorization: " + wrong),
                    401,
                    "unauthorized",
                    "invalid token");
        }
        assertThat(post("text/plain", "x").status()).isEqualTo(200);
    }

    @Test
    void whatAHandlerThrowsIsTheAnswer() throws IOException {
        Answer conflict = request("GET /a/refusing/http");
        assertRefused(conflict, 409, "conflict", "no");
        assertThat(conflict.header("X-Why")).isEqualTo("because");
        assertRefused(request("GET /a/refusing/usage"), 400, "bad-input", "invalid key");
        assertRefused(request("GET /a/refusing/fault"), 500, "internal", "internal error");
        assertRefused(request("GET /a/refusing/silence"), 500, "internal", "internal error");
    }
}
