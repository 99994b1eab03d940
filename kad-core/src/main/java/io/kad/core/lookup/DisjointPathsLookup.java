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
 * Lookup over several paths that share no peer, so that adversarial peers that return only each other lead one path astray and not
 * all.
 *
 * <p>Each path is a separate lookup. A peer is assigned to the path that selects it first, and only that path receives the closer
 * peers of its response; a path that selects it later only learns whether it responded. The lookup ends when all paths have ended,
 * and merges their results.
 *
 * <p>Source: S/Kademlia (Baumgart and Mies 2007), section 4.4; the rule for a peer on two paths is that of rust-libp2p.
 */
final class DisjointPathsLookup implements Lookup {

    private final KadKey target;
    private final List<PathLookup> paths;
    private final Map<PeerId, Assignment> assignments = new HashMap<>();

    private int nextPath;
    private int successes;
    private int failures;

    /** Queried peer, with the path that it is assigned to. */
    private static final class Assignment {
        private final PathLookup owner;
        private boolean succeeded;
        private boolean failed;
        /** Whether the request waits to be sent. */
        private boolean queued;
        /** Whether a path has taken the result, so that it is counted. */
        private boolean counted;

        private Assignment(PathLookup owner) {
            this.owner = owner;
        }
    }

    /** Creates a lookup of paths that have different seeds and have queried no peer yet. */
    DisjointPathsLookup(KadKey target, List<PathLookup> paths) {
        this.target = target;
        this.paths = List.copyOf(paths);
    }

    @Override
    public Optional<PeerId> next(long nowNanos) {
        int idle = 0;
        while (idle < paths.size()) {
            PathLookup path = paths.get(nextPath);
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

    /** Returns whether the peer was queried before, and tells {@code path} the state of that request: its result, or that it waits to be sent. */
    private boolean isAssigned(PeerId peer, PathLookup path, long nowNanos) {
        Assignment assignment = assignments.get(peer);
        if (assignment == null) {
            return false;
        }
        if (assignment.succeeded || assignment.failed) {
            count(assignment);
        }
        if (assignment.succeeded) {
            path.onResponse(peer, List.of(), nowNanos);
        } else if (assignment.failed) {
            path.onFailure(peer, nowNanos);
        } else if (assignment.queued) {
            path.onQueued(peer);
        }
        return true;
    }

    private void count(Assignment assignment) {
        if (!assignment.counted) {
            assignment.counted = true;
            successes += assignment.succeeded ? 1 : 0;
            failures += assignment.failed ? 1 : 0;
        }
    }

    private void countIfTaken(PeerId peer, Assignment assignment) {
        if (paths.stream().anyMatch(path -> path.isOutstanding(peer))) {
            count(assignment);
        }
    }

    @Override
    public void onQueued(PeerId peer) {
        setQueued(peer, true);
        paths.forEach(path -> path.onQueued(peer));
    }

    @Override
    public void onDequeued(PeerId peer, long nowNanos) {
        setQueued(peer, false);
        paths.forEach(path -> path.onDequeued(peer, nowNanos));
    }

    private void setQueued(PeerId peer, boolean queued) {
        Assignment assignment = assignments.get(peer);
        if (assignment != null) {
            assignment.queued = queued;
        }
    }

    @Override
    public void onResponse(PeerId peer, Collection<PeerId> closer, long nowNanos) {
        Assignment assignment = pending(peer);
        if (assignment != null) {
            assignment.succeeded = true;
            countIfTaken(peer, assignment);
            for (PathLookup path : paths) {
                path.onResponse(peer, path == assignment.owner ? closer : List.of(), nowNanos);
            }
        }
    }

    @Override
    public void onFailure(PeerId peer, long nowNanos) {
        Assignment assignment = pending(peer);
        if (assignment != null) {
            assignment.failed = true;
            countIfTaken(peer, assignment);
            paths.forEach(path -> path.onFailure(peer, nowNanos));
        }
    }

    private @Nullable Assignment pending(PeerId peer) {
        Assignment assignment = assignments.get(peer);
        return assignment == null || assignment.succeeded || assignment.failed ? null : assignment;
    }

    @Override
    public long nextDeadlineNanos() {
        return paths.stream().mapToLong(PathLookup::nextDeadlineNanos).min().orElse(Long.MAX_VALUE);
    }

    @Override
    public boolean hasConverged() {
        return paths.stream().allMatch(PathLookup::hasConverged);
    }

    @Override
    public boolean isFinished() {
        return paths.stream().allMatch(PathLookup::isFinished);
    }

    @Override
    public void finish() {
        paths.forEach(PathLookup::finish);
    }

    @Override
    public List<PeerId> closestResponders() {
        return merge(PathLookup::closestResponders);
    }

    @Override
    public List<PeerId> respondersAmongClosest() {
        return merge(PathLookup::respondersAmongClosest);
    }

    private List<PeerId> merge(Function<PathLookup, List<PeerId>> found) {
        return paths.stream()
                .flatMap(path -> found.apply(path).stream())
                .distinct()
                .sorted((left, right) -> target.compareDistance(left.kadKey(), right.kadKey()))
                .toList();
    }

    @Override
    public int hop(PeerId peer) {
        return paths.stream()
                .filter(path -> path.hasCandidate(peer))
                .mapToInt(path -> path.hop(peer))
                .min()
                .orElseThrow(() -> new IllegalArgumentException("peer " + peer + " is not a candidate of this lookup"));
    }

    @Override
    public int requests() {
        return assignments.size();
    }

    @Override
    public int successes() {
        return successes;
    }

    /** Returns the number of requests whose failure a path has taken. */
    int failures() {
        return failures;
    }
}
