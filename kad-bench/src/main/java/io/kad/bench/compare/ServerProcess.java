package io.kad.bench.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.message.PeerInfo;
import io.kad.bench.cli.CommandException;
import io.kad.bench.load.FabricatedPeers;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Process of a server of one implementation, driven by lines of JSON. Not thread-safe. */
final class ServerProcess implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MAX_WAIT_SECONDS = 120;

    private final Implementation implementation;
    private final Process process;
    private final BufferedWriter input;
    private final BlockingQueue<JsonNode> responses = new LinkedBlockingQueue<>();
    private final PeerInfo info;
    private final List<PeerInfo> table;

    /**
     * Starts a server, and puts the peers of {@code plan} into its routing table.
     *
     * @throws CommandException if it cannot be started
     * @throws InterruptedException if the thread is interrupted
     */
    ServerProcess(Implementation implementation, ServerPlan plan) throws InterruptedException {
        this.implementation = implementation;
        try {
            process = new ProcessBuilder(implementation.command(plan))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new CommandException("cannot start " + implementation.option()
                    + ", whose peer is built by compare.sh: " + e.getMessage());
        }
        input = process.outputWriter();
        Thread reader = new Thread(this::read, "output of " + implementation.option());
        reader.setDaemon(true);
        reader.start();
        try {
            info = PeerInfo.parse(response("to listen").get("addresses").get(0).asText());
            table = FabricatedPeers.of(info.id(), plan.table(), plan.seed());
            fillTable();
        } catch (RuntimeException | Error | InterruptedException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                JsonNode event = JSON.readTree(line);
                if (event.has("ok") || event.path("event").asText().equals("listening")) {
                    responses.add(event);
                }
            }
        } catch (JsonProcessingException e) {
            System.err.println(implementation.option() + " wrote a line that must be JSON: " + e.getOriginalMessage());
        } catch (IOException ended) {
            // the process has ended
        }
    }

    private JsonNode response(String what) throws InterruptedException {
        JsonNode response = responses.poll(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
        if (response == null || !response.path("ok").asBoolean(true)) {
            throw new CommandException(implementation.option() + " failed " + what + ": "
                    + (response == null
                            ? "no response"
                            : response.path("message").asText()));
        }
        return response;
    }

    private void fillTable() throws InterruptedException {
        try {
            for (PeerInfo peer : table) {
                input.write("#table add-address " + peer.id() + " "
                        + peer.addresses().get(0) + "\n");
            }
            input.flush();
        } catch (IOException e) {
            throw new CommandException(implementation.option() + " has ended: " + e.getMessage());
        }
        for (int i = 0; i < table.size(); i++) {
            response("to add a peer to its table");
        }
    }

    /** Returns the server with its address. */
    PeerInfo info() {
        return info;
    }

    /** Returns the peers of its routing table. */
    List<PeerInfo> table() {
        return table;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
