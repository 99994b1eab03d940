package io.kad.api.spi;

/** Makes record stores. */
public interface RecordStoreProvider extends SpiProvider {

    /** Returns a new store, which the caller closes. */
    RecordStore create(SpiContext context) throws StoreException;
}
