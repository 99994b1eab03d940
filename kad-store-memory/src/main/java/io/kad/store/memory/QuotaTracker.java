package io.kad.store.memory;

import io.kad.store.memory.MemoryStoreLimits.Quota;
import io.kad.store.memory.Usage.Amount;
import java.util.Optional;

/** The sum of all loads, kept within the quotas. Thread-safe; takes no other lock. */
final class QuotaTracker {

    private final String what;
    private final Quota localQuota;
    private final Quota remoteQuota;
    private Amount local = Amount.NONE;
    private Amount remote = Amount.NONE;

    /** Creates the ledger of a store of {@code what}, a noun for messages. */
    QuotaTracker(String what, Quota ownQuota, Quota foreignQuota) {
        this.what = what;
        this.localQuota = ownQuota;
        this.remoteQuota = foreignQuota;
    }

    /** Puts the load {@code to} in the place of {@code from}. */
    synchronized void replace(Usage from, Usage to) {
        local = local.replace(from.local(), to.local());
        remote = remote.replace(from.remote(), to.remote());
    }

    /**
     * Returns whether the load {@code to} in the place of {@code from} would take a share further beyond a limit.
     *
     * @param replacing whether a record takes the place of one that is held, so that the number of keys doesn't count
     * @return why, or empty if it would not
     */
    synchronized Optional<String> checkQuota(Usage from, Usage to, boolean replacing) {
        Amount ownAfter = local.replace(from.local(), to.local());
        Amount foreignAfter = remote.replace(from.remote(), to.remote());
        return checkQuota("own ", local, ownAfter, localQuota, replacing)
                .or(() -> checkQuota("", remote, foreignAfter, remoteQuota, replacing))
                .or(() -> checkQuota(ownAfter, foreignAfter, replacing));
    }

    private Optional<String> checkQuota(String whose, Amount before, Amount after, Quota quota, boolean replacing) {
        if (!replacing && after.keys() > before.keys() && after.keys() > quota.maxKeys()) {
            return Optional.of("no room for " + whose + what + " under more than " + quota.maxKeys() + " keys");
        }
        if (after.bytes() > before.bytes() && after.bytes() > quota.maxBytes()) {
            return Optional.of("no room for " + whose + what + " of more than " + quota.maxBytes() + " bytes");
        }
        return Optional.empty();
    }

    /** A share can be beyond its limit by records that changed their publisher; then the other has as many places less. */
    private Optional<String> checkQuota(Amount ownAfter, Amount foreignAfter, boolean replacing) {
        long keysBefore = (long) local.keys() + remote.keys();
        long keysAfter = (long) ownAfter.keys() + foreignAfter.keys();
        long places = (long) localQuota.maxKeys() + remoteQuota.maxKeys();
        return !replacing && keysAfter > keysBefore && keysAfter > places
                ? Optional.of("no room for " + what + " under more than " + places + " keys, own ones included")
                : Optional.empty();
    }

    /** Returns the number of records that are held. */
    synchronized long records() {
        return (long) local.records() + remote.records();
    }

    /** Returns the heap that they take, as far as it is counted. */
    synchronized long bytes() {
        return local.bytes() + remote.bytes();
    }
}
