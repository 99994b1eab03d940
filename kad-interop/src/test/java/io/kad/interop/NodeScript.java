package io.kad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A script of Node that prints JSON objects, one a line, and ends. */
final class NodeScript {

    private static final ObjectMapper JSON = new ObjectMapper();

    private NodeScript() {}

    /** Runs a script to its end, and returns its lines; one that has not ended within {@code limit} is killed, and fails the test. */
    static List<JsonNode> run(Duration limit, String script, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(arguments);
        Process running = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            running.getOutputStream().close();
            // read meanwhile, so that neither a full pipe nor a silent script goes on for ever
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> text(running.getInputStream()));
            assertThat(running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .as(() -> script + " ends within " + limit)
                    .isTrue();
            List<JsonNode> lines = new ArrayList<>();
            assertThat(output).as(() -> "output of " + script).succeedsWithin(limit);
            for (String line : output.join().lines().toList()) {
                lines.add(JSON.readTree(line));
            }
            return lines;
        } finally {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly();
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
