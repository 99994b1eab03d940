package io.kad.core.server;

import io.kad.api.KademliaConfig;
import io.kad.api.id.AddressRange;
import io.kad.api.id.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Quota of the entries of one kind, records or provider records, that the peers of one address range make this peer keep, and of their bytes. An
 * identity costs nothing, an address does. One identity gets a part of the quota of its host, so that it leaves room for others behind the same
 * address.
 *
 * <p>An entry counts for the peer that brought it first and for its ranges, until it expires or the store evicts it. What replaces it and is not
 * larger always fits, and counts for the same peer. What is larger counts for the peer that sent it, which must have room for all of it, or for the
 * difference if the entry was its own: nobody uses up the quota of another peer by enlarging its records. A request claims its room before it
 * stores, so that any number of them at once share what is left, and gives it back if the store refuses. Of requests for one entry at the
 * same time the largest one that was stored counts.
 *
 * <p>What is counted are the entries that came or were renewed last, as many as two networks may store, by a part of the SHA-256
 * of their keys: memory is bounded, whatever the store holds. Hosts of more than two networks that each use all of their quota can have
 * their oldest entries forgotten; then the limits of the store hold alone. Thread-safe.
 */
public final class RangeQuota {

    /** Least number of entries that are counted; about 150 bytes each. Source: the default capacity of the stores in memory. */
    static final int MIN_WINDOW = 65_536;

    /** Shortest time between two searches for expired entries, which walk over all of them. Source: kad's choice. */
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

    private final QuotaLimits perHost;
    private final QuotaLimits perNetwork;
    private final QuotaLimits perPeer;
    private final long window;
    /** Counted entries, the one that was claimed longest ago at the beginning. */
    private final LinkedHashMap<Long, QuotaEntry> entries = new LinkedHashMap<>();

    /** Accounts that are used, by the range or the peer at its host. */
    private final Map<Object, QuotaAccount> accounts = new HashMap<>();
    /** Time before which no entry expires. */
    private Instant firstExpiry = Instant.MAX;

    private Instant lastSweep = Instant.MIN;
    private long sweeps;

    /** Peer at one host. */
    private record HostPeer(PeerId peer, AddressRange host) {

        @Override
        public String toString() {
            return "peer " + peer + " in " + host;
        }
    }

    /**
     * Quota that was reached.
     *
     * @param owner the range, or the peer with its host
     * @param range the range
     * @param limit the limit with its option, for people
     * @param option the name of the option that sets it
     */
    public record Exceeded(String owner, AddressRange range, String limit, String option) {

        private static Exceeded of(Object owner, QuotaLimits.Limit limit) {
            return owner instanceof HostPeer peer
                    ? new Exceeded(peer.toString(), peer.host(), limit.toString(), limit.option())
                    : new Exceeded("address range " + owner, (AddressRange) owner, limit.toString(), limit.option());
        }
    }

    /** Claim of a request that is about to store an entry, or the quota that it would exceed. Each request has its own. */
    public final class Claim {

        private final long key;
        /** Null if nothing was claimed. */
        private final @Nullable QuotaEntry entry;

        private final Optional<Exceeded> exceeded;
        /** Who pays if the entry takes more room than before; null for nobody. */
        private final @Nullable QuotaAccount account;
        /** Who paid for the entry before. */
        private final @Nullable QuotaAccount accountBefore;

        private final long bytesBefore;
        private final long bytes;
        private final Instant expires;

        private Claim(
                long key,
                @Nullable QuotaEntry entry,
                Optional<Exceeded> exceeded,
                @Nullable QuotaAccount account,
                long bytes,
                Instant expires) {
            this.key = key;
            this.entry = entry;
            this.exceeded = exceeded;
            this.account = account;
            this.accountBefore = entry == null ? null : entry.account;
            this.bytesBefore = entry == null ? 0 : entry.bytes;
            this.bytes = bytes;
            this.expires = expires;
        }

