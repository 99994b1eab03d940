package io.kad.transport.netty;

import io.kad.transport.netty.limit.RemoteSource;
import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Accepted connections that are not yet upgraded. One group of sources has an eighth of them, at least one; loopback may have more while nobody
 * else needs them. A newcomer that finds no place may take that of another one ({@link #evictionCandidate}), so that nobody holds all by
 * hanging. Confined to its owner's lock.
 */
final class PendingUpgrades {

    /** Groups that fill the limit. Source: kad's choice. */
    private static final int GROUPS = 8;
    /** Time after which an upgrade may be evicted by any other: few round trips take that long. Source: kad's choice. */
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    /**
     * Time without progress after which an upgrade hangs on which no security protocol is agreed: a dialer proposes one in the packet with which it
     * connects, or the next, or after each step below it. Source: kad's choice.
     */
    private static final long HANGING_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final int max;
    private final int maxPerGroup;
    private final LongSupplier nanoTime;
    /** In the order of acceptance. */
    private final Map<Channel, Upgrade> upgrades = new LinkedHashMap<>();

    private final Map<String, Integer> counts = new HashMap<>();

    /**
     * One of them.
     *
     * @param progressNanos when it was accepted, or has done its last step
     */
    private record Upgrade(String group, long startNanos, long progressNanos, boolean securityAgreed) {

        boolean isSlow(long now) {
            return now - startNanos >= SLOW_NANOS;
        }

        /** Returns whether it gives its place up first. However often it advances, it does once it is slow. */
        boolean hangs(long now) {
            return !securityAgreed && (isSlow(now) || now - progressNanos >= HANGING_NANOS);
        }
    }

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
        return !source.ranges().isEmpty() && count(source.pruningGroup()) >= maxPerGroup;
    }

    private int count(String group) {
        return counts.getOrDefault(group, 0);
    }

    /**
     * Returns the one that gives its place to a newcomer from {@code source}; empty if none has to.
     *
     * <p>It is one of the group of the newcomer if that has its part; otherwise one of the group that has most, if that has more than its part
     * or than the newcomer's group; otherwise one of all. Among these it is the oldest one that hangs. If none does, it is the oldest of a group
     * that has more than others, or else one that is slow.
     */
    Optional<Channel> evictionCandidate(RemoteSource source) {
        String group = source.pruningGroup();
        int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        boolean isGroupFull = isGroupFull(source);
        boolean isUnfair = !isGroupFull && (most > count(group) + 1 || most > maxPerGroup);
        Predicate<Upgrade> scope = isGroupFull
                ? upgrade -> upgrade.group().equals(group)
                : upgrade -> !isUnfair || count(upgrade.group()) == most;
        long now = nanoTime.getAsLong();
        return oldest(scope.and(upgrade -> upgrade.hangs(now)))
                .or(() -> oldest(scope.and(upgrade -> isUnfair || upgrade.isSlow(now))));
    }

    private Optional<Channel> oldest(Predicate<Upgrade> condition) {
        return upgrades.entrySet().stream()
                .filter(each -> condition.test(each.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Returns the oldest one without a security protocol after a second, which may give its place up though there are few. */
    Optional<Channel> oldestHanging() {
        long now = nanoTime.getAsLong();
        return oldest(upgrade -> !upgrade.securityAgreed() && upgrade.isSlow(now));
    }

    /** Returns the oldest one without a security protocol, or else the oldest; empty if there is none. */
    Optional<Channel> leastAdvanced() {
        return oldest(upgrade -> !upgrade.securityAgreed()).or(() -> oldest(upgrade -> true));
    }

    /** Adds a connection. */
    void add(Channel channel, RemoteSource source) {
        long now = nanoTime.getAsLong();
        upgrades.put(channel, new Upgrade(source.pruningGroup(), now, now, false));
        counts.merge(source.pruningGroup(), 1, Integer::sum);
    }

    /** Called when a step before the agreement on a security protocol is done; has no effect if the connection is not there. */
    void advanced(Channel channel) {
        progress(channel, false);
    }

    /** Called when the remote peer has agreed on a security protocol; has no effect if the connection is not there. */
    void securityAgreed(Channel channel) {
        progress(channel, true);
    }

    private void progress(Channel channel, boolean securityAgreed) {
        upgrades.computeIfPresent(
                channel,
                (same, upgrade) ->
                        new Upgrade(upgrade.group(), upgrade.startNanos(), nanoTime.getAsLong(), securityAgreed));
    }

    /** Removes a connection whose upgrade has ended; has no effect if it is not there. */
    void remove(Channel channel) {
        Upgrade upgrade = upgrades.remove(channel);
        if (upgrade != null) {
            counts.computeIfPresent(upgrade.group(), (same, count) -> count == 1 ? null : count - 1);
        }
    }
}
