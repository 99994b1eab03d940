package io.kad.transport.netty.limit;

import java.util.concurrent.Executor;

/**
 * Budget of the bytes that one connection may hold. Confined to the event loop of the connection, except the account.
 *
 * @param sendBudget bytes that wait to be sent
 * @param receiveAccount account in the budget of the node for received bytes that are not handled yet
 * @param counters counters of the node
 */
public record ConnectionBudget(SendBudget sendBudget, ByteBudget.Account receiveAccount, LimitCounters counters) {

    /** Creates a budget without limits, with counters of its own. */
    public static ConnectionBudget unlimited(Executor eventLoop) {
        LimitCounters counters = new LimitCounters();
        ByteBudget node = new ByteBudget(Long.MAX_VALUE / 4);
        SendBudget send =
                new SendBudget(eventLoop, Long.MAX_VALUE / 4, 0, node.addConnection("unlimited", () -> {}), counters);
        return new ConnectionBudget(send, node.addConnection("unlimited", () -> {}), counters);
    }

    /** Ends the accounts in the budgets of the node once their bytes are gone. */
    public void close() {
        sendBudget.close();
        receiveAccount.close();
    }
}
