package io.kad.tck;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/**
 * The outcome of running a compatibility test class within a test.
 *
 * @param started how many tests ran
 * @param failures the tests that failed, with the reason
 */
record TckRun(long started, Map<String, String> failures) {

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
        return new TckRun(events.started().count(), failures);
    }

    /** Returns the numbers of the rules whose tests failed. */
    Set<String> brokenRules() {
        Set<String> rules = new TreeSet<>();
        for (String test : failures.keySet()) {
            Matcher matcher = RULE.matcher(test);
            rules.add(matcher.matches() ? matcher.group(1) : test);
        }
        return rules;
    }
}
