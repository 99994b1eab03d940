package io.kad.core.routing;

import io.kad.api.RoutingTableView;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.core.routing.RoutingTable.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One bucket told in the plainest way: two lists and a waiting peer. */
final class BucketModel {

    private static final class Entry {
        final PeerId peer;
        List<Multiaddr> addresses;
        boolean connected;

        Entry(PeerId peer, List<Multiaddr> addresses, boolean connected) {
            this.peer = peer;
            this.addresses = addresses;
            this.connected = connected;
        }
    }

    private final int bucketSize;
    private final long timeout;
    private final int maxAddresses;
    private final List<Entry> away = new ArrayList<>();
    private final List<Entry> here = new ArrayList<>();
    private @Nullable Entry waiting;
    private long readyAt;

    BucketModel(int bucketSize, long timeout, int maxAddresses) {
        this.bucketSize = bucketSize;
        this.timeout = timeout;
        this.maxAddresses = maxAddresses;
    }

    List<RoutingTableView.Entry> view(int bucket) {
        return all().stream()
                .map(entry -> new RoutingTableView.Entry(entry.peer, bucket, entry.connected, entry.addresses))
                .toList();
    }

    private List<Entry> all() {
        List<Entry> all = new ArrayList<>(away);
        all.addAll(here);
        return all;
    }

    private Optional<Entry> placed(PeerId peer) {
        return all().stream().filter(entry -> entry.peer.equals(peer)).findFirst();
    }

    private Optional<Entry> known(PeerId peer) {
        return placed(peer).or(() -> Optional.ofNullable(waiting).filter(entry -> entry.peer.equals(peer)));
    }

    boolean isFull() {
        return away.size() + here.size() == bucketSize;
    }

    Optional<PeerId> first() {
        return all().stream().map(entry -> entry.peer).findFirst();
    }

    Outcome insert(long now, PeerId peer, Multiaddr address, boolean connected) {
        Optional<Entry> placed = placed(peer);
        if (placed.isPresent()) {
            boolean isNew = !placed.get().addresses.contains(address) || placed.get().connected != connected;
            addAddress(placed.get(), address);
            setConnected(peer, connected);
            return isNew ? Outcome.UPDATED : Outcome.UNCHANGED;
        }
        if (known(peer).isPresent()) {
            addAddress(known(peer).get(), address);
            setConnected(peer, connected);
            if (isFull()) {
                return Outcome.PENDING;
            }
            place(known(peer).get());
            waiting = null;
            return Outcome.INSERTED;
        }
        Entry newcomer = new Entry(peer, List.of(address), connected);
        if (!isFull()) {
            place(newcomer);
            return Outcome.INSERTED;
        }
        if (!connected || waiting != null || away.isEmpty()) {
            return Outcome.FULL;
        }
        waiting = newcomer;
        readyAt = now + timeout;
        return Outcome.PENDING;
    }

    private void place(Entry entry) {
        (entry.connected ? here : away).add(entry);
    }

    private void addAddress(Entry entry, Multiaddr address) {
        LinkedHashSet<Multiaddr> merged = new LinkedHashSet<>(List.of(address));
        merged.addAll(entry.addresses);
        entry.addresses = merged.stream().limit(maxAddresses).toList();
    }

    boolean setConnected(PeerId peer, boolean connected) {
        Optional<Entry> known = known(peer);
        if (known.isEmpty() || known.get().connected == connected) {
            return false;
        }
        Entry entry = known.get();
        boolean wasFirst = first().equals(Optional.of(peer));
        entry.connected = connected;
        if (away.remove(entry) || here.remove(entry)) {
            place(entry);
            if (wasFirst && connected) {
                waiting = null;
            }
        }
        return true;
    }

    boolean remove(PeerId peer) {
        if (waiting != null && waiting.peer.equals(peer)) {
            waiting = null;
            return true;
        }
        return away.removeIf(entry -> entry.peer.equals(peer)) || here.removeIf(entry -> entry.peer.equals(peer));
    }

    boolean removeAddress(PeerId peer, Multiaddr address, boolean evenTheLast) {
        Optional<Entry> known = known(peer).filter(entry -> entry.addresses.contains(address));
        if (known.isEmpty()) {
            return false;
        }
        if (known.get().addresses.size() == 1) {
            return evenTheLast && remove(peer);
        }
        known.get().addresses = known.get().addresses.stream()
                .filter(each -> !each.equals(address))
                .toList();
        return true;
    }

    /** Returns who entered and who gave way. */
    List<Optional<PeerId>> apply(long now) {
        if (waiting == null || now < readyAt) {
            return List.of();
        }
        Entry newcomer = waiting;
        waiting = null;
        Optional<PeerId> evicted = Optional.empty();
        if (isFull()) {
            if (away.isEmpty()) {
                return List.of();
            }
            evicted = Optional.of(away.remove(0).peer);
        }
        place(newcomer);
        return List.of(Optional.of(newcomer.peer), evicted);
    }

    long deadline() {
        return waiting == null ? Long.MAX_VALUE : readyAt;
    }
}
