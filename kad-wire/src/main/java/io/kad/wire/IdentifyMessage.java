package io.kad.wire;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.encoding.ProtoReader;
import io.kad.wire.encoding.ProtoWriter;
import io.kad.wire.key.PublicKey;
import io.kad.wire.message.PeerAddresses;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Identify message: description of the sender for a connected peer.
 *
 * <p>Every field may be missing; a text or a list is empty then. A field that exceeds its limit is missing too, except
 * a list, which is cut off.
 *
 * @param publicKey public key in protobuf form, as received and not yet checked
 * @param listenAddresses listen addresses, as received; {@link #listenAddressesOf} normalizes them
 * @param protocols served protocol IDs, in the order of the message
 * @param observedAddress address at which the sender observes the receiver
 * @param protocolVersion protocol family; Kubo and js-libp2p send {@code ipfs/0.1.0}
 * @param agentVersion software and version of the sender
 * @param signedPeerRecord signed peer record, as received and not yet checked
 * @see <a href="https://github.com/libp2p/specs/blob/master/identify/README.md">identify 1.0.0</a>
 */
public record IdentifyMessage(
        Optional<Bytes> publicKey,
        List<Multiaddr> listenAddresses,
        Set<String> protocols,
        Optional<Multiaddr> observedAddress,
        String protocolVersion,
        String agentVersion,
        Optional<Bytes> signedPeerRecord) {

    /** Maximum size of a sent message, in bytes; rust-libp2p reads no larger one. */
    public static final int MAX_SENT_BYTES = 4096;
    /** Maximum size of a received message, in bytes (go-libp2p, js-libp2p). */
    public static final int MAX_READ_BYTES = 8192;
    /** Limit of messages of one stream that are merged (go-libp2p, js-libp2p). */
    public static final int MAX_MESSAGES = 10;
    /** Limit of decoded addresses. */
    public static final int MAX_ADDRESSES = 64;
    /** Limit of decoded protocol IDs. */
    public static final int MAX_PROTOCOLS = 256;
    /** Longest accepted protocol ID, in bytes; longer ones are ignored. */
    public static final int MAX_PROTOCOL_BYTES = 256;
    /** Longest accepted protocol or agent version, in bytes; a longer one is missing. */
    public static final int MAX_VERSION_BYTES = 256;

    private static final int PUBLIC_KEY = 1;
    private static final int LISTEN_ADDRESSES = 2;
    private static final int PROTOCOLS = 3;
    private static final int OBSERVED_ADDRESS = 4;
    private static final int PROTOCOL_VERSION = 5;
    private static final int AGENT_VERSION = 6;
    private static final int SIGNED_PEER_RECORD = 8;

    public IdentifyMessage {
        publicKey = publicKey.filter(key -> !key.isEmpty());
        listenAddresses = List.copyOf(listenAddresses);
        protocols = Collections.unmodifiableSet(new LinkedHashSet<>(protocols));
        requireNonNull(observedAddress, "observedAddress");
        requireNonNull(protocolVersion, "protocolVersion");
        requireNonNull(agentVersion, "agentVersion");
        // js-libp2p refuses an identify message whose record is present but empty
        signedPeerRecord = signedPeerRecord.filter(envelope -> !envelope.isEmpty());
    }

    /**
     * Decodes a message; fields that are not understood are missing.
     *
     * @throws MalformedMessageException if {@code encoded} is not a protobuf message, or exceeds {@value
     *     #MAX_READ_BYTES} bytes
     */
    public static IdentifyMessage decode(Bytes encoded) throws MalformedMessageException {
        if (encoded.size() > MAX_READ_BYTES) {
            throw new MalformedMessageException(
                    MalformedMessageException.Reason.TOO_LARGE,
                    "identify message of " + encoded.size() + " bytes exceeds the limit of " + MAX_READ_BYTES);
        }
        return new FieldCollector().read(new ProtoReader(encoded));
    }

    /**
     * Encodes this message in at most {@value #MAX_SENT_BYTES} bytes. Omits what does not fit: addresses from the last
     * one on, then the signed record.
     *
     * @throws MessageTooLargeException if the remaining fields exceed the limit
     */
    public Bytes encode() throws MessageTooLargeException {
        ProtoWriter head = new ProtoWriter(MAX_SENT_BYTES);
        publicKey.ifPresent(key -> head.bytes(PUBLIC_KEY, key));
        ProtoWriter tail = new ProtoWriter(1024);
        protocols.forEach(protocol -> tail.text(PROTOCOLS, protocol));
        observedAddress.ifPresent(address -> tail.bytes(OBSERVED_ADDRESS, address.bytes()));
        text(tail, PROTOCOL_VERSION, protocolVersion);
        text(tail, AGENT_VERSION, agentVersion);
        int remaining = MAX_SENT_BYTES - head.size() - tail.size();
        if (remaining < 0) {
            throw new MessageTooLargeException("identify message", MAX_SENT_BYTES - remaining, MAX_SENT_BYTES);
        }
        for (Multiaddr address : listenAddresses) {
            int size = ProtoWriter.bytesSize(LISTEN_ADDRESSES, address.bytes().size());
            if (size <= remaining) {
                head.bytes(LISTEN_ADDRESSES, address.bytes());
                remaining -= size;
            }
        }
        int spaceForRecord = remaining;
        signedPeerRecord
                .filter(envelope -> ProtoWriter.bytesSize(SIGNED_PEER_RECORD, envelope.size()) <= spaceForRecord)
                .ifPresent(envelope -> tail.bytes(SIGNED_PEER_RECORD, envelope));
        return Bytes.concat(head.toBytes(), tail.toBytes());
    }

    private static void text(ProtoWriter out, int field, String text) {
        if (!text.isEmpty()) {
            out.text(field, text);
        }
    }

    /**
     * Returns this message merged with {@code later}, the next message of the same stream: single fields replaced,
     * lists continued.
     */
    public IdentifyMessage merge(IdentifyMessage later) {
        return new IdentifyMessage(
                later.publicKey.or(() -> publicKey),
                Stream.concat(listenAddresses.stream(), later.listenAddresses.stream())
                        .distinct()
                        .limit(MAX_ADDRESSES)
                        .toList(),
                Stream.concat(protocols.stream(), later.protocols.stream())
                        .distinct()
                        .limit(MAX_PROTOCOLS)
                        .collect(Collectors.toCollection(LinkedHashSet::new)),
                later.observedAddress.or(() -> observedAddress),
                later.protocolVersion.isEmpty() ? protocolVersion : later.protocolVersion,
                later.agentVersion.isEmpty() ? agentVersion : later.agentVersion,
                later.signedPeerRecord.or(() -> signedPeerRecord));
    }

    /** Returns the listen addresses of {@code peer}, the sender, without a trailing {@code /p2p} part. */
    public List<Multiaddr> listenAddressesOf(PeerId peer) {
        return List.copyOf(PeerAddresses.withoutPeerId(peer, listenAddresses, MAX_ADDRESSES));
    }

    /** Collector of the fields of a message during decoding. */
    private static final class FieldCollector {

        private Optional<Bytes> publicKey = Optional.empty();
        private final Set<Multiaddr> listenAddresses = new LinkedHashSet<>();
        private final Set<String> protocols = new LinkedHashSet<>();
        private Optional<Multiaddr> observedAddress = Optional.empty();
        private String protocolVersion = "";
        private String agentVersion = "";
        private Optional<Bytes> signedPeerRecord = Optional.empty();
        private int addressesRead;

        IdentifyMessage read(ProtoReader in) throws MalformedMessageException {
            for (int tag = in.nextTag(); tag != 0; tag = in.nextTag()) {
                if (tag == ProtoReader.bytesTag(tag >>> 3)) {
                    readField(tag >>> 3, in.bytes());
                } else {
                    in.skip(tag);
                }
            }
            return new IdentifyMessage(
                    publicKey,
                    List.copyOf(listenAddresses),
                    protocols,
                    observedAddress,
                    protocolVersion,
                    agentVersion,
                    signedPeerRecord);
        }

        private void readField(int field, Bytes value) {
            switch (field) {
                case PUBLIC_KEY ->
                    publicKey = Optional.of(value).filter(key -> key.size() <= PublicKey.MAX_ENCODED_BYTES);
                case LISTEN_ADDRESSES -> readListenAddress(value);
                case PROTOCOLS -> readProtocol(value);
                case OBSERVED_ADDRESS -> observedAddress = PeerAddresses.read(value);
                case PROTOCOL_VERSION -> protocolVersion = text(value, MAX_VERSION_BYTES);
                case AGENT_VERSION -> agentVersion = text(value, MAX_VERSION_BYTES);
                case SIGNED_PEER_RECORD -> signedPeerRecord = Optional.of(value);
                default -> {
                    // Fields of later versions
                }
            }
        }

        private void readListenAddress(Bytes value) {
            if (addressesRead < MAX_ADDRESSES) {
                addressesRead++;
                PeerAddresses.read(value).ifPresent(listenAddresses::add);
            }
        }

        private void readProtocol(Bytes value) {
            String protocol = text(value, MAX_PROTOCOL_BYTES);
            if (!protocol.isEmpty() && protocols.size() < MAX_PROTOCOLS) {
                protocols.add(protocol);
            }
        }

        private static String text(Bytes value, int maxBytes) {
            return value.size() > maxBytes ? "" : value.utf8().orElse("");
        }
    }
}
