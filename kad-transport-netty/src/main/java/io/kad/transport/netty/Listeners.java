package io.kad.transport.netty;

import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.stream.EventLoops;
import io.kad.transport.netty.transport.Endpoint;
import io.kad.transport.netty.transport.Transports;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listeners of a transport and their addresses, which follow the network interfaces of the machine: they are read again every {@link
 * TransportLimits#INTERFACE_INTERVAL}. Thread-safe.
 *
 * <p>All changes happen on one executor, which emits the events, in order and without a lock; the lock is for those who ask for the addresses.
 */
final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /** Number of times that a free port of the first address may be taken on another one. */
    private static final int MAX_PORT_ATTEMPTS = 5;

    private final Transports transports;
    private final ListenerSockets sockets;
    private final LocalInterfaces interfaces;
    private final EventExecutor executor;
    private final Consumer<TransportEvent> events;
    private final Runnable onChange;
    private final List<Listener> open = new ArrayList<>();
    private @Nullable Future<?> watch;
    private boolean closed;

    /**
     * Creates the listeners of a transport.
     *
     * @param executor reads the interfaces, and calls back
     * @param onChange is called after each change of the addresses
     */
    Listeners(
            Transports transports,
            ListenerSockets sockets,
            LocalInterfaces interfaces,
            EventExecutor executor,
            Consumer<TransportEvent> events,
            Runnable onChange) {
        this.transports = transports;
        this.sockets = sockets;
        this.interfaces = interfaces;
        this.executor = executor;
        this.events = events;
        this.onChange = onChange;
    }

    /** Returns the addresses of all listeners. */
    synchronized List<Multiaddr> addresses() {
        return open.stream()
                .flatMap(listener -> listener.addresses().stream())
                .distinct()
                .toList();
    }

    /** Stops to follow the interfaces. The sockets are closed by the transport. */
    synchronized void close() {
        closed = true;
        if (watch != null) {
            watch.cancel(false);
        }
    }

    /** Opens a listener on {@code address}. The callback and the events come on an event loop. */
    void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        Optional<Endpoint> endpoint = transports.listenEndpoint(address);
        executor.execute(() -> {
            if (endpoint.isPresent()) {
                Request request = new Request(address, endpoint.get(), callback);
                endpoint.get()
                        .transport()
                        .listenProblem()
                        .ifPresentOrElse(problem -> failed(request, problem), () -> listen(request, MAX_PORT_ATTEMPTS));
            } else {
                callback.onFailure(new TransportFailure(
                        Kind.BAD_ADDRESS, "cannot listen on " + address + ": expected " + transports.listenForms()));
            }
        });
    }

    /** Call of {@code listen}. */
    private record Request(Multiaddr address, Endpoint endpoint, Callback<List<Multiaddr>> callback) {}

    private void listen(Request request, int attempts) {
        List<InetAddress> present;
        try {
            present = interfaces.addresses();
        } catch (UncheckedIOException e) {
            failed(request, String.valueOf(e.getMessage()));
            return;
        }
        Listener listener = new Listener(request.endpoint());
        List<InetSocketAddress> toBind = toBind(listener, present);
        if (toBind.isEmpty()) {
            failed(request, "this machine has no IPv6 address");
            return;
        }
        bind(listener, toBind.get(0), first -> {
            if (first.isPresent()) {
                failed(request, reason(request, first.get(), present));
            } else {
                bindRest(request, listener, present, attempts);
            }
        });
    }

    /** Binds the other addresses of an unspecified one, to the port of the first; if that is taken there, another free one is chosen. */
    private void bindRest(Request request, Listener listener, List<InetAddress> present, int attempts) {
        List<InetSocketAddress> rest = toBind(listener, present);
        if (rest.isEmpty()) {
            opened(request, listener, present);
            return;
        }
        // An address that can't be bound yet is tried again with the next reading of the interfaces
        List<Throwable> taken = new ArrayList<>();
        int[] pending = {rest.size()};
        for (InetSocketAddress address : rest) {
            bind(listener, address, failure -> {
                failure.filter(cause -> ListenerSockets.isTaken(address, cause)).ifPresent(taken::add);
                if (--pending[0] > 0) {
                    return;
                } else if (taken.isEmpty()) {
                    opened(request, listener, present);
                    return;
                }
                closeAll(listener);
                if (request.endpoint().socket().getPort() == 0 && attempts > 1) {
                    listen(request, attempts - 1);
                } else {
                    failed(request, reason(request, taken.get(0), present));
                }
            });
        }
    }

    private synchronized List<InetSocketAddress> toBind(Listener listener, List<InetAddress> present) {
        return listener.toBind(present);
    }

    private synchronized void closeAll(Listener listener) {
        listener.sockets().forEach(listener.transport()::stopListening);
    }

    private static String reason(Request request, Throwable failure, List<InetAddress> present) {
        InetAddress host = request.endpoint().socket().getAddress();
        boolean hasFamily =
                present.stream().anyMatch(address -> address.getAddress().length == host.getAddress().length);
        return hasFamily
                ? String.valueOf(failure.getMessage())
                : "this machine has no " + (host instanceof Inet4Address ? "IPv4" : "IPv6");
    }

    /** Binds an address, and passes the failure to {@code result}, on the executor; empty after a success. */
    private void bind(Listener listener, InetSocketAddress address, Consumer<Optional<Throwable>> result) {
        sockets.bind(new Endpoint(listener.transport(), address))
                .addListener((ChannelFuture bound) -> executor.execute(() -> {
                    if (bound.isSuccess()) {
                        Channel channel = bound.channel();
                        synchronized (this) {
                            listener.add(address, channel);
                        }
                        channel.closeFuture()
                                .addListener(socket ->
                                        EventLoops.runOn(executor, () -> closed(listener, channel), terminated -> {}));
                    }
                    result.accept(Optional.ofNullable(bound.cause()));
                }));
    }

    private void opened(Request request, Listener listener, List<InetAddress> present) {
        synchronized (this) {
            open.add(listener);
            if (watch == null && !closed) {
                long seconds = TransportLimits.INTERFACE_INTERVAL.toSeconds();
                watch = executor.scheduleWithFixedDelay(this::followInterfaces, seconds, seconds, TimeUnit.SECONDS);
            }
        }
        update(listener, present);
        request.callback().onSuccess(addressesOf(listener));
    }

    private synchronized List<Multiaddr> addressesOf(Listener listener) {
        return listener.addresses();
    }

    private void failed(Request request, String reason) {
        TransportFailure failure =
                new TransportFailure(Kind.BAD_ADDRESS, "cannot listen on " + request.address() + ": " + reason);
        events.accept(new TransportEvent.ListenerFailed(request.address(), failure));
        request.callback().onFailure(failure);
    }

    private void closed(Listener listener, Channel socket) {
        List<Multiaddr> lost;
        synchronized (this) {
            if (!listener.sockets().contains(socket)) {
                return; // its address was lost, and may come back
            }
            lost = listener.remove(socket);
            if (listener.sockets().isEmpty()) {
                open.remove(listener);
            }
        }
        lost.forEach(address -> events.accept(new TransportEvent.ListenerClosed(address)));
    }

    private void followInterfaces() {
        try {
            List<InetAddress> present = interfaces.addresses();
            for (Listener listener : copyOfOpen()) {
                followInterfaces(listener, present);
            }
        } catch (RuntimeException e) {
            LOG.warn("cannot read the network interfaces: {}", e.toString());
        }
    }

    private synchronized List<Listener> copyOfOpen() {
        return List.copyOf(open);
    }

    private void followInterfaces(Listener listener, List<InetAddress> present) {
        update(listener, present);
        for (InetSocketAddress missing : toBind(listener, present)) {
            bind(listener, missing, failure -> {
                if (failure.isPresent()) {
                    LOG.debug(
                            "cannot listen on {} yet: {}",
                            missing,
                            failure.get().getMessage());
                } else {
                    update(listener, present);
                }
            });
        }
    }

    /** Takes the addresses of the machine over, and emits what has changed. */
    private void update(Listener listener, List<InetAddress> present) {
        Listener.Change change;
        boolean tell;
        synchronized (this) {
            change = listener.update(present);
            tell = !closed && (!change.added().isEmpty() || !change.expired().isEmpty());
        }
        change.added().forEach(address -> events.accept(new TransportEvent.ListenerOpened(address)));
        change.expired().forEach(address -> events.accept(new TransportEvent.AddressExpired(address)));
        change.unused().forEach(listener.transport()::stopListening);
        if (tell) {
            onChange.run();
        }
    }
}
