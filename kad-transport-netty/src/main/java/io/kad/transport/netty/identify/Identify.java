package io.kad.transport.netty.identify;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.key.PublicKey;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each peer what it is, tells each that asks, and pushes what changes.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/identify/README.md">identify 1.0.0</a>
 */
public final class Identify {

    /** The protocol by which a peer is asked. */
    public static final String PROTOCOL = "/ipfs/id/1.0.0";
    /** The protocol by which a peer tells of a change. */
    public static final String PUSH_PROTOCOL = "/ipfs/id/push/1.0.0";

    static final String PROTOCOL_VERSION = "ipfs/0.1.0";
    static final String AGENT = "kad/0.1.0";

    private static final Logger LOG = LoggerFactory.getLogger(Identify.class);

    private final LocalPeer local;
    private final BiConsumer<PeerConnection, PeerIdentification> onIdentified;

    /** Makes the service of one peer; {@code onIdentified} is told, on the event loop of the connection. */
    public Identify(LocalPeer local, BiConsumer<PeerConnection, PeerIdentification> onIdentified) {
        this.local = local;
        this.onIdentified = onIdentified;
    }

    /** Asks the peer at the other end of {@code connection} what it is. */
    public void identify(PeerConnection connection) {
        IdentifyReceiver receiver =
                new IdentifyReceiver(connection.receiveBudget(), new IdentificationUpdater(connection));
        connection.openStream(negotiate(PROTOCOL, receiver, connection::failIdentify), opened -> {
            if (!opened.isSuccess()) {
                connection.failIdentify(opened.cause());
            }
        });
    }

    /** Returns the handler of a stream on which a peer asks what we are. */
    public ChannelHandler responder(PeerConnection connection) {
        return new IdentifySender(messageFor(connection));
    }

    /** Returns the handler of a stream on which a peer tells of a change. */
    public ChannelHandler pushReceiver(PeerConnection connection) {
        return new IdentifyReceiver(connection.receiveBudget(), new IdentificationUpdater(connection));
    }

    /** Tells the peer at the other end of {@code connection} what we are now, if it takes such pushes. */
    public void push(PeerConnection connection) {
        connection.identifyFuture().addListener(identified -> {
            if (identified.isSuccess() && takesPushes((PeerIdentification) identified.getNow())) {
                IdentifySender sender = new IdentifySender(messageFor(connection));
                connection.openStream(negotiate(PUSH_PROTOCOL, sender, cause -> {}), opened -> {});
            }
        });
    }

    private static boolean takesPushes(PeerIdentification identification) {
        return identification.protocols().contains(PUSH_PROTOCOL);
    }

    private static ChannelHandler negotiate(String protocol, ChannelHandler handler, Consumer<Throwable> onFailure) {
        return MultistreamDialer.lazy(
                protocol,
                (channel, chosen) -> channel.pipeline().addLast(handler),
                new NegotiationListener() {
                    @Override
                    public void onAgreed(Channel channel, String chosen) {}

                    @Override
                    public void onFailed(Channel channel, NegotiationException cause) {
                        onFailure.accept(cause);
                    }
                },
                MultistreamDialer.TIMEOUT);
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
            throw new IllegalStateException("a key and a few names always fit", impossible);
        }
    }

    /** Takes what the peer of one connection says of itself; what a push leaves out stays as it was. */
    private final class IdentificationUpdater implements IdentifyReceiver.Listener {

        private final PeerConnection connection;

        IdentificationUpdater(PeerConnection connection) {
            this.connection = connection;
        }

        @Override
        public void onReceived(IdentifyMessage message) {
            if (!connection.isOpen()) {
                // The end of the connection was told already, and nothing may be told of it after that
                onFailed(new IOException("the connection is closed"));
                return;
            }
            try {
                PeerIdentification identification = read(message);
                connection.completeIdentify(identification);
                onIdentified.accept(connection, identification);
            } catch (MalformedMessageException | DecoderException malformed) {
                onFailed(malformed);
            }
        }

        private PeerIdentification read(IdentifyMessage message) throws MalformedMessageException {
            Optional<Bytes> key = message.publicKey();
            if (key.isPresent() && !PublicKey.decode(key.get()).peerId().equals(connection.peer())) {
                throw new DecoderException("the key is of another peer");
            }
            PeerIdentification said = new PeerIdentification(
                    connection.peer(),
                    message.agentVersion(),
                    message.protocolVersion(),
                    message.protocols(),
                    message.addressesOf(connection.peer()),
                    message.observedAddress());
            PeerIdentification before = connection.identification();
            return before == null ? said : complete(said, before);
        }

        /** Returns {@code said} with what it leaves out as it was {@code before}. */
        private static PeerIdentification complete(PeerIdentification said, PeerIdentification before) {
            return new PeerIdentification(
                    said.peer(),
                    said.agent().isEmpty() ? before.agent() : said.agent(),
                    said.protocolVersion().isEmpty() ? before.protocolVersion() : said.protocolVersion(),
                    said.protocols().isEmpty() ? before.protocols() : said.protocols(),
                    said.listenAddresses().isEmpty() ? before.listenAddresses() : said.listenAddresses(),
                    said.observedAddress().or(before::observedAddress));
        }

        @Override
        public void onFailed(Throwable cause) {
            LOG.debug("{} is not identified: {}", connection, cause.getMessage());
            connection.failIdentify(cause instanceof IOException ? cause : new IOException(cause));
        }
    }
}
