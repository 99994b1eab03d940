package io.kad.transport.netty;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import java.util.EnumMap;
import java.util.Map;

/**
 * Number of connections that each direction may have. What one direction does not use of its share is lent to the other, and is taken back for the next
 * connection of the owner ({@link #beginClaim}). Confined to its owner's lock.
 */
final class ConnectionShares {

    private final int max;
    private final int highWaterPercent;
    private final int lowWaterPercent;
    private final Map<Direction, Share> shares = new EnumMap<>(Direction.class);

    /** Share of one direction. */
    private static final class Share {

        private final int owned;
        private int open;
        /** Connections for which a place that is owned is being taken back: nobody else may take it. */
        private int claimed;

        Share(int owned) {
            this.owned = owned;
        }
    }

    ConnectionShares(KademliaConfig config) {
        this.max = config.get(KademliaConfig.MAX_CONNECTIONS);
        this.highWaterPercent = config.get(TransportOptions.CONNECTION_HIGH_WATER_PERCENT);
        this.lowWaterPercent = config.get(TransportOptions.CONNECTION_LOW_WATER_PERCENT);
        int inbound =
                Math.min(Math.max(1, max - 1), percent(max, config.get(TransportOptions.INBOUND_CONNECTIONS_PERCENT)));
        shares.put(Direction.INBOUND, new Share(inbound));
        shares.put(Direction.OUTBOUND, new Share(Math.max(1, max - inbound)));
    }

    /** Returns so many percent of {@code whole}, rounded up. */
    private static int percent(int whole, int percent) {
        return (int) (((long) whole * percent + 99) / 100);
    }

    static Direction opposite(Direction direction) {
        return direction == Direction.INBOUND ? Direction.OUTBOUND : Direction.INBOUND;
    }

    private Share share(Direction direction) {
        Share share = shares.get(direction);
        if (share == null) {
            throw new IllegalArgumentException("no share of " + direction);
        }
        return share;
    }

    private int open() {
        return share(Direction.INBOUND).open + share(Direction.OUTBOUND).open;
    }

    /** Returns whether there is no place for another one of {@code direction}. */
    boolean isFull(Direction direction) {
        int claimed = ownsAnother(direction) ? 0 : share(opposite(direction)).claimed;
        return open() + claimed >= max;
    }

    private boolean ownsAnother(Direction direction) {
        Share share = share(direction);
        return share.open < share.owned;
    }

    /** Called when a connection opens. */
    void add(Direction direction) {
        share(direction).open++;
    }

    /** Called when a connection closes, or is about to. */
    void remove(Direction direction) {
        share(direction).open--;
    }

    /**
     * Called when there is no place for a connection of {@code direction}. Returns which direction has to give one: the other one if it has
     * borrowed it, and then no other connection may take it until {@link #endClaim} is called.
     */
    Direction beginClaim(Direction direction) {
        if (!ownsAnother(direction)) {
            return direction;
        }
        share(direction).claimed++;
        return opposite(direction);
    }

    /** Called after {@link #beginClaim}, which returned {@code directionToPrune}. */
    void endClaim(Direction direction, Direction directionToPrune) {
        if (directionToPrune != direction) {
            share(direction).claimed--;
        }
    }

    /**
     * Returns how many connections of a direction are to be closed if they are idle: down to low water once they are above high water, of its share
     * with what the other direction leaves.
     */
    int excess(Direction direction) {
        Share share = share(direction);
        int available = Math.max(share.owned, max - share(opposite(direction)).open);
        return share.open <= percent(available, highWaterPercent)
                ? 0
                : share.open - percent(available, lowWaterPercent);
    }
}
