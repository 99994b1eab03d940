package io.kad.sim.network;

import io.kad.api.Kademlia;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Cancellable;
import io.kad.core.runtime.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Peer of a simulated network: the production code, its transport, and its behavior. Confined to the thread of its network. */
public final class SimPeer {

    private final SimLinks links;
    private final int number;
    private final SimIdentity identity;
    private final Multiaddr address;
    private final PeerInfo info;
    private final boolean client;
    private PeerBehavior behavior = PeerBehavior.HONEST;
    /** Codec of this peer alone; null for that of the network. */
    private @Nullable MessageCodec codec;

    private @Nullable SimTransport transport;
    private boolean hostGone;
    private @Nullable Kademlia kademlia;
    /** Start that waits for the first use of this running peer; null if it does not wait. */
    private @Nullable Start waitingStart;
    /** Tasks of a start that runs; null if none does. */
    private @Nullable Deque<Runnable> startTasks;
    /** Tasks that wait for the end of a suspension; null if this peer is not suspended. */
    private @Nullable Deque<Runnable> suspendedTasks;

    private Duration clockOffset = Duration.ZERO;

    /** Start of a peer. */
    @FunctionalInterface
    public interface Start {

        /** Creates the production code of {@code peer}; the future completes when the peer listens. */
        CompletableFuture<?> of(SimPeer peer);
    }

    /**
     * Creates a peer that is not running.
     *
     * @param number number of the peer, from 0; its address follows from it
     * @param client true for a client, which serves no requests
     */
    public SimPeer(SimLinks links, int number, SimIdentity identity, boolean client) {
        this(links, number, number, identity, client);
    }

    private SimPeer(SimLinks links, int number, int addressNumber, SimIdentity identity, boolean client) {
        this.links = links;
        this.number = number;
        this.identity = identity;
        this.client = client;
        this.address = SimAddress.of(addressNumber);
        this.info = PeerInfo.of(
                identity.peerId(),
                SimAddress.all(addressNumber, links.conditions().reachability()));
    }

    /**
     * Returns a peer without production code, which is never running and acts by its behavior only.
     *
     * @param number number of the peer, negative
     * @param addressNumber number in the address, distinct from those of all other peers
     */
    public static SimPeer fabricated(SimLinks links, int number, int addressNumber, SimIdentity identity) {
        return new SimPeer(links, number, addressNumber - 1, identity, false);
    }

    /** Returns the number of this peer: peers are numbered from 0 in the order of their creation; fabricated peers from -1 down. */
    public int number() {
        return number;
    }

    /** Returns the ID of this peer. */
    public PeerId id() {
        return identity.peerId();
    }

    /** Returns the address of this peer that always lives; it may have others. */
    public Multiaddr address() {
        return address;
    }

    /** Returns the ID and all addresses of this peer, dead ones too, in the order in which they are dialled. */
    public PeerInfo info() {
        return info;
    }

    /** Returns whether this peer was created as a client, which serves no requests. */
    public boolean isClient() {
        return client;
    }

    /** Returns whether this peer is running. */
    public boolean isUp() {
        return kademlia != null || waitingStart != null;
    }

    /** Returns whether the production code of this peer has been created; it is not before the first use of a dormant peer. */
    public boolean isAwake() {
        return kademlia != null;
    }

    /**
     * Returns the running peer, after creating it if it is dormant.
     *
     * @throws IllegalStateException if it is not running
     */
    public Kademlia kademlia() {
        wake();
        Kademlia running = kademlia;
        if (running == null) {
            throw new IllegalStateException(this + " is not running");
        }
        return running;
    }

    /** Returns the behavior of this peer when it receives a request. */
    public PeerBehavior behavior() {
        return behavior;
    }

    /** Sets the behavior of this peer for requests that it receives from now on. */
    public void behavior(PeerBehavior next) {
        behavior = next;
    }

    @Nullable
    MessageCodec codec() {
        return codec;
    }

    /**
     * Makes this peer encode and decode its messages with a codec of its own, such as one that lacks a field. No effect in a network
     * without a codec.
     */
    public void codec(MessageCodec own) {
        codec = own;
    }

    /** Returns the identity of this peer, which stays the same over restarts. */
    public SimIdentity identity() {
        return identity;
    }

