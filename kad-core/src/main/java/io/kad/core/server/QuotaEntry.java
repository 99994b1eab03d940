package io.kad.core.server;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Entry that is stored, or about to be. Not thread-safe: used under the lock of its quota. */
final class QuotaEntry {

    /** Whose value is stored; null if none is, or if it is that of a peer without a limit. */
    @Nullable
    QuotaAccount account;

    /** Bytes for which it counts. While requests are about to store it, they only grow. */
    long bytes;

    /** When what is stored expires. */
    Instant expires = Instant.MAX;
    /** Number of requests that are about to store it. */
    int claims;

    /** Bytes of the largest value that was stored since no request was about to store it; 0 if none was. */
    private long largest;

    /** Whether it counts no more. What requests store after that does not either. */
    boolean isRemoved;

    /** Returns whether what is stored is expired, and no request is about to renew it. */
    boolean isExpired(Instant now) {
        return claims == 0 && !expires.isAfter(now);
    }

    /** Returns whether a value of so many bytes takes more room than what is stored. */
    boolean isExceededBy(long newBytes) {
        return account == null || newBytes > bytes;
    }

    /** Notes that one of the requests has stored a value. */
    void stored(long newBytes, Instant newExpires) {
        largest = Math.max(largest, newBytes);
        expires = newExpires;
    }

    /** Returns the bytes to count once no request is about to store it. Which of several was the last one in the store is not known. */
    long finalBytes() {
        long bytesStored = largest == 0 ? bytes : largest;
        largest = 0;
        return bytesStored;
    }
}
