package io.kad.tck;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.RecordChange;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.RecordStoreFixture.Limits;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Record stores that are wrong in one way each, with the rule that this breaks, and others that suffer. */
enum BrokenRecordStore {
    FORGETS_WHEN_A_RECORD_CAME("01") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized Optional<Record> get(RecordKey key) throws StoreException {
                    return super.get(key)
                            .map(r -> new Record(
                                    r.key(), r.value(), r.publisher(), r.expires(), Optional.empty(), r.published()));
                }
            };
        }
    },
    FORGETS_WHEN_A_RECORD_WAS_PUBLISHED("01") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized Optional<Record> get(RecordKey key) throws StoreException {
                    return super.get(key).map(r -> r.withPublished(Optional.empty()));
                }
            };
        }
    },
    READS_AND_WRITES_IN_TWO_STEPS("02") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            Pause pause = new Pause();
            return new PlainRecordStore(context, limits) {
                @Override
                @SuppressWarnings("UnsynchronizedOverridesSynchronized") // its defect
                public Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change)
                        throws StoreException {
                    Optional<Record> after = change.apply(get(key));
                    pause.begin();
                    return super.update(key, ignored -> after);
                }

                @Override
                void requireOpen() throws StoreException {
                    super.requireOpen();
                    pause.end();
                }
            };
        }
    },
    STORES_UNDER_THE_KEY_ASKED("02", "12") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change)
                        throws StoreException {
                    return super.update(
                            key,
                            held -> change.apply(held)
                                    .map(r -> new Record(
                                            key,
                                            r.value(),
                                            r.publisher(),
                                            r.expires(),
                                            r.timeReceived(),
                                            r.published())));
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
    PAGES_OVER_EXPIRED_RECORDS("03", "04 11") {
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
    EXPIRES_LATE("04", "03 05 11") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(SteppedClocks.late(context), limits);
        }
    },
    EVICTS_TO_MAKE_ROOM("05", "06 12 16") {
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
    ACKNOWLEDGES_AND_DROPS("05", "06 12 16") {
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
    HAS_NO_LIMIT_FOR_VALUES("05", "12") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(
                    context, new Limits(limits.remoteRecords(), limits.localRecords(), Integer.MAX_VALUE));
        }
    },
    REFUSES_THE_LARGEST_VALUE("05") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(
                    context, new Limits(limits.remoteRecords(), limits.localRecords(), limits.valueBytes() - 1));
        }
    },
    IS_FILLED_BY_EXPIRED_RECORDS("05") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                boolean hasPlace(Record record) {
                    return count(isOwn(record)) < (isOwn(record) ? limits.localRecords() : limits.remoteRecords());
                }
            };
        }
    },
    COUNTS_OWN_RECORDS_WITH_FOREIGN_ONES("06", "05 07 11 12 13 16") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                boolean hasPlace(Record record) throws StoreException {
                    removeExpired(Integer.MAX_VALUE);
                    return held.size() < limits.remoteRecords();
                }
            };
        }
    },
    REFUSES_REPLACEMENTS_WHEN_FULL("07", "05 13 16") {
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
    PAGES_BY_POSITION("08", "10 11") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized Page<Record> page(Optional<Bytes> after, int limit) throws StoreException {
                    requireOpen();
                    return pageByPosition(held.values().stream().filter(this::isLive), after, limit);
                }
            };
        }
    },
    PAGES_OVER_OWN_RECORDS_BY_POSITION("11") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
                    requireOpen();
                    return pageByPosition(
                            held.values().stream().filter(this::isLive).filter(this::isOwn), after, limit);
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
    BELONGS_TO_ONE_THREAD("10", "02 05 08 11") {
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
    },
    DISPLACES_THE_NEAREST("05") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new EvictingRecordStore(context, limits) {
                @Override
                Optional<Record> victim(Record newcomer) {
                    return super.victim(newcomer)
                            .flatMap(farthest -> held.values().stream()
                                    .filter(record -> !isOwn(record))
                                    .min(Comparator.comparing(this::distance)));
                }
            };
        }
    },
    DISPLACES_FOR_ANYBODY("05", "06 12 13") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new EvictingRecordStore(context, limits) {
                @Override
                Optional<Record> victim(Record newcomer) {
                    return held.values().stream()
                            .filter(record -> !isOwn(record))
                            .findFirst();
                }
            };
        }
    },
    DISPLACES_IN_SILENCE("05") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new EvictingRecordStore(context, limits) {
                @Override
                void tell(Record gone, Record nearer) {}
            };
        }
    },
    COUNTS_NO_DISPLACEMENT("05") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new EvictingRecordStore(context, limits) {
                @Override
                public synchronized Map<String, Long> statistics() throws StoreException {
                    return Map.of("records", size());
                }
            };
        }
    },
    DISPLACES_BEFORE_IT_EXPIRES("05") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new EvictingRecordStore(context, limits) {
                @Override
                public synchronized int removeExpired(int limit) throws StoreException {
                    return limit == Integer.MAX_VALUE ? 0 : super.removeExpired(limit);
                }
            };
        }
    },
    IGNORES_WHAT_THE_LISTENER_NAMES("16") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new EvictingRecordStore(context, limits) {
                @Override
                Optional<Optional<Record>> named(Record newcomer) {
                    return Optional.empty();
                }
            };
        }
    },
    STORES_WHAT_THE_LISTENER_REFUSES("16") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new EvictingRecordStore(context, limits) {
                @Override
                Optional<Optional<Record>> named(Record newcomer) {
                    return super.named(newcomer).filter(Optional::isPresent);
                }
            };
        }
    },
    REMOVES_NO_NAME("16") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new EvictingRecordStore(context, limits) {
                @Override
                void read(Iterator<?> names, boolean isHeld) {}
            };
        }
    },
    REMOVES_THE_NAME_OF_WHAT_IT_EVICTS("16") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new EvictingRecordStore(context, limits) {
                @Override
                void read(Iterator<?> names, boolean isHeld) {
                    names.remove();
                }
            };
        }
    },
    DISPLACES_OWN_RECORDS("06", "05") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new EvictingRecordStore(context, limits) {
                @Override
                Optional<Record> victim(Record newcomer) {
                    return isOwn(newcomer)
                            ? Optional.empty()
                            : held.values().stream()
                                    .max(Comparator.comparing(this::distance))
                                    .filter(farthest -> distance(farthest).compareTo(distance(newcomer)) > 0);
                }
            };
        }
    },
    LISTS_FOREIGN_RECORDS_AS_OWN("11", "10 13") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
                    return page(after, limit);
                }
            };
        }
    },
    REMEMBERS_WHAT_WAS_OWN("11") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            Set<Bytes> own = new TreeSet<>();
            return new PlainRecordStore(context, limits) {
                @Override
                void admit(Record record, Optional<Record> before) throws StoreException {
                    super.admit(record, before);
                    if (isOwn(record)) {
                        own.add(record.key().bytes());
                    }
                }

                @Override
                public synchronized Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException {
                    Page<Record> page = page(after, limit);
                    return new Page<>(
                            page.items().stream()
                                    .filter(record -> own.contains(record.key().bytes()))
                                    .toList(),
                            page.next());
                }
            };
        }
    },
    GOES_ON_AFTER_A_REFUSAL("12") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public void updateAll(List<RecordChange> changes) throws StoreException {
                    Optional<StoreException> refusal = Optional.empty();
                    for (RecordChange each : changes) {
                        try {
                            update(each.key(), each.change());
                        } catch (StoreException refused) {
                            refusal = Optional.of(refused);
                        }
                    }
                    if (refusal.isPresent()) {
                        throw refusal.get();
                    }
                }
            };
        }
    },
    CHANGES_ALL_OR_NOTHING("12") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public synchronized void updateAll(List<RecordChange> changes) throws StoreException {
                    TreeMap<Bytes, Record> before = new TreeMap<>(held);
                    try {
                        super.updateAll(changes);
                    } catch (StoreException refused) {
                        held.clear();
                        held.putAll(before);
                        throw refused;
                    }
                }
            };
        }
    },
    CHANGES_IN_THE_ORDER_OF_KEYS("12") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new PlainRecordStore(context, limits) {
                @Override
                public void updateAll(List<RecordChange> changes) throws StoreException {
                    super.updateAll(changes.stream()
                            .sorted(Comparator.comparing(RecordChange::key))
                            .toList());
                }
            };
        }
    },
    FORGETS_THE_EXPIRY_ON_ITS_DISK("13") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new DurableRecordStore(context, limits) {
                @Override
                List<String> line(Record record) {
                    return super.line(record.withExpires(Optional.empty()));
                }
            };
        }
    },
    FORGETS_WHOSE_RECORDS_THEY_ARE("13", "14 15") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new DurableRecordStore(context, limits) {
                @Override
                List<String> line(Record r) {
                    return super.line(new Record(
                            r.key(), r.value(), Optional.empty(), r.expires(), r.timeReceived(), r.published()));
                }
            };
        }
    },
    WRITES_WHEN_IT_IS_CLOSED("14", "15") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new DurableRecordStore(context, limits) {
                @Override
                void changed() {}

                @Override
                public synchronized void close() throws StoreException {
                    write();
                    super.close();
                }
            };
        }
    },
    HOLDS_A_PART_OF_WHAT_IT_FAILED_TO_WRITE("15") {
        @Override
        RecordStore create(SpiContext context, Limits limits) {
            return new DurableRecordStore(context, limits) {
                @Override
                void failed(RecordKey key, Map<Bytes, Record> before) {
                    held.computeIfPresent(key.bytes(), (bytes, record) -> Record.of(key, Bytes.EMPTY));
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

    private static Page<Record> pageByPosition(Stream<Record> records, Optional<Bytes> after, int limit) {
        List<Record> all = records.toList();
        int from = Math.min(
                all.size(), after.flatMap(Bytes::utf8).map(Integer::parseInt).orElse(0));
        int to = Math.min(all.size(), from + limit);
        return new Page<>(
                all.subList(from, to), to == all.size() ? Optional.empty() : Optional.of(Bytes.utf8("" + to)));
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
