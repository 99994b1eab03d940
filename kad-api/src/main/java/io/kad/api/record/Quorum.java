package io.kad.api.record;

import io.kad.api.id.Quoting;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Number of peers that must store or return a record for an operation to succeed. Immutable.
 *
 * <p>For a get, a record in the local store counts like that of a peer; for a put, only remote peers count.
 *
 * <p>{@code one}, {@code majority} and {@code all} refer to the peers that were found, not to the configured k, so a small network can
 * reach them. An explicit number is never lowered: if fewer peers are found, the operation fails with {@link
 * io.kad.api.KadException.QuorumNotReached}. If too low, a put may leave the record at few peers, and a get may return an old record; if too
 * high, operations fail or take longer when peers do not respond.
 */
public final class Quorum {

    private enum Kind {
        ONE,
        MAJORITY,
        ALL,
        COUNT
    }

    private static final Quorum ONE = new Quorum(Kind.ONE, 1);
    private static final Quorum MAJORITY = new Quorum(Kind.MAJORITY, 0);
    private static final Quorum ALL = new Quorum(Kind.ALL, 0);

    private final Kind kind;
    private final int count;

    private Quorum(Kind kind, int count) {
        this.kind = kind;
        this.count = count;
    }

    /** Returns the quorum of one peer. */
    public static Quorum one() {
        return ONE;
    }

    /** Returns the quorum of more than half of the peers found. */
    public static Quorum majority() {
        return MAJORITY;
    }

    /** Returns the quorum of all peers found. */
    public static Quorum all() {
        return ALL;
    }

    /**
     * Returns the quorum of exactly {@code count} peers.
     *
     * @throws IllegalArgumentException if {@code count} is below 1
     */
    public static Quorum of(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("quorum must be at least 1, got " + count);
        }
        return new Quorum(Kind.COUNT, count);
    }

    /**
     * Parses {@code one}, {@code majority}, {@code all} or an integer of at least 1.
     *
     * @throws IllegalArgumentException if {@code text} has another form
     */
    public static Quorum parse(String text) {
        return switch (text) {
            case "one" -> ONE;
            case "majority" -> MAJORITY;
            case "all" -> ALL;
            default -> parseCount(text);
        };
    }

    private static Quorum parseCount(String text) {
        try {
            return of(Integer.parseInt(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "invalid quorum " + Quoting.text(text)
                            + ": expected one, majority, all, or an integer of at least 1",
                    e);
        }
    }

    /** Returns the number of peers that are required if {@code found} peers were found; at least 1. */
    public int required(int found) {
        return switch (kind) {
            case ONE, COUNT -> count;
            case MAJORITY -> found / 2 + 1;
            case ALL -> Math.max(1, found);
        };
    }

    /** Returns the required number if it does not depend on the number of peers found; empty for majority and all. */
    public OptionalInt fixed() {
        return kind == Kind.ONE || kind == Kind.COUNT ? OptionalInt.of(count) : OptionalInt.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quorum that && kind == that.kind && count == that.count;
    }

    @Override
    public int hashCode() {
        return kind.hashCode() * 31 + count;
    }

    @Override
    public String toString() {
        return kind == Kind.COUNT ? Integer.toString(count) : kind.name().toLowerCase(Locale.ROOT);
    }
}
