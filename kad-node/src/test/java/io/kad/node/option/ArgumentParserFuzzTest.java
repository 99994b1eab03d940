package io.kad.node.option;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.id.RecordKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Parameters of requests and arguments of commands. Each input is read as one of each type. */
class ArgumentParserFuzzTest {

    /** Longest argument that is tried: a refusal repeats it in part only, so that its message stays short. */
    private static final int MAX_MESSAGE_CHARS = 2000;

    private static final List<Function<String, Object>> PARSERS = List.of(
            ArgumentParser::recordKey,
            ArgumentParser::providerKey,
            ArgumentParser::target,
            ArgumentParser::peerId,
            ArgumentParser::quorum,
            text -> ArgumentParser.address("address", text),
            text -> ArgumentParser.peerAt("peer", text),
            text -> ArgumentParser.positiveDuration("timeout", text),
            text -> ArgumentParser.keyType("--type", text));

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",
                        "/ipfs/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC",
                        "/pk/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC",
                        "/ipns/k51qzi5uqu5dkkciu33khkzbcmxtyhn376i1e83tya8kuy7z9euedzyr5nhoew",
                        "0x00ff",
                        "/ns/key",
                        "majority",
                        "3",
                        "/ip4/192.0.2.1/tcp/1/p2p/12D3KooWM6CgA9iBFZmcYAHA6A2qvbAxqfkmrYiRQuz3XEsk4Ksv",
                        "36h",
                        "PT1.5S",
                        "9999999999999h",
                        "ed25519")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void isReadOrRefusedInOneLine(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        for (Function<String, Object> parser : PARSERS) {
            try {
                Object value = parser.apply(text);
                if (value instanceof RecordKey key) {
                    assertThat(ArgumentParser.recordKey("0x" + key.bytes().hex()))
                            .isEqualTo(key);
                }
            } catch (UsageException refused) {
                assertThat(refused.getMessage().lines()).hasSize(1);
                assertThat(refused.getMessage()).hasSizeLessThan(MAX_MESSAGE_CHARS);
            }
        }
    }
}
