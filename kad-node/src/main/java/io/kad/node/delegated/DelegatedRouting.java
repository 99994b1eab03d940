package io.kad.node.delegated;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Query;
import io.kad.api.id.Bytes;
import io.kad.api.id.Cid;
import io.kad.api.id.PeerId;
import io.kad.api.id.Quoting;
import io.kad.api.id.RecordKey;
import io.kad.api.result.ClosestPeersResult;
import io.kad.api.result.GetProvidersResult;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpError;
import io.kad.node.http.HttpException;
import io.kad.node.http.MediaType;
import io.kad.node.http.Request;
import io.kad.node.http.Route;
import io.kad.node.http.RouteGroup;
import io.kad.node.http.RouteHandler;
import io.kad.node.option.ArgumentParser;
import io.kad.node.output.ErrorCode;
import io.kad.node.task.Deadline;
import io.kad.node.task.ProvidersFound;
import io.kad.node.task.TaskContext;
import io.kad.node.task.TaskFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Routes of Delegated Routing V1, answered by lookups of a peer. Thread-safe.
 *
 * @see <a href="https://specs.ipfs.tech/routing/http-routing-v1/">Delegated Routing V1 HTTP API</a>
 */
public final class DelegatedRouting {

    private static final String PREFIX = "/routing/v1";
    private static final String IPNS_RECORD = "application/vnd.ipfs.ipns-record";

    /** Time for which results may be used after they are stale, if provider records have no expiry. Source: the specification. */
    private static final Duration MAX_STALE = Duration.ofDays(2);

    private final Kademlia kad;
    private final Duration maxStale;

    private DelegatedRouting(Kademlia kad) {
        this.kad = kad;
        this.maxStale = kad.config().get(KademliaConfig.PROVIDER_RECORD_TTL).orElse(MAX_STALE);
    }

    /** Returns the routes that {@code kad} answers; pages of any web site may use them, as the specification demands. */
    public static RouteGroup routes(Kademlia kad) {
        DelegatedRouting routing = new DelegatedRouting(kad);
        return new RouteGroup(
                PREFIX,
                true,
                HttpError.BAD_REQUEST,
                HttpError.NOT_IMPLEMENTED,
                List.of(
                        route("/providers/{cid}", routing::providers),
                        route("/peers/{peer-id}", routing::peers),
                        route("/dht/closest/peers/{key}", routing::closestPeers),
                        Route.get(PREFIX + "/ipns/{name}", DelegatedRouting::ipns)
                                .producing(IPNS_RECORD, MediaType.JSON)));
    }

    private static Route route(String path, RouteHandler handler) {
        return Route.get(PREFIX + path, handler).asQuery().producing(MediaType.JSON, MediaType.NDJSON);
    }

    private void providers(Request request, Exchange exchange) throws HttpException {
        Cid cid = parse("CID", request.parameter("cid"), "a CID", Cid::parse);
        PeerResults results = new PeerResults(request, exchange, "Providers", maxStale);
        if (results.excludesAll()) {
            results.end();
            return;
        }
        Query<GetProvidersResult> query = kad.getProviders(RecordKey.of(cid.multihash()), 0);
        ProvidersFound found = new ProvidersFound(provider -> {
            results.accept(provider);
            if (results.isFull()) {
                query.finish();
            }
        });
        query.onEvent(found);
        respond(exchange, query, results, result -> found.end(result.providers()), found::fail);
    }

    private void peers(Request request, Exchange exchange) throws HttpException {
        PeerId peer = parse("peer ID", request.parameter("peer-id"), "base58 or a CID", PeerId::parse);
        PeerResults results = new PeerResults(request, exchange, "Peers", maxStale);
        if (results.excludesAll()) {
            results.end();
            return;
        }
        respond(exchange, kad.findPeer(peer), results, result -> results.accept(result.peer()), failure -> {});
    }

    private void closestPeers(Request request, Exchange exchange) throws HttpException {
        Bytes key = parse("key", request.parameter("key"), "a CID or a peer ID", ArgumentParser::peerOrContent);
        PeerResults results = new PeerResults(request, exchange, "Peers", maxStale);
        if (results.excludesAll()) {
            throw noPeers();
        }
        Query<ClosestPeersResult> query = kad.getClosestPeers(key, kad.config().get(KademliaConfig.K));
        respond(
                exchange,
                query,
                results,
                result -> {
                    result.peers().forEach(results);
                    if (results.count() == 0) {
                        throw new CompletionException(noPeers());
                    }
                },
                failure -> {});
    }

    private static HttpException noPeers() {
        return new HttpException(HttpError.NOT_FOUND, "no peers were found");
    }

    private static void ipns(Request request, Exchange exchange) throws HttpException {
        throw new HttpException(HttpError.NOT_IMPLEMENTED, "IPNS records are not supported by this server");
    }

    /**
     * Ends the answer once its lookup has ended: what was found counts, even if the lookup has failed, and not finding is a result. The lookup is
     * cancelled when the client is gone.
     *
     * @param onResult adds the result to {@code results}
     * @param onFailure adds what was found before a failure
     */
    private static <T> void respond(
            Exchange exchange,
            Query<T> query,
            PeerResults results,
            Consumer<T> onResult,
            Consumer<TaskFailure> onFailure) {
        Deadline deadline = Deadline.after(Deadline.DEFAULT);
        exchange.onEnd(deadline::cancel);
        exchange.completedBy(deadline.bound(query.result())
                .thenAccept(onResult)
                .exceptionally(failure -> {
                    if (!(TaskContext.causeOf(failure) instanceof TaskFailure refused)) {
                        throw new CompletionException(TaskContext.causeOf(failure));
                    }
                    onFailure.accept(refused);
                    if (refused.code() != ErrorCode.NOT_FOUND && results.count() == 0) {
                        throw new CompletionException(new HttpException(HttpError.of(refused.code()), refused.line()));
                    }
                    return null;
                })
                .thenRun(results::end));
    }

    private static <T> T parse(String what, String text, String expected, Function<String, T> parser)
            throws HttpException {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new HttpException(
                    HttpError.UNPROCESSABLE, "invalid " + what + " " + Quoting.text(text) + ": expected " + expected);
        }
    }
}
