package io.kad.api.id;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Address of protocols with values, from the outermost to the innermost, such as {@code /ip4/127.0.0.1/tcp/4001}.
 * Immutable.
 *
 * <p>Stored and compared in binary form. Limited to {@value #MAX_BYTES} bytes and {@value #MAX_COMPONENTS} components.
 * An address with a protocol outside {@link MultiaddrProtocol} is refused, because the length of its value is unknown.
 *
 * @see <a href="https://github.com/multiformats/multiaddr">multiaddr</a>
 */
public final class Multiaddr implements Comparable<Multiaddr> {

    /** Longest accepted address, in bytes of its binary form. */
    public static final int MAX_BYTES = 1024;
    /** Limit of components of an address. */
    public static final int MAX_COMPONENTS = 16;

    /** Longest accepted text, in characters; each byte of a percent-encoded path needs three. */
    private static final int MAX_CHARS = 4096;

    private static final int NONE = -1;
    /**
     * Length of the header of a trailing peer ID: a code of two bytes, and a length of one, because no peer ID has 128
     * bytes.
     */
    private static final int PEER_HEADER_BYTES = 3;

    private final Bytes bytes;
    private final int lastPeerStart;
    private final boolean relayed;

    private Multiaddr(Bytes bytes, int lastPeerStart, boolean relayed) {
        this.bytes = bytes;
        this.lastPeerStart = lastPeerStart;
        this.relayed = relayed;
    }

    /**
     * Component of an address: a protocol and its value.
     *
     * @param protocol the protocol
     * @param value binary value without its length; empty for a protocol without a value
     */
    public record Component(MultiaddrProtocol protocol, Bytes value) {

        public Component {
            requireNonNull(protocol, "protocol");
            protocol.check(value, 0, value.size());
        }

        /** Returns the value as text; empty for a protocol without a value. */
        public String text() {
            return protocol.transcoder().format(value);
        }

        private Bytes bytes() {
            return protocol.transcoder().isVariable()
                    ? Bytes.concat(UnsignedVarint.encode(protocol.code()), UnsignedVarint.encode(value.size()), value)
                    : Bytes.concat(UnsignedVarint.encode(protocol.code()), value);
        }
    }

    /**
     * Parses an address.
     *
     * @throws IllegalArgumentException with a message of one line, if {@code text} is not an address
     */
    public static Multiaddr parse(String text) {
        try {
            if (text.length() > MAX_CHARS) {
                throw new IllegalArgumentException("text exceeds the limit of " + MAX_CHARS + " characters");
            }
            if (!text.startsWith("/")) {
                throw new IllegalArgumentException("must start with '/'");
            }
            return fromBytes(Bytes.concat(
                    parseComponents(text).stream().map(Component::bytes).toArray(Bytes[]::new)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid multiaddr " + Quoting.text(text) + ": " + e.getMessage(), e);
        }
    }

    private static List<Component> parseComponents(String text) {
        List<Component> components = new ArrayList<>();
        int at = 1;
        // A trailing slash adds no component, unless it is the whole text
        while (at < text.length() || components.isEmpty()) {
            int nameEnd = partEnd(text, at);
            String name = text.substring(at, nameEnd);
            MultiaddrProtocol protocol = MultiaddrProtocol.ofName(name);
            MultiaddrTranscoder transcoder = protocol.transcoder();
            int end = nameEnd;
            Bytes value = Bytes.EMPTY;
            if (transcoder.hasValue()) {
                if (nameEnd + 1 >= text.length()) {
                    throw new IllegalArgumentException("missing value for /" + name);
                }
                end = transcoder.isPath() ? text.length() : partEnd(text, nameEnd + 1);
                value = protocol.parse(text.substring(transcoder.isPath() ? nameEnd : nameEnd + 1, end));
            }
            components.add(new Component(protocol, value));
            at = end + 1;
        }
        return components;
    }

    private static int partEnd(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }

    /**
     * Decodes an address.
     *
     * @throws IllegalArgumentException with a message of one line, if {@code bytes} are not an address
     */
    public static Multiaddr fromBytes(Bytes bytes) {
        if (bytes.isEmpty() || bytes.size() > MAX_BYTES) {
            throw new IllegalArgumentException("multiaddr must have 1 to " + MAX_BYTES + " bytes, got " + bytes.size());
        }
        MultiaddrReader reader = new MultiaddrReader(bytes);
        boolean relayed = false;
        for (int count = 1; reader.next(); count++) {
            if (count > MAX_COMPONENTS) {
                throw new IllegalArgumentException("multiaddr exceeds the limit of " + MAX_COMPONENTS + " components");
            }
            if (reader.protocol() == MultiaddrProtocol.P2P_CIRCUIT) {
                if (relayed) {
                    throw new IllegalArgumentException("multiaddr must not have more than one /p2p-circuit");
                }
                relayed = true;
            }
            if (reader.protocol().transcoder().isPath() && !reader.isLast()) {
                throw new IllegalArgumentException("unexpected component after the path of /"
                        + reader.protocol().text());
            }
        }
        return new Multiaddr(bytes, reader.protocol() == MultiaddrProtocol.P2P ? reader.start() : NONE, relayed);
    }

    /** Returns the binary form. */
    public Bytes bytes() {
        return bytes;
    }

    /** Returns the components, the outermost first. Decodes them at each call. */
    public List<Component> components() {
        List<Component> components = new ArrayList<>(4);
        MultiaddrReader reader = new MultiaddrReader(bytes);
        while (reader.next()) {
            components.add(new Component(reader.protocol(), reader.value()));
        }
        return List.copyOf(components);
    }

    /** Returns whether this address contains {@code protocol}. */
    public boolean has(MultiaddrProtocol protocol) {
        MultiaddrReader reader = new MultiaddrReader(bytes);
        while (reader.next()) {
            if (reader.protocol() == protocol) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether this address passes through a relay. */
    public boolean isRelayed() {
        return relayed;
    }

    /** Returns the trailing peer ID, if the last component is one. */
    public Optional<PeerId> peerId() {
        return lastPeerStart == NONE
                ? Optional.empty()
                : Optional.of(PeerId.fromBytes(bytes.slice(lastPeerStart + PEER_HEADER_BYTES, bytes.size())));
    }

    /**
     * Returns this address with {@code peer} as its trailing peer ID.
     *
     * @throws IllegalArgumentException if it ends in another peer ID, or would exceed a limit
     */
    public Multiaddr withPeerId(PeerId peer) {
        Optional<PeerId> current = peerId();
        if (current.isPresent()) {
            if (!current.get().equals(peer)) {
                throw new IllegalArgumentException("peer ID mismatch: " + this + " does not end in " + peer);
            }
            return this;
        }
        return fromBytes(Bytes.concat(bytes, new Component(MultiaddrProtocol.P2P, peer.bytes()).bytes()));
    }

    /** Returns this address without its trailing peer ID; empty if nothing remains. */
    public Optional<Multiaddr> withoutPeerId() {
        return switch (lastPeerStart) {
            case NONE -> Optional.of(this);
            case 0 -> Optional.empty();
            default -> Optional.of(fromBytes(bytes.slice(0, lastPeerStart)));
        };
    }

    @Override
    public int compareTo(Multiaddr other) {
        return bytes.compareTo(other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Multiaddr that && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    /** Returns the text form. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Component component : components()) {
            MultiaddrTranscoder transcoder = component.protocol().transcoder();
            text.append('/').append(component.protocol().text());
            if (transcoder.hasValue()) {
                text.append(transcoder.isPath() ? "" : "/").append(component.text());
            }
        }
        return text.toString();
    }
}
