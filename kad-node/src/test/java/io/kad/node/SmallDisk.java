package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small disk in memory. Aborts the test if the process has no permission to mount one. */
record SmallDisk(Path path) implements AutoCloseable {

    static SmallDisk mount(Path directory, String options) throws IOException {
        Path path = Files.createDirectories(directory.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", options, "kad-test", path.toString()), "no permission to mount");
        return new SmallDisk(path);
    }

    void remount(String options) throws IOException {
        assertThat(run("mount", "-o", "remount," + options, path.toString())).isTrue();
    }

    private static boolean run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    @Override
    public void close() throws IOException {
        assertThat(run("umount", path.toString())).isTrue();
    }
}
