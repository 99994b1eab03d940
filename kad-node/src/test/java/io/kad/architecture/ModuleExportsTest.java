package io.kad.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.core.inject.KademliaModule;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** On the module path users see of kad-core what is meant for them; the simulator sees what it builds peers with. */
class ModuleExportsTest {

    @Test
    void theCoreShowsItsBindingsToEveryoneAndItsRuntimeToTheSimulator() throws URISyntaxException {
        Path core = Path.of(KademliaModule.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Map<String, Set<String>> exports =
                ModuleFinder.of(core).find("io.kad.core").orElseThrow().descriptor().exports().stream()
                        .collect(Collectors.toMap(ModuleDescriptor.Exports::source, ModuleDescriptor.Exports::targets));

        assertThat(exports)
                .isEqualTo(Map.of(
                        "io.kad.core.inject", Set.of(),
                        "io.kad.core.micrometer", Set.of(),
                        "io.kad.core.peer", Set.of("io.kad.sim"),
                        "io.kad.core.runtime", Set.of("io.kad.sim")));
    }
}
