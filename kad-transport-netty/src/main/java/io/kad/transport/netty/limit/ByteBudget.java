package io.kad.transport.netty.limit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Limit of the bytes that all connections of a node hold together. Nodes of one process may share a budget.
 *
 * <p>When the limit is exceeded, connections are evicted, so that peers that hold little are served although others hold much:
 *
 * <ol>
 *   <li>In the {@linkplain RemoteSource#group() group} of connections that holds most, the connection that holds most is selected. Of those that hold nearly
 *       as much, it is the one without progress for the longest time.
 *   <li>If other groups hold nearly as much, the same is done in each, and of the selected connections it is the one without progress for the longest
 *       time. So the progress of other connections of a group, new ones among them, does not help the one that is selected.
 *   <li>That one may first {@linkplain #addConnection(String, Runnable, PartialDrop) drop a part} of what it holds, and is counted again after
 *       that. Otherwise it is evicted.
 * </ol>
 *
 * <p>Evicted bytes do not count for the limit, but are freed with a delay. If all bytes together exceed 1.5 times the limit meanwhile, a connection
 * of {@value #MIN_EVICTED_BYTES} bytes or more that adds some is evicted too. Thread-safe.
 */
public final class ByteBudget {

    /** Number of its own bytes from which a connection is evicted for adding some, while evicted ones still hold theirs. */
    static final long MIN_EVICTED_BYTES = 64 * 1024;

    private final long limit;

    /** Bytes that count for the limit: not those of connections that are evicted, closed, or about to drop a part. */
    private final AtomicLong countedBytes = new AtomicLong();

    private final AtomicLong chargedBytes = new AtomicLong();
    private final Set<Account> accounts = ConcurrentHashMap.newKeySet();

    /**
     * Creates an unused budget.
     *
     * @param limit in bytes, at least 1
     */
    public ByteBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, got " + limit);
        }
        this.limit = limit;
    }

    /** Returns the limit in bytes. */
    public long limit() {
        return limit;
    }

    /** Returns the bytes that are charged at present. */
    public long chargedBytes() {
        return chargedBytes.get();
    }

    /**
     * Adds a connection.
     *
     * @param group {@linkplain RemoteSource#group() group} of its remote peer
     * @param onEvicted closes the connection; called once at most, on any thread
     */
    public Account addConnection(String group, Runnable onEvicted) {
        return addConnection(group, onEvicted, account -> false);
    }

    /**
     * Adds a connection that can drop a part of what it holds.
     *
     * @param partialDrop drops a part when the connection is selected; called on any thread
     */
    public Account addConnection(String group, Runnable onEvicted, PartialDrop partialDrop) {
        Account account = new Account(group, onEvicted, partialDrop);
        accounts.add(account);
        return account;
    }

    /** Way to free a part of what a connection holds without closing it. */
    @FunctionalInterface
    public interface PartialDrop {

        /**
         * Starts to drop a part and returns true, and calls {@link Account#partDropped} or {@link Account#nothingToDrop} later; returns false
         * if there is no way.
         */
        boolean start(Account account);
    }

    /** Bytes that one connection holds. Thread-safe. */
    public final class Account {

        private final String group;
        private final Runnable onEvicted;
        private final PartialDrop partialDrop;
        private final AtomicLong charged = new AtomicLong();
        private volatile long progressNanos = System.nanoTime();
        private volatile boolean excluded;
        private volatile boolean dropping;
        private volatile boolean closed;

        private Account(String group, Runnable onEvicted, PartialDrop partialDrop) {
            this.group = group;
            this.onEvicted = onEvicted;
            this.partialDrop = partialDrop;
        }

        /** Charges bytes that this connection holds from now on. */
        public void charge(long added) {
            change(added);
        }

        /** Releases bytes that this connection holds no more. */
        public void release(long gone) {
            change(-gone);
        }

        private void change(long change) {
            long total = chargedBytes.addAndGet(change);
            synchronized (this) {
                if (charged.getAndAdd(change) == 0) {
                    progressNanos = System.nanoTime(); // however long it has held nothing
                }
                if (!excluded) {
                    countedBytes.addAndGet(change);
                }
            }
            if (change > 0 && total > limit) {
                makeRoom(this, total);
            } else if (closed) {
                removeIfEmpty();
            }
        }

        /** Called when some of the bytes that this connection holds have moved on, though they still count. */
        public void progressed() {
            progressNanos = System.nanoTime();
        }

        /** Returns the limit of all connections, in bytes. */
        public long limit() {
            return limit;
        }

        /** Returns the bytes that are charged to this connection. */
        public long chargedBytes() {
            return charged.get();
        }

        /** Ends the account once its bytes are gone, which may be later than the connection. */
        public void close() {
            closed = true;
            exclude();
            removeIfEmpty();
        }

        /** Called when a part of what this connection held was dropped: what is left counts again. */
        public void partDropped() {
            synchronized (this) {
                if (!dropping) {
                    return;
                }
                dropping = false;
                excluded = false;
                countedBytes.addAndGet(charged.get());
            }
            makeRoom(this, limit);
        }

        /** Closes this connection, because it found no part to drop. */
        public void nothingToDrop() {
            synchronized (this) {
                if (!dropping) {
                    return;
                }
                dropping = false;
            }
            onEvicted.run();
        }

        /** Ends the count of these bytes for the limit; returns false if it had ended before. */
        private synchronized boolean exclude() {
            boolean counted = !excluded;
            if (counted) {
                excluded = true;
                countedBytes.addAndGet(-charged.get());
            }
            boolean first = counted || dropping;
            dropping = false;
            return first;
        }

        private synchronized void beginPartialDrop() {
            if (!excluded) {
                exclude();
                dropping = true;
            }
        }

        private void dropPart() {
            if (!partialDrop.start(this)) {
                nothingToDrop();
            }
        }

        private void removeIfEmpty() {
            if (charged.get() == 0) {
                accounts.remove(this);
            }
        }
    }

    /** Selects connections until the others are within the limit, and evicts them or makes them drop a part. */
    private void makeRoom(Account adding, long total) {
        List<Account> victims = new ArrayList<>();
        List<Account> selected = new ArrayList<>();
        synchronized (this) {
            boolean tooMuch = total > limit + limit / 2 && adding.chargedBytes() >= MIN_EVICTED_BYTES;
            if (tooMuch && adding.exclude()) {
                victims.add(adding);
            }
            Account heaviest = heaviestIfExceeded();
            while (heaviest != null) {
                heaviest.beginPartialDrop();
                selected.add(heaviest);
                heaviest = heaviestIfExceeded();
            }
        }
        victims.forEach(victim -> victim.onEvicted.run());
        selected.forEach(Account::dropPart);
    }

    /** Returns the connection to evict next; null if those that stay are within the limit. */
    private @Nullable Account heaviestIfExceeded() {
        if (countedBytes.get() <= limit) {
            return null;
        }
        Map<String, Group> groups = new HashMap<>();
        for (Account account : accounts) {
            if (!account.excluded) {
                groups.computeIfAbsent(account.group, name -> new Group()).add(account);
            }
        }
        long heaviestGroup =
                groups.values().stream().mapToLong(group -> group.bytes).max().orElse(0);
        return groups.values().stream()
                .filter(group -> isNearly(group.bytes, heaviestGroup))
                .map(Group::heaviest)
                .flatMap(Optional::stream)
                .min(ByteBudget::compareProgress)
                .orElse(null);
    }

    private static int compareProgress(Account one, Account other) {
        return Long.signum(one.progressNanos - other.progressNanos);
    }

    private static boolean isNearly(long bytes, long most) {
        return bytes >= most - most / 8;
    }

    /** Connections of one group. */
    private static final class Group {

        private final List<Account> accounts = new ArrayList<>();
        private long bytes;

        void add(Account account) {
            accounts.add(account);
            bytes += account.chargedBytes();
        }

        Optional<Account> heaviest() {
            long most = accounts.stream().mapToLong(Account::chargedBytes).max().orElse(0);
            return accounts.stream()
                    .filter(account -> isNearly(account.chargedBytes(), most))
                    .min(ByteBudget::compareProgress);
        }
    }
}