        /** Returns the quota for which the entry must not be stored; empty if it may be. */
        public Optional<Exceeded> exceeded() {
            return exceeded;
        }

        /**
         * Ends the claim. An entry that was not stored counts as before. No effect on the entry if the store has evicted it meanwhile. Must be called
         * once.
         */
        public void end(boolean isStored) {
            if (entry != null) {
                RangeQuota.this.end(this, entry, isStored);
            }
        }
    }

    public RangeQuota(KademliaConfig config) {
        this.perHost = QuotaLimits.ofHosts(config);
        this.perNetwork = QuotaLimits.ofNetworks(config);
        this.perPeer = perHost.ofPeers();
        this.window = Math.max(
                MIN_WINDOW,
                2L * Math.max(perHost.entries().value(), perNetwork.entries().value()));
    }

    /**
     * Claims room for an entry that is about to be stored or renewed.
     *
     * @param key the key of the entry
     * @param ranges the host and the network of the sender; empty for one without a limit
     * @return what says whether there is room, and what the caller must {@linkplain Claim#end end}
     */
    public synchronized Claim claim(
            long key, PeerId peer, List<AddressRange> ranges, long bytes, Instant expires, Instant now) {
        QuotaEntry entry = entries.get(key);
        if (entry != null && entry.isExpired(now)) {
            removed(key);
            entry = null;
        }
        if (entry == null && ranges.isEmpty()) {
            return new Claim(key, null, Optional.empty(), null, bytes, expires);
        }
        QuotaAccount account = null;
        if (!ranges.isEmpty() && (entry == null || entry.isExceededBy(bytes))) {
            account = account(peer, ranges);
            Optional<Exceeded> exceeded = exceeded(account, entry, bytes);
            if (exceeded.isPresent() && removeExpired(now)) {
                entry = entries.get(key);
                account = account(peer, ranges);
                exceeded = exceeded(account, entry, bytes);
            }
            if (exceeded.isPresent()) {
                return new Claim(key, null, exceeded, null, bytes, expires);
            }
        }
        return claim(key, entry, account, bytes, expires);
    }

    private Claim claim(
            long key, @Nullable QuotaEntry counted, @Nullable QuotaAccount account, long bytes, Instant expires) {
        QuotaEntry entry = counted == null ? new QuotaEntry() : counted;
        entry.claims++;
        Claim claim = new Claim(key, entry, Optional.empty(), account, bytes, expires);
        reserve(claim, 1);
        entries.remove(key);
        entries.put(key, entry);
        if (entries.size() > window) {
            Iterator<QuotaEntry> oldest = entries.values().iterator();
            release(oldest.next());
            oldest.remove();
        }
        return claim;
    }

    /** Returns the account of a peer; a new one is not in the map before something counts for it. */
    private QuotaAccount account(PeerId peer, List<AddressRange> ranges) {
        HostPeer owner = new HostPeer(peer, ranges.get(0));
        QuotaAccount known = accounts.get(owner);
        return known != null
                ? known
                : new QuotaAccount(owner, perPeer, account(ranges.get(0), account(ranges.get(1), null)));
    }

    private QuotaAccount account(AddressRange range, @Nullable QuotaAccount parent) {
        QuotaAccount known = accounts.get(range);
        return known != null ? known : new QuotaAccount(range, range.isHost() ? perHost : perNetwork, parent);
    }

    /** Returns the quota that {@code account} or a parent would exceed if {@code entry}, or a new one, had so many bytes and were its own. */
    private static Optional<Exceeded> exceeded(QuotaAccount account, @Nullable QuotaEntry entry, long bytes) {
        for (QuotaAccount paying = account; paying != null; paying = paying.parent()) {
            boolean paid = paidBefore(paying, entry == null ? null : entry.account);
            Optional<QuotaLimits.Limit> limit =
                    paying.exceededBy(paid ? 0 : 1, paid && entry != null ? bytes - entry.bytes : bytes);
            if (limit.isPresent()) {
                return Optional.of(Exceeded.of(paying.owner(), limit.get()));
            }
        }
        return Optional.empty();
    }

