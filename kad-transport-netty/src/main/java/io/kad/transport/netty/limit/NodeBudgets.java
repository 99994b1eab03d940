package io.kad.transport.netty.limit;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;

/**
 * Budgets of a node for the bytes that its connections hold. Several nodes of one process may share them. Thread-safe.
 *
 * @param send bytes that wait to be sent
 * @param receive received bytes that are not handled yet
 */
public record NodeBudgets(ByteBudget send, ByteBudget receive) {

    /** Creates the budgets of {@code config}, with room for at least two messages of the maximum size each. */
    public static NodeBudgets of(KademliaConfig config) {
        long twoMessages = 2L * config.get(KademliaConfig.MAX_MESSAGE_BYTES);
        return new NodeBudgets(
                new ByteBudget(Math.max(twoMessages, config.get(TransportOptions.MAX_SEND_BYTES))),
                new ByteBudget(Math.max(twoMessages, config.get(TransportOptions.MAX_RECEIVE_BYTES))));
    }
}
