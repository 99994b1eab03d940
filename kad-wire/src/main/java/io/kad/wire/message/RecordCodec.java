package io.kad.wire.message;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.ProtoReader;
import io.kad.wire.encoding.ProtoWriter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Optional;

/**
 * Codec of the nested message of a record.
 *
 * <p>Fields 666 and 777, publisher and time to live, are extensions of rust-libp2p; others ignore them. A time to live
 * is relative, so both directions need the current time. Field 778 is an extension of kad: the stated time of publication, a varint of
 * milliseconds since 1970. An estimated time is not sent.
 */
public final class RecordCodec {

    /** Longest accepted text of a time, in bytes. */
    static final int MAX_TIME_BYTES = 64;
    /** Longest time to live that the wire format can express, in seconds. */
    public static final long MAX_TTL_SECONDS = Record.MAX_TTL.toSeconds();

    /** Bits of a uint32: protobuf ignores the others of a longer varint. */
    private static final long UINT32_MASK = 0xFFFF_FFFFL;

    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int TIME_RECEIVED = 5;
    private static final int PUBLISHER = 666;
    private static final int TTL = 777;
    private static final int PUBLISHED = 778;

    private static final int KEY_TAG = ProtoReader.bytesTag(KEY);
    private static final int VALUE_TAG = ProtoReader.bytesTag(VALUE);
    private static final int TIME_RECEIVED_TAG = ProtoReader.bytesTag(TIME_RECEIVED);
    private static final int PUBLISHER_TAG = ProtoReader.bytesTag(PUBLISHER);
    private static final int TTL_TAG = ProtoReader.varintTag(TTL);
    private static final int PUBLISHED_TAG = ProtoReader.varintTag(PUBLISHED);

    /** Format with nine fraction digits: js-libp2p requires a fraction, and reads it as nanoseconds. */
    private static final DateTimeFormatter NINE_DIGITS =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private static final Instant FIRST_TIME = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST_TIME = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private RecordCodec() {}

    /** Decodes the record in the current field. */
    static Record read(ProtoReader in, Instant now) throws MalformedMessageException {
        Bytes key = Bytes.EMPTY;
        Bytes value = Bytes.EMPTY;
        Optional<Instant> timeReceived = Optional.empty();
        Optional<PeerId> publisher = Optional.empty();
        Optional<Instant> expires = Optional.empty();
        Optional<PublicationTime> published = Optional.empty();
        int outer = in.enter();
        for (int tag = in.nextTag(); tag != 0; tag = in.nextTag()) {
            if (tag == KEY_TAG) {
                key = in.bytes();
            } else if (tag == VALUE_TAG) {
                value = in.bytes();
            } else if (tag == TIME_RECEIVED_TAG) {
                timeReceived = time(in.bytes());
            } else if (tag == PUBLISHER_TAG) {
                publisher = peer(in.bytes());
            } else if (tag == TTL_TAG) {
                expires = expires(in.varint() & UINT32_MASK, now);
            } else if (tag == PUBLISHED_TAG) {
                published = published(in.varint());
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
        return new Record(RecordKey.of(key), value, publisher, expires, timeReceived, published);
    }

    /** Parses a time; returns empty if it is invalid, because nothing depends on this claim of the sender. */
    private static Optional<Instant> time(Bytes text) {
        if (text.isEmpty() || text.size() > MAX_TIME_BYTES) {
            return Optional.empty();
        }
        return text.utf8().flatMap(RecordCodec::parseTime);
    }

    private static Optional<Instant> parseTime(String text) {
        try {
            return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text.strip(), Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<PeerId> peer(Bytes id) {
        try {
            return id.isEmpty() ? Optional.empty() : Optional.of(PeerId.fromBytes(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> expires(long ttlSeconds, Instant now) {
        return ttlSeconds == 0 ? Optional.empty() : Optional.of(now.plusSeconds(ttlSeconds));
    }

    /** Returns the time of a varint; a number that exceeds the range of a time is the latest one, which no receiver accepts. */
    private static Optional<PublicationTime> published(long millis) {
        if (millis == 0) {
            return Optional.empty();
        }
        return Optional.of(PublicationTime.stated(Instant.ofEpochMilli(millis < 0 ? Long.MAX_VALUE : millis)));
    }

    /**
     * Encodes a record as a nested message. Key and value are written even if empty, because js-libp2p requires them.
     */
    static ProtoWriter write(Record record, Instant now) {
        Bytes key = record.key().bytes();
        ProtoWriter out = new ProtoWriter(key.size() + record.value().size() + 128)
                .bytes(KEY, key)
                .bytes(VALUE, record.value());
        record.timeReceived()
                .filter(time -> !time.isBefore(FIRST_TIME) && !time.isAfter(LAST_TIME))
                .ifPresent(time -> out.text(TIME_RECEIVED, NINE_DIGITS.format(time)));
        record.publisher().ifPresent(publisher -> out.bytes(PUBLISHER, publisher.bytes()));
        record.expires().ifPresent(expires -> out.varint(TTL, ttlSeconds(expires, now)));
        record.published()
                .filter(published -> !published.estimated() && published.time().isAfter(Instant.EPOCH))
                .ifPresent(published -> out.varint(PUBLISHED, published.time().toEpochMilli()));
        return out;
    }

    /** Returns the remaining whole seconds, at least 1, because 0 would mean no expiry. */
    private static long ttlSeconds(Instant expires, Instant now) {
        return Math.max(
                1, Math.min(MAX_TTL_SECONDS, Duration.between(now, expires).toSeconds()));
    }
}
