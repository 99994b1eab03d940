package io.kad.bench.measure;

import io.kad.bench.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Usage of the process of a server, read from {@code /proc}, and for a Java process the bytes that it allocates. Needs Linux. Not thread-safe.
 */
public final class ServerUsage implements AutoCloseable {

    /** Ticks of {@code /proc/PID/stat}, 100 a second on every Linux of today: CPU times have steps of 10 ms. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private final Path directory;
    private final Optional<JvmAllocation> allocation;

    /**
     * Usage of a process at one time.
     *
     * @param cpuNanos CPU time of all threads since the process started
     * @param residentBytes resident memory
     * @param allocatedBytes bytes that the live threads of a Java process have allocated
     */
    public record Sample(long cpuNanos, long residentBytes, OptionalLong allocatedBytes) {}

    /**
     * Creates a reader of the process with that ID.
     *
     * @throws CommandException if there is no such process
     */
    public ServerUsage(long pid) {
        directory = Path.of("/proc", Long.toString(pid));
        if (!Files.isReadable(directory.resolve("stat"))) {
            throw new CommandException(
                    "no process " + pid + " in /proc: give the ID of a running server on this Linux machine");
        }
        allocation = isJava() ? JvmAllocation.attach(pid) : Optional.empty();
    }

    private boolean isJava() {
        try {
            return Files.readSymbolicLink(directory.resolve("exe")).endsWith("java");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Reads the usage.
     *
     * @return empty if the process has ended
     */
    public Optional<Sample> sample() {
        try {
            String stat = Files.readString(directory.resolve("stat"));
            // the name before it may hold blanks
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
            return Optional.of(new Sample(ticks * NANOS_PER_TICK, residentBytes(), allocatedBytes()));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private long residentBytes() throws IOException {
        return Files.readAllLines(directory.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    private OptionalLong allocatedBytes() throws IOException {
        return allocation.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(allocation.get().bytes());
    }

    @Override
    public void close() {
        allocation.ifPresent(JvmAllocation::close);
    }
}
