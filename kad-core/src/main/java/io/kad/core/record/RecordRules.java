package io.kad.core.record;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Rules of the records of one key: which are valid, and which of two is better. Every decision between two of them is made here: on a put, on receipt, on reading, on correction and on
 * republication. Immutable and thread-safe.
 *
 * <p>The validator of the namespace decides. Without a validator, and between equal values, the record that was published last is the best;
 * of two that were published in the same millisecond it is the one whose value is greater in byte order.
 *
 * <p>A record that came without the time of its publication gets an estimate when it arrives: the time of arrival if it comes from its
 * publisher or names none, and otherwise what its time to live tells. A stated time is later than each estimate.
 */
public final class RecordRules {

    /**
     * Greatest time of publication that a peer accepts, after its clock; also how far two clocks may differ. If too low, records of
     * peers whose clocks are fast are refused; if too high, a wrong clock makes a record last as long. Default: 10 min (kad's choice).
     */
    public static final Duration MAX_AHEAD = Duration.ofMinutes(10);

    /** Time to live that a publisher gives without a configured one (rust-libp2p). */
    private static final Duration DEFAULT_TTL = Duration.ofDays(2);

    private final PeerId self;
    private final Validators validators;
    private final Duration ttl;
    private final UnaryOperator<Instant> steady;

    /** Creates the rules of the peer {@code self}, if its wall clock never jumps. */
    public RecordRules(PeerId self, KademliaConfig config, Validators validators) {
        this(self, config, validators, UnaryOperator.identity());
    }

    /**
     * Creates the rules of the peer {@code self}.
     *
     * @param steady converts a time of the wall clock into one of a clock that does not jump with it; times of publication are made and
     *     judged by that one
     */
    public RecordRules(PeerId self, KademliaConfig config, Validators validators, UnaryOperator<Instant> steady) {
        this.steady = requireNonNull(steady, "steady");
        this.self = requireNonNull(self, "self");
        this.validators = requireNonNull(validators, "validators");
        this.ttl = config.get(KademliaConfig.RECORD_TTL).orElse(DEFAULT_TTL);
    }

    /** Returns whether a validator decides about the records of {@code key}; it may be slow. */
    public boolean hasValidator(RecordKey key) {
        return validators.hasValidator(key);
    }

    /** Returns whether {@code record} was published by the local peer. */
    public boolean isLocal(Record record) {
        return record.publisher().filter(self::equals).isPresent();
    }

    /** Returns the reason why {@code record} must not be used at {@code now}, in one line; empty if it is valid. */
    public Optional<String> reasonInvalid(Record record, Instant now) {
        return validators.reasonInvalid(record, now);
    }

    /** Returns the reason why a record that another peer sent must not be stored at {@code now}, in one line; empty if it is valid. */
    public Optional<String> reasonInvalidWhenReceived(Record record, Instant now) {
        return isTooFarAhead(record, now)
                ? Optional.of(
                        "time of publication is more than " + MAX_AHEAD.toMinutes() + " min ahead of the local clock")
                : reasonInvalid(record, now);
    }

    /** Returns by how much the time of publication of {@code record} is ahead of the local clock, if that is too far; empty otherwise. */
    public Optional<Duration> aheadOfClock(Record record, Instant now) {
        return record.published()
                .filter(published -> isTooFarAhead(record, now))
                .map(published -> Duration.between(steady.apply(now), published.time()));
    }

    private boolean isTooFarAhead(Record record, Instant now) {
        return record.published().isPresent()
                && isAfter(record, steady.apply(now).plus(MAX_AHEAD));
    }

    private static boolean isAfter(Record record, Instant limit) {
        return record.published()
                .filter(published -> published.time().isAfter(limit))
                .isPresent();
    }

    // --- times of publication

    /** Returns {@code record}, which {@code from} put here at {@code now}, with an estimated time of publication unless it states one. */
    public Record withPublicationTimeWhenReceived(Record record, PeerId from, Instant now) {
        return withEstimate(record, from, now);
    }

    /**
     * Returns {@code record}, which was read at {@code now}, with an estimated time of publication unless it states one.
     *
     * @param holder the peer that returned it; empty for the local store
     */
    public Record withPublicationTimeWhenRead(Record record, Optional<PeerId> holder, Instant now) {
        Instant arrival = record.timeReceived()
                .filter(time -> !time.isAfter(now))
                .orElse(holder.isPresent() ? now : Instant.EPOCH);
        return withEstimate(record, holder.orElse(self), arrival);
    }

    private Record withEstimate(Record record, PeerId from, Instant arrival) {
        if (record.published().isPresent()) {
            return record;
        }
        boolean direct = record.publisher().map(from::equals).orElse(true);
        return record.withPublished(Optional.of(estimate(
                direct
                        ? arrival
                        : estimateByTtl(record).filter(arrival::isAfter).orElse(arrival))));
    }

    /** Returns the estimate for a time of the wall clock; the epoch, which is long ago by any clock, stays. */
    private PublicationTime estimate(Instant time) {
        return PublicationTime.estimated(time.equals(Instant.EPOCH) ? time : steady.apply(time));
    }

    /** Returns the time at which a publisher that gives the default time to live published {@code record}; without a ttl, long ago. */
    private Optional<Instant> estimateByTtl(Record record) {
        return Optional.of(record.expires().map(expires -> expires.minus(ttl)).orElse(Instant.EPOCH));
    }

