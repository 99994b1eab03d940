package io.kad.node.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SessionResultsTest {

    private final List<ObjectNode> written = Collections.synchronizedList(new ArrayList<>());
    private final SessionResults results = new SessionResults(written::add);

    private SessionResults.Result next(String line) throws InterruptedException {
        return results.next(SessionLine.of(line));
    }

    private static ObjectNode stopping() {
        return OutputLine.error(ErrorCode.UNREACHABLE, "stopping");
    }

    private Stream<String> messages() {
        return written.stream().map(line -> line.path("message").asText());
    }

    /** The commands run already, so that no limit on their beginning stops them. */
    @Test
    void whatAllResultsKeepIsBoundedInBytes() throws Exception {
        SessionResults.Result first = next("get /app/first");
        List<SessionResults.Result> others = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            others.add(next("get /app/x"));
        }
        String text = "\u20ac".repeat(1 << 20); // 3 MiB in UTF-8
        for (SessionResults.Result other : others) {
            other.write(OutputLine.line("provider"));
            other.write(OutputLine.done("record").put("text", text));
            other.end();
        }
        assertThat(written).isEmpty();
        first.write(OutputLine.done("record"));
        first.end();

        assertThat(written.stream()
                        .mapToInt(line -> line.toString().getBytes(StandardCharsets.UTF_8).length)
                        .sum())
                .isBetween(SessionResults.MAX_EARLY / 2, SessionResults.MAX_EARLY);
        assertThat(written.subList(0, 3))
                .containsExactly(
                        OutputLine.done("record"),
                        OutputLine.line("provider"),
                        OutputLine.done("record").put("text", text));
        assertThat(written.subList(11, written.size())).hasSize(5).allSatisfy(refusal -> {
            assertThat(refusal.path("code").asText()).isEqualTo("overloaded");
            assertThat(refusal.path("message").asText())
                    .contains("16 MiB", "tag the line", "wait for the results before it");
        });
    }

    @Test
    void theFirstResultAndTaggedOnesHaveNoLimit() throws Exception {
        ObjectNode large = OutputLine.line("provider").put("text", "x".repeat(SessionResults.MAX_EARLY));
        next("get /app/x").write(large);
        next("#t get /app/x").write(large);
        assertThat(written).hasSize(2);
    }

    @Test
    void aResultWhoseLastLineIsWrittenGetsNoOther() throws Exception {
        SessionResults.Result tagged = next("#t get /app/x");
        SessionResults.Result first = next("get /app/x");
        SessionResults.Result early = next("get /app/y");
        Stream.of(tagged, first, early).forEach(result -> {
            result.write(OutputLine.done("record"));
            result.write(OutputLine.line("hop"));
            result.write(stopping());
        });
        results.close(stopping());
        assertThat(written)
                .hasSize(3)
                .allSatisfy(line -> assertThat(line.path("event").asText()).isEqualTo("record"));
    }

    /** The reader has taken this line and waits for room. */
    @Test
    void aLineThatWaitsForItsTurnHasAResultToo() throws Exception {
        for (int number = 0; number < SessionResults.MAX_OPEN; number++) {
            next("get /app/x");
        }
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        Thread reader = new Thread(
                () -> {
                    try {
                        next("#last get /app/x").write(OutputLine.done("record"));
                    } catch (Throwable failure) {
                        failures.add(failure);
                    }
                },
                "reader");
        reader.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> reader.getState() == Thread.State.WAITING);

        results.close(stopping());
        reader.join();
        assertThat(failures).isEmpty();
        assertThat(messages()).hasSize(SessionResults.MAX_OPEN + 1).containsOnly("stopping");
        assertThat(written.get(SessionResults.MAX_OPEN).path("id").asText()).isEqualTo("last");
    }

    /** Returns results whose output cannot write records, as for want of memory. */
    private SessionResults withoutRoom() {
        return new SessionResults(line -> {
            if (line.path("event").asText().equals("record")) {
                throw new OutOfMemoryError("no room");
            }
            written.add(line);
        });
    }

    @Test
    void aLastLineThatCannotBeWrittenIsFollowedByOneThatSaysSo() throws Exception {
        SessionResults.Result result = withoutRoom().next(SessionLine.of("#7 get /app/x"));
        assertThatThrownBy(() -> result.write(OutputLine.done("record"))).isInstanceOf(OutOfMemoryError.class);
        result.write(OutputLine.error(ErrorCode.INTERNAL, "no room"));
        result.end();

        assertThat(messages()).containsExactly("no room");
    }

    @Test
    void anEarlyLineThatCannotBeWrittenEndsItsResultAndNoOther() throws Exception {
        SessionResults full = withoutRoom();
        SessionResults.Result first = full.next(SessionLine.of("get /app/first"));
        SessionResults.Result early = full.next(SessionLine.of("get /app/x"));
        SessionResults.Result last = full.next(SessionLine.of("info"));
        early.write(OutputLine.line("hop"));
        early.write(OutputLine.done("record"));
        early.end();
        last.write(OutputLine.done("info"));
        last.end();
        first.write(OutputLine.done("removed"));
        first.end();
        full.awaitAll();

        assertThat(written.stream().map(line -> line.path("event").asText()))
                .containsExactly("removed", "hop", "error", "info");
    }
}
