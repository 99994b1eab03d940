package io.kad.interop.namespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Control group of Linux that limits the memory of its processes, as that of a container does. */
final class MemoryGroup implements AutoCloseable {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final Path directory;

    private MemoryGroup(Path directory) {
        this.directory = directory;
    }

    /** Makes a group with a limit; empty where this is not allowed. */
    static Optional<MemoryGroup> create(long limitBytes) {
        boolean unified = Files.exists(ROOT.resolve("cgroup.controllers"));
        Path parent = unified ? ROOT : ROOT.resolve("memory");
        MemoryGroup made = new MemoryGroup(
                parent.resolve("kad-test-" + ProcessHandle.current().pid()));
        try {
            Files.createDirectory(made.directory);
            Path limit = made.directory.resolve(unified ? "memory.max" : "memory.limit_in_bytes");
            Files.writeString(limit, Long.toString(limitBytes));
            Path swap = made.directory.resolve("memory.swap.max");
            if (Files.exists(swap)) {
                Files.writeString(swap, "0");
            }
            return Optional.of(made);
        } catch (IOException notAllowed) {
            System.out.println("no control group: " + notAllowed);
            made.close();
            return Optional.empty();
        }
    }

    /** Returns {@code command} as a command line that runs in this group. */
    List<String> command(List<String> command) {
        List<String> inside = new ArrayList<>(List.of(
                "sh",
                "-c",
                "echo $$ > \"$0\" && exec \"$@\"",
                directory.resolve("cgroup.procs").toString()));
        inside.addAll(command);
        return inside;
    }

    /** Removes the group, whose processes have ended. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException inUse) {
            System.out.println("cannot remove " + directory + ": " + inUse.getMessage());
        }
    }
}
