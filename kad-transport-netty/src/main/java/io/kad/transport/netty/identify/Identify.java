package io.kad.transport.netty.identify;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.key.PublicKey;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Identify service of the local peer: queries each connected peer, responds to queries, and pushes changes.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/identify/README.md">identify 1.0.0</a>
 */
public final class Identify {

    /** Protocol ID of identify. */
    public static final String PROTOCOL = "/ipfs/id/1.0.0";
    /** Protocol ID of identify push. */
    public static final String PUSH_PROTOCOL = "/ipfs/id/push/1.0.0";

    static final String PROTOCOL_VERSION = "ipfs/0.1.0";
    static final String AGENT = "kad/0.1.0";

    private static final Logger LOG = LoggerFactory.getLogger(Identify.class);

    /** Delays in seconds before the attempts that follow a failed one. */
    private static final List<Integer> RETRY_SECONDS = List.of(5, 30, 180);

    private final LocalPeer local;
    private final Duration negotiationTimeout;
    private final SignatureChecks checks;
    private final BiConsumer<PeerConnection, PeerIdentification> onIdentified;

    /**
     * Creates the service of one peer. {@code onIdentified} is called on the event loop of the connection.
     *
     * @param negotiationTimeout time of the negotiation of each stream
     * @param checks runs the checks of received keys and signatures
     */
    public Identify(
            LocalPeer local,
            Duration negotiationTimeout,
            SignatureChecks checks,
            BiConsumer<PeerConnection, PeerIdentification> onIdentified) {
        this.checks = checks;
        this.local = local;
        this.negotiationTimeout = negotiationTimeout;
        this.onIdentified = onIdentified;
    }

    /**
     * Sends an identify request over {@code connection}; a failed one is repeated a few times, unless the remote peer refuses the protocol.
     * Called on the event loop of the connection.
     */
    public void identify(PeerConnection connection) {
        request(connection);
        repeatAfterFailure(connection, RETRY_SECONDS.iterator());
    }

    private void repeatAfterFailure(PeerConnection connection, Iterator<Integer> delays) {
        connection.identifyFuture().addListener(identified -> {
            boolean refused = identified.cause() instanceof NegotiationException negotiation
                    && negotiation.reason() == NegotiationException.Reason.REFUSED;
            if (identified.isSuccess() || refused || !connection.isOpen() || !delays.hasNext()) {
                return;
            }
            Future<?> retry = connection
                    .executor()
                    .schedule(
                            () -> {
                                if (connection.isOpen() && connection.identification() == null) {
                                    connection.restartIdentify();
                                    request(connection);
                                    repeatAfterFailure(connection, delays);
                                }
                            },
                            delays.next(),
                            TimeUnit.SECONDS);
            connection.onClose(() -> retry.cancel(false));
        });
    }

    private void request(PeerConnection connection) {
        IdentifyReceiver receiver =
                new IdentifyReceiver(connection.receiveBudget(), new IdentificationUpdater(connection));
        connection.openStream(
                negotiate(PROTOCOL, receiver, NegotiationListener.onFailure(connection::failIdentify)), opened -> {
                    if (!opened.isSuccess()) {
                        connection.failIdentify(opened.cause());
                    }
                });
    }

    /** Returns the handler of an inbound identify stream. */
    public ChannelHandler responder(PeerConnection connection) {
        return new IdentifySender(messageFor(connection));
    }

    /** Returns the handler of an inbound identify-push stream. */
    public ChannelHandler pushReceiver(PeerConnection connection) {
        return new IdentifyReceiver(connection.receiveBudget(), new IdentificationUpdater(connection));
    }

    /** Pushes the current description of the local peer over {@code connection}, if the remote peer supports push. */
    public void push(PeerConnection connection) {
        connection.identifyFuture().addListener(identified -> {
            if (identified.isSuccess() && supportsPush((PeerIdentification) identified.getNow())) {
                IdentifySender sender = new IdentifySender(messageFor(connection));
                connection.openStream(negotiate(PUSH_PROTOCOL, sender, NegotiationListener.NONE), opened -> {});
            }
        });
    }

