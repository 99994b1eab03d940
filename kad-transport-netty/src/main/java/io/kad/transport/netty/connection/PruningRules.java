package io.kad.transport.netty.connection;

import io.kad.api.spi.transport.ConnectionInfo.Direction;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rules for which connections are closed to make room. A connection is used by requests, whichever side sends them; a ping or identify is no
 * use. Immutable.
 */
public final class PruningRules {

    /** An outbound connection counts as idle after a fraction of the grace period: the local peer knows what it has opened it for. */
    private static final int OUTBOUND_FRACTION = 4;
    /** Groups that fill the share of a direction; a larger one loses connections that are used. */
    private static final int GROUPS = 8;

    /** Time after which an inbound connection without a request may give way: whoever connects for a request sends it at once. Source: kad's choice. */
    private static final long FIRST_USE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Time without a request after which a connection of a larger group may give way, before it is idle. Source: kad's choice. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

    private final long graceNanos;

    /**
     * Creates rules.
     *
     * @param grace time for which a connection is left alone after it was opened or used
     */
    public PruningRules(Duration grace) {
        this.graceNanos = grace.toNanos();
    }

    /**
     * Connection that may be closed.
     *
     * @param connection the connection
     * @param isProtected whether the peer is in the routing table
     * @param ageNanos time since it was opened
     * @param unusedNanos time since it was used or opened
     * @param group what is likely in one hand
     */
    public record Candidate<T>(
            T connection, Direction direction, boolean isProtected, long ageNanos, long unusedNanos, String group) {

        /** Returns whether the connection was not used since it was opened. */
        boolean neverUsed() {
            return unusedNanos == ageNanos;
        }
    }

    /** Returns idle connections of one direction, the one unused for the longest time first; none that are protected. */
    public <T> List<T> idle(Collection<Candidate<T>> all, Direction direction, int count) {
        return idle(all, direction, candidate -> !candidate.isProtected())
                .limit(count)
                .map(Candidate::connection)
                .toList();
    }

    /**
     * Returns the connection that makes room for another one when its direction has used up its places; empty if there is none.
     *
     * <p>An idle one that is not protected, the one unused for the longest time. For an outbound connection, an idle one that is protected
     * otherwise: the local peer needs the other one now. For an inbound one, a group with more than an eighth of the connections is larger than
     * its part, and gives way first: its oldest connection that was never used; then the oldest of any group that was never used for 1 s; then the
     * one of the largest group that is unused for the longest time, for 1.5 s at least, or, for a newcomer of another group, that is older than the
     * grace period. None of these is protected.
     *
     * @param group the group of the newcomer
     */
    public <T> Optional<T> leastUseful(Collection<Candidate<T>> all, Direction direction, String group) {
        Optional<Candidate<T>> idle =
                idle(all, direction, candidate -> !candidate.isProtected()).findFirst();
        return idle.or(() -> direction == Direction.OUTBOUND
                        ? idle(all, direction, candidate -> true).findFirst()
                        : inboundOne(all, group))
                .map(Candidate::connection);
    }

    /**
     * Returns the connection of {@code direction} that gives its place back, which was lent: the {@linkplain #leastUseful least useful} one,
     * otherwise the one unused for the longest time, and protected ones last; empty if there is none.
     */
    public <T> Optional<T> leastOf(Collection<Candidate<T>> all, Direction direction) {
        Optional<T> least = idle(all, direction, 1).stream().findFirst();
        return least.or(() -> direction == Direction.INBOUND
                        ? inboundOne(all, "").map(Candidate::connection)
                        : Optional.empty())
                .or(() -> all.stream()
                        .filter(candidate -> candidate.direction() == direction)
                        .min(Comparator.<Candidate<T>, Boolean>comparing(Candidate::isProtected)
                                .thenComparing(longestUnusedFirst()))
                        .map(Candidate::connection));
    }

    private <T> Stream<Candidate<T>> idle(
            Collection<Candidate<T>> all, Direction direction, Predicate<Candidate<T>> condition) {
        long idleNanos = direction == Direction.OUTBOUND ? graceNanos / OUTBOUND_FRACTION : graceNanos;
        return all.stream()
                .filter(candidate -> candidate.direction() == direction && candidate.unusedNanos() >= idleNanos)
                .filter(condition)
                .sorted(longestUnusedFirst());
    }

    private static <T> Comparator<Candidate<T>> longestUnusedFirst() {
        return Comparator.comparingLong(candidate -> -candidate.unusedNanos());
    }

    private <T> Optional<Candidate<T>> inboundOne(Collection<Candidate<T>> all, String newcomer) {
        List<Candidate<T>> inbound = all.stream()
                .filter(candidate -> candidate.direction() == Direction.INBOUND)
                .toList();
        List<Candidate<T>> largest = largestGroup(inbound);
        return oldest(largest, Candidate::neverUsed)
                .or(() -> oldest(inbound, each -> each.neverUsed() && each.ageNanos() >= FIRST_USE_NANOS))
                .or(() -> oldest(
                        largest,
                        each -> each.unusedNanos() >= PAUSE_NANOS
                                || (!each.group().equals(newcomer) && each.ageNanos() >= graceNanos)));
    }

    /** Returns the connections of the group that has most, if it is larger than its part; otherwise none. */
    private static <T> List<Candidate<T>> largestGroup(List<Candidate<T>> inbound) {
        return inbound.stream().collect(Collectors.groupingBy(Candidate::group)).values().stream()
                .filter(group -> group.size() > Math.max(1, inbound.size() / GROUPS))
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of());
    }

    /** Returns the one unused for the longest time of those that are not protected and meet {@code condition}. */
    private static <T> Optional<Candidate<T>> oldest(List<Candidate<T>> all, Predicate<Candidate<T>> condition) {
        return all.stream()
                .filter(candidate -> !candidate.isProtected())
                .filter(condition)
                .min(longestUnusedFirst());
    }
}
