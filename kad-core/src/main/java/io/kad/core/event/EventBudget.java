package io.kad.core.event;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Bound on the bytes of all events of a peer, its own and those of its queries, that wait for their subscribers. The bytes of a buffer
 * that its user has dropped are free again once it is garbage-collected. Thread-safe.
 */
public final class EventBudget {

    private final long maxBytes;
    private volatile BooleanSupplier reclaim = () -> false;
    private final AtomicLong usedBytes = new AtomicLong();
    private final Set<Account> accounts = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

    /** Creates a budget of which nothing is used. */
    public EventBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Sets what makes room when all is used.
     *
     * @param freesSome closes an account that is not needed any more; returns false if there is none
     */
    void reclaimBy(BooleanSupplier freesSome) {
        reclaim = freesSome;
    }

    /** Bytes that one buffer uses. */
    static final class Account extends WeakReference<Object> {

        private final AtomicLong bytes = new AtomicLong();

        private Account(Object owner, ReferenceQueue<Object> queue) {
            super(owner, queue);
        }
    }

    /** Opens the account of {@code owner}, which is closed when the owner is garbage-collected. */
    Account open(Object owner) {
        closeCollected();
        Account account = new Account(owner, collected);
        accounts.add(account);
        return account;
    }

    /** Uses {@code bytes} more; returns false, and uses nothing, if that exceeds the bound. */
    boolean reserve(Account account, long bytes) {
        boolean reserved = tryReserve(bytes);
        if (!reserved) {
            closeCollected();
            reserved = tryReserve(bytes);
        }
        while (!reserved && reclaim.getAsBoolean()) {
            reserved = tryReserve(bytes);
        }
        if (reserved) {
            account.bytes.addAndGet(bytes);
        }
        return reserved;
    }

    private boolean tryReserve(long bytes) {
        if (usedBytes.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        usedBytes.addAndGet(-bytes);
        return false;
    }

    /** Frees {@code bytes} that were reserved. */
    void release(Account account, long bytes) {
        account.bytes.addAndGet(-bytes);
        usedBytes.addAndGet(-bytes);
    }

    /** Frees all that {@code account} uses, and closes it. */
    void close(Account account) {
        if (accounts.remove(account)) {
            usedBytes.addAndGet(-account.bytes.getAndSet(0));
        }
    }

    private void closeCollected() {
        for (Object next = collected.poll(); next != null; next = collected.poll()) {
            close((Account) next);
        }
    }

    /** Returns the bytes that are used. */
    public long usedBytes() {
        closeCollected();
        return usedBytes.get();
    }
}
