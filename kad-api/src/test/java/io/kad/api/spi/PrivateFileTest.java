package io.kad.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PrivateFileTest {

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void nameOfTheFile() {
        file = directory.resolve("key");
    }

    @Test
    void theContentIsOnTheDiskBeforeTheNameAndTheNameBeforeTheEnd() throws IOException {
        Recorded calls = new Recorded(true);

        assertThat(PrivateFile.create(file, content("first"), calls)).isTrue();

        assertThat(calls.names).containsExactly("sync", "link", "syncDirectory");
        assertThat(file).hasContent("first");
    }

    @Test
    void theSameHoldsWithoutHardLinks() throws IOException {
        Recorded calls = new Recorded(false);

        assertThat(PrivateFile.create(file, content("first"), calls)).isTrue();

        assertThat(calls.names).containsExactly("sync", "link", "rename", "syncDirectory");
        assertThat(file).hasContent("first");
    }

    @Test
    void anExistingFileStays() throws IOException {
        for (boolean links : List.of(true, false)) {
            Files.writeString(file, "old");

            assertThat(PrivateFile.create(file, content("new"), new Recorded(links)))
                    .isFalse();

            assertThat(file).hasContent("old");
        }
    }

    @Test
    void whatIsLeftOfAFailureIsNoFileOfThatName() throws IOException {
        FileSystemCalls full = new FileSystemCalls() {
            @Override
            public void sync(FileChannel channel) throws IOException {
                throw new FileSystemException("no space left on device");
            }
        };

        assertThatThrownBy(() -> PrivateFile.create(file, content("new"), full)).hasMessage("no space left on device");

        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void oneOfTwoThatCreateAtOnceWithoutHardLinksWins() throws InterruptedException, ExecutionException {
        AtomicReference<Thread> second = new AtomicReference<>();
        CompletableFuture<Boolean> secondResult = new CompletableFuture<>();
        Recorded slow = new Recorded(false) {
            @Override
            public void rename(Path part, Path name) throws IOException {
                Thread rival = new Thread(
                        () -> secondResult.completeAsync(() -> created("second", new Recorded(false)), Runnable::run),
                        "second");
                second.set(rival);
                rival.start();
                // The first one has seen that there is no file, and goes on once the second one waits, or has ended
                while (rival.getState() != Thread.State.BLOCKED && rival.isAlive()) {
                    Thread.onSpinWait();
                }
                super.rename(part, name);
            }
        };

        assertThat(created("first", slow)).isTrue();

        second.get().join();
        assertThat(secondResult.get()).isFalse();
        assertThat(file).hasContent("first");
    }

    /** Another process that holds the lock of a file, and creates the key before it ends. */
    static final class Rival {

        private Rival() {}

        public static void main(String[] args) throws IOException {
            Path key = Path.of(args[0]);
            try (FileChannel lock = FileChannel.open(
                    key.resolveSibling(".private.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock.lock();
                System.out.println("locked");
                System.in.read();
                Files.writeString(key, "of the rival");
            }
        }
    }

    @Test
    void aProcessThatHoldsTheLockIsWaitedForWithoutHardLinks() throws Exception {
        Process rival = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Rival.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(new BufferedReader(new InputStreamReader(rival.getInputStream(), StandardCharsets.UTF_8))
                            .readLine())
                    .isEqualTo("locked");
            Recorded calls = new Recorded(false);
            CompletableFuture<Boolean> result = CompletableFuture.supplyAsync(() -> created("new", calls));
            while (!calls.names.contains("link")) {
                Thread.onSpinWait();
            }
            rival.getOutputStream().close();

            assertThat(result.get()).isFalse();
            assertThat(calls.names).doesNotContain("rename");
            assertThat(file).hasContent("of the rival");
        } finally {
            rival.destroyForcibly();
        }
    }

    private boolean created(String text, FileSystemCalls calls) {
        try {
            return PrivateFile.create(file, content(text), calls);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Bytes content(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The calls of the file system, with or without hard links; records their names. */
    private static class Recorded implements FileSystemCalls {

        final List<String> names = new CopyOnWriteArrayList<>();
        private final boolean links;

        Recorded(boolean links) {
            this.links = links;
        }

        @Override
        public void link(Path name, Path part) throws IOException {
            names.add("link");
            if (!links) {
                throw new FileSystemException("operation not permitted");
            }
            FileSystemCalls.super.link(name, part);
        }

        @Override
        public void rename(Path part, Path name) throws IOException {
            names.add("rename");
            FileSystemCalls.super.rename(part, name);
        }

        @Override
        public void sync(FileChannel channel) throws IOException {
            names.add("sync");
            FileSystemCalls.super.sync(channel);
        }

        @Override
        public void syncDirectory(Path changed) {
            names.add("syncDirectory");
            FileSystemCalls.super.syncDirectory(changed);
        }
    }
}
