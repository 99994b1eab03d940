package io.kad.transport.netty.hostile;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.support.SocketThread;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** TCP proxy on a loopback port that can end, silence or filter the connections that it forwards. */
public final class Proxy implements AutoCloseable {

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Future<?> opened;
    private final Filter toTarget;
    private final Filter toDialer;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();

    /** Where the bytes of one direction pass. */
    public interface Filter {

        /** Called with bytes for {@code out}, one call of a connection and a direction at a time. */
        void pass(byte[] bytes, OutputStream out) throws IOException;
    }

    /** Starts a proxy in front of {@code target}. */
    Proxy(InetSocketAddress target) throws IOException {
        this(target, CompletableFuture.completedFuture(null));
    }

    /** Starts a proxy that accepts connections, and forwards nothing until {@code opened} is done. */
    public Proxy(InetSocketAddress target, Future<?> opened) throws IOException {
        this(target, opened, (bytes, out) -> out.write(bytes), (bytes, out) -> out.write(bytes));
    }

    /** Starts a proxy in front of {@code target} whose connections pass these filters. */
    public Proxy(InetSocketAddress target, Filter toTarget, Filter toDialer) throws IOException {
        this(target, CompletableFuture.completedFuture(null), toTarget, toDialer);
    }

    private Proxy(InetSocketAddress target, Future<?> opened, Filter toTarget, Filter toDialer) throws IOException {
        this.target = target;
        this.opened = opened;
        this.toTarget = toTarget;
        this.toDialer = toDialer;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SocketThread.start(this::accept);
    }

    /** Returns the address of this proxy. */
    public Multiaddr address() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + listener.getLocalPort());
    }

    /** Returns the number of connections so far. */
    int accepted() {
        return accepted.get();
    }

    /** Returns the number of dropped bytes. */
    long dropped() {
        return dropped.get();
    }

    /** Drops all bytes of the present connections from now on, in both directions, without a sign. */
    void silence() {
        links.forEach(link -> link.silent = true);
    }

    /** Sends bytes of its own to the target, on the present connections. */
    void sendToTarget(byte[] bytes) throws IOException {
        for (Link link : links) {
            link.inner.getOutputStream().write(bytes);
        }
    }

    /** Forwards what the target sends from now on in small parts with pauses between them. */
    void slowDown(int bytes, int millis) {
        links.forEach(link -> {
            link.slowBytes = bytes;
            link.slowMillis = millis;
        });
    }

    /** Ends the present connections with a TCP reset. */
    void reset() throws IOException {
        for (Link link : takeLinks()) {
            ifOpen(() -> link.outer.setSoLinger(true, 0));
            link.outer.close();
            link.inner.close();
        }
    }

    /** Ends the present connections with a FIN. */
    void end() throws IOException {
        for (Link link : takeLinks()) {
            ifOpen(link.outer::shutdownOutput);
            link.inner.close();
        }
    }

    /** Does something to a socket, which the threads that forward may close at any time. */
    private static void ifOpen(SocketThread.Task task) throws IOException {
        try {
            task.run();
        } catch (SocketException closed) {
            // has ended
        }
    }

    private List<Link> takeLinks() {
        List<Link> present = List.copyOf(links);
        links.removeAll(present);
        return present;
    }

    private void accept() throws IOException {
        while (true) {
            Socket outer = listener.accept();
            accepted.incrementAndGet();
            awaitOpened();
            Socket inner = new Socket(target.getAddress(), target.getPort());
            Link link = new Link(outer, inner);
            links.add(link);
            SocketThread.start(() -> link.forward(outer.getInputStream(), inner.getOutputStream(), false));
            SocketThread.start(() -> link.forward(inner.getInputStream(), outer.getOutputStream(), true));
        }
    }

    private void awaitOpened() throws IOException {
        try {
            opened.get();
        } catch (ExecutionException | InterruptedException never) {
            throw new IOException("the proxy was not opened", never);
        }
    }

    /** Connection from the dialer, and the one to the target. */
    private final class Link {

        final Socket outer;
        final Socket inner;
        volatile boolean silent;
        volatile int slowBytes;
        volatile int slowMillis;

        Link(Socket outer, Socket inner) throws IOException {
            outer.setTcpNoDelay(true);
            inner.setTcpNoDelay(true);
            this.outer = outer;
            this.inner = inner;
        }

        void forward(InputStream in, OutputStream out, boolean fromTarget) throws IOException {
            Filter filter = fromTarget ? toDialer : toTarget;
            byte[] buffer = new byte[16 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (silent) {
                    dropped.addAndGet(read);
                    continue;
                }
                int step = fromTarget && slowBytes > 0 ? slowBytes : read;
                for (int at = 0; at < read; at += step) {
                    filter.pass(Arrays.copyOfRange(buffer, at, Math.min(at + step, read)), out);
                    if (step < read) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(slowMillis));
                    }
                }
            }
            if (!silent) {
                out.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        reset();
    }
}
