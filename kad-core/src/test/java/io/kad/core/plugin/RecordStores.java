package io.kad.core.plugin;

import io.kad.api.spi.SpiContext;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.RecordStoreProvider;
import io.kad.api.spi.store.StoreException;
import io.kad.core.peer.HeapRecordStore;
import java.util.Optional;

/** Providers of record stores that a service file can name. */
public final class RecordStores {

    private RecordStores() {}

    private abstract static class Named implements RecordStoreProvider {

        private final String name;
        private final int priority;

        Named(String name, int priority) {
            this.name = name;
            this.priority = priority;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int priority() {
            return priority;
        }

        @Override
        public RecordStore create(SpiContext context) throws StoreException {
            return new HeapRecordStore();
        }
    }

    public static final class Low extends Named {
        public Low() {
            super("low", 0);
        }
    }

    public static final class High extends Named {
        public High() {
            super("high", 10);
        }
    }

    public static final class AlsoHigh extends Named {
        public AlsoHigh() {
            super("also-high", 10);
        }
    }

    public static final class AnotherHigh extends Named {
        public AnotherHigh() {
            super("high", 5);
        }
    }

    /** Needs a directory, as a store on a disk does. */
    public static final class Durable extends Named {
        public Durable() {
            super("durable", 100);
        }

        @Override
        public Optional<String> unavailable(SpiContext context) {
            return context.dataDirectory().isPresent() ? Optional.empty() : Optional.of("there is no data directory");
        }
    }

    public static final class Broken extends Named {
        public Broken() {
            super("broken", 1000);
            throw new IllegalStateException("broken at birth");
        }
    }

    public static final class Undecided extends Named {
        public Undecided() {
            super("undecided", 1000);
        }

        @Override
        public Optional<String> unavailable(SpiContext context) {
            throw new IllegalStateException("can't tell");
        }
    }

    public static final class Barren extends Named {
        public Barren() {
            super("barren", 1);
        }

        @Override
        public RecordStore create(SpiContext context) throws StoreException {
            throw new StoreException.Failed("the disk is gone", new IllegalStateException());
        }
    }
}
