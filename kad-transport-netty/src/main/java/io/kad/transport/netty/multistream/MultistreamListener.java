package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.NegotiationException.Reason.LIMIT;
import static io.kad.transport.netty.multistream.NegotiationException.Reason.MALFORMED;
import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;

/**
 * The handler that lets the remote choose among supported protocols.
 *
 * <p>It sends its header at once and without waiting for the remote's, answers {@code na} to what is not supported
 * ({@code ls} included, as go does), and echoes the first protocol that is. A remote that does not start with the header,
 * repeats it, is refused more than {@value #MAX_REFUSALS} times or sends more than 8 KiB is closed. On agreement it installs
 * the protocol's handlers and leaves the pipeline.
 */
public final class MultistreamListener extends Negotiator {

    /** The time a negotiation takes at most, unless told otherwise: 10 seconds, as in go and js. */
    public static final Duration TIMEOUT = MultistreamDialer.TIMEOUT;

    /** The number of proposals that are answered by {@code na}; one more closes the channel. */
    public static final int MAX_REFUSALS = 16;

    private final ProtocolTable protocols;
    private boolean headerReceived;
    private int refusals;

    /**
     * Makes a handler for one negotiation.
     *
     * @param protocols what is supported
     * @param listener is told how it ended
     * @param timeout until when, from being added to the pipeline; zero if the caller limits the time
     */
    public MultistreamListener(ProtocolTable protocols, NegotiationListener listener, Duration timeout) {
        super(listener, timeout);
        this.protocols = requireNonNull(protocols, "protocols");
    }

    @Override
    void start(ChannelHandlerContext ctx) {
        send(ctx, MultistreamMessages.HEADER);
    }

    @Override
    void onMessage(ChannelHandlerContext ctx, String message) throws NegotiationException {
        if (!headerReceived) {
            requireHeader(message);
            headerReceived = true;
            return;
        }
        if (message.equals(MultistreamMessages.HEADER)) {
            throw new NegotiationException(MALFORMED, "the remote sent a second header");
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
            throw new NegotiationException(LIMIT, "the remote was refused %d times".formatted(MAX_REFUSALS));
        }
        refusals++;
        send(ctx, MultistreamMessages.REFUSAL);
    }

    static void requireHeader(String message) throws NegotiationException {
        if (!message.equals(MultistreamMessages.HEADER)) {
            throw new NegotiationException(MALFORMED, "the remote began with " + MultistreamMessages.quoted(message));
        }
    }
}
