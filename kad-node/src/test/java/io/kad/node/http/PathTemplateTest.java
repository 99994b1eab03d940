package io.kad.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PathTemplateTest {

    private static final PathTemplate THREE = new PathTemplate("/a/{c}/b/{a}/{b}");

    @Test
    void parametersKeepTheirOrder() {
        assertThat(THREE.parameters()).containsExactly("c", "a", "b");
        Map<String, String> values =
                THREE.match(List.of("a", "1", "b", "2", "3")).orElseThrow();
        Request request = new Request("GET", values, Map.of(), Map.of(), Bytes.EMPTY, MediaType.JSON);
        assertThat(request.parameters().values()).containsExactly("1", "2", "3");
    }

    @Test
    void aParameterTakesOneSegmentThatIsNotEmpty() {
        for (List<String> path : List.of(
                List.of("a", "", "b", "2", "3"),
                List.of("x", "1", "b", "2", "3"),
                List.of("a", "1", "b", "2"),
                List.of("a", "1", "b", "2", "3", ""))) {
            assertThat(THREE.match(path)).as(path.toString()).isEmpty();
        }
    }
}
