package io.kad.store.rocksdb.database;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.StoreException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Registry of the databases open in this process; the two stores of a peer share one. Thread-safe. */
public final class Databases {

    private static final String DIRECTORY = "rocksdb";
    private static final Map<Path, SharedDatabase> OPEN = new HashMap<>();

    private Databases() {}

    /** Kinds of stores; a database is used by at most one store of each kind. */
    public enum Kind {
        RECORDS,
        PROVIDERS
    }

    private static final class SharedDatabase {
        private final Database database;
        private final SpiContext context;
        private final Set<Kind> users = EnumSet.noneOf(Kind.class);

        SharedDatabase(Database database, SpiContext context) {
            this.database = database;
            this.context = context;
        }
    }

    /** Right of one store to use a database. */
    public static final class Lease {
        private final Path path;
        private final Kind kind;
        private final Database database;
        private boolean released;

        private Lease(Path path, Kind kind, Database database) {
            this.path = path;
            this.kind = kind;
            this.database = database;
        }

        public Database database() {
            return database;
        }

        /** Releases the database; the last release closes it. Releasing again has no effect. */
        public void release() {
            synchronized (OPEN) {
                if (released) {
                    return;
                }
                released = true;
                SharedDatabase shared = OPEN.get(path);
                if (shared == null) {
                    return;
                }
                shared.users.remove(kind);
                if (shared.users.isEmpty()) {
                    OPEN.remove(path);
                    shared.database.close();
                }
            }
        }
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
        synchronized (OPEN) {
            SharedDatabase shared = OPEN.get(path);
            if (shared == null) {
                shared = new SharedDatabase(Database.open(path, context.self(), storeOptions), context);
                OPEN.put(path, shared);
            } else if (shared.users.contains(kind) || !shared.context.self().equals(context.self())) {
                String message = "cannot open " + path + ": in use by another peer of this process";
                throw new StoreException.Failed(message, new IllegalStateException(message));
            }
            shared.users.add(kind);
            return new Lease(path, kind, shared.database);
        }
    }
}
