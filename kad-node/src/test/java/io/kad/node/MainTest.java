package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@ProgramRun.InTests
class MainTest {

    /** Command that throws. */
    @Command(name = "throwing")
    private static final class Throwing implements Runnable {

        private final Throwable fault;

        Throwing(Throwable fault) {
            this.fault = fault;
        }

        @Override
        public void run() {
            Throwing.<RuntimeException>sneak(fault);
        }

        @SuppressWarnings("unchecked") // hides a checked exception from the compiler
        private static <T extends Throwable> void sneak(Throwable fault) throws T {
            throw (T) fault;
        }
    }

    static List<Throwable> faults() {
        return List.of(
                new IllegalStateException("first line\nsecond line"),
                new OutOfMemoryError("too little"),
                new UnsatisfiedLinkError("no library"),
                new StackOverflowError(),
                new IOException("a checked one"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whateverACommandThrowsIsOneLine(Throwable fault) {
        PrintStream before = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            CommandLine program = Main.commandLine();
            program.addSubcommand("throwing", new Throwing(fault));
            assertThat(Main.run(program, "throwing")).isEqualTo(1);
        } finally {
            System.setErr(before);
        }
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("kad: internal error: " + fault.getClass().getName());
    }
}
