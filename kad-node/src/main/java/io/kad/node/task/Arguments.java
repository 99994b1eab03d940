package io.kad.node.task;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.node.option.ArgumentParser;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** First arguments that several commands share; each is checked when the command line is read, before a peer is started. */
final class Arguments {

    private static final String MISSING = "the command line has not been read";

    private Arguments() {}

    /** Address of a peer. */
    static final class PeerAddress {

        private @Nullable PeerInfo peer;

        @Parameters(index = "0", paramLabel = "MULTIADDR", description = "Address of the peer, ending in /p2p/PEERID.")
        void read(String text) {
            peer = ArgumentParser.peerAt("address", text);
        }

        PeerInfo peer() {
            return requireNonNull(peer, MISSING);
        }
    }

    /** ID of a peer. */
    static final class Peer {

        private @Nullable PeerId id;

        @Parameters(index = "0", paramLabel = "PEERID", description = "Peer ID, in base58 or as a CID.")
        void read(String text) {
            id = ArgumentParser.peerId(text);
        }

        PeerId id() {
            return requireNonNull(id, MISSING);
        }
    }

    /** Key of a record. */
    static final class Key {

        private @Nullable RecordKey key;

        @Parameters(
                index = "0",
                paramLabel = "KEY",
                description = "Key of the record: " + ArgumentParser.RECORD_KEY + ".")
        void read(String text) {
            key = ArgumentParser.recordKey(text);
        }

        RecordKey get() {
            return requireNonNull(key, MISSING);
        }
    }

    /** Key of a content. */
    static final class ContentKey {

        private @Nullable RecordKey key;

        @Parameters(
                index = "0",
                paramLabel = "KEY",
                description = "Key of the content: " + ArgumentParser.PROVIDER_KEY + ".")
        void read(String text) {
            key = ArgumentParser.providerKey(text);
        }

        RecordKey get() {
            return requireNonNull(key, MISSING);
        }
    }
}