    /** Returns the transport of this peer, after creating the peer if it is dormant; that of a stopped peer is closed. */
    public SimTransport transport() {
        wake();
        SimTransport current = transport;
        if (current == null) {
            current = new SimTransport(this, links);
            transport = current;
        }
        return current;
    }

    /**
     * Makes this peer a running one whose production code is created by {@code start} at its first use, as if it had been started now.
     *
     * @param start must leave no timer and send no message
     */
    public void onDormant(Start start) {
        waitingStart = start;
    }

    private void wake() {
        Start start = waitingStart;
        if (start == null) {
            return;
        }
        waitingStart = null;
        Deque<Runnable> tasks = new ArrayDeque<>();
        startTasks = tasks;
        try {
            CompletableFuture<?> listening = start.of(this);
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            if (!listening.isDone()) {
                throw new IllegalStateException("start of " + this + " must not need time");
            }
        } finally {
            startTasks = null;
        }
    }

    /** Returns whether the host of this peer is gone, so that nothing answers, not even with a refusal. */
    public boolean isHostGone() {
        return hostGone;
    }

    /** Called before the production code of this peer is started: its host is there, and a closed transport is replaced by a new one. */
    public void onStarting() {
        hostGone = false;
        if (transport != null && transport.isClosed()) {
            transport = null;
        }
    }

    /** Called when the production code of this peer has been started. */
    public void onStarted(Kademlia running) {
        kademlia = running;
    }

    /**
     * Called when this peer has stopped or crashed; its transport must be closed.
     *
     * @param withHost true if its host is gone too, so that others get no answer until their timeout; false if only its process is gone, so
     *     that its host refuses dials and resets connections
     */
    public void onStopped(boolean withHost) {
        kademlia = null;
        hostGone = withHost;
    }

    /** Returns the executor and the timer of the production code. */
    @SuppressWarnings("exports") // the environment of the core is for the simulator alone
    public Threads threads() {
        return new Threads();
    }

    /** Executor and timer that run the production code of this peer on virtual time. */
    @SuppressWarnings("exports") // as above
    public final class Threads implements Executor, Scheduler {

        private Threads() {}

        @Override
        public void execute(Runnable task) {
            SimPeer.this.execute(task);
        }

        @Override
        public Cancellable schedule(long delayNanos, Runnable task) {
            return SimPeer.this.schedule(delayNanos, task);
        }
    }

    void execute(Runnable task) {
        Deque<Runnable> tasks = startTasks;
        if (tasks != null) {
            tasks.add(task);
            return;
        }
        links.time().execute(new Task(observed(task)));
    }

    Cancellable schedule(long delayNanos, Runnable task) {
        return links.time().schedule(delayNanos, new Task(observed(task)));
    }

    private Runnable observed(Runnable task) {
        Consumer<SimPeer> listener = links.activityListener();
        return listener == null
                ? task
                : () -> {
                    listener.accept(this);
                    task.run();
                };
    }

    /** Task of this peer; it waits while the peer is suspended. */
    private final class Task implements Runnable {

        private final Runnable action;

        Task(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            Deque<Runnable> waiting = suspendedTasks;
            if (waiting == null) {
                action.run();
            } else {
                waiting.add(action);
            }
        }
    }

    /**
     * Suspends the process of this peer: it does nothing, and messages and timers wait until {@link #resume}. The clocks go on, as they do
     * for a process that is stopped by a signal.
     */
    public void suspend() {
        if (suspendedTasks == null) {
            suspendedTasks = new ArrayDeque<>();
        }
    }

    /** Resumes this peer, if it is suspended: it handles what waited, in the order of arrival. */
    public void resume() {
        Deque<Runnable> waiting = suspendedTasks;
        if (waiting != null) {
            suspendedTasks = null;
            waiting.forEach(links.time()::execute);
        }
    }

    /** Moves the wall clock of this peer; the monotonic one does not notice. */
    public void jumpClock(Duration forward) {
        clockOffset = clockOffset.plus(forward);
    }

    /** Returns by how much the wall clock of this peer is ahead of that of the network. */
    Duration clockOffset() {
        return clockOffset;
    }

    /** Returns the wall-clock time of this peer. */
    public Instant wallClock() {
        Instant now = links.time().instant();
        return clockOffset.isZero() ? now : now.plus(clockOffset);
    }

    /** Returns the number of this peer and the end of its ID. */
    @Override
    public String toString() {
        String id = id().toString();
        return "peer " + number + " (.." + id.substring(id.length() - 6) + ")";
    }
}
