package io.kad.node.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What other peers have chosen does not command the terminal. */
class OutputTest {

    private static final String HOSTILE = "a\nkad\r\u009b2J\u001b[2J\u202e\u2028z\tb";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private String written(boolean json, ObjectNode line) {
        new Output(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), json).write(line);
        return out.toString(UTF_8) + err.toString(UTF_8);
    }

    @Test
    void aFieldIsOneLine() {
        assertThat(written(false, OutputLine.done("identify").put("agent", HOSTILE)))
                .isEqualTo("identify: agent=a?kad??2J?[2J??z\tb" + System.lineSeparator());
    }

    @Test
    void aRecordKeepsItsLines() {
        assertThat(written(false, OutputLine.done("record").put("text", HOSTILE)))
                .isEqualTo("a\nkad??2J?[2J??z\tb" + System.lineSeparator());
    }

    @Test
    void aMessageIsOneLine() {
        assertThat(written(false, OutputLine.error(ErrorCode.UNREACHABLE, HOSTILE)))
                .isEqualTo("kad: a kad ?2J?[2J? z\tb" + System.lineSeparator());
    }

    @Test
    void aTagIsShownInFrontOfTheText() {
        assertThat(written(false, OutputLine.done("mode").put("mode", "server").put("id", "7")))
                .isEqualTo("#7 mode: mode=server" + System.lineSeparator());
        out.reset();
        assertThat(written(false, OutputLine.error(ErrorCode.NOT_FOUND, "none").put("id", "8")))
                .isEqualTo("#8 kad: none" + System.lineSeparator());
    }

    @Test
    void jsonHasTheSameValuesInEscapes() throws Exception {
        String line = written(true, OutputLine.done("identify").put("agent", HOSTILE + "\ud83d\ude00\udb40\udc01"));
        assertThat(new ObjectMapper().readTree(line).path("agent").asText())
                .isEqualTo(HOSTILE + "\ud83d\ude00\udb40\udc01");
        assertThat(line).doesNotContain("\u009b", "\u202e", "\u2028").contains("\\u009b", "\ud83d\ude00");
    }

    private Output output() {
        return new Output(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), true);
    }

    @Test
    void afterTheEndOfAllOutputNothingIsWritten() {
        Output output = output();
        assertThat(output.end(OutputLine.error(ErrorCode.TIMEOUT, "late"))).isTrue();
        output.write(OutputLine.done("record"));
        output.write(OutputLine.done("config"), "text");
        output.warn("warning");

        assertThat(out.toString(UTF_8).lines()).singleElement().asString().contains("\"late\"");
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void aResultThatHasItsLastLineIsNotEndedAgain() {
        Output output = output();
        output.write(OutputLine.line("hop"));
        output.write(OutputLine.done("config"), "text");
        assertThat(output.end(OutputLine.error(ErrorCode.TIMEOUT, "late"))).isFalse();

        assertThat(out.toString(UTF_8)).doesNotContain("late");
    }

    /** A write that waits for somebody to read does not hold up who ends the process. */
    @Test
    void theEndDoesNotWaitForAWriteThatNobodyReads() throws Exception {
        var entered = new CountDownLatch(1);
        var read = new CountDownLatch(1);
        PrintStream unread = new PrintStream(out, true, UTF_8) {
            @Override
            public void println(String line) {
                entered.countDown();
                try {
                    read.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Output output = new Output(unread, unread, true);
        Thread writer = new Thread(() -> output.write(OutputLine.line("hop")));
        writer.start();
        entered.await();
        try {
            assertThat(output.end(OutputLine.error(ErrorCode.TIMEOUT, "late"))).isFalse();
        } finally {
            read.countDown();
            writer.join();
        }
    }
}
