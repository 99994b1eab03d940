package io.kad.api.spi.transport;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;

/** Something that happened to a transport without having been asked for. */
public sealed interface TransportEvent {

    /** Calls the method of {@code visitor} for this kind of event. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of event. */
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
    }

    /** A listener accepts connections at {@code address}. */
    record ListenerOpened(Multiaddr address) implements TransportEvent {
        public ListenerOpened {
            requireNonNull(address, "address");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.listenerOpened(this);
        }
    }

    /** A listener was closed in good order. */
    record ListenerClosed(Multiaddr address) implements TransportEvent {
        public ListenerClosed {
            requireNonNull(address, "address");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.listenerClosed(this);
        }
    }

    /** A listener met an error; {@link ListenerClosed} follows if it ended. */
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

    /** An address of a listener that goes on is no longer ours. */
    record AddressExpired(Multiaddr address) implements TransportEvent {
        public AddressExpired {
            requireNonNull(address, "address");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.addressExpired(this);
        }
    }

    /** A connection is authenticated and ready for streams. */
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
     * A connection is gone.
     *
     * @param remaining how many connections to the same peer are left
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
     * A connection goes on at another address of its peer.
     *
     * @param before the connection as it was
     * @param after the connection as it is, with the same number
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

    /** A peer said what it is, for the first time on a connection or anew by a push. */
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

    /** Dialling one address of a peer failed. */
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
}
