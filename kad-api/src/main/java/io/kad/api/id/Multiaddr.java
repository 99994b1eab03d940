package io.kad.api.id;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An address made of protocols, from the outermost to the innermost, such as {@code /ip4/127.0.0.1/tcp/4001}.
 *
 * <p>Keeps and compares its bytes. At most {@value #MAX_BYTES} bytes and {@value #MAX_COMPONENTS} components. An address with a
 * protocol that is not in {@link MultiaddrProtocol} is refused, since nobody can tell where its value ends.
 *
 * @see <a href="https://github.com/multiformats/multiaddr">multiaddr</a>
 */
public final class Multiaddr implements Comparable<Multiaddr> {

    /** The longest address that is accepted, in bytes. */
    public static final int MAX_BYTES = 1024;
    /** The most components an address has. */
    public static final int MAX_COMPONENTS = 16;

    /** The longest text that is read: each byte of a percent-encoded path takes three characters. */
    private static final int MAX_CHARS = 4096;

    private static final int NONE = -1;
    /** Before a peer id: a code of two bytes, and a length of one since no peer id has 128 bytes. */
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
     * A protocol of an address and its value.
     *
     * @param value the value in bytes, without its length; empty for a protocol without one
     */
    public record Component(MultiaddrProtocol protocol, Bytes value) {

        public Component {
            requireNonNull(protocol, "protocol");
            protocol.check(value, 0, value.size());
        }

        /** Returns the value as text; empty for a protocol without one. */
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
     * Returns the address that {@code text} is.
     *
     * @throws IllegalArgumentException with one clear line, if it is none
     */
    public static Multiaddr parse(String text) {
        try {
            if (text.length() > MAX_CHARS) {
                throw new IllegalArgumentException("it is longer than " + MAX_CHARS + " characters");
            }
            if (!text.startsWith("/")) {
                throw new IllegalArgumentException("it does not begin with a slash");
            }
            return fromBytes(Bytes.concat(
                    parseComponents(text).stream().map(Component::bytes).toArray(Bytes[]::new)));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    Quoting.text(text) + " is no multiaddr: " + malformed.getMessage(), malformed);
        }
    }

    private static List<Component> parseComponents(String text) {
        List<Component> components = new ArrayList<>();
        int at = 1;
        // A slash at the end is no further component, unless it is all there is
        while (at < text.length() || components.isEmpty()) {
            int nameEnd = partEnd(text, at);
            String name = text.substring(at, nameEnd);
            MultiaddrProtocol protocol = MultiaddrProtocol.ofName(name);
            MultiaddrTranscoder form = protocol.transcoder();
            int end = nameEnd;
            Bytes value = Bytes.EMPTY;
            if (form.hasValue()) {
                if (nameEnd + 1 >= text.length()) {
                    throw new IllegalArgumentException(name + " lacks its value");
                }
                end = form.isPath() ? text.length() : partEnd(text, nameEnd + 1);
                value = protocol.parse(text.substring(form.isPath() ? nameEnd : nameEnd + 1, end));
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
     * Returns the address that {@code bytes} are.
     *
     * @throws IllegalArgumentException with one clear line, if they are none
     */
    public static Multiaddr fromBytes(Bytes bytes) {
        if (bytes.isEmpty() || bytes.size() > MAX_BYTES) {
            throw new IllegalArgumentException("an address has 1 to " + MAX_BYTES + " bytes, not " + bytes.size());
        }
        MultiaddrReader reader = new MultiaddrReader(bytes);
        boolean relayed = false;
        for (int count = 1; reader.next(); count++) {
            if (count > MAX_COMPONENTS) {
                throw new IllegalArgumentException("an address has at most " + MAX_COMPONENTS + " components");
            }
            if (reader.protocol() == MultiaddrProtocol.P2P_CIRCUIT) {
                if (relayed) {
                    throw new IllegalArgumentException("an address has at most one relay");
                }
                relayed = true;
            }
            if (reader.protocol().transcoder().isPath() && !reader.isLast()) {
                throw new IllegalArgumentException(
                        "nothing follows a path of " + reader.protocol().text());
            }
        }
        return new Multiaddr(bytes, reader.protocol() == MultiaddrProtocol.P2P ? reader.start() : NONE, relayed);
    }

    /** Returns the binary form. */
    public Bytes bytes() {
        return bytes;
    }

    /** Returns the protocols with their values, the outermost first. Read anew with each call. */
    public List<Component> components() {
        List<Component> components = new ArrayList<>(4);
        MultiaddrReader reader = new MultiaddrReader(bytes);
        while (reader.next()) {
            components.add(new Component(reader.protocol(), reader.value()));
        }
        return List.copyOf(components);
    }

    /** Returns whether {@code protocol} is part of this address. */
    public boolean has(MultiaddrProtocol protocol) {
        MultiaddrReader reader = new MultiaddrReader(bytes);
        while (reader.next()) {
            if (reader.protocol() == protocol) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether this address leads through a relay. */
    public boolean isRelayed() {
        return relayed;
    }

    /** Returns the peer that this address ends at, if its last component names one. */
    public Optional<PeerId> peerId() {
        return lastPeerStart == NONE
                ? Optional.empty()
                : Optional.of(PeerId.fromBytes(bytes.slice(lastPeerStart + PEER_HEADER_BYTES, bytes.size())));
    }

    /**
     * Returns this address with {@code peer} as its end.
     *
     * @throws IllegalArgumentException if it ends at another peer, or would become too long
     */
    public Multiaddr withPeerId(PeerId peer) {
        Optional<PeerId> present = peerId();
        if (present.isPresent()) {
            if (!present.get().equals(peer)) {
                throw new IllegalArgumentException(this + " is an address of another peer than " + peer);
            }
            return this;
        }
        return fromBytes(Bytes.concat(bytes, new Component(MultiaddrProtocol.P2P, peer.bytes()).bytes()));
    }

    /** Returns this address without the peer at its end; empty if nothing else is in it. */
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
            MultiaddrTranscoder form = component.protocol().transcoder();
            text.append('/').append(component.protocol().text());
            if (form.hasValue()) {
                text.append(form.isPath() ? "" : "/").append(component.text());
            }
        }
        return text.toString();
    }
}
