package io.kad.node.http;

import io.kad.node.http.limit.ByteBudget;
import io.kad.node.http.limit.HttpLimits;
import io.kad.node.http.limit.LimitCounts;
import io.kad.node.task.TaskContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Execution of a bounded number of requests, whose handlers hold a thread only until they wait for the network. Thread-safe. */
final class HttpService {

    private static final Logger LOG = LoggerFactory.getLogger(HttpService.class);
    private static final long THREAD_SECONDS = 10;

    private final HttpLimits limits;
    private final RequestHead head;
    private final ByteBudget bodyBudget;
    private final ByteBudget responseBudget;
    private final LimitCounts counts = new LimitCounts();
    private final Semaphore requests;
    private final Semaphore queries;
    private final ThreadPoolExecutor executor;
    private final Set<Exchange> running = ConcurrentHashMap.newKeySet();

    HttpService(HttpLimits limits, RequestHead head) {
        this.limits = limits;
        this.head = head;
        this.bodyBudget = new ByteBudget(limits.bodyBytes(), counts, LimitCounts.Limit.BODY_BYTES);
        this.responseBudget = new ByteBudget(limits.responseBytes(), counts, LimitCounts.Limit.RESPONSE_BYTES);
        this.requests = new Semaphore(limits.running());
        this.queries = new Semaphore(limits.queries());
        this.executor = new ThreadPoolExecutor(
                0, limits.running(), THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), HttpService::thread);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "kad-http-handler");
        thread.setDaemon(true);
        return thread;
    }

    HttpLimits limits() {
        return limits;
    }

    RequestHead head() {
        return head;
    }

    /** Returns the bytes of the bodies of requests. */
    ByteBudget bodyBudget() {
        return bodyBudget;
    }

    /** Returns the bytes of whole answers. */
    ByteBudget responseBudget() {
        return responseBudget;
    }

    /** Returns how often each limit was reached. */
    LimitCounts counts() {
        return counts;
    }

    /** Serves a request; its handler starts on a thread of its own, that of a probe on this one. */
    void serve(Route route, Request request, Exchange exchange) {
        if (route.work() == Route.Work.PROBE) {
            handle(route, request, exchange);
            return;
        }
        if (!requests.tryAcquire()) {
            refuse(exchange, LimitCounts.Limit.REQUESTS, "requests");
            return;
        }
        exchange.onEnd(requests::release);
        boolean isQuery = route.work() == Route.Work.QUERY;
        if (isQuery && !queries.tryAcquire()) {
            refuse(exchange, LimitCounts.Limit.QUERIES, "queries");
            return;
        }
        if (isQuery) {
            exchange.onEnd(queries::release);
        }
        running.add(exchange);
        exchange.onEnd(() -> running.remove(exchange));
        try {
            Future<?> handling = executor.submit(() -> handle(route, request, exchange));
            exchange.onEnd(() -> handling.cancel(true));
        } catch (RejectedExecutionException full) {
            refuse(exchange, LimitCounts.Limit.REQUESTS, "requests");
        }
    }

    private void refuse(Exchange exchange, LimitCounts.Limit limit, String what) {
        counts.count(limit);
        exchange.send(Refusals.overloaded(what).response());
    }

    private static void handle(Route route, Request request, Exchange exchange) {
        try {
            route.handler().handle(request, exchange);
            var unused = exchange.responding().whenComplete((done, failure) -> end(route, exchange, failure));
        } catch (Throwable failure) {
            fail(exchange, failure);
        }
    }

    /** Ends a request whose answer must have been sent, or has {@code failure} as its answer. */
    private static void end(Route route, Exchange exchange, @Nullable Throwable failure) {
        if (failure != null) {
            fail(exchange, TaskContext.causeOf(failure));
        } else if (exchange.isWaiting()) {
            fail(exchange, new IllegalStateException("no response was sent for " + route.path()));
        }
    }

    private static void fail(Exchange exchange, Throwable failure) {
        if (exchange.isStreaming()) {
            LOG.debug("streamed response failed", failure);
            exchange.abort();
        } else if (exchange.isWaiting()) {
            exchange.send(Refusals.response(failure));
        }
    }

    /** Ends all requests: streams at once, others after the time that they have to end by themselves. */
    void close() {
        executor.shutdown();
        running.stream().filter(Exchange::isStreaming).forEach(Exchange::abort);
        try {
            long millis = limits.closeTimeout().toMillis();
            if (requests.tryAcquire(limits.running(), millis, TimeUnit.MILLISECONDS)) {
                requests.release(limits.running());
            }
            executor.shutdownNow();
            running.forEach(Exchange::abort);
            if (!executor.awaitTermination(millis, TimeUnit.MILLISECONDS)) {
                LOG.debug("HTTP handlers run on");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
