package io.kad.bench.http;

import io.kad.bench.cli.CommandException;
import io.kad.bench.measure.ServerUsage;
import io.kad.bench.measure.UsageMeter;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Closed loop over all connections of a plan. Not thread-safe. */
final class HttpLoad implements AutoCloseable {

    private final HttpPlan plan;
    private final InetSocketAddress server;
    private final EventLoopGroup loops;
    private final Bootstrap bootstrap;

    HttpLoad(HttpPlan plan) {
        this.plan = plan;
        server = plan.resolve();
        int threads = Math.min(plan.connections(), Runtime.getRuntime().availableProcessors());
        loops = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
        bootstrap = new Bootstrap()
                .channel(NioSocketChannel.class)
                .remoteAddress(server)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        plan.times().timeout().toMillis());
    }

    /**
     * Warms up and measures.
     *
     * @param usage reader of the process of the node
     * @throws CommandException if no server can be reached
     * @throws InterruptedException if the thread is interrupted
     */
    HttpResult measure(Optional<ServerUsage> usage) throws InterruptedException {
        requireServer();
        if (!plan.times().warmUp().isZero()) {
            run(plan.times().warmUp());
        }
        UsageMeter meter = UsageMeter.start(usage);
        HttpMeasurement measurement = run(plan.times().measurement());
        return new HttpResult(plan, meter.metrics(measurement.requests(), plan.times()), measurement);
    }

    /** A run whose every connection fails would take its whole time to say nothing. */
    private void requireServer() {
        if (server.isUnresolved()) {
            throw unreachable("its host has no address");
        }
        try (Socket socket = new Socket()) {
            socket.connect(server, Math.toIntExact(plan.times().timeout().toMillis()));
        } catch (IOException e) {
            throw unreachable(String.valueOf(e.getMessage()));
        }
    }

    private CommandException unreachable(String cause) {
        return new CommandException(
                "cannot connect to " + plan.url() + ": " + cause + "; give the address of a running node");
    }

    private HttpMeasurement run(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        HttpMeasurement measurement = new HttpMeasurement(end);
        run(measurement, () -> System.nanoTime() - end >= 0);
        return measurement;
    }

    /**
     * Sends requests until {@code over}, and returns when each has ended.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void run(HttpMeasurement measurement, BooleanSupplier over) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(plan.connections());
        for (int i = 0; i < plan.connections(); i++) {
            new HttpConnection(plan, bootstrap, loops.next().next(), over, measurement, running).connect();
        }
        running.await(); // each request ends, at the latest with its timeout
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
