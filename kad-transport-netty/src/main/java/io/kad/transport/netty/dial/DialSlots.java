package io.kad.transport.netty.dial;

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
 * Slots of the attempts to connect: so many in all, so many at one host, and one at one address. Further attempts wait, and hosts take turns.
 *
 * <p>An attempt without a result after a moment becomes late and lends its slot to another one, so that hosts that do not answer cannot
 * hold up those that do. Late attempts are bounded too: when there are {@value #OPEN_PER_SLOT} open attempts to a slot, the one that has
 * been late for the longest time ends for each that starts. Thread-safe; calls its listeners outside its lock, on the thread of a call.
 */
final class DialSlots {

    /** Open attempts to a slot: this many times the limit may be open, most of them late. Source: kad's choice. */
    static final int OPEN_PER_SLOT = 4;

    private final int maxSlots;
    private final int maxPerHost;
    private final Consumer<Object> onHostFull;
    private final Map<Object, Host> hosts = new HashMap<>();
    /** Hosts with an attempt that waits only for one of the slots in all; the one that has waited for the longest time first. */
    private final Set<Host> ready = new LinkedHashSet<>();

    private final Set<Slot> late = new LinkedHashSet<>();
    private int active;

    /**
     * Creates free slots.
     *
     * @param maxSlots limit of the attempts that are not late
     * @param maxPerHost limit of the attempts at one host, also of late ones
     * @param onHostFull called with a host when an attempt has to wait for others at it
     */
    DialSlots(int maxSlots, int maxPerHost, Consumer<Object> onHostFull) {
        this.maxSlots = maxSlots;
        this.maxPerHost = maxPerHost;
        this.onHostFull = onHostFull;
    }

    /** Attempt that needs a slot. Called on any thread. */
    interface Listener {

        /** Called once, when the attempt may start. */
        void onGranted();

        /** Called when the attempt must end, because it is late and others need its slot. */
        void onEvicted();
    }

    /** Requests a slot for an attempt at {@code target}; {@code listener} may be called within this call. */
    Slot request(DialTarget target, Listener listener) {
        Slot slot = new Slot(target.failureKey(), listener);
        boolean hostFull;
        List<Runnable> calls;
        synchronized (this) {
            slot.host = hosts.computeIfAbsent(
                    target.host(), key -> new Host(key, target.hasHost() ? maxPerHost : Integer.MAX_VALUE));
            slot.host.waiting.add(slot);
            hostFull = slot.host.isFull();
            calls = grant(slot.host);
        }
        if (hostFull) {
            onHostFull.accept(target.host());
        }
        calls.forEach(Runnable::run);
        return slot;
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
        while (active < maxSlots && !ready.isEmpty()) {
            Host host = ready.iterator().next();
            ready.remove(host);
            Slot slot = host.takeStartable();
            slot.state = State.ACTIVE;
            active++;
            calls.add(slot.listener::onGranted);
            update(host);
            if (late.size() + active > maxSlots * OPEN_PER_SLOT) {
                Slot oldest = late.iterator().next();
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

    /** Ends the state of a slot, whatever it is. */
    private void free(Slot slot) {
        Host host = slot.host;
        switch (slot.state) {
            case WAITING -> host.waiting.remove(slot);
            case ACTIVE -> active--;
            case LATE -> late.remove(slot);
            case FREE -> {}
        }
        if (slot.state == State.ACTIVE || slot.state == State.LATE) {
            host.open.remove(slot.failureKey);
        }
        slot.state = State.FREE;
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
        private final Deque<Slot> waiting = new ArrayDeque<>();
        private final Set<Object> open = new HashSet<>();

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
        Optional<Slot> startable() {
            return isFull()
                    ? Optional.empty()
                    : waiting.stream()
                            .filter(slot -> !open.contains(slot.failureKey))
                            .findFirst();
        }

        Slot takeStartable() {
            for (Iterator<Slot> slots = waiting.iterator(); slots.hasNext(); ) {
                Slot slot = slots.next();
                if (open.add(slot.failureKey)) {
                    slots.remove();
                    return slot;
                }
            }
            throw new IllegalStateException("no attempt can start at " + key);
        }
    }

    /** Slot of one attempt, or its turn to get one. */
    final class Slot {

        private final Object failureKey;
        private final Listener listener;
        private State state = State.WAITING;

        @SuppressWarnings("NullAway.Init") // set with the lock held, before anybody else knows the slot
        private Host host;

        private Slot(Object failureKey, Listener listener) {
            this.failureKey = failureKey;
            this.listener = listener;
        }

        /** Lends the slot to another attempt; this one goes on. */
        void becomeLate() {
            List<Runnable> calls;
            synchronized (DialSlots.this) {
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
            synchronized (DialSlots.this) {
                free(this);
                calls = grant(host);
            }
            calls.forEach(Runnable::run);
        }
    }
}
