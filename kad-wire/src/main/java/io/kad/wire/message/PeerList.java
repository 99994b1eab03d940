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
    private final List<PeerInfo> peers;
    /** Number of selected addresses of each peer. */
    private final int[] counts;
    /** Size of the nested message of each peer with the selected addresses, in bytes. */
    private final int[] sizes;

    private int selected;

    PeerList(int field, List<PeerInfo> peers, int maxAddresses) {
        this.field = field;
        this.peers = withoutPeerIds(peers, maxAddresses);
        this.counts = new int[peers.size()];
        this.sizes = new int[peers.size()];
        for (int index = 0; index < sizes.length; index++) {
            PeerInfo peer = this.peers.get(index);
            sizes[index] = ProtoWriter.bytesSize(PeerCodec.ID, peer.id().bytes().size());
            if (peer.connection() != ConnectionType.NOT_CONNECTED) {
                sizes[index] += ProtoWriter.varintSize(
                        PeerCodec.CONNECTION, peer.connection().number());
            }
            if (hasMore(index)) {
                selectAddress(index);
            }
        }
    }

    /** Returns {@code peers} with the addresses that are sent: the same list, as is usual, if those are all that they have. */
    private static List<PeerInfo> withoutPeerIds(List<PeerInfo> peers, int maxAddresses) {
        List<PeerInfo> changed = peers;
        for (int index = 0; index < peers.size(); index++) {
            PeerInfo peer = peers.get(index);
            List<Multiaddr> sent = PeerAddresses.withoutPeerId(peer.id(), peer.addresses(), maxAddresses);
            if (!sent.equals(peer.addresses())) {
                if (changed.equals(peers)) {
                    changed = new ArrayList<>(peers);
                }
                changed.set(index, new PeerInfo(peer.id(), sent, peer.connection()));
            }
        }
        return changed;
    }

    private boolean hasMore(int index) {
        return counts[index] < peers.get(index).addresses().size();
    }

    private int nextAddressSize(int index) {
        Multiaddr next = peers.get(index).addresses().get(counts[index]);
        return ProtoWriter.bytesSize(PeerCodec.ADDRESSES, next.bytes().size());
    }

    private void selectAddress(int index) {
        sizes[index] += nextAddressSize(index);
        counts[index]++;
    }

    /** Returns whether there are peers, and none of them fits. */
    boolean omitsAllPeers() {
        return selected == 0 && sizes.length > 0;
    }

    /** Selects further peers, each with one address, up to the first that does not fit; returns the remaining bytes. */
    int selectPeersThatFit(int maxBytes) {
        int remaining = maxBytes;
        while (selected < sizes.length) {
            int size = ProtoWriter.bytesSize(field, sizes[selected]);
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
                if (counts[index] != round || !hasMore(index)) {
                    continue;
                }
                int growth = ProtoWriter.bytesSize(field, sizes[index] + nextAddressSize(index))
                        - ProtoWriter.bytesSize(field, sizes[index]);
                if (growth <= remaining) {
                    remaining -= growth;
                    selectAddress(index);
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
            size += ProtoWriter.bytesSize(field, sizes[index]);
        }
        return size;
    }

    void write(ProtoWriter out) {
        for (int index = 0; index < selected; index++) {
            PeerInfo peer = peers.get(index);
            out.begin(field, sizes[index]).bytes(PeerCodec.ID, peer.id().bytes());
            for (int address = 0; address < counts[index]; address++) {
                out.bytes(PeerCodec.ADDRESSES, peer.addresses().get(address).bytes());
            }
            if (peer.connection() != ConnectionType.NOT_CONNECTED) {
                out.varint(PeerCodec.CONNECTION, peer.connection().number());
            }
        }
    }
}
