package io.kad.tck;

import io.kad.api.message.PeerInfo;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.StoreException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Peer snapshot stores that are wrong in one way each, with the rule that this breaks, and others that suffer. */
enum BrokenSnapshotStore {
    SORTS_PEERS("01", "02 03 05") {
        @Override
        PeerSnapshotStore open(SpiContext context) {
            return new PlainSnapshotStore(context) {
                @Override
                public synchronized void save(List<PeerInfo> peers) throws StoreException {
                    super.save(peers.stream()
                            .sorted(Comparator.comparing(PeerInfo::id))
                            .toList());
                }
            };
        }
    },
    KEEPS_THE_FIRST_SNAPSHOT("01", "02 03 05") {
        @Override
        PeerSnapshotStore open(SpiContext context) {
            return new PlainSnapshotStore(context) {
                @Override
                void write(List<List<String>> lines) throws IOException {
                    if (!Files.exists(file)) {
                        super.write(lines);
                    }
                }
            };
        }
    },
    WRITES_IN_PLACE("02") {
        @Override
        PeerSnapshotStore open(SpiContext context) {
            return new PlainSnapshotStore(context) {
                @Override
                public synchronized void save(List<PeerInfo> peers) throws StoreException {
                    requireOpen();
                    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
                        for (PeerInfo peer : peers) {
                            writer.write(String.join(" ", line(peer)));
                            writer.newLine();
                            writer.flush();
                        }
                    } catch (IOException failed) {
                        throw new StoreException.Failed("writing " + file, failed);
                    }
                }
            };
        }
    },
    WRITES_WHEN_IT_IS_CLOSED("02") {
        @Override
        PeerSnapshotStore open(SpiContext context) {
            return new PlainSnapshotStore(context) {
                private List<PeerInfo> latest = List.of();
                private boolean saved;

                @Override
                public synchronized List<PeerInfo> load() throws StoreException {
                    requireOpen();
                    return saved ? latest : super.load();
                }

                @Override
                public synchronized void save(List<PeerInfo> peers) throws StoreException {
                    requireOpen();
                    latest = peers.stream()
                            .map(peer -> PeerInfo.of(peer.id(), peer.addresses()))
                            .toList();
                    saved = true;
                }

                @Override
                public synchronized void close() throws StoreException {
                    if (saved) {
                        saved = false;
                        super.save(latest);
                    }
                    super.close();
                }
            };
        }
    },
    IGNORES_WHAT_IT_CANNOT_READ("03") {
        @Override
        PeerSnapshotStore open(SpiContext context) {
            return new PlainSnapshotStore(context) {
                @Override
                public synchronized List<PeerInfo> load() throws StoreException {
                    try {
                        return super.load();
                    } catch (StoreException.Failed unreadable) {
                        return List.of();
                    }
                }
            };
        }
    },
    SAVES_AFTER_CLOSE("04") {
        @Override
        PeerSnapshotStore open(SpiContext context) {
            return new PlainSnapshotStore(context) {
                @Override
                void requireOpen() {}
            };
        }
    },
    BELONGS_TO_ONE_THREAD("05", "02") {
        @Override
        PeerSnapshotStore open(SpiContext context) {
            Thread owner = Thread.currentThread();
            return new PlainSnapshotStore(context) {
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

    BrokenSnapshotStore(String rule) {
        this(rule, "");
    }

    BrokenSnapshotStore(String rule, String others) {
        this.rule = rule;
        this.others = others;
    }

    abstract PeerSnapshotStore open(SpiContext context);

    /** Returns the number of the rule that it breaks. */
    String rule() {
        return rule;
    }

    /** Returns the numbers of further rules whose tests may fail for it. */
    Set<String> others() {
        return Set.of(others.split(" "));
    }
}
