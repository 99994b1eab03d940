package io.kad.node.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KademliaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigFileTest {

    @TempDir
    private Path directory;

    private PeerOptions options(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("kad.properties"), text);
        PeerOptions options = new PeerOptions();
        new CommandLine(options).parseArgs("--config", file.toString());
        return options;
    }

    @Test
    void aValueIsTheWholeRestOfItsLine() throws IOException {
        PeerOptions options = options("data = /srv/my data=1, \\new\\u0041 : x \n");
        assertThat(options.data()).contains(Path.of("/srv/my data=1, \\new\\u0041 : x"));
    }

    @Test
    void linesOfOtherSystemsCommentsAndBlanksAreRead() throws IOException {
        PeerOptions options =
                options("\uFEFF# a comment\r\n\r\n  k = 7\r\nrepublish-interval=off\r\nprotocol=/a/kad/1.0.0\r\n"
                        + "bucket-size=5");
        KademliaConfig config = options.config("");
        assertThat(config.get(KademliaConfig.K)).isEqualTo(7);
        assertThat(config.get(KademliaConfig.REPUBLISH_INTERVAL)).isEmpty();
        assertThat(config.get(KademliaConfig.PROTOCOL)).isEqualTo("/a/kad/1.0.0");
        assertThat(config.get(KademliaConfig.BUCKET_SIZE)).isEqualTo(5);
    }

    @Test
    void aByteOrderMarkBelongsToTheTextExceptAtTheStartOfTheFile() throws IOException {
        Path file = Files.writeString(directory.resolve("marked"), "\uFEFFname=a\uFEFFb\n");
        assertThat(ConfigFile.read(file).value("name")).contains("a\uFEFFb");
        assertThatThrownBy(() -> options("k=7\n\uFEFFbucket-size=5\n").config(""))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void listsHaveBlanksOrCommasBetweenTheirValues() throws IOException {
        PeerOptions options = options("listen=/ip4/127.0.0.1/tcp/1, /ip4/127.0.0.1/tcp/2\n");
        assertThat(options.listen(List.of())).hasSize(2);
    }
}
