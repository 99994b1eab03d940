package io.kad.node.task;

import io.kad.api.Query;
import picocli.CommandLine.Option;

/** Task that runs a query, which {@code --trace} shows hop by hop. */
abstract class QueryTask implements Task {

    @Option(names = "--trace", description = "Print each hop: peer, distance, response, time.")
    private boolean trace;

    /** Waits for the result of {@code query}. */
    final <T> T await(TaskContext context, Query<T> query) throws TaskFailure {
        return trace ? HopTrace.await(context, query) : context.await(query);
    }
}
