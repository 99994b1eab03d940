package io.kad.transport.netty.support;

import io.kad.api.KademliaConfig;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.stream.PartialMessageBudget;
import io.netty.channel.embedded.EmbeddedChannel;

/** Budgets of connections that are under test alone. */
public final class Budgets {

    private static final long DEFAULT_RECEIVE_BYTES = 8 << 20;

    private Budgets() {}

    /** Returns a budget without limits, whose tasks run at once. */
    public static ConnectionBudget unlimited() {
        return ConnectionBudget.unlimited(Runnable::run);
    }

    /** Returns the limiter, with the default rates, of the peer of a connection under test. */
    public static PeerRates.Limiter rateLimiter() {
        return new PeerRates(KademliaConfig.of("/test/kad/1.0.0"), new LimitCounters())
                .limiter(new TestIdentity(1).peerId(), new EmbeddedChannel().remoteAddress());
    }

    /** Returns the default budget of a connection whose messages have up to {@code maxMessageBytes} bytes. */
    public static PartialMessageBudget receive(int maxMessageBytes) {
        return new PartialMessageBudget(Math.max(DEFAULT_RECEIVE_BYTES, 2L * maxMessageBytes), unlimited());
    }
}
