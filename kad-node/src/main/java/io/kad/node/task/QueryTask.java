package io.kad.node.task;

import io.kad.api.Query;
import picocli.CommandLine.Option;

/** A task that is a query, and can be followed hop by hop. */
abstract class QueryTask implements Task {

    @Option(names = "--trace", description = "Print each hop: peer, distance, answer, time.")
    private boolean trace;

    /** Waits for the answer of {@code query}. */
    final <T> T await(TaskContext context, Query<T> query) throws TaskFailure {
        return trace ? HopTrace.await(context, query) : context.await(query);
    }
}
