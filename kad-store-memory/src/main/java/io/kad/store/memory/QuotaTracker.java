package io.kad.store.memory;

import io.kad.api.spi.store.StoreException;
import io.kad.store.memory.MemoryStoreLimits.Quota;
import io.kad.store.memory.MemoryStoreOptions.Option;
import io.kad.store.memory.Usage.Amount;
import org.jspecify.annotations.Nullable;

/** Sums up the usage of all entries and enforces the quotas of local and remote records. Thread-safe; takes no other lock. */
final class QuotaTracker {

    private final Content content;
    private final Quota localQuota;
    private final Quota remoteQuota;
    private Amount local = Amount.NONE;
    private Amount remote = Amount.NONE;

    QuotaTracker(Content content, Quota localQuota, Quota remoteQuota) {
        this.content = content;
        this.localQuota = localQuota;
        this.remoteQuota = remoteQuota;
    }

    /** Content of a store, with the options that set its quotas. */
    enum Content {
        RECORDS(
                "records",
                Option.MAX_LOCAL_RECORDS,
                Option.MAX_LOCAL_RECORD_BYTES,
                Option.MAX_RECORDS,
                Option.MAX_RECORD_BYTES),
        PROVIDER_RECORDS(
                "provider records",
                Option.MAX_LOCAL_PROVIDED_KEYS,
                Option.MAX_LOCAL_PROVIDER_BYTES,
                Option.MAX_PROVIDED_KEYS,
                Option.MAX_PROVIDER_BYTES);

        private final String noun;
        private final Option localKeys;
        private final Option localBytes;
        private final Option remoteKeys;
        private final Option remoteBytes;

        Content(String noun, Option localKeys, Option localBytes, Option remoteKeys, Option remoteBytes) {
            this.noun = noun;
            this.localKeys = localKeys;
            this.localBytes = localBytes;
            this.remoteKeys = remoteKeys;
            this.remoteBytes = remoteBytes;
        }
    }

    /** Limit that a change can exceed. */
    enum Limit {
        LOCAL_KEYS,
        LOCAL_BYTES,
        REMOTE_KEYS,
        REMOTE_BYTES,
        ALL_KEYS;

        boolean isOfKeys() {
            return this != LOCAL_BYTES && this != REMOTE_BYTES;
        }
    }

    /** Replaces the usage {@code from} of an entry by {@code to}. */
    synchronized void replace(Usage from, Usage to) {
        local = local.replace(from.local(), to.local());
        remote = remote.replace(from.remote(), to.remote());
    }

    /**
     * Returns the first limit that the usage {@code to} in place of {@code from} would exceed, and by more than now.
     *
     * @param replacing whether a stored record is replaced, in which case the limits on the number of keys do not apply
     * @return null if no limit would be exceeded
     */
    synchronized @Nullable Limit exceededLimit(Usage from, Usage to, boolean replacing) {
        Amount nextLocal = local.replace(from.local(), to.local());
        Amount nextRemote = remote.replace(from.remote(), to.remote());
        if (!replacing && isExceeded(local.keys(), nextLocal.keys(), localQuota.maxKeys())) {
            return Limit.LOCAL_KEYS;
        }
        if (isExceeded(local.bytes(), nextLocal.bytes(), localQuota.maxBytes())) {
            return Limit.LOCAL_BYTES;
        }
        if (!replacing && isExceeded(remote.keys(), nextRemote.keys(), remoteQuota.maxKeys())) {
            return Limit.REMOTE_KEYS;
        }
        if (isExceeded(remote.bytes(), nextRemote.bytes(), remoteQuota.maxBytes())) {
            return Limit.REMOTE_BYTES;
        }
        // A share exceeds its quota when stored records changed their publisher; the other share then has less room.
        long keys = (long) local.keys() + remote.keys();
        long nextKeys = (long) nextLocal.keys() + nextRemote.keys();
        return !replacing && isExceeded(keys, nextKeys, maxKeys()) ? Limit.ALL_KEYS : null;
    }

    private static boolean isExceeded(long current, long next, long limit) {
        return next > current && next > limit;
    }

    private long maxKeys() {
        return (long) localQuota.maxKeys() + remoteQuota.maxKeys();
    }

    /** Returns the exception to throw for a change that would exceed {@code limit}. */
    StoreException.Full refusal(Limit limit) {
        return switch (limit) {
            case LOCAL_KEYS -> refusal(localQuota.maxKeys(), "keys for local ", content.localKeys.key());
            case LOCAL_BYTES -> refusal(localQuota.maxBytes(), "bytes for local ", content.localBytes.key());
            case REMOTE_KEYS -> refusal(remoteQuota.maxKeys(), "keys for remote ", content.remoteKeys.key());
            case REMOTE_BYTES -> refusal(remoteQuota.maxBytes(), "bytes for remote ", content.remoteBytes.key());
            case ALL_KEYS ->
                refusal(
                        maxKeys(),
                        "keys for local and remote ",
                        content.localKeys.key() + " + " + content.remoteKeys.key());
        };
    }

    private StoreException.Full refusal(long limit, String unit, String option) {
        return StoreException.Full.reached(limit, unit + content.noun, option);
    }

    /** Returns the number of stored records, expired ones included. */
    synchronized long records() {
        return (long) local.records() + remote.records();
    }

    /** Returns how many of them are local. */
    synchronized long localRecords() {
        return local.records();
    }

    /** Returns the heap that the records occupy, in bytes, as {@link StoreEntry#usage} estimates it. */
    synchronized long bytes() {
        return local.bytes() + remote.bytes();
    }
}
