package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.NegotiationException.Reason.MALFORMED;
import static io.kad.transport.netty.multistream.NegotiationException.Reason.REFUSED;
import static java.util.Objects.requireNonNull;

import io.kad.api.id.Quoting;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.List;

/**
 * Handler that proposes protocols in order of preference until the remote peer agrees to one.
 *
 * <p>An {@linkplain #eager eager} dialer waits for the agreement and then installs the handlers of the protocol. A
 * {@linkplain #lazy lazy} dialer has a single proposal and installs its handlers immediately: what they write is sent
 * in the same flush as the proposal, and nothing reaches them before the agreement. Either one leaves the pipeline on
 * agreement and closes the channel on failure.
 *
 * <p>Closing a stream aborts it. After a lazy proposal and a message without a response, therefore, half-close the stream once the message is written
 * and keep it open until {@link NegotiationListener#onAgreed}: a remote peer that cannot deliver its response to the
 * proposal may drop the message. Until then this handler reads even if automatic reading is off.
 */
public final class MultistreamDialer extends Negotiator {

    /** Timeout of a negotiation. Default: 10 s (go-libp2p, js-libp2p). */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final List<String> proposals;
    private final ProtocolInstaller installer;
    private final boolean lazy;
    private int proposed;

    private MultistreamDialer(
            List<String> proposals,
            ProtocolInstaller installer,
            NegotiationListener listener,
            Duration timeout,
            boolean lazy) {
        super(listener, timeout);
        this.proposals =
                proposals.stream().map(MultistreamMessages::requireProtocol).toList();
        this.installer = requireNonNull(installer, "installer");
        this.lazy = lazy;
        if (proposals.isEmpty()) {
            throw new IllegalArgumentException("missing protocol: at least one proposal is required");
        }
    }

    /**
     * Creates a handler that waits for the agreement.
     *
     * @param proposals protocol IDs to propose, in order of preference; at least one
     * @param installer adds the handlers of the agreed protocol
     * @param listener receives the result
     * @param timeout limit from the addition to the pipeline; zero for none, if the caller has its own limit
     */
    public static MultistreamDialer eager(
            List<String> proposals, ProtocolInstaller installer, NegotiationListener listener, Duration timeout) {
        return new MultistreamDialer(proposals, installer, listener, timeout, false);
    }

    /**
     * Creates a handler that assumes the agreement until the remote peer refuses.
     *
     * @param proposal protocol ID to propose
     * @param installer adds the handlers of the protocol, as soon as the channel is active
     * @param listener receives the result
     * @param timeout limit from the addition to the pipeline; zero for none, if the caller has its own limit
     */
    public static MultistreamDialer lazy(
            String proposal, ProtocolInstaller installer, NegotiationListener listener, Duration timeout) {
        return new MultistreamDialer(List.of(proposal), installer, listener, timeout, true);
    }

    @Override
    void start(ChannelHandlerContext ctx) {
        send(ctx, MultistreamMessages.HEADER, proposals.get(0));
        if (lazy) {
            installer.install(ctx.channel(), proposals.get(0));
        }
    }

    @Override
    void onMessage(ChannelHandlerContext ctx, String message) throws NegotiationException {
        String proposal = proposals.get(proposed);
        if (message.equals(proposal)) {
            accepted(ctx, proposal);
        } else if (message.equals(MultistreamMessages.REFUSAL)) {
            refused(ctx);
        } else {
            throw new NegotiationException(
                    MALFORMED, "unexpected response %s to proposal %s".formatted(Quoting.text(message), proposal));
        }
    }

    private void accepted(ChannelHandlerContext ctx, String proposal) {
        if (!lazy) {
            installer.install(ctx.channel(), proposal);
        } else if (actualReadableBytes() == 0 && !ctx.channel().config().isAutoRead()) {
            // The read that the protocol's handlers requested has delivered nothing to them yet
            ctx.read();
        }
        agree(ctx, proposal);
    }

    private void refused(ChannelHandlerContext ctx) throws NegotiationException {
        proposed++;
        if (proposed == proposals.size()) {
            throw new NegotiationException(REFUSED, "no supported protocol among " + proposals);
        }
        send(ctx, proposals.get(proposed));
    }
}
