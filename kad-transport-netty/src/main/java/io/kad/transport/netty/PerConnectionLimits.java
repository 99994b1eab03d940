package io.kad.transport.netty;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.connection.RemoteSocket;
import io.kad.transport.netty.limit.ByteBudget;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.NodeBudgets;
import io.kad.transport.netty.limit.RemoteSource;
import io.kad.transport.netty.limit.SendBudget;
import io.kad.transport.netty.stream.PartialMessageBudget;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.time.Duration;

/** Limits of every connection of a transport, from its configuration. Immutable. */
final class PerConnectionLimits {

    private static final AttributeKey<PartialMessageBudget> RECEIVE =
            AttributeKey.valueOf(PerConnectionLimits.class, "receive-budget");

    private final NodeBudgets node;
    private final LimitCounters counters;
    private final Duration idleTimeout;
    private final Duration gracePeriod;
    private final int maxMessageBytes;
    private final int maxSendBytes;
    private final long maxReceiveBytes;

    PerConnectionLimits(KademliaConfig config, NodeBudgets node, LimitCounters counters) {
        this.node = node;
        this.counters = counters;
        this.idleTimeout = config.get(KademliaConfig.IDLE_CONNECTION_TIMEOUT);
        this.gracePeriod = config.get(TransportOptions.CONNECTION_GRACE_PERIOD);
        this.maxMessageBytes = config.get(KademliaConfig.MAX_MESSAGE_BYTES);
        this.maxSendBytes = config.get(TransportOptions.MAX_CONNECTION_SEND_BYTES);
        this.maxReceiveBytes =
                Math.max(config.get(TransportOptions.MAX_CONNECTION_RECEIVE_BYTES), 2L * maxMessageBytes);
    }

    /** Returns the limit of the unread bytes in the muxer of a connection, which is also that of its {@link PartialMessageBudget}. */
    long maxReceiveBytes() {
        return maxReceiveBytes;
    }

    Duration idleTimeout() {
        return idleTimeout;
    }

    Duration gracePeriod() {
        return gracePeriod;
    }

    LimitCounters counters() {
        return counters;
    }

    /** Returns the budget of {@code connection}, which ends with it. */
    ConnectionBudget newBudget(Channel connection) {
        String group = RemoteSource.of(RemoteSocket.of(connection)).group();
        SendBudget send = new SendBudget(
                connection.eventLoop(),
                maxSendBytes,
                maxMessageBytes,
                node.send().addConnection(group, () -> evict(connection, LimitId.SEND_BYTES)),
                counters);
        ConnectionBudget budget = new ConnectionBudget(
                send,
                node.receive()
                        .addConnection(
                                group,
                                () -> evict(connection, LimitId.RECEIVE_BYTES),
                                account -> dropPart(connection, account)),
                counters);
        connection.closeFuture().addListener(closed -> budget.close());
        return budget;
    }

    /** Returns the limit of the incomplete messages of {@code connection}; the one that holds most is dropped when the node needs its memory. */
    PartialMessageBudget newPartialMessageBudget(Channel connection, ConnectionBudget budget) {
        PartialMessageBudget receive = new PartialMessageBudget(maxReceiveBytes, budget);
        connection.attr(RECEIVE).set(receive);
        return receive;
    }

    /** Drops the largest incomplete message of a connection, later; see {@link #evict}. */
    private boolean dropPart(Channel connection, ByteBudget.Account account) {
        connection.eventLoop().execute(() -> {
            PartialMessageBudget receive = connection.attr(RECEIVE).get();
            if (receive != null && receive.failFullestStream()) {
                counters.countAndLog(
                        LimitId.RECEIVE_BYTES,
                        "dropped the largest incomplete message of " + RemoteSocket.of(connection));
                account.partDropped();
            } else {
                account.nothingToDrop();
            }
        });
        return true;
    }

    /** Closes a connection later, because it may be in the middle of what made it exceed the limit. */
    private void evict(Channel connection, LimitId limit) {
        counters.countAndLog(limit, "closed the connection with the most bytes, to " + RemoteSocket.of(connection));
        PeerConnection.markEvicted(connection);
        connection.eventLoop().execute(connection::close);
    }
}
