package io.kad.transport.netty.identify;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.SignedPeerRecord;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.key.PublicKey;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listener that updates the identification of one connection. Fields that a push omits keep their previous values.
 *
 * <p>The addresses of a valid signed peer record replace the others of its message, unless a newer record is known, whose addresses stay. An
 * invalid record is ignored.
 */
final class IdentificationUpdater implements IdentifyReceiver.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(IdentificationUpdater.class);

    /**
     * Message whose keys and signatures are checked.
     *
     * @param identification what it states, with the addresses of its record if that is valid
     * @param record its signed peer record; empty if it has none or an invalid one
     */
    private record Checked(PeerIdentification identification, Optional<SignedPeerRecord> record) {}

    private final PeerConnection connection;
    private final SignatureChecks checks;
    private final LatestPeerRecords records;
    private final BiConsumer<PeerConnection, PeerIdentification> onIdentified;

    IdentificationUpdater(
            PeerConnection connection,
            SignatureChecks checks,
            LatestPeerRecords records,
            BiConsumer<PeerConnection, PeerIdentification> onIdentified) {
        this.connection = connection;
        this.checks = checks;
        this.records = records;
        this.onIdentified = onIdentified;
    }

    @Override
    public void onReceived(IdentifyMessage message) {
        try {
            checks.run(SignatureChecks.isCostly(connection.peer()), () -> check(message), connection.executor())
                    .addListener((Future<Checked> ended) -> {
                        if (ended.isSuccess()) {
                            onChecked(ended.getNow());
                        } else {
                            onFailed(ended.cause());
                        }
                    });
        } catch (RejectedExecutionException e) {
            String effect = "dropped an identify message of " + connection + ": too many wait to be checked";
            connection.budget().counters().countAndLog(LimitId.SIGNATURE_CHECKS, effect);
            onFailed(new IOException(effect, e));
        }
    }

    /** Checks the key and the signed record of a message; not for event loops. */
    private Checked check(IdentifyMessage message) throws MalformedMessageException {
        Optional<Bytes> key = message.publicKey();
        if (key.isPresent() && !PublicKey.decode(key.get()).peerId().equals(connection.peer())) {
            throw new DecoderException("identify key does not match peer " + connection.peer());
        }
        Optional<SignedPeerRecord> record = signedRecord(message);
        PeerIdentification identification = new PeerIdentification(
                connection.peer(),
                message.agentVersion(),
                message.protocolVersion(),
                message.protocols(),
                record.map(SignedPeerRecord::addresses).orElseGet(() -> message.listenAddressesOf(connection.peer())),
                message.observedAddress(),
                record.map(signed -> OptionalLong.of(signed.sequence())).orElseGet(OptionalLong::empty));
        return new Checked(identification, record);
    }

    private Optional<SignedPeerRecord> signedRecord(IdentifyMessage message) {
        if (message.signedPeerRecord().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SignedPeerRecord.open(message.signedPeerRecord().get(), connection.peer()));
        } catch (MalformedMessageException e) {
            LOG.debug("ignored the signed peer record of {}: {}", connection, e.getMessage());
            return Optional.empty();
        }
    }

    private void onChecked(Checked checked) {
        if (!connection.isOpen()) {
            // ConnectionClosed was emitted already; no event of this connection may follow it
            onFailed(new IOException("the connection is closed"));
            return;
        }
        PeerIdentification received = checked.record()
                .map(record ->
                        withAddresses(checked.identification(), latest(record).addresses()))
                .orElse(checked.identification());
        PeerIdentification previous = connection.identification();
        PeerIdentification identification = previous == null ? received : withPrevious(received, previous);
        onIdentified.accept(connection, identification); // state first, then the news
        connection.completeIdentify(identification);
    }

    private SignedPeerRecord latest(SignedPeerRecord record) {
        return records.receive(
                connection.id(),
                record,
                () -> connection.onClose(() -> records.close(connection.id(), connection.peer())));
    }

    private static PeerIdentification withAddresses(PeerIdentification received, List<Multiaddr> addresses) {
        return new PeerIdentification(
                received.peer(),
                received.agent(),
                received.protocolVersion(),
                received.protocols(),
                addresses,
                received.observedAddress(),
                received.recordSequence());
    }

    /** Returns {@code received}, with omitted fields taken from {@code previous}. */
    private static PeerIdentification withPrevious(PeerIdentification received, PeerIdentification previous) {
        return new PeerIdentification(
                received.peer(),
                received.agent().isEmpty() ? previous.agent() : received.agent(),
                received.protocolVersion().isEmpty() ? previous.protocolVersion() : received.protocolVersion(),
                received.protocols().isEmpty() ? previous.protocols() : received.protocols(),
                received.listenAddresses().isEmpty() ? previous.listenAddresses() : received.listenAddresses(),
                received.observedAddress().or(previous::observedAddress),
                received.recordSequence().isPresent() ? received.recordSequence() : previous.recordSequence());
    }

    @Override
    public void onFailed(Throwable cause) {
        LOG.debug("identify of {} failed: {}", connection, cause.getMessage());
        connection.failIdentify(cause instanceof IOException ? cause : new IOException(cause));
    }
}
