package io.kad.store.rocksdb.database;

import io.kad.api.id.PeerId;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.StoreException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Registry of the databases open in this process; the two stores of a peer share one. Thread-safe. */
public final class Databases {

    private static final String DIRECTORY = "rocksdb";
    /** Slots of the databases that are open, or are being opened or closed. Guarded by itself, and held briefly. */
    private static final Map<Path, Slot> SLOTS = new HashMap<>();

    private Databases() {}

    /** Kinds of stores; a database is used by at most one store of each kind. */
    public enum Kind {
        RECORDS,
        PROVIDERS
    }

    /** Slot of one database; whoever opens or closes it holds its monitor, and delays no other database. */
    private static final class Slot {
        private final Path path;
        private final Set<Kind> users = EnumSet.noneOf(Kind.class);
        private int references;
        private @Nullable Used used;

        /** Open database of a peer. */
        private record Used(Database database, PeerId self) {}

        Slot(Path path) {
            this.path = path;
        }

        /** Returns the slot for {@code path}, which stays until it is released. */
        static Slot acquire(Path path) {
            synchronized (SLOTS) {
                Slot slot = SLOTS.computeIfAbsent(path, Slot::new);
                slot.references++;
                return slot;
            }
        }

        void release() {
            synchronized (SLOTS) {
                references--;
                if (references == 0) {
                    SLOTS.remove(path);
                }
            }
        }

        synchronized Database use(Kind kind, SpiContext context, RocksStoreOptions options) throws StoreException {
            PeerId peer = context.self();
            Used open = used;
            if (open == null) {
                open = new Used(Database.open(path, peer, options, context.metrics()), peer);
                used = open;
            } else if (users.contains(kind) || !open.self().equals(peer)) {
                String message = "cannot open " + path + ": in use by another peer of this process";
                throw new StoreException.Failed(message, new IllegalStateException(message));
            }
            users.add(kind);
            return open.database();
        }

        synchronized void leave(Kind kind) {
            users.remove(kind);
            Used open = used;
            if (users.isEmpty() && open != null) {
                used = null;
                open.database().close();
            }
        }
    }

    /** Right of one store to use a database. */
    public static final class Lease {
        private final Slot slot;
        private final Kind kind;
        private final Database database;
        private final AtomicBoolean released = new AtomicBoolean();

        private Lease(Slot slot, Kind kind, Database database) {
            this.slot = slot;
            this.kind = kind;
            this.database = database;
        }

        public Database database() {
            return database;
        }

        /** Releases the database; the last release closes it. Releasing again has no effect. */
        public void release() {
            if (released.compareAndSet(false, true)) {
                try {
                    slot.leave(kind);
                } finally {
                    slot.release();
                }
            }
        }
    }

    /** Returns the file by whose lock a process owns the database in a data directory; it is there once a database was. */
    public static Path lockFile(Path dataDirectory) {
        return dataDirectory.resolve(DIRECTORY).resolve("LOCK");
    }

    /**
     * Opens the database of a peer for one of its stores; returns a lease of the open one if the other store has opened it.
     *
     * @throws IllegalArgumentException if there is no data directory
     * @throws StoreException.Failed if the database is in use or can't be opened; a retry is safe
     */
    public static Lease open(SpiContext context, Kind kind, RocksStoreOptions storeOptions) throws StoreException {
        Path path = context.requireDataDirectory()
                .resolve(DIRECTORY)
                .toAbsolutePath()
                .normalize();
        Slot slot = Slot.acquire(path);
        boolean opened = false;
        try {
            Lease lease = new Lease(slot, kind, slot.use(kind, context, storeOptions));
            opened = true;
            return lease;
        } finally {
            if (!opened) {
                slot.release();
            }
        }
    }
}
