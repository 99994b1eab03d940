package io.kad.wire.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdentityFileTest {

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("of").resolve("peer").resolve("identity.key");
    }

    private static List<Path> filesBeside(Path file) throws IOException {
        try (Stream<Path> files = Files.list(file.getParent())) {
            return files.toList();
        }
    }

    @Test
    void aNewFileHasAnIdentityThatIsReadAgain() throws Exception {
        PrivateKeyIdentity created = IdentityFile.loadOrCreate(file());

        assertThat(IdentityFile.loadOrCreate(file()).peerId()).isEqualTo(created.peerId());
        assertThat(Files.readAllBytes(file()))
                .isEqualTo(created.privateKeyProtobuf().toArray());
        assertThat(filesBeside(file())).containsExactly(file());
    }

    @Test
    void aFileOfAnotherProgramIsRead() throws Exception {
        Ed25519Identity other = Ed25519Identity.fromSeed(Bytes.of(new byte[Ed25519Identity.SEED_BYTES]));
        Path file = directory.resolve("key");
        Files.write(file, other.privateKeyProtobuf().toArray());

        assertThat(IdentityFile.loadOrCreate(file).peerId()).isEqualTo(other.peerId());
    }

    @ParameterizedTest
    @EnumSource
    void aNewFileHasAKeyOfTheGivenTypeThatIsReadAgain(KeyType type) throws Exception {
        PrivateKeyIdentity created = IdentityFile.loadOrCreate(file(), type);

        assertThat(created.type()).isEqualTo(type);
        assertThat(IdentityFile.loadOrCreate(file(), type).peerId()).isEqualTo(created.peerId());
        assertThat(IdentityFile.loadOrCreate(file()).peerId()).isEqualTo(created.peerId());
    }

    @Test
    void aFileWithAKeyOfAnotherTypeIsRefusedAndLeftAlone() throws Exception {
        PrivateKeyIdentity created = IdentityFile.loadOrCreate(file(), KeyType.SECP256K1);

        assertThatThrownBy(() -> IdentityFile.loadOrCreate(file(), KeyType.ED25519))
                .isInstanceOf(IOException.class)
                .hasMessage("identity file " + file()
                        + ": has a key of type Secp256k1, expected Ed25519; use another file for a new key");
        assertThat(Files.readAllBytes(file()))
                .isEqualTo(created.privateKeyProtobuf().toArray());
    }

    @ParameterizedTest
    @EnumSource
    void onlyItsOwnerMayReadAndWriteANewFile(KeyType type) throws Exception {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"));
        IdentityFile.loadOrCreate(file(), type);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsNotAKeyIsRefusedAndLeftAlone() throws Exception {
        Path file = directory.resolve("key");
        for (String content : List.of("", "not a key", "x".repeat(100_000))) {
            Files.writeString(file, content);

            assertThatThrownBy(() -> IdentityFile.loadOrCreate(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("identity file " + file + ": not a private key: ");
            assertThat(file).hasContent(content);
        }
    }

    @Test
    void aFileThatCantBeReadOrCreatedIsRefusedInOneLine() throws Exception {
        Path file = directory.resolve("file");
        Files.writeString(file, "x");

        assertThatThrownBy(() -> IdentityFile.loadOrCreate(directory))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot read identity file " + directory + ": ");
        Path dangling = directory.resolve("link");
        Files.createSymbolicLink(dangling, directory.resolve("absent"));
        assertThatThrownBy(() -> IdentityFile.loadOrCreate(dangling))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "cannot read identity file " + dangling + ": the target of the symbolic link does not exist");
        assertThatThrownBy(() -> IdentityFile.loadOrCreate(file.resolve("below")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot read identity file " + file.resolve("below") + ": ");
    }

    @Test
    void manyThatCreateItTogetherGetTheSameIdentity() throws Exception {
        int threads = 8;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 20; round++) {
                Path file = directory.resolve("round" + round).resolve("key");
                CyclicBarrier start = new CyclicBarrier(threads);
                Callable<PeerId> task = () -> {
                    start.await();
                    return IdentityFile.loadOrCreate(file).peerId();
                };
                List<Future<PeerId>> running = new ArrayList<>();
                for (int thread = 0; thread < threads; thread++) {
                    running.add(executor.submit(task));
                }
                Set<PeerId> seen = new HashSet<>();
                for (Future<PeerId> each : running) {
                    seen.add(each.get());
                }

                assertThat(seen).hasSize(1);
                assertThat(filesBeside(file)).containsExactly(file);
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
