package io.kad.tck;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import java.util.List;
import java.util.Optional;

/** Values for tests, each a function of a number. */
final class Samples {

    /** The peer whose stores are tested. */
    static final PeerId SELF = peer(0);

    private Samples() {}

    /** Returns peer {@code number}, named like one with an Ed25519 key; no two are the same. */
    static PeerId peer(int number) {
        Bytes key = Multihash.sha256(Bytes.utf8("peer " + number)).digest();
        return PeerId.fromPublicKey(Bytes.concat(Bytes.fromHex("08011220"), key));
    }

    static RecordKey key(int number) {
        return RecordKey.utf8("/tck/" + number);
    }

    static Bytes value(int number) {
        return Bytes.utf8("value " + number);
    }

    /** Returns a record of another peer. */
    static Record foreign(int number) {
        return Record.of(key(number), value(number)).withPublisher(peer(1));
    }

    /** Returns a record of this peer. */
    static Record own(int number) {
        return Record.of(key(number), value(number)).withPublisher(SELF);
    }

    static ProviderRecord provider(RecordKey key, PeerId provider) {
        return new ProviderRecord(key, provider, addresses(1), Optional.empty());
    }

    static List<Multiaddr> addresses(int number) {
        return List.of(
                Multiaddr.parse("/ip4/192.0.2.1/tcp/" + (1000 + number)),
                Multiaddr.parse("/ip6/2001:db8::1/udp/" + (1000 + number) + "/quic-v1"));
    }
}
