package io.kad.node.task;

import io.kad.api.Query;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Option;

/** Task that runs a query, which {@code --trace} shows hop by hop. */
abstract class QueryTask implements Task {

    @Option(names = "--trace", description = "Print each hop: peer, distance, response, time.")
    private boolean trace;

    /** Returns the future of the result of {@code query}, after its last hop is written; if it is cancelled, so is the query. */
    final <T> CompletableFuture<T> result(TaskContext context, Query<T> query) {
        return trace ? HopTrace.result(context, query) : query.result();
    }
}
