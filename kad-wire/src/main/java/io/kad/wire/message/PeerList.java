package io.kad.wire.message;

import io.kad.api.id.Multiaddr;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.PeerInfo;
import io.kad.wire.encoding.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Peers to be sent, and how many of them and of their addresses fit.
 *
 * <p>Peers are taken from the front, each with its best address at first, so that many peers that can be reached come before many
 * ways to reach few. Addresses go without {@code /p2p} at the end: rust, go and js take both forms, and each saves some 40 bytes.
 */
final class PeerList {

    private final int field;
    private final List<Entry> entries;
    private int taken;

    private static final class Entry {
        final PeerInfo peer;
        final List<Multiaddr> addresses;
        /** How many addresses are taken. */
        int count;
        /** The size of the nested message with these. */
        int size;

        Entry(PeerInfo peer, int maxAddresses) {
            this.peer = peer;
            this.addresses = PeerAddresses.of(peer.id(), peer.addresses(), maxAddresses);
            this.size = ProtoWriter.bytesSize(PeerCodec.ID, peer.id().bytes().size());
            if (peer.connection() != ConnectionType.NOT_CONNECTED) {
                size += ProtoWriter.varintSize(
                        PeerCodec.CONNECTION, peer.connection().number());
            }
            takeAddress();
        }

        boolean hasMore() {
            return count < addresses.size();
        }

        int nextAddressSize() {
            return ProtoWriter.bytesSize(
                    PeerCodec.ADDRESSES, addresses.get(count).bytes().size());
        }

        void takeAddress() {
            if (hasMore()) {
                size += nextAddressSize();
                count++;
            }
        }
    }

    PeerList(int field, List<PeerInfo> peers, int maxAddresses) {
        this.field = field;
        this.entries = new ArrayList<>(peers.size());
        peers.forEach(peer -> entries.add(new Entry(peer, maxAddresses)));
    }

    /** Returns whether there are peers of which none is taken. */
    boolean omitsAllPeers() {
        return taken == 0 && !entries.isEmpty();
    }

    /** Takes further peers, each with one address, up to the first that does not fit, and returns the bytes left. */
    int takePeers(int budget) {
        int left = budget;
        while (taken < entries.size()) {
            int size = ProtoWriter.bytesSize(field, entries.get(taken).size);
            if (size > left) {
                break;
            }
            left -= size;
            taken++;
        }
        return left;
    }

    /** Takes further addresses of the peers taken: the second of each that fits, the third, and so on; returns the bytes left. */
    int takeAddresses(int budget) {
        int left = budget;
        boolean again = true;
        for (int round = 1; again; round++) {
            again = false;
            for (int index = 0; index < taken; index++) {
                Entry entry = entries.get(index);
                if (entry.count != round || !entry.hasMore()) {
                    continue;
                }
                int growth = ProtoWriter.bytesSize(field, entry.size + entry.nextAddressSize())
                        - ProtoWriter.bytesSize(field, entry.size);
                if (growth <= left) {
                    left -= growth;
                    entry.takeAddress();
                    again = true;
                }
            }
        }
        return left;
    }

    void write(ProtoWriter out) {
        for (Entry entry : entries.subList(0, taken)) {
            out.begin(field, entry.size).bytes(PeerCodec.ID, entry.peer.id().bytes());
            for (Multiaddr address : entry.addresses.subList(0, entry.count)) {
                out.bytes(PeerCodec.ADDRESSES, address.bytes());
            }
            if (entry.peer.connection() != ConnectionType.NOT_CONNECTED) {
                out.varint(PeerCodec.CONNECTION, entry.peer.connection().number());
            }
        }
    }
}