    /**
     * Returns {@code record} as published at {@code now}, or 1 ms later than the last time seen, whichever is later. A time that is too far
     * ahead, as of a wrong clock, does not count: each peer would refuse a later one.
     */
    public Record stamped(Record record, Optional<Record> seen, Instant now) {
        Instant current = steady.apply(now);
        Instant time = seen.filter(last -> !isTooFarAhead(last, now))
                .flatMap(Record::published)
                .filter(published -> !published.estimated())
                .map(published -> published.time().plus(1, ChronoUnit.MILLIS))
                .filter(current::isBefore)
                .orElse(current);
        return record.withPublished(Optional.of(PublicationTime.stated(time)));
    }

    // --- comparison

    /** Returns the index of the best of {@code records}: at least one, of one key, all of them valid. */
    int best(List<Record> records, Instant now) {
        if (records.size() == 1) {
            return 0;
        }
        List<Integer> bestFirst = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            bestFirst.add(i);
        }
        Comparator<Record> byPublication = lastPublishedFirst(now);
        bestFirst.sort((left, right) -> byPublication.compare(records.get(left), records.get(right)));
        List<Bytes> values =
                bestFirst.stream().map(index -> records.get(index).value()).toList();
        return bestFirst.get(validators.best(records.get(0).key(), values, now));
    }

    /** Returns whether {@code record} is better than {@code other}. Both are valid and of one key. */
    public boolean isBetter(Record record, Record other, Instant now) {
        return best(List.of(other, record), now) == 1;
    }

    /** Returns whether {@code record} was published later than {@code other}, which has the same value. */
    boolean isPublishedLater(Record record, Record other, Instant now) {
        return lastPublishedFirst(now).compare(record, other) < 0;
    }

    /** Returns whether a peer that has {@code stored} refuses {@code put} for it: it is better, also if only its clock can tell. */
    public boolean isRefusedFor(Record stored, Record put, Instant now) {
        return !stored.value().equals(put.value()) && (isTooFarAhead(stored, now) || isBetter(stored, put, now));
    }

    /** Orders by publication. A time that is too far ahead cannot be trusted: it comes after all others. */
    private Comparator<Record> lastPublishedFirst(Instant now) {
        Instant limit = steady.apply(now).plus(MAX_AHEAD);
        return Comparator.<Record, Boolean>comparing(record -> isAfter(record, limit))
                .thenComparing(this::time, Comparator.reverseOrder())
                .thenComparing(Record::value, Comparator.reverseOrder());
    }

    /** Returns the time of publication; of a record that has none, as a store of before kept it, the time of receipt. */
    private PublicationTime time(Record record) {
        return record.published().orElseGet(() -> estimate(record.timeReceived().orElse(Instant.EPOCH)));
    }

    // --- changes of the store

    /** Returns the record to store when the local peer puts {@code record}: the stored one if the validator prefers it. */
    public Record put(Optional<Record> stored, Record record, Instant now) {
        Record stamped = stamped(record, stored, now);
        return stored.filter(previous -> !previous.value().equals(record.value())
                        && isValid(previous, now)
                        && isBetter(previous, stamped, now))
                .orElse(stamped);
    }

    /**
     * Returns the record to store when another peer has sent or returned {@code received}.
     *
     * <p>Of two records with equal values, the stored one is kept with the later time of publication. Only its publisher prolongs it, or any
     * peer if neither record names a publisher; a locally published record keeps its expiry. An estimated time never ends one.
     *
     * @param received a valid record with a time of publication
     * @param from the sender
     */
    public Record merge(Optional<Record> stored, Record received, PeerId from, Instant now) {
        if (stored.isEmpty()) {
            return received;
        }
        Record present = stored.get();
        if (present.value().equals(received.value())) {
            // The value was validated with the received record
            return present.isExpired(now) ? received : mergeEqual(present, received, from);
        }
        if (!isValid(present, now)) {
            return received;
        }
        return replaces(received, present, now) ? received : present;
    }

    /** Returns whether {@code received} replaces {@code stored}, which has another value. Both are valid. */
    public boolean replaces(Record received, Record stored, Instant now) {
        boolean estimateEndsLocal = isLocal(stored)
                && !validators.hasValidator(stored.key())
                && time(received).estimated();
        return !estimateEndsLocal && isBetter(received, stored, now);
    }

    private boolean isValid(Record stored, Instant now) {
        return reasonInvalid(stored, now).isEmpty();
    }

    private Record mergeEqual(Record stored, Record received, PeerId from) {
        PublicationTime latest = time(received).compareTo(time(stored)) > 0 ? time(received) : time(stored);
        Record kept = prolongs(stored, received, from) && expiresLater(received, stored) ? received : stored;
        boolean isStoredTime = stored.published().isEmpty() && latest.equals(time(stored));
        return isStoredTime || kept.published().equals(Optional.of(latest))
                ? kept
                : kept.withPublished(Optional.of(latest));
    }

    /** Returns whether {@code received} comes from its publisher, and that one may prolong the stored record. */
    private boolean prolongs(Record stored, Record received, PeerId from) {
        if (isLocal(stored)) {
            return false;
        }
        if (received.publisher().isEmpty()) {
            return stored.publisher().isEmpty();
        }
        boolean samePublisher = received.publisher().equals(stored.publisher());
        return received.publisher().get().equals(from)
                && (samePublisher || time(received).compareTo(time(stored)) > 0);
    }

    private static boolean expiresLater(Record left, Record right) {
        if (left.expires().isEmpty() || right.expires().isEmpty()) {
            return left.expires().isEmpty() && right.expires().isPresent();
        }
        return left.expires().get().isAfter(right.expires().get());
    }
}
