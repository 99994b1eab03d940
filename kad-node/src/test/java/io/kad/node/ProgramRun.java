package io.kad.node;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Run of the program within a test, which is marked {@link InTests}.
 *
 * @param code the exit code
 * @param out the lines of standard output, without log lines
 * @param err the lines of standard error
 */
record ProgramRun(int code, List<String> out, List<String> err) {

    /** Mark of a test class that runs the program: no other one has the standard streams meanwhile. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @ResourceLock(Resources.SYSTEM_OUT)
    @ResourceLock(Resources.SYSTEM_ERR)
    @interface InTests {}

    /** Runs a command with an empty standard input. */
    static ProgramRun of(String... arguments) {
        return run(out -> InputStream.nullInputStream(), arguments);
    }

    /** Runs a command with {@code lines} as its standard input. */
    static ProgramRun withInput(Collection<String> lines, String... arguments) {
        byte[] input = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        return run(out -> new ByteArrayInputStream(input), arguments);
    }

    /** Runs a session that reads {@code lines}, each when the one before has been answered; the number of a line is its tag. */
    static ProgramRun inTurn(List<String> lines, String... arguments) {
        return run(out -> new LinesInTurn(lines, out), arguments);
    }

    private static ProgramRun run(Function<ByteArrayOutputStream, InputStream> input, String... arguments) {
        InputStream inBefore = System.in;
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setIn(input.apply(out));
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int code = Main.commandLine(arguments).execute(arguments);
            return new ProgramRun(code, lines(out), lines(err));
        } finally {
            System.setIn(inBefore);
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    private static List<String> lines(ByteArrayOutputStream written) {
        // Tests log to standard output; the program itself logs to standard error
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.matches("[0-9:.]+ (WARN|ERROR) .*"))
                .toList();
    }

    /** Returns the last line of standard output as JSON. */
    JsonNode last() {
        return json(out.get(out.size() - 1));
    }

    /** Returns the answers to tagged lines, by their tags; each has one line. */
    Map<String, JsonNode> answers() {
        return out.stream()
                .map(ProgramRun::json)
                .filter(answer -> answer.has("id"))
                .collect(Collectors.toMap(answer -> answer.path("id").asText(), Function.identity()));
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    /** Standard input of a session, line by line. */
    private static final class LinesInTurn extends InputStream {

        private final List<String> lines;
        private final ByteArrayOutputStream answers;
        private ByteBuffer line = ByteBuffer.allocate(0);
        private int next;

        LinesInTurn(List<String> lines, ByteArrayOutputStream answers) {
            this.lines = lines;
            this.answers = answers;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (!line.hasRemaining()) {
                if (next == lines.size()) {
                    return -1;
                }
                if (next > 0) {
                    String tag = "\"id\":\"" + (next - 1) + "\"";
                    await().until(() -> answers.toString(StandardCharsets.UTF_8).contains(tag));
                }
                line = StandardCharsets.UTF_8.encode("#" + next + " " + lines.get(next) + "\n");
                next++;
            }
            int count = Math.min(length, line.remaining());
            line.get(into, offset, count);
            return count;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }
    }
}
