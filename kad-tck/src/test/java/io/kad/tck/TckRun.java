package io.kad.tck;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/**
 * The outcome of running a compatibility test class within a test.
 *
 * @param started how many tests ran
 * @param aborted how many of them were skipped by an assumption
 * @param failures the tests that failed, with the reason
 */
record TckRun(long started, long aborted, Map<String, String> failures) {

    private static final Pattern RULE = Pattern.compile("[a-z]+(\\d\\d).*");

    static TckRun of(Class<?> tests) {
        Events events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute()
                .testEvents();
        Map<String, String> failures = new TreeMap<>();
        for (Event failed : events.failed().list()) {
            String name = failed.getTestDescriptor()
                    .getSource()
                    .map(source -> ((MethodSource) source).getMethodName())
                    .orElseThrow();
            String reason = failed.getRequiredPayload(TestExecutionResult.class)
                    .getThrowable()
                    .map(Throwable::toString)
                    .orElse("");
            failures.put(name, reason);
        }
        return new TckRun(events.started().count(), events.aborted().count(), failures);
    }

    /** Returns the numbers of the rules whose tests failed; a test without a number is for several rules. */
    Set<String> brokenRules() {
        return rulesOf(failures.keySet());
    }

    /** Returns the numbers of the rules that a compatibility test class has tests for. */
    static Set<String> testedRules(Class<?> tests) {
        return rulesOf(Arrays.stream(tests.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .toList());
    }

    private static Set<String> rulesOf(Collection<String> tests) {
        return tests.stream()
                .map(RULE::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
