package io.kad.core.query;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A lookup along several paths that share no peer: whoever names only its accomplices leads one path astray, not all.
 *
 * <p>Each path is a lookup of its own. A peer belongs to the path that comes to it first, which alone learns whom it names; a path that
 * comes to it later learns no more than whether it answered. The paths end together, and what they found is put together.
 *
 * <p>Source: S/Kademlia (Baumgart and Mies 2007), section 4.4; the rule for a peer on two paths is rust's.
 */
final class DisjointLookup implements Lookup {

    private final KadKey target;
    private final List<ClosestPeersLookup> paths;
    private final Map<PeerId, Claim> claims = new HashMap<>();

    private int turn;
    private int successes;
    private int failures;

    /** A peer that was asked, and the path that it belongs to. */
    private static final class Claim {
        private final ClosestPeersLookup owner;
        private boolean answered;
        private boolean failed;

        private Claim(ClosestPeersLookup owner) {
            this.owner = owner;
        }
    }

    /** Makes a lookup of paths that have the same seeds and asked nobody yet. */
    DisjointLookup(KadKey target, List<ClosestPeersLookup> paths) {
        this.target = target;
        this.paths = List.copyOf(paths);
    }

    @Override
    public Optional<PeerId> next(long nowNanos) {
        int idle = 0;
        while (idle < paths.size()) {
            ClosestPeersLookup path = paths.get(turn);
            Optional<PeerId> next = path.next(nowNanos);
            if (next.isPresent() && !isClaimed(next.get(), path, nowNanos)) {
                claims.put(next.get(), new Claim(path));
                pass();
                return next;
            } else if (next.isEmpty()) {
                pass();
                idle++;
            }
        }
        return Optional.empty();
    }

    private void pass() {
        turn = (turn + 1) % paths.size();
    }

    /** Returns whether the peer was asked already; then the path is told what is known of it, and waits if that is nothing yet. */
    private boolean isClaimed(PeerId peer, ClosestPeersLookup path, long nowNanos) {
        Claim claim = claims.get(peer);
        if (claim == null) {
            return false;
        }
        if (claim.answered) {
            path.onAnswer(peer, List.of(), nowNanos);
        } else if (claim.failed) {
            path.onFailure(peer, nowNanos);
        }
        return true;
    }

    @Override
    public void onAnswer(PeerId peer, Collection<PeerId> closer, long nowNanos) {
        Claim claim = open(peer);
        if (claim != null) {
            claim.answered = true;
            successes++;
            for (ClosestPeersLookup path : paths) {
                path.onAnswer(peer, path == claim.owner ? closer : List.of(), nowNanos);
            }
        }
    }

    @Override
    public void onFailure(PeerId peer, long nowNanos) {
        Claim claim = open(peer);
        if (claim != null) {
            claim.failed = true;
            failures++;
            paths.forEach(path -> path.onFailure(peer, nowNanos));
        }
    }

    private @Nullable Claim open(PeerId peer) {
        Claim claim = claims.get(peer);
        return claim == null || claim.answered || claim.failed ? null : claim;
    }

    @Override
    public long nextDeadlineNanos() {
        return paths.stream()
                .mapToLong(ClosestPeersLookup::nextDeadlineNanos)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    @Override
    public boolean isFinished() {
        return paths.stream().allMatch(ClosestPeersLookup::isFinished);
    }

    @Override
    public void finish() {
        paths.forEach(ClosestPeersLookup::finish);
    }

    @Override
    public List<PeerId> closest() {
        return together(ClosestPeersLookup::closest);
    }

    @Override
    public List<PeerId> answeredAmongNearest() {
        return together(ClosestPeersLookup::answeredAmongNearest);
    }

    private List<PeerId> together(Function<ClosestPeersLookup, List<PeerId>> found) {
        return paths.stream()
                .flatMap(path -> found.apply(path).stream())
                .distinct()
                .sorted((left, right) -> target.compareDistance(left.kadKey(), right.kadKey()))
                .toList();
    }

    @Override
    public int hop(PeerId peer) {
        return paths.stream()
                .filter(path -> path.knows(peer))
                .mapToInt(path -> path.hop(peer))
                .min()
                .orElseThrow(() -> new IllegalArgumentException("peer " + peer + " is no candidate"));
    }

    @Override
    public int longestHop() {
        return paths.stream().mapToInt(ClosestPeersLookup::longestHop).max().orElse(0);
    }

    @Override
    public int requests() {
        return claims.size();
    }

    @Override
    public int successes() {
        return successes;
    }

    @Override
    public int failures() {
        return failures;
    }
}
