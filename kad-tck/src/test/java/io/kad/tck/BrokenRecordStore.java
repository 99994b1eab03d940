package io.kad.tck;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.Page;
import io.kad.api.spi.RecordStore;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.StoreException;
import io.kad.tck.RecordStoreTck.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Record stores that are wrong in one way each, with the rule that this breaks, and others that suffer. */
enum BrokenRecordStore {
    FORGETS_WHEN_A_RECORD_CAME("01") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized Optional<Record> get(RecordKey key) throws StoreException {
                    return super.get(key)
                            .map(r -> new Record(r.key(), r.value(), r.publisher(), r.expires(), Optional.empty()));
                }
            };
        }
    },
    READS_AND_WRITES_IN_TWO_STEPS("02") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                @SuppressWarnings({"ThreadPriorityCheck", "UnsynchronizedOverridesSynchronized"}) // its defect
                public Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change)
                        throws StoreException {
                    Optional<Record> after = change.apply(get(key));
                    Thread.yield();
                    return super.update(key, ignored -> after);
                }
            };
        }
    },
    STORES_UNDER_THE_KEY_ASKED("02") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change)
                        throws StoreException {
                    return super.update(
                            key,
                            held -> change.apply(held)
                                    .map(r ->
                                            new Record(key, r.value(), r.publisher(), r.expires(), r.timeReceived())));
                }
            };
        }
    },
    RETURNS_EXPIRED_RECORDS("03", "04") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized Optional<Record> get(RecordKey key) throws StoreException {
                    requireOpen();
                    return Optional.ofNullable(held.get(key.bytes()));
                }
            };
        }
    },
    PAGES_OVER_EXPIRED_RECORDS("03", "04") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                boolean isPaged(Record record) {
                    return true;
                }
            };
        }
    },
    KEEPS_EXPIRED_RECORDS("03") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized int removeExpired(int limit) throws StoreException {
                    requireOpen();
                    return limit < 100 ? 0 : super.removeExpired(limit);
                }
            };
        }
    },
    DOES_NOT_FOLLOW_THE_CLOCK_BACK("04") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(SteppedClocks.neverBack(context), limits);
        }
    },
    EXPIRES_LATE("04", "03 05") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(SteppedClocks.late(context), limits);
        }
    },
    EVICTS_TO_MAKE_ROOM("05", "06") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                boolean hasPlace(Record record) throws StoreException {
                    if (!super.hasPlace(record)) {
                        held.pollFirstEntry();
                    }
                    return true;
                }
            };
        }
    },
    ACKNOWLEDGES_AND_DROPS("05", "06") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change)
                        throws StoreException {
                    try {
                        return super.update(key, change);
                    } catch (StoreException.Full full) {
                        return Optional.empty();
                    }
                }
            };
        }
    },
    HAS_NO_LIMIT_FOR_VALUES("05") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(
                    context, new Limits(limits.foreignRecords(), limits.ownRecords(), Integer.MAX_VALUE));
        }
    },
    REFUSES_THE_LARGEST_VALUE("05") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(
                    context, new Limits(limits.foreignRecords(), limits.ownRecords(), limits.valueBytes() - 1));
        }
    },
    IS_FILLED_BY_EXPIRED_RECORDS("05") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                boolean hasPlace(Record record) {
                    return count(isOwn(record)) < (isOwn(record) ? limits.ownRecords() : limits.foreignRecords());
                }
            };
        }
    },
    COUNTS_OWN_RECORDS_WITH_FOREIGN_ONES("06", "07") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                boolean hasPlace(Record record) throws StoreException {
                    removeExpired(Integer.MAX_VALUE);
                    return held.size() < limits.foreignRecords();
                }
            };
        }
    },
    REFUSES_REPLACEMENTS_WHEN_FULL("07") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                void admit(Record record, Optional<Record> before) throws StoreException {
                    super.admit(record, Optional.empty());
                }
            };
        }
    },
    PAGES_BY_POSITION("08") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
                    requireOpen();
                    List<Record> all = new ArrayList<>(held.values());
                    all.removeIf(record -> !isLive(record));
                    int from = Math.min(
                            all.size(),
                            after.flatMap(Bytes::utf8).map(Integer::parseInt).orElse(0));
                    int to = Math.min(all.size(), from + limit);
                    return new Page<>(
                            all.subList(from, to),
                            to == all.size() ? Optional.empty() : Optional.of(Bytes.utf8("" + to)));
                }
            };
        }
    },
    READS_AFTER_CLOSE("09") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized long size() {
                    return held.size();
                }
            };
        }
    },
    BELONGS_TO_ONE_THREAD("10", "02 05 08") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            Thread owner = Thread.currentThread();
            return new PlainRecordStore(context, limits) {
                @Override
                void requireOpen() throws StoreException {
                    super.requireOpen();
                    if (Thread.currentThread() != owner) {
                        throw new IllegalStateException("another thread");
                    }
                }
            };
        }
    };

    private final String rule;
    private final String others;

    BrokenRecordStore(String rule) {
        this(rule, "");
    }

    BrokenRecordStore(String rule, String others) {
        this.rule = rule;
        this.others = others;
    }

    abstract RecordStore create(SpiContext context, Limits limits);

    /** Returns the number of the rule that it breaks. */
    String rule() {
        return rule;
    }

    /** Returns the numbers of further rules whose tests may fail for it. */
    Set<String> others() {
        return Set.of(others.split(" "));
    }
}
