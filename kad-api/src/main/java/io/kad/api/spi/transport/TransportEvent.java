package io.kad.api.spi.transport;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;

/** Event of a transport: a change of its listeners, its connections or its knowledge of a peer. Immutable. */
public sealed interface TransportEvent {

    /** Calls the method of {@code visitor} for this kind of event. */
    <R> R accept(Visitor<R> visitor);

    /**
     * Visitor with one method for each kind of event.
     *
     * @param <R> type of the result
     */
    interface Visitor<R> {
        R listenerOpened(ListenerOpened event);

        R listenerClosed(ListenerClosed event);

        R listenerFailed(ListenerFailed event);

        R addressExpired(AddressExpired event);

        R connectionOpened(ConnectionOpened event);

        R connectionClosed(ConnectionClosed event);

        R addressChanged(AddressChanged event);

        R peerIdentified(PeerIdentified event);

        R dialFailed(DialFailed event);

        R localIdentitySeen(LocalIdentitySeen event);
    }

    /** Emitted when a listener starts to accept connections at {@code address}. */
    record ListenerOpened(Multiaddr address) implements TransportEvent {
        public ListenerOpened {
            requireNonNull(address, "address");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.listenerOpened(this);
        }
    }

    /** Emitted when a listener was closed. */
    record ListenerClosed(Multiaddr address) implements TransportEvent {
        public ListenerClosed {
            requireNonNull(address, "address");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.listenerClosed(this);
        }
    }

    /** Emitted when an error occurs on a listener; {@link ListenerClosed} follows if the error ended the listener. */
    record ListenerFailed(Multiaddr address, TransportFailure failure) implements TransportEvent {
        public ListenerFailed {
            requireNonNull(address, "address");
            requireNonNull(failure, "failure");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.listenerFailed(this);
        }
    }

    /** Emitted when the machine has lost an address of a listener that stays open. */
    record AddressExpired(Multiaddr address) implements TransportEvent {
        public AddressExpired {
            requireNonNull(address, "address");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.addressExpired(this);
        }
    }

    /** Emitted when a connection is authenticated and ready for streams. */
    record ConnectionOpened(ConnectionInfo connection) implements TransportEvent {
        public ConnectionOpened {
            requireNonNull(connection, "connection");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.connectionOpened(this);
        }
    }

    /**
     * Emitted when a connection was closed.
     *
     * @param remaining number of open connections to the same peer that remain, at least 0
     */
    record ConnectionClosed(ConnectionInfo connection, int remaining) implements TransportEvent {
        public ConnectionClosed {
            requireNonNull(connection, "connection");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.connectionClosed(this);
        }
    }

    /**
     * Emitted when a connection moves to another address of its peer.
     *
     * @param before the connection at its old address
     * @param after the connection at its new address, with the same number
     */
    record AddressChanged(ConnectionInfo before, ConnectionInfo after) implements TransportEvent {
        public AddressChanged {
            requireNonNull(before, "before");
            requireNonNull(after, "after");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.addressChanged(this);
        }
    }

    /** Emitted when identify has completed on a connection, and at each later identify push. */
    record PeerIdentified(PeerIdentification identification, ConnectionInfo connection) implements TransportEvent {
        public PeerIdentified {
            requireNonNull(identification, "identification");
            requireNonNull(connection, "connection");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.peerIdentified(this);
        }
    }

    /** Emitted when the dial of one address of a peer failed; the dial of its other addresses may go on. */
    record DialFailed(PeerId peer, Multiaddr address, TransportFailure failure) implements TransportEvent {
        public DialFailed {
            requireNonNull(peer, "peer");
            requireNonNull(address, "address");
            requireNonNull(failure, "failure");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.dialFailed(this);
        }
    }

    /**
     * Emitted when the remote side of a new connection has proved the identity of the local peer; the connection is refused. A peer that
     * connects to itself emits two of them, of both directions and with the same {@code channelBinding}, whatever the addresses.
     *
     * @param localAddress the address of the local side, without {@code /p2p}
     * @param remoteAddress the address of the remote side, without {@code /p2p}
     * @param direction the side that dialled
     * @param channelBinding bytes that identify the connection, equal at both ends and at no other connection, such as the hash of its
     *     handshake; 1 to {@value #MAX_CHANNEL_BINDING_BYTES} bytes
     */
    record LocalIdentitySeen(
            Multiaddr localAddress, Multiaddr remoteAddress, ConnectionInfo.Direction direction, Bytes channelBinding)
            implements TransportEvent {

        /** Limit of a channel binding, in bytes: the longest hash of a Noise handshake. */
        public static final int MAX_CHANNEL_BINDING_BYTES = 64;

        public LocalIdentitySeen {
            requireNonNull(localAddress, "localAddress");
            requireNonNull(remoteAddress, "remoteAddress");
            requireNonNull(direction, "direction");
            if (channelBinding.isEmpty() || channelBinding.size() > MAX_CHANNEL_BINDING_BYTES) {
                throw new IllegalArgumentException("channelBinding must be 1 to " + MAX_CHANNEL_BINDING_BYTES
                        + " bytes, got " + channelBinding.size());
            }
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.localIdentitySeen(this);
        }
    }
}
