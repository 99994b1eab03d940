package io.kad.tck;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import io.kad.tck.ProviderStoreFixture.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Provider stores that are wrong in one way each, with the rule that this breaks, and others that suffer. */
enum BrokenProviderStore {
    IGNORES_WHAT_THE_LISTENER_NAMES("15") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                Optional<ProviderRecord> named(ProviderRecord record) {
                    return Optional.empty();
                }
            };
        }
    },
    REMOVES_NO_NAME("15") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                void read(Iterator<?> names, boolean isHeld) {}
            };
        }
    },
    REMOVES_THE_NAME_OF_WHAT_IT_EVICTS("15") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                void read(Iterator<?> names, boolean isHeld) {
                    names.remove();
                }
            };
        }
    },
    FORGETS_ADDRESSES("01", "02 03 07 08 10 11") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                public synchronized void add(ProviderRecord record) throws StoreException {
                    super.add(new ProviderRecord(record.key(), record.provider(), List.of(), record.expires()));
                }
            };
        }
    },
    REMOVES_ALL_PROVIDERS_OF_A_KEY("01", "02 04 05 10") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                public synchronized boolean remove(RecordKey key, PeerId provider) throws StoreException {
                    boolean removed = super.remove(key, provider);
                    held.remove(key.bytes());
                    return removed;
                }
            };
        }
    },
    KEEPS_BOTH_RECORDS("02", "04 05 07 11 12 14") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                void put(ProviderRecord record, int place, List<ProviderRecord> records) {
                    records.add(record);
                }
            };
        }
    },
    REPLACES_IN_TWO_STEPS("02", "04 05 11 12") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            Pause pause = new Pause();
            return new PlainProviderStore(context, limits) {
                @Override
                @SuppressWarnings("UnsynchronizedOverridesSynchronized") // its defect
                public void add(ProviderRecord record) throws StoreException {
                    if (remove(record.key(), record.provider())) {
                        pause.begin();
                    }
                    super.add(record);
                }

                @Override
                void requireOpen() throws StoreException {
                    super.requireOpen();
                    pause.end();
                }
            };
        }
    },
    RETURNS_EXPIRED_RECORDS("03") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                public synchronized List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException {
                    requireOpen();
                    return held.getOrDefault(key.bytes(), List.of()).stream()
                            .limit(limit)
                            .toList();
                }
            };
        }
    },
    PAGES_OVER_EXPIRED_RECORDS("03") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                boolean isPaged(ProviderRecord record) {
                    return isOwn(record);
                }
            };
        }
    },
    KEEPS_EXPIRED_RECORDS("03") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                public synchronized int removeExpired(int limit) throws StoreException {
                    requireOpen();
                    return limit < 100 ? 0 : super.removeExpired(limit);
                }
            };
        }
    },
    DOES_NOT_FOLLOW_THE_CLOCK_BACK("03") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(SteppedClocks.neverBack(context), limits);
        }
    },
    NEVER_EXPIRES("03", "04 05 14") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(SteppedClocks.still(context), limits);
        }
    },
    MOVES_RENEWED_PROVIDERS_LAST("04", "05 11 12") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                void put(ProviderRecord record, int place, List<ProviderRecord> records) {
                    if (place >= 0) {
                        records.remove(place);
                    }
                    records.add(record);
                }
            };
        }
    },
    REFUSES_NEWCOMERS_OF_A_FULL_KEY("05", "06 10 11 12 14") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                void admit(ProviderRecord record, List<ProviderRecord> records, int place) throws StoreException {
                    if (place < 0 && !hasPlaceForKey(record, records)) {
                        throw new StoreException.Full("providers of a key");
                    }
                    super.admit(record, records, place);
                }
            };
        }
    },
    REFUSES_NEWCOMERS_OF_A_FULL_STORE("05", "06 12 14") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                ProviderRecord victim(ProviderRecord record) throws StoreException.Full {
                    throw new StoreException.Full("providers");
                }
            };
        }
    },
    TAKES_THE_SHARE_OF_A_PROVIDER_FOR_A_FULL_STORE("05", "11 12") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                void admit(ProviderRecord record, List<ProviderRecord> records, int place) throws StoreException {
                    try {
                        super.admit(record, records, place);
                    } catch (StoreException.ShareReached reached) {
                        throw new StoreException.Full("providers");
                    }
                }
            };
        }
    },
    LETS_NEWCOMERS_PUSH_OUT_THE_FIRST("05", "06 11 12 14") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                void admit(ProviderRecord record, List<ProviderRecord> records, int place) throws StoreException {
                    if (place < 0 && !hasPlaceForKey(record, records)) {
                        held.put(record.key().bytes(), new ArrayList<>(records.subList(1, records.size())));
                    }
                    super.admit(record, held.getOrDefault(record.key().bytes(), List.of()), place);
                }
            };
        }
    },
    IGNORES_NEWCOMERS_SILENTLY("05", "11 12 14") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                public synchronized void add(ProviderRecord record) throws StoreException {
                    List<ProviderRecord> records = providers(record.key(), Integer.MAX_VALUE);
                    if (records.stream().anyMatch(other -> other.provider().equals(record.provider()))
                            || hasPlaceForKey(record, records)) {
                        super.add(record);
                    }
                }
            };
        }
    },
    HAS_NO_LIMIT_IN_ALL("05", "06 12 14 15") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(
                    context, new Limits(1000, limits.local(), limits.remotePerKey(), limits.remotePerProvider()));
        }
    },
    COUNTS_OWN_KEYS_WITH_FOREIGN_ONES("06", "05 07 12") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                boolean hasPlaceInAll(ProviderRecord record, List<ProviderRecord> records) {
                    return !records.isEmpty() || held.size() < limits.remote();
                }
            };
        }
    },
    COUNTS_OWN_RECORDS_IN_A_KEY("06", "12 14") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                boolean hasPlaceForKey(ProviderRecord record, List<ProviderRecord> records) {
                    return records.size() < limits.remotePerKey();
                }
            };
        }
    },
    REFUSES_REPLACEMENTS_WHEN_FULL("07", "04 05 12 14") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                void admit(ProviderRecord record, List<ProviderRecord> records, int place) throws StoreException {
                    super.admit(record, records, -1);
                }
            };
        }
    },
    PAGES_OVER_ALL_RECORDS("08", "03 06 07 10 11") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                boolean isPaged(ProviderRecord record) {
                    return isLive(record);
                }
            };
        }
    },
    PAGES_BY_POSITION("08") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                public synchronized Page<ProviderRecord> localPage(Optional<Bytes> after, int limit)
                        throws StoreException {
                    requireOpen();
                    List<ProviderRecord> all = held.values().stream()
                            .flatMap(List::stream)
                            .filter(this::isPaged)
                            .toList();
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
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                public synchronized long size() {
                    return held.values().stream().mapToLong(List::size).sum();
                }
            };
        }
    },
    BELONGS_TO_ONE_THREAD("10", "02 05 08") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            Thread owner = Thread.currentThread();
            return new PlainProviderStore(context, limits) {
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
    HAS_NO_LIMIT_FOR_A_PROVIDER("05", "11") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                boolean hasPlaceForProvider(ProviderRecord record) {
                    return true;
                }
            };
        }
    },
    COUNTS_WHAT_A_PROVIDER_REMOVED("05", "02 10") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            Map<PeerId, Set<RecordKey>> everAdded = new HashMap<>();
            return new PlainProviderStore(context, limits) {
                @Override
                boolean hasPlaceForProvider(ProviderRecord record) {
                    Set<RecordKey> keys = everAdded.computeIfAbsent(record.provider(), provider -> new HashSet<>());
                    keys.add(record.key());
                    return isOwn(record) || keys.size() <= limits.remotePerProvider();
                }
            };
        }
    },
    ADDS_BACKWARDS("11", "12 13") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                public void addAll(List<ProviderRecord> records) throws StoreException {
                    List<ProviderRecord> backwards = new ArrayList<>(records);
                    Collections.reverse(backwards);
                    super.addAll(backwards);
                }
            };
        }
    },
    GOES_ON_AFTER_A_REFUSAL("11") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                public void addAll(List<ProviderRecord> records) throws StoreException {
                    Optional<StoreException> refusal = Optional.empty();
                    for (ProviderRecord record : records) {
                        try {
                            add(record);
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
    SORTS_PROVIDERS_ON_ITS_DISK("12", "13") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new DurableProviderStore(context, limits) {
                @Override
                Stream<ProviderRecord> written() {
                    return super.written().sorted(Comparator.comparing(ProviderRecord::provider));
                }
            };
        }
    },
    WRITES_NO_EXPIRY("12") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new DurableProviderStore(context, limits) {
                @Override
                Stream<ProviderRecord> written() {
                    return super.written()
                            .map(r -> new ProviderRecord(r.key(), r.provider(), r.addresses(), Optional.empty()));
                }
            };
        }
    },
    WRITES_WHEN_IT_IS_CLOSED("13") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new DurableProviderStore(context, limits) {
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
    EVICTS_IN_SILENCE("14") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                void evicted(ProviderRecord record) {}
            };
        }
    },
    TELLS_REMOVALS_AS_EVICTIONS("14") {
        @Override
        ProviderStore create(SpiContext context, Limits limits) {
            return new PlainProviderStore(context, limits) {
                @Override
                public synchronized boolean remove(RecordKey key, PeerId provider) throws StoreException {
                    context.listener().providerEvicted(key, provider);
                    return super.remove(key, provider);
                }
            };
        }
    };

    private final String rule;
    private final String others;

    BrokenProviderStore(String rule) {
        this(rule, "");
    }

    BrokenProviderStore(String rule, String others) {
        this.rule = rule;
        this.others = others;
    }

    abstract ProviderStore create(SpiContext context, Limits limits);

    /** Returns the number of the rule that it breaks. */
    String rule() {
        return rule;
    }

    /** Returns the numbers of further rules whose tests may fail for it. */
    Set<String> others() {
        return Set.of(others.split(" "));
    }
}
