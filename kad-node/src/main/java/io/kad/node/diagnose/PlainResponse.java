package io.kad.node.diagnose;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Response of a host, which says nothing to libp2p, to a request of HTTP at the same TCP port: many servers wait for the end of a request. */
final class PlainResponse {

    private static final byte[] REQUEST =
            "HEAD / HTTP/1.0\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Bytes that are read: enough to name a protocol. */
    private static final int MAX_BYTES = 32;

    /** First byte of a host that speaks multistream-select: the length of its first message. */
    private static final byte MULTISTREAM = 19;

    private PlainResponse() {}

    /**
     * Returns the beginning of the answer at a TCP address; empty if that is of multistream-select, for another address, and if there is none within
     * {@code timeout}.
     *
     * @param threads wait for the host
     */
    static CompletableFuture<Optional<String>> of(Multiaddr address, Duration timeout, Executor threads) {
        Optional<InetAddress> ip = AddressScopes.ip(address);
        Optional<Integer> port = address.components().stream()
                .filter(component -> component.protocol() == MultiaddrProtocol.TCP)
                .map(component -> Integer.parseInt(component.text()))
                .findFirst();
        if (ip.isEmpty() || port.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Socket socket = new Socket();
        CompletableFuture<Optional<String>> response = CompletableFuture.supplyAsync(
                        () -> request(socket, new InetSocketAddress(ip.get(), port.get()), timeout), threads)
                // Also if no thread was free
                .completeOnTimeout(Optional.empty(), timeout.toNanos(), TimeUnit.NANOSECONDS);
        // Also if it is cancelled, so that nothing waits any longer
        var unused = response.whenComplete((text, failure) -> close(socket));
        return response;
    }

    private static Optional<String> request(Socket socket, InetSocketAddress server, Duration timeout) {
        // Each part may take all of the time: at its end the socket is closed
        int millis = (int) Math.max(1, timeout.toMillis());
        try {
            socket.connect(server, millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(REQUEST);
            byte[] beginning = new byte[MAX_BYTES];
            int count = socket.getInputStream().read(beginning);
            return count <= 0 || beginning[0] == MULTISTREAM
                    ? Optional.empty()
                    : Optional.of(printable(Arrays.copyOf(beginning, count)));
        } catch (IOException silent) {
            return Optional.empty();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // it is closed either way
        }
    }

    private static String printable(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII)
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("[^ -~]", ".");
    }
}
