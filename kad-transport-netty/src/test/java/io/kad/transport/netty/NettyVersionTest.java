package io.kad.transport.netty;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NettyVersionTest {

    @Test
    void theVersionOfThisBuildIsNewEnough() {
        assertThatCode(NettyVersion::check).doesNotThrowAnyException();
    }

    @Test
    void anOlderVersionIsNamedWithWhatToSet() {
        Map<String, String> versions =
                new TreeMap<>(Map.of("netty-common", "4.1.128.Final", "netty-transport", "4.1.128.Final"));
        assertThatThrownBy(() -> NettyVersion.check(false, () -> versions))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Netty must be 4.2 or newer, found netty-common 4.1.128.Final, netty-transport"
                        + " 4.1.128.Final: set the version that your build manages, such as netty.version=4.2.18.Final"
                        + " with Spring Boot, or import io.netty:netty-bom before other BOMs");
    }

    @Test
    void aVersionThatSaysNothingOfItselfIsRefusedToo() {
        assertThatThrownBy(() -> NettyVersion.check(false, Map::of))
                .hasMessageStartingWith("Netty must be 4.2 or newer, found an older one: ");
    }
}
