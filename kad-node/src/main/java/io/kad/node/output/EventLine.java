package io.kad.node.output;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequestType;
import io.kad.api.spi.transport.TransportEvent;
import java.util.Locale;
import java.util.Optional;

/** Lines of the events of a peer. */
public final class EventLine {

    private static final LineOf LINE_OF = new LineOf();

    private EventLine() {}

    /** Returns the line of an event; empty for one that the program does not show. */
    public static Optional<ObjectNode> of(DhtEvent event) {
        return Optional.of(event.accept(LINE_OF)).filter(line -> line.size() > 0);
    }

    /** Line of each event; empty for an event that the program does not show. */
    private static final class LineOf implements DhtEvent.Visitor<ObjectNode> {

        private static ObjectNode routing(PeerId peer, String outcome) {
            return OutputLine.line("routing-updated")
                    .put("peerId", peer.toString())
                    .put("outcome", outcome);
        }

        @Override
        public ObjectNode routingUpdated(DhtEvent.RoutingUpdated event) {
            ObjectNode line =
                    routing(event.peer(), event.added() ? "added" : "updated").put("bucket", event.bucket());
            event.evicted().ifPresent(evicted -> line.put("evicted", evicted.toString()));
            return OutputLine.addresses(line, event.peer(), event.addresses());
        }

        @Override
        public ObjectNode peerRemoved(DhtEvent.PeerRemoved event) {
            return routing(event.peer(), "removed");
        }

        @Override
        public ObjectNode unroutablePeer(DhtEvent.UnroutablePeer event) {
            return routing(event.peer(), "unroutable");
        }

        @Override
        public ObjectNode routablePeer(DhtEvent.RoutablePeer event) {
            return OutputLine.addresses(routing(event.peer(), "routable"), event.peer(), event.addresses());
        }

        @Override
        public ObjectNode republished(DhtEvent.Republished event) {
            ObjectNode line = OutputLine.line("republished")
                    .put("what", event.what().name().toLowerCase(Locale.ROOT))
                    .put("key", event.key().toString())
                    .put("stored", event.stored());
            event.failure().ifPresent(failure -> line.put("failure", failure.getMessage()));
            return line;
        }

        @Override
        public ObjectNode pendingPeer(DhtEvent.PendingPeer event) {
            return routing(event.peer(), "pending");
        }

        @Override
        public ObjectNode modeChanged(DhtEvent.ModeChanged event) {
            return OutputLine.line("mode-changed")
                    .put("mode", event.mode().name().toLowerCase(Locale.ROOT));
        }

        @Override
        public ObjectNode requestServed(DhtEvent.RequestServed event) {
            return OutputLine.line("inbound-request")
                    .put("peerId", event.request().from().toString())
                    .put("type", KadRequestType.of(event.request().request()).name())
                    .put("accepted", event.accepted());
        }

        @Override
        public ObjectNode recordEvicted(DhtEvent.RecordEvicted event) {
            return OutputLine.line("record-evicted")
                    .put("key", event.key().toString())
                    .put("nearer", event.closer().toString());
        }

        @Override
        public ObjectNode correctionSkipped(DhtEvent.CorrectionSkipped event) {
            return OutputLine.line("correction-skipped")
                    .put("key", event.key().toString())
                    .put("total", event.total());
        }

        @Override
        public ObjectNode recordSuperseded(DhtEvent.RecordSuperseded event) {
            return OutputLine.line("record-superseded")
                    .put("key", event.better().key().toString())
                    .put("from", event.from().toString());
        }

        @Override
        public ObjectNode republishDelayed(DhtEvent.RepublishDelayed event) {
            return OutputLine.line("republish-delayed")
                    .put("what", event.what().name().toLowerCase(Locale.ROOT))
                    .put("retryAfterMillis", event.retryAfter().toMillis())
                    .put("cause", event.cause());
        }

        @Override
        public ObjectNode duplicateIdentity(DhtEvent.DuplicateIdentity event) {
            return OutputLine.line("duplicate-identity")
                    .put("peerId", event.peer().toString())
                    .put("address", event.address().toString());
        }

        @Override
        public ObjectNode protocolMismatch(DhtEvent.ProtocolMismatch event) {
            return OutputLine.line("protocol-mismatch")
                    .put("peerId", event.peer().toString())
                    .put("local", event.local())
                    .put("remote", event.remote());
        }

        @Override
        public ObjectNode requestTaken(DhtEvent.RequestTaken event) {
            return OutputLine.line("request-taken")
                    .put("peerId", event.request().from().toString())
                    .put("type", KadRequestType.of(event.request().request()).name());
        }

        @Override
        public ObjectNode takenStored(DhtEvent.TakenStored event) {
            return OutputLine.line("taken-stored")
                    .put("peerId", event.request().from().toString())
                    .put("type", KadRequestType.of(event.request().request()).name())
                    .put("stored", event.stored());
        }

        @Override
        public ObjectNode quotaExceeded(DhtEvent.QuotaExceeded event) {
            return OutputLine.line("quota-exceeded")
                    .put("peerId", event.from().toString())
                    .put("key", event.key().toString())
                    .put("range", event.range())
                    .put("option", event.option())
                    .put("total", event.total());
        }

        @Override
        public ObjectNode transportEventReceived(DhtEvent.TransportEventReceived event) {
            if (event.event() instanceof TransportEvent.ListenerOpened opened) {
                return OutputLine.line("address-added")
                        .put("address", opened.address().toString());
            } else if (event.event() instanceof TransportEvent.AddressExpired expired) {
                return OutputLine.line("address-expired")
                        .put("address", expired.address().toString());
            } else if (event.event() instanceof TransportEvent.ConnectionOpened opened) {
                return OutputLine.line("peer-connected")
                        .put("peerId", opened.connection().peer().toString())
                        .put("address", opened.connection().remoteAddress().toString())
                        .put("direction", opened.connection().direction().name().toLowerCase(Locale.ROOT));
            } else if (event.event() instanceof TransportEvent.ConnectionClosed closed) {
                return OutputLine.line("peer-disconnected")
                        .put("peerId", closed.connection().peer().toString())
                        .put("connections", closed.remaining());
            } else if (event.event() instanceof TransportEvent.PeerIdentified identified) {
                ObjectNode line = OutputLine.line("peer-identified")
                        .put("peerId", identified.identification().peer().toString())
                        .put("agent", identified.identification().agent());
                var protocols = line.putArray("protocols");
                identified.identification().protocols().stream().sorted().forEach(protocols::add);
                return line;
            }
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
