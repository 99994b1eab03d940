package io.kad.bench.load;

import io.kad.api.KademliaConfig;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.bench.cli.CommandException;
import io.kad.bench.measure.LoadMetrics;
import io.kad.bench.measure.Measurement;
import io.kad.bench.measure.ServerUsage;
import io.kad.bench.measure.UsageMeter;
import io.kad.transport.netty.limit.NodeBudgets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Clients that are connected to a server, and what they do. Not thread-safe. */
public final class LoadSession implements AutoCloseable {

    /** Dials at a time: below the pending connections that implementations allow. */
    private static final int DIALS = 8;

    private final LoadPlan plan;
    private final Workload workload;
    private final List<LoadClient> clients = new ArrayList<>();
    private final NodeBudgets budgets;
    private long next;
    private @Nullable ConnectionInfo connection;

    /**
     * Connects all clients.
     *
     * @throws CommandException if one cannot connect
     */
    public LoadSession(LoadPlan plan) {
        this.plan = plan;
        workload = new Workload(plan.server().id(), plan.data());
        KademliaConfig config = plan.config();
        budgets = NodeBudgets.of(config);
        try {
            for (int from = 0; from < plan.connections(); from += DIALS) {
                connect(config, from, Math.min(plan.connections(), from + DIALS));
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void connect(KademliaConfig config, int from, int to) {
        List<CompletableFuture<ConnectionInfo>> dials = new ArrayList<>();
        for (int i = from; i < to; i++) {
            LoadClient client = client("client", i, config);
            clients.add(client);
            dials.add(client.connect());
        }
        dials.forEach(dial -> connection = join(dial));
    }

    private LoadClient client(String role, int number, KademliaConfig config) {
        return new LoadClient(SeededIdentity.of(role, plan.data().seed(), number), plan.server(), config, budgets);
    }

    private static ConnectionInfo join(CompletableFuture<ConnectionInfo> dial) {
        try {
            return dial.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof CommandException refused ? refused : e;
        }
    }

    /**
     * Fills the stores of the server over the wire.
     *
     * @throws CommandException if the server does not store all
     * @throws InterruptedException if the thread is interrupted
     */
    public void fill() throws InterruptedException {
        List<LoadClient> providers = new ArrayList<>();
        try {
            for (int i = 0; i < Math.max(1, plan.data().providersPerKey()); i++) {
                LoadClient provider = client("provider", i, plan.config());
                providers.add(provider);
                join(provider.connect());
            }
            new StoreFill(workload).fill(providers, plan.data().providersPerKey());
        } finally {
            providers.forEach(LoadClient::close);
        }
    }

    /** Sends {@code count} FIND_NODE, and returns how many answers are exactly the closest peers of {@code table}, with their addresses. */
    public int exactResponses(List<PeerInfo> table, int count) {
        return new ResponseCheck(table).exactResponses(clients.get(0), workload.targets(count));
    }

    /**
     * Sends the same load for the time of the warm-up.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public void warmUp() throws InterruptedException {
        workload.request(plan.request(), 0, clients.get(0).self()); // finds the keys now
        if (!plan.times().warmUp().isZero()) {
            next += plan.loop(clients, workload)
                    .run(plan.times().warmUp(), next)
                    .requests();
        }
    }

    /**
     * Warms up and measures.
     *
     * @param usage reader of the process of the server
     * @throws InterruptedException if the thread is interrupted
     */
    public LoadResult measure(Optional<ServerUsage> usage) throws InterruptedException {
        warmUp();
        LoadLoop loop = plan.loop(clients, workload);
        boolean announces = plan.request() == RequestKind.ADD_PROVIDER;
        try (AnnouncementProbes probes = announces ? probes() : null) {
            UsageMeter meter = UsageMeter.start(usage);
            if (probes != null) {
                probes.start(plan.times().measurement());
            }
            Measurement measurement = loop.run(plan.times().measurement(), next);
            LoadMetrics metrics = meter.metrics(measurement, plan.times());
            next += metrics.requests();
            return new LoadResult(
                    plan,
                    Optional.ofNullable(connection),
                    metrics,
                    probes == null ? OptionalInt.empty() : OptionalInt.of(missing(probes)));
        }
    }

    private AnnouncementProbes probes() {
        return new AnnouncementProbes(
                clients.get(0), Workload.newKeys(plan.server().id(), AnnouncementProbes.COUNT));
    }

    private int missing(AnnouncementProbes probes) throws InterruptedException {
        try (LoadClient reader = client("reader", 0, plan.config())) {
            reader.connect().handle((open, failure) -> open).join(); // with a server that is gone, all are missing
            return probes.missing(reader, plan.probeTimeout());
        }
    }

    @Override
    public void close() {
        clients.forEach(LoadClient::close);
        clients.clear();
    }
}
