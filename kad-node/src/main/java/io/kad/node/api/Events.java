package io.kad.node.api;

import io.kad.api.Kademlia;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpError;
import io.kad.node.http.HttpException;
import io.kad.node.http.MediaType;
import io.kad.node.http.Request;
import io.kad.node.http.Route;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Operation that streams the events of the node. */
final class Events {

    /** Streams at a time; others of the queries that wait for the network keep their room. */
    static final int MAX_WATCHED = 16;

    private final Kademlia kad;
    private final Semaphore slots = new Semaphore(MAX_WATCHED);

    Events(Kademlia kad) {
        this.kad = kad;
    }

    Operation operation() {
        return new Operation(
                "events",
                "Events of the node from now on as server-sent events: connections, routing table, records; requests of other peers are none of"
                        + " them.",
                Route.get(CommandOperations.PREFIX + "/events", this::watch)
                        .asQuery()
                        .producing(MediaType.EVENT_STREAM),
                List.of(),
                200);
    }

    private void watch(Request request, Exchange exchange) throws HttpException {
        if (!slots.tryAcquire()) {
            throw new HttpException(
                    HttpError.UNAVAILABLE,
                    "limit of " + MAX_WATCHED + " streams of events reached; close one, or try again later",
                    Map.of("Retry-After", "5"));
        }
        exchange.onEnd(slots::release);
        exchange.completedBy(EventWatch.start(kad.events(), exchange));
    }
}
