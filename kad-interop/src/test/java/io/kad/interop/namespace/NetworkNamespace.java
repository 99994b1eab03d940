package io.kad.interop.namespace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Network namespace of Linux, held by a process of its own; what runs in it sees only the interfaces made here. */
final class NetworkNamespace implements AutoCloseable {

    private final Process holder;

    private NetworkNamespace(Process holder) {
        this.holder = holder;
    }

    /** Makes a namespace with a loopback interface; empty where this is not allowed, or the programs for it are missing. */
    static Optional<NetworkNamespace> create() throws InterruptedException {
        try {
            Process holder = new ProcessBuilder("unshare", "--map-root-user", "--net", "cat").start();
            NetworkNamespace made = new NetworkNamespace(holder);
            // the process is in the namespace once it echoes
            holder.outputWriter(UTF_8).append("ready\n").flush();
            boolean usable = holder.inputReader(UTF_8).readLine() != null
                    && made.run("ip", "link", "set", "lo", "up") == 0
                    && made.run("ip", "link", "add", "probe", "type", "veth", "peer", "name", "probe-end") == 0
                    && made.run("ip", "link", "del", "probe") == 0;
            if (usable) {
                return Optional.of(made);
            }
            made.close();
            return Optional.empty();
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    /** Returns {@code command} as a command line that runs in this namespace. */
    List<String> command(List<String> command) {
        List<String> inside = new ArrayList<>(List.of(
                "nsenter", "--user", "--net", "--preserve-credentials", "--target", Long.toString(holder.pid())));
        inside.addAll(command);
        return inside;
    }

    private int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command(List.of(command)))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        assertThat(run(command.toArray(String[]::new))).as(command::toString).isZero();
    }

    /** Adds an interface with an IPv4 address. */
    void addInterface(String name, String address) throws IOException, InterruptedException {
        ip("link", "add", name, "type", "veth", "peer", "name", name + "-end");
        ip("address", "add", address + "/24", "dev", name);
        ip("link", "set", name + "-end", "up");
        ip("link", "set", name, "up");
    }

    /** Removes an interface; who is connected over its address hears nothing of it. */
    void removeInterface(String name) throws IOException, InterruptedException {
        ip("link", "del", name);
    }

    @Override
    public void close() {
        holder.destroy();
    }
}
