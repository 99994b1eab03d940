package io.kad.transport.netty.dial;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Places of the attempts to connect: so many in all, so many at one host, and one at one address. Further attempts wait, and hosts take turns.
 *
 * <p>An attempt without a result after a moment becomes late and lends its place to another one, so that hosts that do not answer cannot
 * hold up those that do. Late attempts are bounded too: when there are {@value #OPEN_PER_PLACE} open attempts to a place, the one that has
 * been late for the longest time ends for each that starts. Thread-safe; calls its listeners outside its lock, on the thread of a call.
 */
final class DialPlaces {

    /** Open attempts to a place: this many times the limit may be open, most of them late. Source: kad's choice. */
    static final int OPEN_PER_PLACE = 4;

    private final int maxPlaces;
    private final int maxPerHost;
    private final Consumer<Object> onHostFull;
    private final Map<Object, Host> hosts = new HashMap<>();
    /** Hosts with an attempt that waits only for one of the places in all; the one that has waited for the longest time first. */
    private final Set<Host> ready = new LinkedHashSet<>();

    private final Set<Place> late = new LinkedHashSet<>();
    private int active;

    /**
     * Creates free places.
     *
     * @param maxPlaces limit of the attempts that are not late
     * @param maxPerHost limit of the attempts at one host, also of late ones
     * @param onHostFull called with a host when an attempt has to wait for others at it
     */
    DialPlaces(int maxPlaces, int maxPerHost, Consumer<Object> onHostFull) {
        this.maxPlaces = maxPlaces;
        this.maxPerHost = maxPerHost;
        this.onHostFull = onHostFull;
    }

    /** Attempt that needs a place. Called on any thread. */
    interface Listener {

        /** Called once, when the attempt may start. */
        void onGranted();

        /** Called when the attempt must end, because it is late and others need its place. */
        void onEvicted();
    }

    /** Requests a place for an attempt at {@code target}; {@code listener} may be called within this call. */
    Place request(DialTarget target, Listener listener) {
        Place place = new Place(target.socket(), listener);
        boolean hostFull;
        List<Runnable> calls;
        synchronized (this) {
            place.host = hosts.computeIfAbsent(
                    target.host(), key -> new Host(key, target.hasHost() ? maxPerHost : Integer.MAX_VALUE));
            place.host.waiting.add(place);
            hostFull = place.host.isFull();
            calls = grant(place.host);
        }
        if (hostFull) {
            onHostFull.accept(target.host());
        }
        calls.forEach(Runnable::run);
        return place;
    }

    /** Returns the number of attempts that are not late. */
    synchronized int active() {
        return active;
    }

    /** Returns the number of late attempts. */
    synchronized int late() {
        return late.size();
    }

    /** Returns whether no attempt waits or is open. */
    synchronized boolean isEmpty() {
        return hosts.isEmpty() && active == 0 && late.isEmpty();
    }

    /** Starts what can start after {@code changed} has changed; returns the calls to make outside the lock. */
    private List<Runnable> grant(Host changed) {
        update(changed);
        List<Runnable> calls = new ArrayList<>();
        while (active < maxPlaces && !ready.isEmpty()) {
            Host host = ready.iterator().next();
            ready.remove(host);
            Place place = host.takeStartable();
            place.state = State.ACTIVE;
            active++;
            calls.add(place.listener::onGranted);
            update(host);
            if (late.size() + active > maxPlaces * OPEN_PER_PLACE) {
                Place oldest = late.iterator().next();
                free(oldest);
                update(oldest.host);
                calls.add(oldest.listener::onEvicted);
            }
        }
        return calls;
    }

    private void update(Host host) {
        if (host.startable().isPresent()) {
            ready.add(host);
        } else {
            ready.remove(host);
        }
        if (host.isUnused()) {
            hosts.remove(host.key, host);
        }
    }

    /** Ends the state of a place, whatever it is. */
    private void free(Place place) {
        Host host = place.host;
        switch (place.state) {
            case WAITING -> host.waiting.remove(place);
            case ACTIVE -> active--;
            case LATE -> late.remove(place);
            case FREE -> {}
        }
        if (place.state == State.ACTIVE || place.state == State.LATE) {
            host.open.remove(place.socket);
        }
        place.state = State.FREE;
    }

    private enum State {
        WAITING,
        ACTIVE,
        LATE,
        FREE
    }

    /** Attempts at one host. */
    private static final class Host {

        private final Object key;
        private final int max;
        private final Deque<Place> waiting = new ArrayDeque<>();
        private final Set<InetSocketAddress> open = new HashSet<>();

        Host(Object key, int max) {
            this.key = key;
            this.max = max;
        }

        boolean isFull() {
            return open.size() >= max;
        }

        boolean isUnused() {
            return waiting.isEmpty() && open.isEmpty();
        }

        /** Returns the first attempt that waits for no other one at its address. */
        Optional<Place> startable() {
            return isFull()
                    ? Optional.empty()
                    : waiting.stream()
                            .filter(place -> !open.contains(place.socket))
                            .findFirst();
        }

        Place takeStartable() {
            for (Iterator<Place> places = waiting.iterator(); places.hasNext(); ) {
                Place place = places.next();
                if (open.add(place.socket)) {
                    places.remove();
                    return place;
                }
            }
            throw new IllegalStateException("no attempt can start at " + key);
        }
    }

    /** Place of one attempt, or its turn to get one. */
    final class Place {

        private final InetSocketAddress socket;
        private final Listener listener;
        private State state = State.WAITING;

        @SuppressWarnings("NullAway.Init") // set with the lock held, before anybody else knows the place
        private Host host;

        private Place(InetSocketAddress socket, Listener listener) {
            this.socket = socket;
            this.listener = listener;
        }

        /** Lends the place to another attempt; this one goes on. */
        void becomeLate() {
            List<Runnable> calls;
            synchronized (DialPlaces.this) {
                if (state != State.ACTIVE) {
                    return;
                }
                state = State.LATE;
                active--;
                late.add(this);
                calls = grant(host);
            }
            calls.forEach(Runnable::run);
        }

        /** Ends the attempt, or its wait. */
        void release() {
            List<Runnable> calls;
            synchronized (DialPlaces.this) {
                free(this);
                calls = grant(host);
            }
            calls.forEach(Runnable::run);
        }
    }
}
