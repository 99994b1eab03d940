package io.kad.core.server;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entry that is stored, or about to be. Not thread-safe: used under the lock of its quota. */
final class QuotaEntry extends IndexedHeap.Element {

    final EntryKey key;

    /** Number of the latest request to store it: greater than those of before. */
    long renewal;

    /** Who pays for it; null if nothing is stored. */
    @Nullable
    QuotaAccount account;

    /** Bytes that its payer has paid. */
    long bytes;

    /** Until when its payer has paid: what is stored expires then, or was prolonged by nobody who pays. */
    Instant expires = Instant.MAX;

    /** Requests that are about to store it. */
    private List<RangeQuota.Claim> claims = List.of();

    /** Bytes of the largest and expiry of the latest value that was stored since no request was about to; null if none was. */
    private @Nullable Stored stored;

    /** Whether it counts no more. What requests store after that does not either. */
    boolean isRemoved;

    QuotaEntry(EntryKey key) {
        this.key = key;
    }

    /** Upper bounds of the size and the expiry of what the store holds after the requests that have ended. */
    record Stored(long bytes, Instant expires) {

        private Stored with(long moreBytes, Instant laterExpires) {
            return new Stored(Math.max(bytes, moreBytes), laterExpires.isAfter(expires) ? laterExpires : expires);
        }
    }

    /** Returns whether what is stored is expired, and no request is about to renew it. */
    boolean isExpired(Instant now) {
        return claims.isEmpty() && !expires.isAfter(now);
    }

    /** Returns whether a value of so many bytes that expires then is no more than its payer has paid. */
    boolean isPaidFor(long newBytes, Instant newExpires) {
        return account != null && newBytes <= bytes && !newExpires.isAfter(expires);
    }

    void claim(RangeQuota.Claim claim) {
        if (claims.isEmpty()) {
            claims = new ArrayList<>(1);
        }
        claims.add(claim);
    }

    void unclaim(RangeQuota.Claim claim) {
        claims.remove(claim);
        if (claims.isEmpty()) {
            claims = List.of();
        }
    }

    List<RangeQuota.Claim> claims() {
        return claims;
    }

    /** Notes that one of the requests has stored a value. Which of several was the last one in the store is not known. */
    Stored stored(long newBytes, Instant newExpires) {
        stored = stored == null ? new Stored(newBytes, newExpires) : stored.with(newBytes, newExpires);
        return stored;
    }

    /** Returns whether a request has stored a value since none was about to, and the store may hold it. */
    boolean hasStored() {
        return stored != null;
    }

    /** Returns what was stored since the last call; null if nothing was. */
    @Nullable
    Stored takeStored() {
        Stored taken = stored;
        stored = null;
        return taken;
    }
}
