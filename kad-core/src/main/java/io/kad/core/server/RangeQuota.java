package io.kad.core.server;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.id.AddressRange;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Quota of the entries of one kind, records or provider records, that the peers of one address range make this peer keep, and of their bytes. An
 * identity costs nothing, an address does. One identity gets a part of the quota of its host, so that it leaves room for others behind the same
 * address.
 *
 * <p>An entry counts for the peer that sent it and for its ranges, until it expires or the store evicts it. Who has sent it has paid for its bytes
 * until its expiry: what replaces or renews it within that always fits, and counts for the same peer. What is larger or lasts longer counts for
 * the peer that sent it, which must have room for all of it, or for the difference if the entry was its own: nobody uses up the quota of another
 * peer by enlarging its records or by renewing them. What a peer sends of other publishers has a part of its own, and so has what all peers of a
 * host do, so that it does not use up that of what they publish themselves.
 *
 * <p>Where the store is full, it {@linkplain #overShare asks} whose entries go first.
 *
 * <p>A request claims its room before it stores, so that any number of them at once share what is left, and gives it back if the store refuses.
 * Of requests for one entry at the same time the largest one and the latest expiry that were stored count.
 *
 * <p>What is counted are the entries that came or were renewed last, as many as two networks may store, by a part of the SHA-256
 * of their keys: memory is bounded, whatever the store holds. A large key counts for several entries. Hosts of more than two networks that each use all of their quota can have
 * their oldest entries forgotten; then the limits of the store hold alone. Who has no limits, such as loopback, gets half of it at most, and what it stores beyond
 * that counts for nobody. Thread-safe.
 */
public final class RangeQuota {

    /** Least number of entries that are counted; 165 bytes each of few peers, and up to 930 of a peer and network each, without their keys. Source: the default capacity of the stores in memory. */
    static final int MIN_WINDOW = 65_536;

    /** Shortest time between two searches for expired entries, which walk over all of them. Source: kad's choice. */
    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

    private final KademliaConfig config;
    private QuotaLimits perHost;
    private QuotaLimits perNetwork;
    private QuotaLimits perPeer;
    private QuotaLimits perReplications;
    private QuotaAccount all;
    private final long window;
    /** Counted entries, the one that was claimed longest ago at the beginning. */
    private final LinkedHashMap<Long, QuotaEntry> entries = new LinkedHashMap<>();

    /** How many entries they count for. */
    private long count;

    /** Accounts that are used, by the range or the peer at its host. */
    private final Map<Object, QuotaAccount> accounts = new HashMap<>();
    /** Time before which no entry expires. */
    private Instant firstExpiry = Instant.MAX;

    private Instant lastSweep = Instant.MIN;
    private long sweeps;
    /** The time of the last claim. */
    private Instant lastClaim = Instant.MIN;

    private long claims;
    private long accountsMade;

    /** Peer at one host, with what it publishes itself or with what it replicates. */
    private record HostPeer(PeerId peer, AddressRange host, boolean isReplicating) {

        @Override
        public String toString() {
            return "peer " + peer + " in " + host + (isReplicating ? " that others have published" : "");
        }
    }

    /** All peers at one host, with what they replicate. */
    private record Replications(AddressRange host) {

        @Override
        public String toString() {
            return "peers in " + host + " with what others have published";
        }
    }

    /**
     * Entry that leaves a full store.
     *
     * @param id the number of the entry, see {@link EntryKey}
     * @param key the key of the record or of the provider record
     * @param sender the peer that has sent it
     */
    public record Leaving(long id, RecordKey key, PeerId sender) {

        private static Leaving of(QuotaEntry entry, PeerId sender) {
            return new Leaving(entry.key.id(), entry.key.key(), sender);
        }
    }

    /**
     * Quota that was reached.
     *
     * @param owner the range, or the peer or peers with their host
     * @param range the range
     * @param limit the limit with its option, for people
     * @param option the name of the option that sets it
     */
    public record Exceeded(String owner, AddressRange range, String limit, String option) {

        private static Exceeded of(Object owner, QuotaLimits.Limit limit) {
            if (owner instanceof HostPeer peer) {
                return new Exceeded(peer.toString(), peer.host(), limit.toString(), limit.option());
            }
            return owner instanceof Replications replications
                    ? new Exceeded(owner.toString(), replications.host(), limit.toString(), limit.option())
                    : new Exceeded("address range " + owner, (AddressRange) owner, limit.toString(), limit.option());
        }
    }

    /** Claim of a request that is about to store an entry, or the quota that it would exceed. Each request has its own. */
    public final class Claim {

        /** Null if nothing was claimed. */
        private final @Nullable QuotaEntry entry;

        private final Optional<Exceeded> exceeded;
        private final EntrySender sender;
        private final long bytes;
        private final Instant expires;
        /** Whether it takes room of its sender until it ends: who pays for the entry has not paid for as much. */
        private boolean isReserving;
        /** Whether the store has evicted what this request has stored. */
        private boolean isEvicted;
        /** Account of its sender, see {@link #account(Claim)}. */
        private @Nullable QuotaAccount account;

        private Claim(
                @Nullable QuotaEntry entry,
                Optional<Exceeded> exceeded,
                EntrySender sender,
                long bytes,
                Instant expires) {
            this.entry = entry;
            this.exceeded = exceeded;
            this.sender = sender;
            this.bytes = bytes;
            this.expires = expires;
            this.isReserving = entry != null && !entry.isPaidFor(bytes, expires);
        }

        /** Returns the quota for which the entry must not be stored; empty if it may be. */
        public Optional<Exceeded> exceeded() {
            return exceeded;
        }

        /**
         * Ends the claim. An entry that was not stored counts as before. One that was stored counts, also if the store has evicted an earlier value
         * of it meanwhile. One of the methods that end it must be called once.
         */
        public void end(boolean isStored) {
            if (entry != null) {
                RangeQuota.this.end(this, entry, isStored ? Optional.of(expires) : Optional.empty());
            }
        }

        /** Ends the claim of an entry in place of which the store has kept an equal one, with an expiry of its own. */
        public void endKept(Instant keptExpires) {
            if (entry != null) {
                endKept(entry, keptExpires);
            }
        }

        private void endKept(QuotaEntry kept, Instant keptExpires) {
            synchronized (RangeQuota.this) {
                boolean isCounted = kept.account != null && bytes <= kept.bytes;
                RangeQuota.this.end(this, kept, isCounted ? Optional.empty() : Optional.of(keptExpires));
            }
        }
    }

    /** Creates a quota for a store that does not limit bytes, unless {@link #useStore} is called. */
    public RangeQuota(KademliaConfig config) {
        this.config = config;
        this.perHost = QuotaLimits.ofHosts(config, OptionalLong.empty());
        this.perNetwork = QuotaLimits.ofNetworks(config, OptionalLong.empty());
        this.perPeer = perHost.ofPeers();
        this.perReplications = perHost.ofReplications();
        this.window = Math.max(
                MIN_WINDOW,
                2L * Math.max(perHost.entries().value(), perNetwork.entries().value()));
        this.all = newRoot(OptionalLong.empty(), OptionalLong.empty());
    }

    private QuotaAccount newRoot(OptionalLong maxEntries, OptionalLong maxBytes) {
        var capacity = new QuotaCapacity(Math.min(window, maxEntries.orElse(window)), maxBytes.orElse(Long.MAX_VALUE));
        return new QuotaAccount("all", QuotaLimits.NONE, capacity, null, 0);
    }

    /**
     * Limits bytes by those of the store, where the configuration does not say more, and makes its limits the capacity that is shared. Called before
     * anything is claimed.
     *
     * @param maxEntries the limit of the store; empty if it has none
     * @param maxBytes the limit of the store; empty if it has none
     */
    public synchronized void useStore(OptionalLong maxEntries, OptionalLong maxBytes) {
        perHost = QuotaLimits.ofHosts(config, maxBytes);
        perNetwork = QuotaLimits.ofNetworks(config, maxBytes);
        perPeer = perHost.ofPeers();
        perReplications = perHost.ofReplications();
        all = newRoot(maxEntries, maxBytes);
    }

    /**
     * Claims room for an entry that is about to be stored or renewed.
     *
     * @param key the key of the entry
     * @return what says whether there is room, and what the caller must {@linkplain Claim#end end}
     */
    public synchronized Claim claim(EntryKey key, EntrySender sender, long bytes, Instant expires, Instant now) {
        lastClaim = now;
        QuotaEntry entry = entries.get(key.id());
        if (entry != null && entry.isExpired(now)) {
            removed(key.id());
            entry = null;
        }
        if (entry == null && !sender.isLimited() && hasHalfOfTheWindow(sender)) {
            return new Claim(null, Optional.empty(), sender, bytes, expires);
        }
        if (entry == null || !entry.isPaidFor(bytes, expires)) {
            Optional<Exceeded> exceeded = exceeded(account(sender), key, entry, bytes);
            if (exceeded.isPresent() && removeExpired(now)) {
                entry = entries.get(key.id());
                exceeded = exceeded(account(sender), key, entry, bytes);
            }
            if (exceeded.isPresent()) {
                return new Claim(null, exceeded, sender, bytes, expires);
            }
        }
        return claim(key, entry == null ? new QuotaEntry(key) : entry, sender, bytes, expires);
    }

    private Claim claim(EntryKey key, QuotaEntry entry, EntrySender sender, long bytes, Instant expires) {
        Claim claim = new Claim(entry, Optional.empty(), sender, bytes, expires);
        entry.claim(claim);
        reserve(claim, entry, 1);
        entry.renewal = ++claims;
        if (entry.account != null) {
            entry.account.addOrMoveEntry(entry);
        }
        if (entries.remove(key.id()) == null) {
            count += key.count();
        }
        entries.put(key.id(), entry);
        Iterator<QuotaEntry> oldest = entries.values().iterator();
        while (count > window) {
            removeEntry(oldest.next());
            oldest.remove();
        }
        return claim;
    }

    /** Returns whether the network of a sender without limits has half of what is counted: more would have the entries of others forgotten. */
    private boolean hasHalfOfTheWindow(EntrySender sender) {
        QuotaAccount network = accounts.get(sender.network());
        return network != null && network.entries() >= window / 2;
    }

    /** Returns the account of a sender; a new one is not in the map before something counts for it. */
    private QuotaAccount account(EntrySender sender) {
        HostPeer owner = new HostPeer(sender.peer(), sender.host(), sender.isReplicating());
        QuotaAccount known = accounts.get(owner);
        if (known != null) {
            return known;
        }
        QuotaAccount network = account(sender.network(), limits(sender, perNetwork), all);
        QuotaAccount host = account(sender.host(), limits(sender, perHost), network);
        QuotaAccount parent = sender.isReplicating()
                ? account(new Replications(sender.host()), limits(sender, perReplications), host)
                : host;
        return account(owner, limits(sender, perPeer), parent);
    }

    private static QuotaLimits limits(EntrySender sender, QuotaLimits limits) {
        return sender.isLimited() ? limits : QuotaLimits.NONE;
    }

    /** Returns the account of the sender of a claim. One for which nothing counts is looked up again, as it is not in the map. */
    private QuotaAccount account(Claim claim) {
        QuotaAccount known = claim.account;
        if (known == null || known.isUnused()) {
            known = account(claim.sender);
            claim.account = known;
        }
        return known;
    }

    private QuotaAccount account(Object owner, QuotaLimits limits, QuotaAccount parent) {
        QuotaAccount known = accounts.get(owner);
        return known != null ? known : new QuotaAccount(owner, limits, all.capacity(), parent, ++accountsMade);
    }

    /** Returns the quota that {@code account} or a parent would exceed if {@code entry}, or a new one, had so many bytes and were its own. */
    private static Optional<Exceeded> exceeded(
            QuotaAccount account, EntryKey key, @Nullable QuotaEntry entry, long bytes) {
        for (QuotaAccount paying = account; paying != null; paying = paying.parent()) {
            Optional<QuotaLimits.Limit> limit =
                    paying.exceededBy(moreEntries(paying, key, entry), moreBytes(paying, entry, bytes));
            if (limit.isPresent()) {
                return Optional.of(Exceeded.of(paying.owner(), limit.get()));
            }
        }
        return Optional.empty();
    }

    private static boolean isPaying(QuotaAccount account, @Nullable QuotaEntry entry) {
        return entry != null && entry.account != null && entry.account.includes(account);
    }

    private static int moreEntries(QuotaAccount account, EntryKey key, @Nullable QuotaEntry entry) {
        return isPaying(account, entry) ? 0 : key.count();
    }

    /** Returns the bytes that an account needs for an entry of so many, beyond those that it pays for it now. */
    private static long moreBytes(QuotaAccount account, @Nullable QuotaEntry entry, long bytes) {
        return entry != null && isPaying(account, entry) ? Math.max(0, bytes - entry.bytes) : bytes;
    }

    /** Counts the room that a claim takes beyond what its sender pays for the entry now, or with a {@code sign} of -1 gives it back. */
    private void reserve(Claim claim, QuotaEntry entry, int sign) {
        if (!claim.isReserving) {
            return;
        }
        for (QuotaAccount paying = account(claim); paying != null; paying = paying.parent()) {
            change(paying, sign * moreEntries(paying, entry.key, entry), sign * moreBytes(paying, entry, claim.bytes));
        }
    }

    private synchronized void end(Claim claim, QuotaEntry entry, Optional<Instant> storedUntil) {
        reserve(claim, entry, -1);
        entry.unclaim(claim);
        if (entry.isRemoved) {
            return;
        }
        if (!claim.isEvicted) {
            storedUntil.ifPresent(until -> stored(claim, entry, until));
        }
        if (entry.claims().isEmpty()) {
            finishClaims(entry);
        }
    }

    /** Makes the sender of what was stored pay, unless another has paid for as much. */
    private void stored(Claim claim, QuotaEntry entry, Instant until) {
        QuotaEntry.Stored stored = entry.stored(claim.bytes, until);
        if (!entry.isPaidFor(claim.bytes, until)) {
            move(entry, account(claim), stored.bytes(), stored.expires());
        }
    }

    private void finishClaims(QuotaEntry entry) {
        QuotaEntry.Stored stored = entry.takeStored();
        if (entry.account == null) {
            removed(entry.key.id());
        } else if (stored != null) {
            move(entry, entry.account, stored.bytes(), stored.expires());
        }
    }

    /** Makes an entry count for {@code account}, or for nobody. What its claims take besides changes with that. */
    private void move(QuotaEntry entry, @Nullable QuotaAccount account, long bytes, Instant expires) {
        if (account == entry.account && bytes == entry.bytes) {
            setExpiry(entry, expires);
            return;
        }
        entry.claims().forEach(claim -> reserve(claim, entry, -1));
        // The new one first: an account that both have in common must not be thrown away meanwhile
        for (QuotaAccount paying = account; paying != null; paying = paying.parent()) {
            change(paying, entry.key.count(), bytes);
        }
        for (QuotaAccount paid = entry.account; paid != null; paid = paid.parent()) {
            change(paid, -entry.key.count(), -entry.bytes);
        }
        if (entry.account != null) {
            entry.account.removeEntry(entry);
        }
        if (account != null) {
            account.addOrMoveEntry(entry);
        }
        entry.account = account;
        entry.bytes = bytes;
        setExpiry(entry, expires);
        entry.claims().forEach(claim -> reserve(claim, entry, 1));
    }

    private void setExpiry(QuotaEntry entry, Instant expires) {
        entry.expires = expires;
        firstExpiry = earlier(firstExpiry, expires);
    }

    private void change(QuotaAccount account, int moreEntries, long moreBytes) {
        boolean isNew = account.isUnused();
        account.add(moreEntries, moreBytes);
        if (account == all) {
            return;
        }
        if (account.isUnused()) {
            accounts.remove(account.owner());
        } else if (isNew) {
            accounts.put(account.owner(), account);
        }
    }

    /**
     * Releases an entry that the store has removed; no effect if it is not counted. One that requests are about to store again stays known, so that
     * their senders take room for it and may be refused.
     */
    public synchronized void removed(long id) {
        QuotaEntry entry = entries.get(id);
        if (entry == null) {
            return;
        }
        // If nothing was counted before the one request, the store has most likely removed what that has stored
        boolean wasNew = entry.account == null && !entry.hasStored();
        if (wasNew && entry.claims().size() == 1) {
            entry.claims().get(0).isEvicted = true;
        }
        release(entry);
    }

    /**
     * Releases an entry that the local peer has replaced by one of its own; no effect if it is not counted. What a request is about to store
     * may replace that one in turn, so it counts.
     */
    public synchronized void replaced(long id) {
        QuotaEntry entry = entries.get(id);
        if (entry != null) {
            release(entry);
        }
    }

    private void release(QuotaEntry entry) {
        if (entry.claims().isEmpty()) {
            entries.remove(entry.key.id());
            removeEntry(entry);
        } else {
            releaseWhileClaimed(entry);
        }
    }

    /**
     * Whether what was there before the requests is gone, or what one of them has stored, is not known. So what they store counts: too
     * much for their senders, not too little, until the store tells that it does not hold it.
     */
    private void releaseWhileClaimed(QuotaEntry entry) {
        entry.takeStored();
        move(entry, null, 0, Instant.MAX);
        for (Claim claim : entry.claims()) {
            if (!claim.isReserving) {
                claim.isReserving = true;
                reserve(claim, entry, 1);
            }
        }
    }

    private void removeEntry(QuotaEntry entry) {
        count -= entry.key.count();
        move(entry, null, 0, Instant.MAX);
        entry.isRemoved = true;
    }

    /**
     * Returns the entries that leave a full store first, in this order: those of who keeps more than its fair share. What is expired is released
     * instead.
     *
     * @param incoming the entry that finds no room, which its request has claimed; if it is in the list, it is the last and is to be refused
     */
    public synchronized List<Leaving> overShare(long incoming, int limit) {
        removeExpired(lastClaim);
        QuotaEntry entry = entries.get(incoming);
        Claim claim = entry == null ? null : lightest(entry.claims());
        QuotaAccount sender = claim == null ? null : account(claim);
        List<QuotaEntry> selected = select(entry, sender, limit);
        while (releaseExpired(selected)) {
            selected = select(entry, sender, limit);
        }
        return selected.stream()
                .map(leaving ->
                        Leaving.of(leaving, leaving == entry && claim != null ? claim.sender.peer() : payer(leaving)))
                .toList();
    }

    private List<QuotaEntry> select(@Nullable QuotaEntry incoming, @Nullable QuotaAccount sender, int limit) {
        return new FairShares(all).select(incoming, sender, limit);
    }

    /** Releases those that are expired; returns whether there were any. */
    private boolean releaseExpired(List<QuotaEntry> selected) {
        boolean isAnyExpired = false;
        for (QuotaEntry entry : selected) {
            if (entry.isExpired(lastClaim)) {
                removed(entry.key.id());
                isAnyExpired = true;
            }
        }
        return isAnyExpired;
    }

    /**
     * Returns the claim of who keeps least: which of them the store is about to store is not known, and nobody has the entry of another refused by
     * claiming it too. Null if there is none.
     */
    private @Nullable Claim lightest(List<Claim> claims) {
        Claim lightest = null;
        for (Claim claim : claims) {
            if (lightest == null || account(claim).isLighterThan(account(lightest))) {
                lightest = claim;
            }
        }
        return lightest;
    }

    private static PeerId payer(QuotaEntry entry) {
        QuotaAccount account = requireNonNull(entry.account, "what is not stored does not leave");
        return ((HostPeer) account.owner()).peer();
    }

    /** Returns the number of entries that are counted. */
    public synchronized int counted() {
        return entries.size();
    }

    /** Returns the number of peers and address ranges for which something counts. */
    synchronized int accounts() {
        return accounts.size();
    }

    /** Returns the number of entries that count, and that requests are about to store. */
    synchronized int usedEntries() {
        return all.entries();
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
                removeEntry(entry);
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
