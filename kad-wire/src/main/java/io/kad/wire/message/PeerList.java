package io.kad.wire.message;

import io.kad.api.id.Multiaddr;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.PeerInfo;
import io.kad.wire.encoding.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Peers of a message to be sent, and the selection of peers and addresses that fit.
 *
 * <p>Peers are taken from the front, each with its first address, so that many reachable peers take precedence over
 * many addresses of few. Addresses omit a trailing {@code /p2p} part: rust-libp2p, go-libp2p and js-libp2p accept both
 * forms, and each saves about 40 bytes.
 */
final class PeerList {

    private final int field;
    private final List<Entry> entries;
    private int selected;

    private static final class Entry {
        final PeerInfo peer;
        final List<Multiaddr> addresses;
        /** Number of selected addresses. */
        int count;
        /** Size of the nested message with the selected addresses, in bytes. */
        int size;

        Entry(PeerInfo peer, int maxAddresses) {
            this.peer = peer;
            this.addresses = PeerAddresses.withoutPeerId(peer.id(), peer.addresses(), maxAddresses);
            this.size = ProtoWriter.bytesSize(PeerCodec.ID, peer.id().bytes().size());
            if (peer.connection() != ConnectionType.NOT_CONNECTED) {
                size += ProtoWriter.varintSize(
                        PeerCodec.CONNECTION, peer.connection().number());
            }
            selectAddress();
        }

        boolean hasMore() {
            return count < addresses.size();
        }

        int nextAddressSize() {
            return ProtoWriter.bytesSize(
                    PeerCodec.ADDRESSES, addresses.get(count).bytes().size());
        }

        void selectAddress() {
            if (hasMore()) {
                size += nextAddressSize();
                count++;
            }
        }
    }

    PeerList(int field, List<PeerInfo> peers, int maxAddresses) {
        this.field = field;
        this.entries = new ArrayList<>(peers.size());
        for (int index = 0; index < peers.size(); index++) {
            entries.add(new Entry(peers.get(index), maxAddresses));
        }
    }

    /** Returns whether there are peers, and none of them fits. */
    boolean omitsAllPeers() {
        return selected == 0 && !entries.isEmpty();
    }

    /** Selects further peers, each with one address, up to the first that does not fit; returns the remaining bytes. */
    int selectPeersThatFit(int maxBytes) {
        int remaining = maxBytes;
        while (selected < entries.size()) {
            int size = ProtoWriter.bytesSize(field, entries.get(selected).size);
            if (size > remaining) {
                break;
            }
            remaining -= size;
            selected++;
        }
        return remaining;
    }

    /**
     * Selects further addresses of the selected peers: the second of each that fits, the third, and so on; returns the
     * remaining bytes.
     */
    int selectAddressesThatFit(int maxBytes) {
        int remaining = maxBytes;
        boolean again = true;
        for (int round = 1; again; round++) {
            again = false;
            for (int index = 0; index < selected; index++) {
                Entry entry = entries.get(index);
                if (entry.count != round || !entry.hasMore()) {
                    continue;
                }
                int growth = ProtoWriter.bytesSize(field, entry.size + entry.nextAddressSize())
                        - ProtoWriter.bytesSize(field, entry.size);
                if (growth <= remaining) {
                    remaining -= growth;
                    entry.selectAddress();
                    again = true;
                }
            }
        }
        return remaining;
    }

    /** Returns the size of what {@link #write} writes, in bytes. */
    int size() {
        int size = 0;
        for (int index = 0; index < selected; index++) {
            size += ProtoWriter.bytesSize(field, entries.get(index).size);
        }
        return size;
    }

    void write(ProtoWriter out) {
        for (int index = 0; index < selected; index++) {
            Entry entry = entries.get(index);
            out.begin(field, entry.size).bytes(PeerCodec.ID, entry.peer.id().bytes());
            for (int address = 0; address < entry.count; address++) {
                out.bytes(PeerCodec.ADDRESSES, entry.addresses.get(address).bytes());
            }
            if (entry.peer.connection() != ConnectionType.NOT_CONNECTED) {
                out.varint(PeerCodec.CONNECTION, entry.peer.connection().number());
            }
        }
    }
}
