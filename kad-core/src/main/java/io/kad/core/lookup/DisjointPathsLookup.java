package io.kad.core.lookup;

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
final class DisjointPathsLookup implements Lookup {

    private final KadKey target;
    private final List<ClosestPeersLookup> paths;
    private final Map<PeerId, Assignment> assignments = new HashMap<>();

    private int nextPath;
    private int successes;
    private int failures;

    /** A peer that was asked, and the path that it belongs to. */
    private static final class Assignment {
        private final ClosestPeersLookup owner;
        private boolean answered;
        private boolean failed;

        private Assignment(ClosestPeersLookup owner) {
            this.owner = owner;
        }
    }

    /** Makes a lookup of paths that have the same seeds and asked nobody yet. */
    DisjointPathsLookup(KadKey target, List<ClosestPeersLookup> paths) {
        this.target = target;
        this.paths = List.copyOf(paths);
    }

    @Override
    public Optional<PeerId> next(long nowNanos) {
        int idle = 0;
        while (idle < paths.size()) {
            ClosestPeersLookup path = paths.get(nextPath);
            Optional<PeerId> next = path.next(nowNanos);
            if (next.isPresent() && !isAssigned(next.get(), path, nowNanos)) {
                assignments.put(next.get(), new Assignment(path));
                advancePath();
                return next;
            } else if (next.isEmpty()) {
                advancePath();
                idle++;
            }
        }
        return Optional.empty();
    }

    private void advancePath() {
        nextPath = (nextPath + 1) % paths.size();
    }

    /** Returns whether the peer was asked already; then the path is told what is known of it, and waits if that is nothing yet. */
    private boolean isAssigned(PeerId peer, ClosestPeersLookup path, long nowNanos) {
        Assignment assignment = assignments.get(peer);
        if (assignment == null) {
            return false;
        }
        if (assignment.answered) {
            path.onResponse(peer, List.of(), nowNanos);
        } else if (assignment.failed) {
            path.onFailure(peer, nowNanos);
        }
        return true;
    }

    @Override
    public void onResponse(PeerId peer, Collection<PeerId> closer, long nowNanos) {
        Assignment assignment = unfinished(peer);
        if (assignment != null) {
            assignment.answered = true;
            successes++;
            for (ClosestPeersLookup path : paths) {
                path.onResponse(peer, path == assignment.owner ? closer : List.of(), nowNanos);
            }
        }
    }

    @Override
    public void onFailure(PeerId peer, long nowNanos) {
        Assignment assignment = unfinished(peer);
        if (assignment != null) {
            assignment.failed = true;
            failures++;
            paths.forEach(path -> path.onFailure(peer, nowNanos));
        }
    }

    private @Nullable Assignment unfinished(PeerId peer) {
        Assignment assignment = assignments.get(peer);
        return assignment == null || assignment.answered || assignment.failed ? null : assignment;
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
        return merge(ClosestPeersLookup::closest);
    }

    @Override
    public List<PeerId> respondedAmongClosest() {
        return merge(ClosestPeersLookup::respondedAmongClosest);
    }

    private List<PeerId> merge(Function<ClosestPeersLookup, List<PeerId>> found) {
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
        return assignments.size();
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
