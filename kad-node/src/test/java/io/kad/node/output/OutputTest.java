package io.kad.node.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
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
}
