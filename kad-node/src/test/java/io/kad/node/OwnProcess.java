package io.kad.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The program in a process of its own, from the class path of the tests; closing kills it, and so does the end of its time. */
final class OwnProcess implements AutoCloseable {

    /** Longest time of a process: a test that waits for a line of one that hangs must end. */
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final Process process;
    private final BufferedReader out;
    private final Future<?> deadline;

    private OwnProcess(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        this.deadline = CompletableFuture.runAsync(
                process::destroyForcibly,
                CompletableFuture.delayedExecutor(LIFETIME.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Starts the program; the arguments reach it as UTF-8, whatever the locale of the tests is. */
    static OwnProcess start(String locale, String... arguments) throws IOException {
        return start(locale, List.of(), arguments);
    }

    /**
     * Starts the program with more options for its JVM.
     *
     * @see #start(String, String...)
     */
    static OwnProcess start(String locale, List<String> jvm, String... arguments) throws IOException {
        String command = List.of(arguments).stream()
                .map(OwnProcess::printf)
                .collect(Collectors.joining(" ", "exec \"$0\" \"$@\" ", ""));
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", command));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(jvm);
        words.addAll(
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        words.add("io.kad.node.Main");
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", locale);
        return new OwnProcess(builder.start());
    }

    /** Returns a word of the shell that has those bytes. */
    private static String printf(String word) {
        StringBuilder octal = new StringBuilder("\"$(printf '");
        for (byte each : word.getBytes(UTF_8)) {
            octal.append('\\').append(String.format(Locale.ROOT, "%03o", each & 0xff));
        }
        return octal.append("')\"").toString();
    }

    /** Writes text to standard input. */
    void write(String text) throws IOException {
        writeBytes(text.getBytes(UTF_8));
    }

    void writeBytes(byte[] bytes) throws IOException {
        process.getOutputStream().write(bytes);
        process.getOutputStream().flush();
    }

    /** Ends standard input. */
    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Returns the next line of standard output. */
    String line() throws IOException {
        return String.valueOf(out.readLine());
    }

    /** Returns the other lines of standard output, until its end. */
    List<String> rest() {
        return out.lines().toList();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.toHandle().destroy(); // Process.destroy would close the streams too
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            throw new AssertionError("the program did not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        deadline.cancel(false);
        process.destroyForcibly();
    }
}
