package io.kad.node.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.id.Multiaddr;
import io.kad.node.http.Exchange;
import io.kad.node.http.Response;
import io.kad.node.http.Route;
import io.kad.node.output.OutputLine;
import io.kad.node.task.Deadline;
import io.kad.node.task.TaskContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Checks of a node for a process that restarts it or sends it work: {@code /healthz} says whether it is alive, and {@code /readyz} whether it is of
 * use. Each answer names every check, and what failed.
 */
public final class HealthChecks {

    /** Time that an idle node never needs. If too low, a busy node is restarted; if too high, a dead one stays. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Names of the checks of {@code /readyz}. */
    static final List<String> NAMES = List.of("engine", "stores", "listening", "peers");

    private static final Multiaddr ANY = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");

    private final Kademlia kad;
    private final boolean expectsPeers;
    private final Duration timeout;

    /**
     * Result of a check. Its cause is for people; the command {@code diagnose} has further checks, whose causes are for programs.
     *
     * @param cause what is wrong; empty if it has passed
     * @param advice what to do about it
     */
    private record Check(String name, String cause, String advice) {

        boolean pass() {
            return cause.isEmpty();
        }
    }

    /**
     * Creates the checks of {@code kad}.
     *
     * @param expectsPeers whether it has bootstrap peers: the first peer of a network is of use without any other
     */
    public HealthChecks(Kademlia kad, boolean expectsPeers) {
        this(kad, expectsPeers, TIMEOUT);
    }

    HealthChecks(Kademlia kad, boolean expectsPeers, Duration timeout) {
        this.kad = kad;
        this.expectsPeers = expectsPeers;
        this.timeout = timeout;
    }

    /** Returns the routes of the checks; no check blocks, so that they are probes. */
    public List<Route> routes() {
        return List.of(
                Route.get("/healthz", (request, exchange) -> respond(exchange, alive()))
                        .asProbe(),
                Route.get("/readyz", (request, exchange) -> respond(exchange, ready()))
                        .asProbe());
    }

    private static void respond(Exchange exchange, CompletableFuture<List<Check>> checks) {
        exchange.completedBy(checks.thenAccept(done -> send(exchange, done)));
    }

    private static void send(Exchange exchange, List<Check> checks) {
        boolean pass = checks.stream().allMatch(Check::pass);
        ObjectNode body = OutputLine.line("health").put("ok", pass);
        ArrayNode array = body.putArray("checks");
        for (Check check : checks) {
            ObjectNode json = array.addObject().put("name", check.name()).put("pass", check.pass());
            if (!check.pass()) {
                json.put("cause", check.cause()).put("advice", check.advice());
            }
        }
        exchange.send(Response.json(pass ? 200 : 503, body));
    }

    /** Runs the checks of {@code /readyz}, and returns which of them have passed, by name. */
    CompletableFuture<Map<String, Boolean>> passed() {
        return ready().thenApply(checks -> checks.stream().collect(Collectors.toMap(Check::name, Check::pass)));
    }

    private CompletableFuture<List<Check>> alive() {
        // The local peer is never in its own routing table, so that this changes nothing
        CompletableFuture<Check> engine = responds(
                "engine",
                kad.removeAddress(kad.peerId(), ANY),
                "restart the node; report its log if that happens again");
        CompletableFuture<Check> stores =
                responds("stores", kad.storeSizes(), "check the disk and the log of the node");
        return engine.thenCombine(stores, List::of);
    }

    private CompletableFuture<List<Check>> ready() {
        return alive().thenApply(this::withUse);
    }

    /** Adds what makes a node that is alive of use. */
    private List<Check> withUse(List<Check> alive) {
        List<Check> checks = new ArrayList<>(alive);
        checks.add(new Check(
                "listening",
                kad.addresses().isEmpty() ? "no listener has an address" : "",
                "check --listen and the network interfaces"));
        checks.add(new Check(
                "peers",
                expectsPeers && kad.routingTable().entries().isEmpty() ? "the routing table is empty" : "",
                "check that a bootstrap peer runs, is reachable, and has the same protocol"));
        return checks;
    }

    private CompletableFuture<Check> responds(String name, CompletableFuture<?> call, String advice) {
        return Deadline.after(timeout)
                .bound(call)
                .handle((done, failure) -> new Check(
                        name,
                        failure == null
                                ? ""
                                : String.valueOf(TaskContext.causeOf(failure).getMessage()),
                        advice));
    }
}
