package io.kad.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Compiles each program of the examples against the modules of this build, and runs it in a process of its own. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ExamplesTest {

    private static final Path EXAMPLES = Path.of("..", "examples");

    @TempDir
    Path classes;

    @ParameterizedTest
    @CsvSource({
        "TwoPeers, hello",
        "ReviewedRecords, stored",
        "Versions, 2 final",
        "StoreByClass, true",
        "Chat, bob has read: hello bob"
    })
    void theProgramsOfTheGuideRun(String name, String lastLine) throws Exception {
        String program = Files.readString(EXAMPLES.resolve(name + ".java"));
        assertThat(Files.readString(Path.of("..", "docs", "GUIDE.md"))).contains("```java\n" + program + "```");
        compile(List.of("-cp", classPath()), EXAMPLES.resolve(name + ".java"));
        assertThat(run("-cp", classes + File.pathSeparator + classPath(), name)).isEqualTo(lastLine);
    }

    @Test
    void aPeerIsMeasuredByARegistryOfMicrometer() throws Exception {
        compile(List.of("-cp", classPath()), EXAMPLES.resolve("MeteredPeer.java"));
        assertThat(run("-cp", classes + File.pathSeparator + classPath(), "MeteredPeer"))
                .isEqualTo("true");
    }

    @Test
    void aTestWithASimulatedNetworkPasses() throws Exception {
        compile(List.of("-cp", classPath()), EXAMPLES.resolve("tests").resolve("LookupsTest.java"));
        assertThat(succeededTests("LookupsTest")).isEqualTo(1);
    }

    @Test
    void aStoreOfOnesOwnPassesTheCompatibilityTests() throws Exception {
        compileFileStore();
        assertThat(succeededTests("example.store.FileRecordStoreTckTest")).isGreaterThan(40);
    }

    /** Runs the tests of a class that was compiled, none of which may fail. */
    private long succeededTests(String name) throws IOException, ClassNotFoundException {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(loader.loadClass(name)))
                                    .build(),
                            listener);
        }
        assertThat(listener.getSummary().getFailures())
                .as(() -> listener.getSummary().getFailures().stream()
                        .map(failure -> failure.getTestIdentifier().getDisplayName() + ": " + failure.getException())
                        .collect(Collectors.joining("\n")))
                .isEmpty();
        return listener.getSummary().getTestsSucceededCount();
    }

    @Test
    void aStoreIsFoundByServiceLoader() throws Exception {
        compileFileStore();
        String path = String.join(
                File.pathSeparator,
                classes.toString(),
                EXAMPLES.resolve("file-store").toAbsolutePath().toString(),
                classPath());
        assertThat(run("-cp", path, "example.StoreByService")).isEqualTo("FileRecordStore: kept");
    }

    @Test
    void aStoreIsBoundByGuice() throws Exception {
        compileFileStore();
        assertThat(run("-cp", classes + File.pathSeparator + classPath(), "example.StoreByGuice"))
                .isEqualTo("hello");
    }

    private void compileFileStore() throws IOException {
        try (Stream<Path> sources = Files.walk(EXAMPLES.resolve("file-store"))) {
            compile(
                    List.of("-cp", classPath()),
                    sources.filter(file -> file.toString().endsWith(".java")).toArray(Path[]::new));
        }
    }

    @Test
    void aProgramRunsOnTheModulePath() throws Exception {
        Path sources = EXAMPLES.resolve("modular");
        compile(
                List.of("--module-path", modulePath()),
                sources.resolve("module-info.java"),
                sources.resolve("example").resolve("TwoPeers.java"));
        assertThat(run(
                        "--module-path",
                        classes + File.pathSeparator + modulePath(),
                        "--add-modules",
                        "io.kad.core,io.kad.transport.netty,io.kad.store.memory",
                        "-m",
                        "example/example.TwoPeers"))
                .isEqualTo("hello");
    }

    private void compile(List<String> options, Path... sources) {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("--release", "17", "-d", classes.toString()));
        Arrays.stream(sources).map(Path::toString).forEach(arguments::add);
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(code).isZero();
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(arguments));
        Path output = classes.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            List<String> lines = Files.readString(output, UTF_8).strip().lines().toList();
            return lines.get(lines.size() - 1);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    /** Returns what a program needs on the module path: the modules themselves and what they use, but no test of this one. */
    private static String modulePath() {
        return Stream.of(classPath().split(File.pathSeparator))
                .filter(entry -> !entry.contains("kad-node"))
                .filter(entry -> Stream.of(
                                "kad-api",
                                "kad-core",
                                "kad-wire",
                                "kad-transport-netty",
                                "kad-store-memory",
                                "netty",
                                "protobuf-java",
                                "bcprov",
                                "slf4j-api",
                                "jspecify")
                        .anyMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
