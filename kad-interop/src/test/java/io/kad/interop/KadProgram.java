package io.kad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The kad program, run from the class path of the tests. */
public final class KadProgram {

    private static final long MAX_SECONDS = 120;

    private KadProgram() {}

    /** Returns the command line that runs the program, set up to start soon and to tell of leaks. */
    static List<String> command(List<String> arguments) {
        return command(List.of("-Dio.netty.leakDetection.level=PARANOID"), "io.kad.node.Main", arguments);
    }

    /** Returns the command line that runs a main class of the tests, set up to start soon. */
    public static List<String> command(List<String> javaOptions, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", classPath(), mainClass));
        command.addAll(arguments);
        return command;
    }

    /** Returns the class path of the tests, which has the program, for any working directory. */
    public static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Runs one command to its end. */
    static Ended run(String... arguments) {
        try {
            Process process = new ProcessBuilder(command(List.of(arguments))).start();
            process.getOutputStream().close();
            CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        "kad " + String.join(" ", arguments) + " did not end within " + MAX_SECONDS + " s");
            }
            return new Ended(process.exitValue(), out.join(), err.join());
        } catch (IOException failed) {
            throw new UncheckedIOException("kad can't be started", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    private static String text(java.io.InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /**
     * How the program ended.
     *
     * @param exitCode its exit code
     * @param out its standard output
     * @param err its standard error
     */
    record Ended(int exitCode, String out, String err) {}
}
