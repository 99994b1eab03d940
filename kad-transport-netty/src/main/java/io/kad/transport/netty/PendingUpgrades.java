package io.kad.transport.netty;

import io.kad.transport.netty.limit.RemoteSource;
import io.netty.channel.Channel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Accepted connections that are not yet upgraded. One group of sources has an eighth of them, at least one; loopback may have more while nobody
 * else needs them. A newcomer that finds no place may take that of another one ({@link #victim}), so that nobody holds all by hanging. Confined
 * to its owner's lock.
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

    private record Upgrade(String group, long startNanos, boolean underWay) {}

    PendingUpgrades(int max, LongSupplier nanoTime) {
        this.max = max;
        this.maxPerGroup = Math.max(1, max / GROUPS);
        this.nanoTime = nanoTime;
    }

    /** Returns whether one of {@code source} needs the place of another one. */
    boolean isFull(RemoteSource source) {
        return upgrades.size() >= max || isGroupFull(source);
    }

    private boolean isGroupFull(RemoteSource source) {
        return !source.ranges().isEmpty() && count(source.placeGroup()) >= maxPerGroup;
    }

    private int count(String group) {
        return counts.getOrDefault(group, 0);
    }

    /**
     * Returns the one that gives its place to a newcomer from {@code source}; empty if none has to.
     *
     * <p>It is one of the group of the newcomer if that has its part; otherwise one of the group that has most, if that has more than its part
     * or than the newcomer's group; otherwise one of all. Among these it is the oldest one that is not under way, or else the oldest; one that is
     * under way keeps its place for a second, unless its group has more than others.
     */
    Optional<Channel> victim(RemoteSource source) {
        String group = source.placeGroup();
        int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        boolean isGroupFull = isGroupFull(source);
        boolean isUnfair = !isGroupFull && (most > count(group) + 1 || most > maxPerGroup);
        Predicate<Upgrade> scope = isGroupFull
                ? upgrade -> upgrade.group().equals(group)
                : upgrade -> !isUnfair || count(upgrade.group()) == most;
        long now = nanoTime.getAsLong();
        return upgrades.entrySet().stream()
                .filter(each -> scope.test(each.getValue()))
                .min(Comparator.comparing(
                        each -> each.getValue().underWay())) // the first of those, which is the oldest
                .filter(each -> isUnfair
                        || !each.getValue().underWay()
                        || now - each.getValue().startNanos() >= SLOW_NANOS)
                .map(Map.Entry::getKey);
    }

    /** Returns the oldest one that is not under way after a second, which may give its place up though there are few. */
    Optional<Channel> hanging() {
        long now = nanoTime.getAsLong();
        return upgrades.entrySet().stream()
                .filter(each ->
                        !each.getValue().underWay() && now - each.getValue().startNanos() >= SLOW_NANOS)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Returns the oldest one that is not under way, or else the oldest; empty if there is none. */
    Optional<Channel> least() {
        return upgrades.entrySet().stream()
                .min(Comparator.comparing(each -> each.getValue().underWay()))
                .map(Map.Entry::getKey);
    }

    /** Adds a connection. */
    void add(Channel channel, RemoteSource source) {
        upgrades.put(channel, new Upgrade(source.placeGroup(), nanoTime.getAsLong(), false));
        counts.merge(source.placeGroup(), 1, Integer::sum);
    }

    /** Called when the remote peer has agreed on a security protocol; has no effect if the connection is not there. */
    void underWay(Channel channel) {
        upgrades.computeIfPresent(channel, (same, upgrade) -> new Upgrade(upgrade.group(), upgrade.startNanos(), true));
    }

    /** Removes a connection whose upgrade has ended; has no effect if it is not there. */
    void remove(Channel channel) {
        Upgrade upgrade = upgrades.remove(channel);
        if (upgrade != null) {
            counts.computeIfPresent(upgrade.group(), (same, count) -> count == 1 ? null : count - 1);
        }
    }
}