    private static boolean supportsPush(PeerIdentification identification) {
        return identification.protocols().contains(PUSH_PROTOCOL);
    }

    private ChannelHandler negotiate(String protocol, ChannelHandler handler, NegotiationListener listener) {
        return MultistreamDialer.lazy(
                protocol, (channel, agreed) -> channel.pipeline().addLast(handler), listener, negotiationTimeout);
    }

    private Bytes messageFor(PeerConnection connection) {
        boolean remoteIsLocal = LocalPeer.isLoopback(connection.remoteAddress());
        List<Multiaddr> addresses = local.addresses().stream()
                .filter(address -> remoteIsLocal || !LocalPeer.isLoopback(address))
                .toList();
        IdentifyMessage message = new IdentifyMessage(
                Optional.of(local.identity().publicKey()),
                addresses,
                local.protocols(),
                Optional.of(connection.remoteAddress()),
                PROTOCOL_VERSION,
                AGENT,
                Optional.empty());
        try {
            return message.encode();
        } catch (MessageTooLargeException impossible) {
            throw new IllegalStateException("the message of a key and a few protocols exceeds the limit", impossible);
        }
    }

    /**
     * Listener that updates the identification of one connection. Fields that a push omits keep their previous values.
     */
    private final class IdentificationUpdater implements IdentifyReceiver.Listener {

        private final PeerConnection connection;

        IdentificationUpdater(PeerConnection connection) {
            this.connection = connection;
        }

        @Override
        public void onReceived(IdentifyMessage message) {
            try {
                checks.run(
                                SignatureChecks.isCostly(connection.peer()),
                                () -> toIdentification(message),
                                connection.executor())
                        .addListener((Future<PeerIdentification> checked) -> {
                            if (checked.isSuccess()) {
                                onChecked(checked.getNow());
                            } else {
                                onFailed(checked.cause());
                            }
                        });
            } catch (RejectedExecutionException e) {
                String effect = "dropped an identify message of " + connection + ": too many wait to be checked";
                connection.budget().counters().count(Limit.SIGNATURE_CHECKS, effect);
                onFailed(new IOException(effect, e));
            }
        }

        private void onChecked(PeerIdentification received) {
            if (!connection.isOpen()) {
                // ConnectionClosed was emitted already; no event of this connection may follow it
                onFailed(new IOException("the connection is closed"));
                return;
            }
            PeerIdentification previous = connection.identification();
            PeerIdentification identification = previous == null ? received : withPrevious(received, previous);
            connection.completeIdentify(identification);
            onIdentified.accept(connection, identification);
        }

        /** Checks the keys and the signed record of a message; not for event loops. */
        private PeerIdentification toIdentification(IdentifyMessage message) throws MalformedMessageException {
            Optional<Bytes> key = message.publicKey();
            if (key.isPresent() && !PublicKey.decode(key.get()).peerId().equals(connection.peer())) {
                throw new DecoderException("identify key does not match peer " + connection.peer());
            }
            return new PeerIdentification(
                    connection.peer(),
                    message.agentVersion(),
                    message.protocolVersion(),
                    message.protocols(),
                    message.addressesOf(connection.peer()),
                    message.observedAddress());
        }

        /** Returns {@code received}, with omitted fields taken from {@code previous}. */
        private static PeerIdentification withPrevious(PeerIdentification received, PeerIdentification previous) {
            return new PeerIdentification(
                    received.peer(),
                    received.agent().isEmpty() ? previous.agent() : received.agent(),
                    received.protocolVersion().isEmpty() ? previous.protocolVersion() : received.protocolVersion(),
                    received.protocols().isEmpty() ? previous.protocols() : received.protocols(),
                    received.listenAddresses().isEmpty() ? previous.listenAddresses() : received.listenAddresses(),
                    received.observedAddress().or(previous::observedAddress));
        }

        @Override
        public void onFailed(Throwable cause) {
            LOG.debug("identify of {} failed: {}", connection, cause.getMessage());
            connection.failIdentify(cause instanceof IOException ? cause : new IOException(cause));
        }
    }
}
