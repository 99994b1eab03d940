package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that a command leaves: the end of a process waits for up to 300 ms for those that are in native code, as one that waits for a socket. */
@Timeout(180)
@ProgramRun.InTests
class ThreadsAtExitTest {

    private static OwnProcess node;
    private static String address;
    private static String api;

    @BeforeAll
    static void start() throws Exception {
        node = OwnProcess.start(
                "C.UTF-8", "node", "--json", "--stdin", "--listen", "/ip4/127.0.0.1/tcp/0", "--http", "127.0.0.1:0");
        address = node.line().replaceFirst(".*\"addresses\":\\[\"([^\"]*)\".*", "$1");
        api = node.line().replaceFirst(".*\"address\":\"([^\"]*)\".*", "$1");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** Returns the names of the threads that are in native code, of those that {@code before} does not have. */
    private static List<String> inNativeCode(Set<Thread> before) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> !before.contains(thread.getKey()))
                .filter(thread -> isInNativeCode(thread.getValue()))
                .map(Map.Entry::getKey)
                .map(Thread::getName)
                .toList();
    }

    /** Returns whether that is the stack of a thread that reads, or waits for a socket or a selector; one that ends is none of them. */
    private static boolean isInNativeCode(StackTraceElement[] stack) {
        return stack.length > 0
                && stack[0].isNativeMethod()
                && stack[0].getClassName().matches("(sun\\.nio\\.ch|java\\.net|java\\.io)\\..*");
    }

    private static List<String> left(Stream<String> words, int code) {
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        assertThat(ProgramRun.of(words.toArray(String[]::new)).code()).isEqualTo(code);
        return inNativeCode(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get /app/none", "find-providers /app/none"})
    void noneOfACommandInAnotherNode(String command) {
        // Nothing is there to be found
        assertThat(left(Stream.of((command + " --api " + api).split(" ")), 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"get /app/none", "closest-peers /app/none", "ping ADDRESS", "diagnose"})
    void noneOfACommandWithAPeerOfItsOwn(String command) {
        int code = command.startsWith("get") ? 1 : 0;
        String words = command.replace("ADDRESS", address) + " --bootstrap " + address;
        assertThat(left(Stream.of(words.split(" ")), code)).isEmpty();
    }

    @Test
    void noneOfADemo() {
        assertThat(left(Stream.of("demo", "--nodes", "3"), 0)).isEmpty();
    }

    @Test
    void noneOfANode() {
        assertThat(left(Stream.of("node", "--stdin", "--listen", "/ip4/127.0.0.1/tcp/0", "--http", "127.0.0.1:0"), 0))
                .isEmpty();
    }
}