    private static boolean paidBefore(QuotaAccount account, @Nullable QuotaAccount before) {
        return before != null && before.includes(account);
    }

    /** Counts the room that a claim takes beyond what was stored, or with a {@code sign} of -1 gives it back. */
    private void reserve(Claim claim, int sign) {
        for (QuotaAccount paying = claim.account; paying != null; paying = paying.parent()) {
            boolean paid = paidBefore(paying, claim.accountBefore);
            change(paying, paid ? 0 : sign, sign * (paid ? claim.bytes - claim.bytesBefore : claim.bytes));
        }
    }

    private synchronized void end(Claim claim, QuotaEntry entry, boolean isStored) {
        reserve(claim, -1);
        entry.claims--;
        if (entry.isRemoved) {
            return;
        }
        if (isStored) {
            if (entry.isExceededBy(claim.bytes)) {
                move(entry, claim.account, claim.bytes);
            }
            entry.stored(claim.bytes, claim.expires);
            firstExpiry = earlier(firstExpiry, claim.expires);
        }
        if (entry.claims == 0) {
            finishClaims(claim.key, entry);
        }
    }

    private void finishClaims(long key, QuotaEntry entry) {
        long bytes = entry.finalBytes();
        if (entry.account == null) {
            removed(key);
        } else if (bytes != entry.bytes) {
            move(entry, entry.account, bytes);
        }
    }

    /** Makes an entry count for {@code account}, or for nobody. */
    private void move(QuotaEntry entry, @Nullable QuotaAccount account, long bytes) {
        for (QuotaAccount paid = entry.account; paid != null; paid = paid.parent()) {
            change(paid, -1, -entry.bytes);
        }
        entry.account = account;
        entry.bytes = bytes;
        for (QuotaAccount paying = account; paying != null; paying = paying.parent()) {
            change(paying, 1, bytes);
        }
    }

    private void change(QuotaAccount account, int moreEntries, long moreBytes) {
        boolean isNew = account.isUnused();
        account.add(moreEntries, moreBytes);
        if (account.isUnused()) {
            accounts.remove(account.owner());
        } else if (isNew) {
            accounts.put(account.owner(), account);
        }
    }

    /** Releases an entry that is no longer stored; no effect if it is not counted. */
    public synchronized void removed(long key) {
        QuotaEntry entry = entries.remove(key);
        if (entry != null) {
            release(entry);
        }
    }

    private void release(QuotaEntry entry) {
        move(entry, null, 0);
        entry.isRemoved = true;
    }

    /** Returns the number of entries that are counted. */
    public synchronized int counted() {
        return entries.size();
    }

    /** Returns the number of peers and address ranges for which something counts. */
    synchronized int accounts() {
        return accounts.size();
    }

    /** Returns the number of searches for expired entries. */
    public synchronized long sweeps() {
        return sweeps;
    }

    /** Removes the expired entries, if there are any and the last search was not just now; returns whether it searched. */
    private boolean removeExpired(Instant now) {
        // If the wall clock was set back, the last search is not recent
        boolean isRecent = !now.isBefore(lastSweep) && now.isBefore(lastSweep.plus(SWEEP_INTERVAL));
        if (firstExpiry.isAfter(now) || isRecent) {
            return false;
        }
        sweeps++;
        lastSweep = now;
        firstExpiry = Instant.MAX;
        entries.values().removeIf(entry -> {
            boolean expired = entry.isExpired(now);
            if (expired) {
                release(entry);
            } else {
                firstExpiry = earlier(firstExpiry, entry.expires);
            }
            return expired;
        });
        return true;
    }

    private static Instant earlier(Instant left, Instant right) {
        return left.isBefore(right) ? left : right;
    }
}
