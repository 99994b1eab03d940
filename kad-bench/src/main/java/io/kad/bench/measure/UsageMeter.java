package io.kad.bench.measure;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.OptionalLong;

/** Usage of this process and of that of the server during one measurement. Not thread-safe. */
public final class UsageMeter {

    private final Optional<ServerUsage> server;
    private final Optional<ServerUsage.Sample> before;
    private final long clientCpuBefore = clientCpuNanos();

    private UsageMeter(Optional<ServerUsage> server) {
        this.server = server;
        this.before = server.flatMap(ServerUsage::sample);
    }

    /** Starts to measure. */
    public static UsageMeter start(Optional<ServerUsage> server) {
        return new UsageMeter(server);
    }

    /** Returns the metrics of a measurement that has ended now. */
    public LoadMetrics metrics(Measurement measurement, Times times) {
        long clientCpu = clientCpuNanos() - clientCpuBefore;
        Optional<ServerUsage.Sample> used =
                before.flatMap(start -> server.flatMap(ServerUsage::sample).map(end -> difference(start, end)));
        return new LoadMetrics(measurement, times, clientCpu, used);
    }

    private static ServerUsage.Sample difference(ServerUsage.Sample start, ServerUsage.Sample end) {
        OptionalLong allocated =
                start.allocatedBytes().isPresent() && end.allocatedBytes().isPresent()
                        ? OptionalLong.of(end.allocatedBytes().getAsLong()
                                - start.allocatedBytes().getAsLong())
                        : OptionalLong.empty();
        return new ServerUsage.Sample(end.cpuNanos() - start.cpuNanos(), end.residentBytes(), allocated);
    }

    private static long clientCpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }
}
