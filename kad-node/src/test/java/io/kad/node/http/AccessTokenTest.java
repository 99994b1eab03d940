package io.kad.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.node.option.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenTest {

    @TempDir
    private Path directory;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aNewFileIsForItsOwnerOnlyAndHasARandomToken() throws Exception {
        Path first = directory.resolve("data/token");
        AccessToken token = AccessToken.loadOrCreate(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first)))
                .isEqualTo("rw-------");
        String text = Files.readString(first).strip();
        assertThat(text).matches("[0-9a-f]{64}");
        assertThat(token.isIn("Bearer " + text)).isTrue();
        Path second = directory.resolve("other/token");
        AccessToken.loadOrCreate(second);
        assertThat(Files.readString(second)).isNotEqualTo(Files.readString(first));
    }

    private Path write(String text, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), text);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
    @DisabledOnOs(OS.WINDOWS)
    void aFileThatOthersMayUseIsRefusedInOneLine(String permissions) throws Exception {
        Path file = write("my-token-0123456789", permissions);
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        for (Path used : List.of(file, link)) {
            assertThatThrownBy(() -> AccessToken.loadOrCreate(used))
                    .isInstanceOf(UsageException.class)
                    .hasMessage(
                            "token file " + used + " may be used by others (" + permissions
                                    + "): allow it to its owner only, with chmod 600, and change the token if somebody may have read it");
        }
        write("my-token-0123456789", "r--------");
        assertThat(AccessToken.loadOrCreate(link).isIn("Bearer my-token-0123456789"))
                .isTrue();
    }

    @Test
    void anExistingFileIsReadAndStays() throws Exception {
        Path file = write("  my-token-0123456789\n", "rw-------");
        assertThat(AccessToken.loadOrCreate(file).isIn("Bearer my-token-0123456789"))
                .isTrue();
        assertThat(file).hasContent("  my-token-0123456789\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123456789abcde", "0123456789 abcdef", "0123456789abcd\u00e9f"})
    void aTokenThatIsShortOrNoTokenIsRefusedWithoutBeingNamed(String text) throws Exception {
        Path file = write(text, "rw-------");
        assertThatThrownBy(() -> AccessToken.loadOrCreate(file))
                .isInstanceOf(UsageException.class)
                .hasMessage("invalid " + file + ": expected " + AccessToken.FORM);
    }

    @Test
    void aFileThatCannotBeUsedIsNamed() {
        assertThatThrownBy(() -> AccessToken.loadOrCreate(directory))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(directory.toString());
    }
}
