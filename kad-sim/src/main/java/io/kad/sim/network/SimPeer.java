package io.kad.sim.network;

import io.kad.api.Kademlia;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Cancellable;
import io.kad.core.runtime.Scheduler;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A peer of a simulated network: the production code, and what the simulation knows of it. Confined to the thread of its network. */
public final class SimPeer {

    private final SimLinks links;
    private final int number;
    private final SimIdentity identity;
    private final Multiaddr address;
    private final PeerInfo info;
    private final boolean client;
    private PeerBehavior behavior = PeerBehavior.HONEST;
    private SimTransport transport;
    private @Nullable Kademlia kademlia;

    /**
     * Creates a peer that does not run yet.
     *
     * @param number its number, from 0
     * @param client whether it is a client, which serves no requests
     */
    public SimPeer(SimLinks links, int number, SimIdentity identity, boolean client) {
        this(links, number, number + 1, identity, client);
    }

    private SimPeer(SimLinks links, int number, int place, SimIdentity identity, boolean client) {
        this.links = links;
        this.number = number;
        this.identity = identity;
        this.client = client;
        this.address = Multiaddr.parse("/memory/" + place);
        this.info = PeerInfo.of(identity.peerId(), List.of(address));
        this.transport = new SimTransport(this, links);
    }

    /** Returns a peer without any production code, that never runs; its number is negative. */
    public static SimPeer fabricated(SimLinks links, int number, int place, SimIdentity identity) {
        return new SimPeer(links, number, place, identity, false);
    }

    /** Returns the number of this peer: 0 for the first, and one more for each that was made after it. */
    public int number() {
        return number;
    }

    /** Returns the name of this peer. */
    public PeerId id() {
        return identity.peerId();
    }

    /** Returns where this peer is reached. */
    public Multiaddr address() {
        return address;
    }

    /** Returns this peer and where it is reached. */
    public PeerInfo info() {
        return info;
    }

    /** Returns whether this peer was made as a client, which serves nobody. */
    public boolean isClient() {
        return client;
    }

    /** Returns whether this peer runs. */
    public boolean isUp() {
        return kademlia != null;
    }

    /**
     * Returns the running peer.
     *
     * @throws IllegalStateException if it is not running
     */
    public Kademlia kademlia() {
        Kademlia running = kademlia;
        if (running == null) {
            throw new IllegalStateException(this + " is not running");
        }
        return running;
    }

    /** Returns how this peer treats the requests of others. */
    public PeerBehavior behavior() {
        return behavior;
    }

    /** Changes how this peer treats the requests of others. */
    public void behavior(PeerBehavior other) {
        behavior = other;
    }

    public SimIdentity identity() {
        return identity;
    }

    public SimTransport transport() {
        return transport;
    }

    public void onStarted(Kademlia running) {
        kademlia = running;
    }

    /** Takes that it no longer runs; the next time it does, it begins with a transport that knows nobody. */
    public void onStopped() {
        kademlia = null;
        transport = new SimTransport(this, links);
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
        links.time().execute(observed(task));
    }

    Cancellable schedule(long delayNanos, Runnable task) {
        return links.time().schedule(delayNanos, observed(task));
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

    /** Returns the number of this peer and the end of its id. */
    @Override
    public String toString() {
        String id = id().toString();
        return "peer " + number + " (.." + id.substring(id.length() - 6) + ")";
    }
}
