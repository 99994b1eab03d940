package io.kad.api.id;

import java.nio.ByteBuffer;
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

    private static final int MAX_CHARS = 4096;

    private final Bytes bytes;
    private final List<Component> components;

    private Multiaddr(Bytes bytes, List<Component> components) {
        this.bytes = bytes;
        this.components = components;
    }

    /**
     * A protocol of an address and its value.
     *
     * @param value the value in bytes, without its length; empty for a protocol without one
     */
    public record Component(MultiaddrProtocol protocol, Bytes value) {

        /** Returns the value as text; empty for a protocol without one. */
        public String text() {
            return protocol.value().format(value);
        }

        private Bytes bytes() {
            return protocol.value().isVariable()
                    ? Bytes.concat(protocol.encodedCode(), UnsignedVarint.encode(value.size()), value)
                    : Bytes.concat(protocol.encodedCode(), value);
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
            return of(parseComponents(text));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "'" + (text.length() > 200 ? text.substring(0, 200) + "..." : text) + "' is no multiaddr: "
                            + malformed.getMessage(),
                    malformed);
        }
    }

    private static List<Component> parseComponents(String text) {
        String trimmed = text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        List<Component> components = new ArrayList<>();
        int at = 1;
        while (at <= trimmed.length()) {
            int end = partEnd(trimmed, at);
            String name = trimmed.substring(at, end);
            MultiaddrProtocol protocol = MultiaddrProtocol.ofName(name)
                    .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no known protocol"));
            at = end + 1;
            Bytes value = Bytes.EMPTY;
            if (protocol.value().hasText()) {
                boolean takesRest = protocol.value() == MultiaddrValue.PATH;
                int valueEnd = takesRest ? trimmed.length() : partEnd(trimmed, at);
                if (at > trimmed.length()) {
                    throw new IllegalArgumentException("'" + name + "' lacks its value");
                }
                value = protocol.value().parse(trimmed.substring(takesRest ? at - 1 : at, valueEnd));
                at = valueEnd + 1;
            }
            components.add(new Component(protocol, value));
        }
        return components;
    }

    private static int partEnd(String text, int from) {
        int slash = text.indexOf('/', Math.min(from, text.length()));
        return slash < 0 ? text.length() : slash;
    }

    /** Returns the address of these components, checked as if they were read. */
    private static Multiaddr of(List<Component> components) {
        return fromBytes(Bytes.concat(components.stream().map(Component::bytes).toArray(Bytes[]::new)));
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
        ByteBuffer in = bytes.asReadOnlyBuffer();
        List<Component> components = new ArrayList<>(4);
        int relays = 0;
        while (in.hasRemaining()) {
            if (components.size() == MAX_COMPONENTS) {
                throw new IllegalArgumentException("an address has at most " + MAX_COMPONENTS + " components");
            }
            Component component = readComponent(in);
            if (component.protocol() == MultiaddrProtocol.P2P_CIRCUIT && ++relays > 1) {
                throw new IllegalArgumentException("an address has at most one relay");
            }
            if (component.protocol() == MultiaddrProtocol.UNIX && in.hasRemaining()) {
                throw new IllegalArgumentException("a path of unix is the end of an address");
            }
            components.add(component);
        }
        return new Multiaddr(bytes, List.copyOf(components));
    }

    private static Component readComponent(ByteBuffer in) {
        long code = UnsignedVarint.read(in);
        MultiaddrProtocol protocol = MultiaddrProtocol.ofCode(code)
                .orElseThrow(() -> new IllegalArgumentException("protocol " + code + " is not known"));
        try {
            return new Component(protocol, protocol.value().read(in));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(protocol.text() + ": " + malformed.getMessage(), malformed);
        }
    }

    /** Returns the binary form. */
    public Bytes bytes() {
        return bytes;
    }

    /** Returns the protocols with their values, the outermost first. */
    public List<Component> components() {
        return components;
    }

    /** Returns whether {@code protocol} is part of this address. */
    public boolean has(MultiaddrProtocol protocol) {
        return components.stream().anyMatch(component -> component.protocol() == protocol);
    }

    /** Returns whether this address leads through a relay. */
    public boolean isRelayed() {
        return has(MultiaddrProtocol.P2P_CIRCUIT);
    }

    /** Returns the peer that this address ends at, if its last component names one. */
    public Optional<PeerId> peerId() {
        Component last = components.get(components.size() - 1);
        return last.protocol() == MultiaddrProtocol.P2P
                ? Optional.of(PeerId.fromBytes(last.value()))
                : Optional.empty();
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
        List<Component> extended = new ArrayList<>(components);
        extended.add(new Component(MultiaddrProtocol.P2P, peer.bytes()));
        return of(extended);
    }

    /** Returns this address without the peer at its end; empty if nothing else is in it. */
    public Optional<Multiaddr> withoutPeerId() {
        if (peerId().isEmpty()) {
            return Optional.of(this);
        }
        List<Component> rest = components.subList(0, components.size() - 1);
        return rest.isEmpty() ? Optional.empty() : Optional.of(of(rest));
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
        for (Component component : components) {
            text.append('/').append(component.protocol().text());
            if (component.protocol().value().hasText()) {
                String value = component.text();
                text.append(component.protocol().value() == MultiaddrValue.PATH ? "" : "/")
                        .append(value);
            }
        }
        return text.toString();
    }
}
