package io.kad.interop.hostile;

import io.kad.api.Identity;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.interop.KadProgram;
import io.kad.interop.PeerProcess;
import io.kad.transport.netty.hostile.HandMadeStack;
import io.kad.wire.key.IdentityFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@code kad node} in a process of its own, with memory stores, in server mode, whose use of resources the test reads. */
final class NodeUnderAttack implements AutoCloseable {

    static final String PROTOCOL = "/hostile/kad/1.0.0";

    /** Longest time that the probe may take, in which the node collects its garbage. */
    private static final int PROBE_MILLIS = 60_000;

    private final HandMadeStack stack;
    private final Path key;
    private final PeerProcess process;
    private final Socket probe;
    private final BufferedReader probeAnswers;
    private final PrintWriter probeCommands;

    /** Starts a node at a port of TCP, whose identity is kept in {@code directory}. */
    NodeUnderAttack(Path directory, String... options) throws IOException {
        this(directory, HandMadeStack.TCP_NOISE, options);
    }

    /** Starts a node that listens on {@code stack}, whose identity is kept in {@code directory}. */
    NodeUnderAttack(Path directory, HandMadeStack stack, String... options) throws IOException {
        this.stack = stack;
        key = directory.resolve("key");
        try (ServerSocket probes = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            probes.setSoTimeout(PROBE_MILLIS);
            List<String> arguments = new ArrayList<>(
                    List.of("node", "--json", "--stdin", "--listen", stack.address(0), "--protocol", PROTOCOL));
            arguments.addAll(List.of("--key", key.toString()));
            arguments.addAll(List.of(options));
            process = new PeerProcess(
                    "node",
                    KadProgram.command(
                            MeasuredNode.javaOptions(probes.getLocalPort()), MeasuredNode.class.getName(), arguments));
            probe = accept(probes);
        }
        probe.setSoTimeout(PROBE_MILLIS);
        probeAnswers = new BufferedReader(new InputStreamReader(probe.getInputStream(), StandardCharsets.US_ASCII));
        probeCommands = new PrintWriter(probe.getOutputStream(), true, StandardCharsets.US_ASCII);
    }

    private Socket accept(ServerSocket probes) throws IOException {
        try {
            return probes.accept();
        } catch (IOException never) {
            process.kill();
            process.close();
            throw never;
        }
    }

    /** Returns the process, which takes the commands of the program. */
    PeerProcess process() {
        return process;
    }

    HandMadeStack stack() {
        return stack;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), process.port());
    }

    PeerInfo info() {
        Multiaddr address = Multiaddr.parse(stack.address(process.port()));
        return PeerInfo.of(identity().peerId(), List.of(address));
    }

    /** Returns the identity of the node, which nobody else should have. */
    Identity identity() {
        try {
            return IdentityFile.loadOrCreate(key);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Returns what the process holds now. */
    synchronized Usage usage() throws IOException {
        probeCommands.println("sample");
        String[] figures = probeAnswers.readLine().split(" ", -1);
        return new Usage(
                Long.parseLong(figures[0]),
                Long.parseLong(figures[1]),
                Long.parseLong(figures[2]),
                Long.parseLong(figures[3]),
                Long.parseLong(figures[4]));
    }

    /** Returns the kinds of lines that the node has logged, without the numbers and names in them, each as often as it came. */
    List<String> logged() {
        return process.errorLines().stream()
                .map(line -> line.replaceAll("[0-9A-Za-z]{30,}", "ID").replaceAll("\\d+", "N"))
                .toList();
    }

    @Override
    public void close() throws IOException {
        process.endInput();
        process.close();
        probe.close();
    }
}
