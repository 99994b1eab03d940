package io.kad.transport.netty;

import io.kad.transport.netty.limit.RemoteSource;
import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Accepted connections that are not yet upgraded. One group of sources has an eighth of them, at least one. When there are too many, a further
 * one evicts the oldest of the group that has most, so that no number of hosts can hold all; or the oldest of all if it takes too long.
 * Confined to its owner's lock.
 */
final class PendingUpgrades {

    /** Groups that fill the limit. Source: kad's choice. */
    private static final int GROUPS = 8;
    /** Time after which an upgrade may be evicted by any other: few round trips take that long. Source: kad's choice. */
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int max;
    private final int maxPerGroup;
    private final LongSupplier nanoTime;
    /** In the order of acceptance. */
    private final Map<Channel, Upgrade> upgrades = new LinkedHashMap<>();

    private final Map<String, Integer> counts = new HashMap<>();

    private record Upgrade(String group, long startNanos) {}

    PendingUpgrades(int max, LongSupplier nanoTime) {
        this.max = max;
        this.maxPerGroup = Math.max(1, max / GROUPS);
        this.nanoTime = nanoTime;
    }

    /** Returns whether {@link #add} would find a free one. */
    boolean hasRoom(RemoteSource source) {
        boolean limited = !source.ranges().isEmpty();
        boolean groupFull = limited && count(source.group()) >= maxPerGroup;
        return !groupFull && (upgrades.size() < max || evicted(source.group()) != null);
    }

    private int count(String group) {
        return counts.getOrDefault(group, 0);
    }

    /** Adds a connection; returns the one that it evicts, which the caller closes, or null. */
    @Nullable
    Channel add(Channel channel, RemoteSource source) {
        Channel evicted = upgrades.size() < max ? null : evicted(source.group());
        if (evicted != null) {
            remove(evicted);
        }
        upgrades.put(channel, new Upgrade(source.group(), nanoTime.getAsLong()));
        counts.merge(source.group(), 1, Integer::sum);
        return evicted;
    }

    private @Nullable Channel evicted(String group) {
        int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        boolean isUnfair = most > count(group) + 1;
        long now = nanoTime.getAsLong();
        for (Map.Entry<Channel, Upgrade> each : upgrades.entrySet()) {
            Upgrade upgrade = each.getValue();
            if (isUnfair ? count(upgrade.group()) == most : now - upgrade.startNanos() >= SLOW_NANOS) {
                return each.getKey();
            }
        }
        return null;
    }

    /** Removes a connection whose upgrade has ended; has no effect if it is not there. */
    void remove(Channel channel) {
        Upgrade upgrade = upgrades.remove(channel);
        if (upgrade != null) {
            counts.computeIfPresent(upgrade.group(), (same, count) -> count == 1 ? null : count - 1);
        }
    }
}
