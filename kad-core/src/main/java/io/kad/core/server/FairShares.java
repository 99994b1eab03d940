package io.kad.core.server;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the entries of those who keep more than their fair share leave a full store.
 *
 * <p>A fair share is the capacity of the store divided by the networks that keep something. While any network keeps more, the one that keeps most
 * gives way; of its hosts the one that keeps most; of what that host publishes, by peer, and of what its peers replicate together, what is most; and of that
 * the entry with the farthest key, of equal ones the one that was renewed longest ago. So nobody who keeps less than its share loses an entry,
 * and nobody who publishes little loses one to what its own host replicates.
 *
 * <p>The entry for which room is made takes part: if it would be the next to go, it is refused. Not thread-safe: used under the lock of its quota.
 */
final class FairShares {

    private final QuotaAccount all;

    /** What is taken away from accounts while the next entry is selected, and is given back at the end. */
    private final List<Taken> taken = new ArrayList<>();

    /** Accounts without a further entry that is stored: the rest is about to be, so it counts and does not leave. */
    private final List<QuotaAccount> hidden = new ArrayList<>();

    /** How many of them are networks. */
    private int hiddenNetworks;

    /**
     * Creates a selection.
     *
     * @param all the account of all networks, with the entries that are about to be stored
     */
    FairShares(QuotaAccount all) {
        this.all = all;
    }

    private record Taken(QuotaAccount account, QuotaEntry entry) {}

    /**
     * Returns the entries that leave first, in this order.
     *
     * @param incoming the entry that is about to be stored; null if it counts for nobody. If it is in the list, it is the last
     * @param sender the account that pays for it then
     */
    List<QuotaEntry> select(@Nullable QuotaEntry incoming, @Nullable QuotaAccount sender, int limit) {
        List<QuotaEntry> selected = new ArrayList<>();
        try {
            QuotaAccount account = overShare();
            while (account != null && selected.size() < limit) {
                QuotaEntry farthest = account.farthest();
                if (incoming != null && account == sender && isNext(incoming, farthest)) {
                    selected.add(incoming);
                    break;
                }
                if (farthest != null) {
                    if (farthest != incoming) {
                        selected.add(farthest);
                    }
                    take(new Taken(account, farthest));
                } else {
                    hide(account);
                }
                account = overShare();
            }
        } finally {
            giveBack();
        }
        return selected;
    }

    /** Returns the account that gives way next; null if no network has more than its fair share. */
    private @Nullable QuotaAccount overShare() {
        QuotaAccount heaviest = all.heaviest();
        if (heaviest == null || heaviest.share() * (all.parts() + hiddenNetworks) <= 1) {
            return null;
        }
        for (QuotaAccount part = heaviest; part != null; part = part.heaviest()) {
            heaviest = part;
        }
        return heaviest;
    }

    private static boolean isNext(QuotaEntry incoming, @Nullable QuotaEntry farthest) {
        return farthest == null
                || farthest == incoming
                || Long.compareUnsigned(incoming.key.distance(), farthest.key.distance()) > 0;
    }

    private void take(Taken part) {
        taken.add(part);
        part.account().removeEntry(part.entry());
        add(part, -1);
    }

    private void hide(QuotaAccount account) {
        hidden.add(account);
        hiddenNetworks += account.parent() == all ? 1 : 0;
        account.setHidden(true);
    }

    private void giveBack() {
        for (Taken part : taken) {
            add(part, 1);
            part.account().addOrMoveEntry(part.entry());
        }
        hidden.forEach(account -> account.setHidden(false));
        taken.clear();
        hidden.clear();
        hiddenNetworks = 0;
    }

    private static void add(Taken part, int sign) {
        for (QuotaAccount paying = part.account(); paying != null; paying = paying.parent()) {
            paying.add(sign * part.entry().key.count(), sign * part.entry().bytes);
        }
    }
}
