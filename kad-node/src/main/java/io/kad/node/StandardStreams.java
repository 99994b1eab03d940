package io.kad.node;

import io.kad.node.output.ErrorCode;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Standard streams of the process: text is UTF-8 whatever the locale, and an answer that cannot be written is a failure. */
final class StandardStreams {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final PrintStream err;
    private final CheckedStream out = new CheckedStream(new FileOutputStream(FileDescriptor.out));

    private StandardStreams() {
        this.err = print(new FileOutputStream(FileDescriptor.err));
    }

    /** Sets the standard streams of this process. */
    static StandardStreams open() {
        StandardStreams streams = new StandardStreams();
        System.setOut(print(streams.out));
        System.setErr(streams.err);
        if (isInputClosed()) {
            System.setIn(InputStream.nullInputStream());
        }
        return streams;
    }

    private static PrintStream print(OutputStream file) {
        return new PrintStream(new BufferedOutputStream(file, 8192), true, StandardCharsets.UTF_8);
    }

    /** Returns whether standard input was closed when the process started: its descriptor is free, or that of a file which the JVM has opened. */
    private static boolean isInputClosed() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return false; // not Linux
        }
        Path input;
        try {
            input = Files.readSymbolicLink(DESCRIPTORS.resolve("0"));
        } catch (IOException closed) {
            return true;
        }
        return input.startsWith(real(Path.of(System.getProperty("java.home"), "lib")));
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException missing) {
            return file.toAbsolutePath();
        }
    }

    /**
     * Returns the exit code of the process: that of its command, unless standard output has failed. A reader that has gone away, as {@code head}
     * does, gets no line about it.
     */
    int exitCode(int ofCommand) {
        System.out.flush();
        Optional<IOException> failure = out.failure();
        failure.map(cause -> Objects.requireNonNullElse(cause.getMessage(), "unknown cause"))
                .filter(cause -> !isOutputAPipe() && !cause.equals("Broken pipe"))
                .ifPresent(cause ->
                        err.println("kad: cannot write to standard output: " + cause + "; part of the answer is lost"));
        return failure.isPresent() && ofCommand == 0 ? ErrorCode.IO.exitCode() : ofCommand;
    }

    /** Returns whether standard output is a pipe, which fails only if its reader has gone away. */
    private static boolean isOutputAPipe() {
        try {
            return Files.readSymbolicLink(DESCRIPTORS.resolve("1")).toString().startsWith("pipe:");
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Stream that remembers its first failure. */
    private static final class CheckedStream extends OutputStream {

        private final OutputStream file;
        private volatile @Nullable IOException failure;

        CheckedStream(OutputStream file) {
            this.file = file;
        }

        Optional<IOException> failure() {
            return Optional.ofNullable(failure);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                file.write(bytes, offset, length);
            } catch (IOException failed) {
                if (failure == null) {
                    failure = failed;
                }
                throw failed;
            }
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }
    }
}
