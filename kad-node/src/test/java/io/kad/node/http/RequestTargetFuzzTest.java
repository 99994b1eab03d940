package io.kad.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Targets of requests, with their parameters, and headers {@code Accept}. Each input is read as both. */
class RequestTargetFuzzTest {

    private static final int MAX_PARAMETERS = 64;
    private static final PathTemplate TEMPLATE = new PathTemplate("/routing/v1/providers/{cid}");
    private static final List<String> OFFERED = List.of(MediaType.JSON, MediaType.NDJSON, MediaType.EVENT_STREAM);

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "/routing/v1/providers/bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",
                        "/api/v1/records/%2Fns%2Fkey?quorum=all&timeout=5s&quorum=1",
                        "/a%C3%A9+b?x=%zz",
                        "/%ff",
                        "http://host:80/a?b#c",
                        "HTTP://h?x",
                        "*",
                        "application/json;q=0.5, text/*;q=.1, */*;q=0",
                        "/?" + "a&".repeat(MAX_PARAMETERS))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrSplitWithinItsLimits(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        MediaType.choose(text, OFFERED).ifPresent(chosen -> assertThat(OFFERED).contains(chosen));
        parse(text).ifPresent(RequestTargetFuzzTest::check);
    }

    private static Optional<RequestTarget> parse(String text) {
        try {
            return Optional.of(RequestTarget.parse(text));
        } catch (HttpException refused) {
            assertThat(refused.getMessage().lines()).hasSize(1);
            return Optional.empty();
        }
    }

    private static void check(RequestTarget target) {
        if (target.path().equals("*")) {
            assertThat(target.segments()).isEmpty();
            return;
        }
        assertThat(target.path()).startsWith("/").doesNotContain("?");
        assertThat(target.segments()).hasSize(target.path().split("/", -1).length - 1);
        assertThat(target.query().values().stream().mapToInt(List::size).sum()).isLessThanOrEqualTo(MAX_PARAMETERS);
        Optional<Map<String, String>> match = TEMPLATE.match(target.segments());
        match.ifPresent(values -> assertThat(values.get("cid")).isNotEmpty());
    }
}
