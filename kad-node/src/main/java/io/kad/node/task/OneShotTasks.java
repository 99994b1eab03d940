package io.kad.node.task;

import java.util.List;

/** The tasks that are commands of their own, beside being lines of standard input. */
public final class OneShotTasks {

    private OneShotTasks() {}

    /** Returns a new object of each, which a command line fills in. */
    public static List<Task> all() {
        return List.of(
                new PutTask(),
                new GetTask(),
                new ProvideTask(),
                new FindProvidersTask(),
                new FindPeerTask(),
                new ClosestPeersTask(),
                new PingTask(),
                new IdentifyTask());
    }
}
