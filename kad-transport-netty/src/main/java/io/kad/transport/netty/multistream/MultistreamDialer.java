package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.NegotiationException.Reason.MALFORMED;
import static io.kad.transport.netty.multistream.NegotiationException.Reason.REFUSED;
import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.List;

/**
 * The handler that proposes protocols, most wanted first, until the remote agrees to one.
 *
 * <p>An {@linkplain #eager eager} one waits for the agreement and then installs the protocol's handlers. A
 * {@linkplain #lazy lazy} one has a single proposal and installs its handlers at once: what they write goes out in the same
 * flush as the proposal, and nothing reaches them before the remote has agreed. Either leaves the pipeline on agreement and
 * closes the channel on failure.
 *
 * <p>Closing a stream aborts it. So whoever opened one lazily to send a message half-closes it and keeps it open until
 * {@link NegotiationListener#onAgreed}: a remote whose answer to the proposal cannot be delivered may drop the message. Until
 * then this handler reads even where automatic reading is off.
 */
public final class MultistreamDialer extends Negotiator {

    /** The time a negotiation takes at most, unless told otherwise: 10 seconds, as in go and js. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final List<String> proposals;
    private final ProtocolInstaller installer;
    private final boolean lazy;
    private boolean headerReceived;
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
            throw new IllegalArgumentException("no protocol to propose");
        }
    }

    /**
     * Makes a handler that waits for the agreement.
     *
     * @param proposals the protocols to propose, most wanted first; at least one
     * @param installer adds the chosen protocol's handlers, on agreement
     * @param listener is told how it ended
     * @param timeout until when, from being added to the pipeline; zero if the caller limits the time
     */
    public static MultistreamDialer eager(
            List<String> proposals, ProtocolInstaller installer, NegotiationListener listener, Duration timeout) {
        return new MultistreamDialer(proposals, installer, listener, timeout, false);
    }

    /**
     * Makes a handler that takes the agreement for granted until the remote says otherwise.
     *
     * @param proposal the protocol to propose
     * @param installer adds the protocol's handlers, as soon as the channel is active
     * @param listener is told how it ended
     * @param timeout until when, from being added to the pipeline; zero if the caller limits the time
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
        if (!headerReceived) {
            MultistreamListener.requireHeader(message);
            headerReceived = true;
            return;
        }
        String proposal = proposals.get(proposed);
        if (message.equals(proposal)) {
            accepted(ctx, proposal);
        } else if (message.equals(MultistreamMessages.REFUSAL)) {
            refused(ctx);
        } else {
            throw new NegotiationException(
                    MALFORMED, "the remote answered %s to %s".formatted(MultistreamMessages.quoted(message), proposal));
        }
    }

    private void accepted(ChannelHandlerContext ctx, String proposal) {
        if (!lazy) {
            installer.install(ctx.channel(), proposal);
        } else if (actualReadableBytes() == 0 && !ctx.channel().config().isAutoRead()) {
            // What the protocol's handlers asked for has brought them nothing yet
            ctx.read();
        }
        agree(ctx, proposal);
    }

    private void refused(ChannelHandlerContext ctx) throws NegotiationException {
        proposed++;
        if (proposed == proposals.size()) {
            throw new NegotiationException(REFUSED, "the remote supports none of " + proposals);
        }
        send(ctx, proposals.get(proposed));
    }
}
