package io.kad.api.record;

import java.util.OptionalInt;

/**
 * How many peers must have taken a record, or returned it, for an operation to succeed.
 *
 * <p>{@code one}, {@code majority} and {@code all} count against the peers that were found, not against the configured k,
 * so they can be met in a small network. An explicit number is never lowered: when fewer peers are found the quorum fails.
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

    /** Returns the quorum of a single peer. */
    public static Quorum one() {
        return ONE;
    }

    /** Returns the quorum of more than half of the peers found. */
    public static Quorum majority() {
        return MAJORITY;
    }

    /** Returns the quorum of every peer found. */
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
            throw new IllegalArgumentException("a quorum is at least 1, not " + count);
        }
        return new Quorum(Kind.COUNT, count);
    }

    /**
     * Returns the quorum that {@code text} names: {@code one}, {@code majority}, {@code all} or a number from 1.
     *
     * @throws IllegalArgumentException if it names none
     */
    public static Quorum parse(String text) {
        return switch (text) {
            case "one" -> ONE;
            case "majority" -> MAJORITY;
            case "all" -> ALL;
            default -> ofNumber(text);
        };
    }

    private static Quorum ofNumber(String text) {
        try {
            return of(Integer.parseInt(text));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(
                    "a quorum is one, majority, all or a number from 1, not '" + text + "'", notANumber);
        }
    }

    /** Returns how many peers are needed when {@code found} peers were found; at least 1. */
    public int required(int found) {
        return switch (kind) {
            case ONE, COUNT -> count;
            case MAJORITY -> found / 2 + 1;
            case ALL -> Math.max(1, found);
        };
    }

    /** Returns how many peers are needed if that does not depend on how many are found; empty for majority and all. */
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
        return kind == Kind.COUNT ? Integer.toString(count) : kind.name().toLowerCase(java.util.Locale.ROOT);
    }
}
