package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.NegotiationException.Reason.LIMIT;
import static io.kad.transport.netty.multistream.NegotiationException.Reason.MALFORMED;
import static java.util.Objects.requireNonNull;

import io.kad.transport.netty.muxer.MuxedStream;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.Optional;

/**
 * Handler that lets the remote peer choose among supported protocols.
 *
 * <p>It sends its header immediately, without waiting for that of the remote peer, responds {@code na} to unsupported
 * proposals ({@code ls} included, as go-libp2p does), and echoes the first supported one. It closes the
 * channel if the remote peer does not send the header first, sends it twice, makes more than {@value #MAX_REFUSALS}
 * refused proposals, or sends more than 8 KiB.
 * On agreement it installs the handlers of the protocol and leaves the pipeline.
 */
public final class MultistreamResponder extends Negotiator {

    /** Timeout of a negotiation. Default: 10 s (go-libp2p, js-libp2p). */
    public static final Duration TIMEOUT = MultistreamDialer.TIMEOUT;

    /** Limit of refused proposals; one more closes the channel. */
    public static final int MAX_REFUSALS = 16;

    private final ProtocolLookup protocols;
    private int refusals;

    /**
     * Creates a handler for one negotiation.
     *
     * @param protocols supported protocols
     * @param listener receives the result
     * @param timeout limit from the addition to the pipeline; zero for none, if the caller has its own limit
     */
    public MultistreamResponder(ProtocolLookup protocols, NegotiationListener listener, Duration timeout) {
        super(listener, timeout);
        this.protocols = requireNonNull(protocols, "protocols");
    }

    @Override
    void start(ChannelHandlerContext ctx) {
        send(ctx, MultistreamMessages.HEADER);
    }

    @Override
    void onMessage(ChannelHandlerContext ctx, String message) throws NegotiationException {
        if (message.equals(MultistreamMessages.HEADER)) {
            throw new NegotiationException(MALFORMED, "second multistream header");
        }
        ProtocolInstaller installer = protocols.find(message);
        if (installer == null) {
            refuse(ctx);
        } else {
            send(ctx, message);
            installer.install(ctx.channel(), message);
            agree(ctx, message);
        }
    }

    private void refuse(ChannelHandlerContext ctx) throws NegotiationException {
        if (refusals == MAX_REFUSALS) {
            throw new NegotiationException(LIMIT, "number of refused proposals exceeds the limit of " + MAX_REFUSALS);
        }
        refusals++;
        send(ctx, MultistreamMessages.REFUSAL);
    }

    /**
     * Closes the stream later if a lazy dialer was refused: it has sent data of the protocol behind its proposal, which is no message of the
     * negotiation and fails it, and the dialer must still get the refusal.
     */
    @Override
    void close(ChannelHandlerContext ctx, NegotiationException cause) {
        Optional<MuxedStream> stream = MuxedStream.find(ctx.channel());
        if (refusals > 0 && cause.reason() == MALFORMED && stream.isPresent()) {
            closeLater(ctx, stream.get());
        } else {
            super.close(ctx, cause);
        }
    }
}
