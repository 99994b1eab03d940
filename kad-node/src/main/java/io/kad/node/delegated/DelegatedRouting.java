package io.kad.node.delegated;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Query;
import io.kad.api.id.Bytes;
import io.kad.api.id.Cid;
import io.kad.api.id.PeerId;
import io.kad.api.id.Quoting;
import io.kad.api.id.RecordKey;
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
import io.kad.node.task.TaskFailure;
import java.time.Duration;
import java.util.List;
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
        Query<GetProvidersResult> query = kad.getProviders(RecordKey.of(cid.multihash()), 0);
        ProvidersFound found = new ProvidersFound(provider -> {
            results.accept(provider);
            if (results.isFull()) {
                query.finish();
            }
        });
        query.onEvent(found);
        try {
            found.end(deadline().await(query.result()).providers());
        } catch (TaskFailure failure) {
            found.fail(failure);
            endAfter(failure, results);
            return;
        }
        results.end();
    }

    private void peers(Request request, Exchange exchange) throws HttpException {
        PeerId peer = parse("peer ID", request.parameter("peer-id"), "base58 or a CID", PeerId::parse);
        PeerResults results = new PeerResults(request, exchange, "Peers", maxStale);
        try {
            results.accept(deadline().await(kad.findPeer(peer).result()).peer());
        } catch (TaskFailure failure) {
            endAfter(failure, results);
            return;
        }
        results.end();
    }

    private void closestPeers(Request request, Exchange exchange) throws HttpException {
        Bytes key = parse("key", request.parameter("key"), "a CID or a peer ID", ArgumentParser::peerOrContent);
        PeerResults results = new PeerResults(request, exchange, "Peers", maxStale);
        try {
            deadline()
                    .await(kad.getClosestPeers(key, kad.config().get(KademliaConfig.K))
                            .result())
                    .peers()
                    .forEach(results);
        } catch (TaskFailure failure) {
            endAfter(failure, results);
            return;
        }
        if (results.count() == 0) {
            throw new HttpException(HttpError.NOT_FOUND, "no peers were found");
        }
        results.end();
    }

    private static void ipns(Request request, Exchange exchange) throws HttpException {
        throw new HttpException(HttpError.NOT_IMPLEMENTED, "IPNS records are not supported by this server");
    }

    private static Deadline deadline() {
        return Deadline.after(Deadline.DEFAULT);
    }

    /** Ends an answer after its lookup has failed: what was found counts, and not finding is a result. */
    private static void endAfter(TaskFailure failure, PeerResults results) throws HttpException {
        if (failure.code() != ErrorCode.NOT_FOUND && results.count() == 0) {
            throw new HttpException(HttpError.of(failure.code()), failure.line());
        }
        results.end();
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
