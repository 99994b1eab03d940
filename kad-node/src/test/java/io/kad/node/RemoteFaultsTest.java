package io.kad.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a command says of a server, written by hand, that answers {@code --api} badly. */
@Timeout(120)
@ProgramRun.InTests
class RemoteFaultsTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n";
    private static final String CHUNKED = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String PROVIDER = "{\"event\":\"provider\",\"peerId\":\"x\",\"addresses\":[]}\n";

    private static volatile String lastHead = "";

    /** What the server does with a connection, after it has read the request. */
    private interface Answers {
        void write(OutputStream out) throws IOException;
    }

    private static ProgramRun askedOf(Answers answers, String... more) throws Exception {
        return askedOf(Stream.of("find-providers", "/app/x"), answers, more);
    }

    private static ProgramRun askedOf(Stream<String> words, Answers answers, String... more) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> serve(server, answers), "bad-server");
            serving.setDaemon(true);
            serving.start();
            ProgramRun ran = ProgramRun.of(
                    Stream.of(words, Stream.of("--api", "127.0.0.1:" + server.getLocalPort()), Stream.of(more))
                            .flatMap(part -> part)
                            .toArray(String[]::new));
            return new ProgramRun(
                    ran.code(),
                    ran.out(),
                    ran.err().stream()
                            .map(line -> line.replace("127.0.0.1:" + server.getLocalPort(), "NODE"))
                            .toList());
        }
    }

    private static void serve(ServerSocket server, Answers answers) {
        while (!server.isClosed()) {
            serveNext(server, answers);
        }
    }

    private static void serveNext(ServerSocket server, Answers answers) {
        try (Socket socket = server.accept()) {
            var in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            lastHead = head.toString();
            answers.write(socket.getOutputStream());
        } catch (IOException ended) {
            // the client has gone
        }
    }

    private static ProgramRun answeredWith(String bytes) throws Exception {
        return askedOf(out -> out.write(bytes.getBytes(ISO_8859_1)));
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static void assertUnreachable(ProgramRun ran, String message) {
        assertThat(ran.err()).containsExactly("kad: " + message);
        assertThat(ran.code()).isEqualTo(1);
    }

    @Test
    void aNodeThatGoesAwayInTheMiddle() throws Exception {
        ProgramRun ran = answeredWith(CHUNKED + chunk(PROVIDER));
        assertThat(ran.out()).containsExactly("x");
        assertUnreachable(
                ran, "the node at NODE went away before the end of its response; check that it still runs, and repeat");
    }

    @Test
    void aNodeThatEndsItsAnswerEarly() throws Exception {
        assertUnreachable(
                answeredWith(CHUNKED + chunk(PROVIDER) + "0\r\n\r\n"),
                "NODE ended its response before the last line; check --api");
    }

    @Test
    void aNodeThatGoesAwayWithinTheHeadOfItsResponse() throws Exception {
        ProgramRun ran = answeredWith("HTTP/1.1 200 OK\r\nContent-");
        assertThat(ran.err())
                .singleElement()
                .asString()
                .startsWith("kad: the node at NODE ended the connection without a response (");
    }

    @Test
    void aServerThatAnswersNothing() throws Exception {
        ProgramRun ran = answeredWith("");
        assertThat(ran.err())
                .singleElement()
                .asString()
                .startsWith("kad: the node at NODE ended the connection without a response (")
                .endsWith("); check that it runs with --http NODE");
        assertThat(ran.code()).isEqualTo(1);
    }

    @Test
    void anotherWebServer() throws Exception {
        assertUnreachable(
                answeredWith("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"),
                "NODE is not the HTTP API of a kad node: it responds with status 404 and 'text/html'; check --api");
        assertUnreachable(
                answeredWith("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
                "NODE is not the HTTP API of a kad node: it responds with status 302 and nothing else; check --api");
        assertUnreachable(
                answeredWith(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"a\":[1,2]}"),
                "NODE is not the HTTP API of a kad node: it responds with status 200 and no line of a command; check --api");
    }

    @Test
    void theTypeOfAnotherServerIsQuotedAndShort() throws Exception {
        assertUnreachable(
                answeredWith("HTTP/1.1 200 OK\r\nContent-Type: text/\u009b2J" + "x".repeat(200)
                        + "\r\nContent-Length: 1\r\n\r\nx"),
                "NODE is not the HTTP API of a kad node: it responds with status 200 and 'text/\\u009b2J"
                        + "x".repeat(92) + "...'; check --api");
    }

    @Test
    void aResponseBehindInterimOnes() throws Exception {
        ProgramRun ran = answeredWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                + CHUNKED + chunk("{\"event\":\"done\",\"ok\":true,\"count\":0}\n") + "0\r\n\r\n");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
    }

    @Test
    void aResponseThatEndsWithItsConnection() throws Exception {
        ProgramRun ran = answeredWith(HEAD + "\r\n" + PROVIDER + "{\"event\":\"done\",\"ok\":true,\"count\":1}");
        assertThat(ran.out()).containsExactly("x", "done: count=1");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
    }

    @Test
    void aRequestIsSentOnce() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        ProgramRun ran = askedOf(
                Stream.of("put", "/app/x", "hello", "--token", "0123456789abcdef"), out -> requests.incrementAndGet());
        assertThat(ran.code()).isEqualTo(1);
        assertThat(requests).hasValue(1);
        assertThat(lastHead).startsWith("PUT ").containsIgnoringCase("\r\ncontent-length: 5\r\n");
    }

    @Test
    void theHostOfTheRequestIsAsTheUserHasNamedIt() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> serve(server, out -> {}), "silent-server");
            serving.setDaemon(true);
            serving.start();
            String host = "localhost:" + server.getLocalPort();
            ProgramRun.of("get", "/app/x", "--api", host);
            assertThat(lastHead).containsIgnoringCase("\r\nhost: " + host + "\r\n");
        }
    }

    @Test
    void aLineThatIsMalformed() throws Exception {
        assertUnreachable(
                answeredWith(CHUNKED + chunk(PROVIDER) + chunk("{\"event\":\n") + "0\r\n\r\n"),
                "NODE sent a malformed line: no JSON; check --api");
        assertUnreachable(
                answeredWith(CHUNKED + chunk(PROVIDER) + chunk("{\"event\":\"done\",\"ok\":1}\n") + "0\r\n\r\n"),
                "NODE sent a malformed line: no line of a command; check --api");
        String last = "{\"event\":\"done\",\"ok\":true,\"count\":0}\n";
        assertUnreachable(
                answeredWith(CHUNKED + chunk(last) + chunk(PROVIDER) + "0\r\n\r\n"),
                "NODE sent a line behind the last one of its response; check --api");
    }

    /** Runs {@code command}, which is answered by {@code line} with that status. */
    private static ProgramRun answeredBy(String command, String status, String line) throws Exception {
        return askedOf(
                Stream.of(command.split(" ")),
                out -> out.write(("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: "
                                + line.length() + "\r\n\r\n" + line)
                        .getBytes(ISO_8859_1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "get /app/x | 500 Internal Server Error | {'event':'x','ok':true}",
                "get /app/x | 500 Internal Server Error | {'event':'record','ok':true,'value':'eA==','text':'x'}",
                "get /app/x | 200 OK | {'event':'error','ok':true}",
                "get /app/x | 200 OK | {'event':'error','ok':true,'code':'timeout','message':'late'}",
                "get /app/x | 200 OK | {'event':'pong','ok':true,'rttMillis':1}",
                "get /app/x | 200 OK | {'event':'record','ok':false}",
                "get /app/x | 504 Gateway Timeout | {'event':'error','ok':false,'code':7,'message':'late'}",
                "get /app/x | 504 Gateway Timeout | {'event':'error','ok':false,'code':'timeout'}",
                "get /app/x | 504 Gateway Timeout | {'event':'error','ok':false,'message':'late'}",
                "diagnose | 503 Service Unavailable | {'event':'done','ok':false,'failed':1}",
                "diagnose | 200 OK | {'event':'record','ok':true}",
            })
    void aLastLineThatIsNoResultOfTheCommandIsNoSuccess(String command, String status, String line) throws Exception {
        ProgramRun ran = answeredBy(command, status, line.replace('\'', '"'));
        assertThat(ran.out()).isEmpty();
        assertUnreachable(
                ran,
                "NODE is not the HTTP API of a kad node: it responds with status " + status.substring(0, 3)
                        + " and no line of the command " + command.replaceFirst(" .*", "") + "; check --api");
    }

    @Test
    void anErrorBeforeTheLastLineIsMalformed() throws Exception {
        String last = "{\"event\":\"done\",\"ok\":true,\"count\":0}\n";
        String error = "{\"event\":\"error\",\"code\":\"timeout\",\"message\":\"late\"}\n";
        assertUnreachable(
                answeredWith(CHUNKED + chunk(PROVIDER) + chunk(error) + chunk(last) + "0\r\n\r\n"),
                "NODE sent a malformed line: no line of the command find-providers; check --api");
    }

    @Test
    void aResultOfTheCommandIsASuccess() throws Exception {
        ProgramRun ran = answeredBy(
                "get /app/x", "200 OK", "{\"event\":\"record\",\"ok\":true,\"value\":\"eA==\",\"text\":\"x\"}");
        assertThat(ran.out()).containsExactly("x");
        assertThat(ran.code()).isZero();
        assertThat(answeredBy("diagnose", "200 OK", "{\"event\":\"done\",\"ok\":false,\"failed\":1}")
                        .code())
                .isEqualTo(1);
    }

    @Test
    void theTokenGoesOnlyWithWhatNeedsIt() throws Exception {
        for (String command : List.of("get /app/x", "find-providers /app/x", "closest-peers /app/x")) {
            answeredBy(command + " --token 0123456789abcdef", "200 OK", "{}");
            assertThat(lastHead).startsWith("GET ").doesNotContainIgnoringCase("authorization");
        }
        answeredBy("diagnose --token 0123456789abcdef", "200 OK", "{}");
        assertThat(lastHead).startsWith("POST ").containsIgnoringCase("authorization: Bearer 0123456789abcdef");
    }

    @Test
    void aLineWithoutAnEndIsNotReadForever() throws Exception {
        ProgramRun ran = askedOf(out -> {
            out.write(CHUNKED.getBytes(ISO_8859_1));
            byte[] chunk = chunk("x".repeat(1 << 16)).getBytes(ISO_8859_1);
            while (true) {
                out.write(chunk);
            }
        });
        assertUnreachable(ran, "NODE sent a line that exceeds the limit of 32 MiB; check --api");
    }

    @Test
    void aHeadWithoutAnEndIsNotReadForever() throws Exception {
        ProgramRun ran = askedOf(out -> {
            out.write(HEAD.getBytes(ISO_8859_1));
            byte[] header = ("x: " + "y".repeat(1 << 12) + "\r\n").getBytes(ISO_8859_1);
            while (true) {
                out.write(header);
            }
        });
        assertThat(ran.err()).singleElement().asString().startsWith("kad: NODE does not speak HTTP");
        assertThat(ran.code()).isEqualTo(1);
    }

    @Test
    void aServerThatIsSilentCostsNoMoreThanTheTimeout() throws Exception {
        ProgramRun ran = askedOf(
                out -> {
                    while (true) {
                        out.flush();
                        LockSupport.parkNanos(1_000_000);
                    }
                },
                "--timeout",
                "5s");
        assertUnreachable(ran, "the node at NODE did not respond within 5 s; use --timeout to allow more");
    }

    @Test
    void aNodeThatDribblesCostsNoMoreThanTheTimeout() throws Exception {
        ProgramRun ran = askedOf(
                out -> {
                    out.write(CHUNKED.getBytes(ISO_8859_1));
                    while (true) {
                        out.write(chunk(PROVIDER).getBytes(ISO_8859_1));
                        LockSupport.parkNanos(10_000_000);
                    }
                },
                "--timeout",
                "5s");
        assertThat(ran.out()).contains("x");
        assertUnreachable(ran, "the node at NODE did not respond within 5 s; use --timeout to allow more");
    }
}
