package io.kad.transport.netty.identify;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.encoding.MessageTooLargeException;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

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

    /** Time that a message waits for the signed record. */
    static final Duration RECORD_WAIT = Duration.ofSeconds(2);

    private final LocalPeer local;
    private final Duration negotiationTimeout;
    private final SignatureChecks checks;
    private final BiConsumer<PeerConnection, PeerIdentification> onIdentified;
    private final LatestPeerRecords records = new LatestPeerRecords();
    private final LocalPeerRecord recordForLoopback;
    private final LocalPeerRecord recordForOthers;
    private final AtomicBoolean signingFailed = new AtomicBoolean();

    /**
     * Creates the service of one peer. {@code onIdentified} is called on the event loop of the connection.
     *
     * @param negotiationTimeout time of the negotiation of each stream
     * @param checks runs the checks of received keys and signatures, and signs the record of the local peer
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
        LocalPeerRecord.Sequence sequence = new LocalPeerRecord.Sequence(InstantSource.system());
        this.recordForLoopback = new LocalPeerRecord(local.identity(), checks, sequence);
        this.recordForOthers = new LocalPeerRecord(local.identity(), checks, sequence);
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
            if (!identified.isSuccess() && !isRefusal(identified.cause())) {
                later(connection, delays, () -> {
                    if (connection.identification() == null) {
                        connection.restartIdentify();
                        request(connection);
                        repeatAfterFailure(connection, delays);
                    }
                });
            }
        });
    }

    /** Returns whether an identify request has failed because the remote peer does not support the protocol. */
    public static boolean isRefusal(Throwable cause) {
        return cause instanceof NegotiationException negotiation
                && negotiation.reason() == NegotiationException.Reason.REFUSED;
    }

    /** Runs {@code attempt} after the next of {@code delays}; drops it if there is none, or if the connection closes before. */
    private static void later(PeerConnection connection, Iterator<Integer> delays, Runnable attempt) {
        if (!connection.isOpen() || !delays.hasNext()) {
            return;
        }
        Future<?> scheduled = connection
                .executor()
                .schedule(
                        () -> {
                            if (connection.isOpen()) {
                                attempt.run();
                            }
                        },
                        delays.next(),
                        TimeUnit.SECONDS);
        connection.cancelOnClose(scheduled);
    }

    private void request(PeerConnection connection) {
        IdentifyReceiver receiver = receiver(connection);
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
        return receiver(connection);
    }

    private IdentifyReceiver receiver(PeerConnection connection) {
        return new IdentifyReceiver(
                connection.partialMessageBudget(),
                new IdentificationUpdater(connection, checks, records, onIdentified));
    }

    /**
     * Pushes the current description of the local peer over {@code connection}, if the remote peer supports push. A push that fails is repeated a
     * few times, with the description of then, as is one for which it is not known yet what the remote peer supports.
     */
    public void push(PeerConnection connection) {
        push(connection, RETRY_SECONDS.iterator());
    }

    private void push(PeerConnection connection, Iterator<Integer> delays) {
        connection.identifyFuture().addListener(identified -> {
            Runnable again = () -> push(connection, delays);
            if (!identified.isSuccess()) {
                later(connection, delays, again);
            } else if (supportsPush((PeerIdentification) identified.getNow())) {
                sendPush(connection, cause -> {
                    if (!isRefusal(cause)) {
                        later(connection, delays, again);
                    }
                });
            }
        });
    }

    private void sendPush(PeerConnection connection, Consumer<Throwable> onFailure) {
        IdentifySender sender = new IdentifySender(messageFor(connection));
        connection.openStream(
                negotiate(PUSH_PROTOCOL, sender, NegotiationListener.onFailure(onFailure::accept)), opened -> {
                    if (!opened.isSuccess()) {
                        onFailure.accept(opened.cause());
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

    /**
     * Returns the message for {@code connection}, completed on its event loop when the signed record is there, or without it after {@link
     * #RECORD_WAIT}: the remote peer may let its requests wait for this message.
     */
    private Future<Bytes> messageFor(PeerConnection connection) {
        boolean remoteIsLocal = LocalPeer.isLoopback(connection.remoteAddress());
        List<Multiaddr> addresses = addressesFor(remoteIsLocal);
        EventExecutor loop = connection.executor();
        if (addresses.isEmpty()) {
            return loop.newSucceededFuture(encode(connection, addresses, Optional.empty()));
        }
        Future<Bytes> record = (remoteIsLocal ? recordForLoopback : recordForOthers).sealed(addresses);
        if (record.isSuccess()) {
            return loop.newSucceededFuture(encode(connection, addresses, Optional.of(record.getNow())));
        }
        Promise<Bytes> message = loop.newPromise();
        TimedWait.forEnd(record, RECORD_WAIT, loop).addListener(over -> {
            Optional<Bytes> signed = record.isDone() ? signedRecord(connection, record) : Optional.empty();
            // Without a record, nothing tells the remote peer which of two messages is the later one
            List<Multiaddr> present = signed.isPresent() ? addresses : addressesFor(remoteIsLocal);
            message.setSuccess(encode(connection, present, signed));
        });
        return message;
    }

    private List<Multiaddr> addressesFor(boolean remoteIsLocal) {
        return local.addresses().stream()
                .filter(address -> remoteIsLocal || !LocalPeer.isLoopback(address))
                .toList();
    }

    /** Returns the result of signing; empty if it has failed. */
    private Optional<Bytes> signedRecord(PeerConnection connection, Future<Bytes> signed) {
        if (signed.isSuccess()) {
            return Optional.of(signed.getNow());
        }
        Throwable cause = signed.cause();
        if (cause instanceof RejectedExecutionException) {
            String effect = "sent identify to " + connection + " without a signed peer record: too many checks wait";
            connection.budget().counters().countAndLog(LimitId.SIGNATURE_CHECKS, effect);
        } else {
            LOG.atLevel(signingFailed.getAndSet(true) ? Level.DEBUG : Level.WARN)
                    .log(
                            "cannot sign the peer record of the local peer, so identify is sent without it: {}",
                            cause.toString());
        }
        return Optional.empty();
    }

    private Bytes encode(PeerConnection connection, List<Multiaddr> addresses, Optional<Bytes> signedRecord) {
        IdentifyMessage message = new IdentifyMessage(
                Optional.of(local.identity().publicKey()),
                addresses,
                local.protocols(),
                Optional.of(connection.remoteAddress()),
                PROTOCOL_VERSION,
                AGENT,
                signedRecord);
        try {
            return message.encode();
        } catch (MessageTooLargeException impossible) {
            throw new IllegalStateException("the message of a key and a few protocols exceeds the limit", impossible);
        }
    }
}
