package io.kad.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a state machine must not touch: clocks, threads, futures, sockets, files, logs and randomness without a seed. */
final class SansIoRule {
    private static final Set<String> FORBIDDEN_TYPES = Set.of(
            "java.lang.Thread",
            "java.lang.ThreadLocal",
            "java.lang.Runtime",
            "java.security.SecureRandom",
            "java.time.Clock",
            "java.time.InstantSource",
            "java.util.Timer",
            "java.util.TimerTask");

    private static final List<String> FORBIDDEN_PACKAGES =
            List.of("org.slf4j", "java.util.logging", "java.net", "java.nio.channels", "java.nio.file");

    private static final String CONCURRENT = "java.util.concurrent";

    /** Units of time and publication between threads are no threads. */
    private static final Set<String> ALLOWED_CONCURRENT = Set.of("java.util.concurrent.TimeUnit");

    private static final Map<String, Set<String>> FORBIDDEN_METHODS = Map.of(
            "java.lang.System", Set.of("nanoTime", "currentTimeMillis", "getenv", "getProperty"),
            "java.lang.Math", Set.of("random"),
            "java.util.UUID", Set.of("randomUUID"),
            "java.util.random.RandomGenerator", Set.of("getDefault", "of"));

    private static final Set<String> GENERATORS = Set.of("java.util.Random", "java.util.SplittableRandom");

    private SansIoRule() {}

    /** The rule for the classes of these packages. */
    static ArchRule in(String... packages) {
        return CompositeArchRule.of(
                        noClasses().that().resideInAnyPackage(packages).should().dependOnClassesThat(FORBIDDEN_TYPE))
                .and(noClasses().that().resideInAnyPackage(packages).should().accessTargetWhere(FORBIDDEN_ACCESS))
                .allowEmptyShould(true);
    }

    private static final DescribedPredicate<JavaClass> FORBIDDEN_TYPE =
            DescribedPredicate.describe("belong to time, threads, futures, input, output or logs", type -> {
                String packageName = type.getPackageName();
                boolean concurrent = packageName.startsWith(CONCURRENT)
                        && !packageName.equals(CONCURRENT + ".atomic")
                        && !ALLOWED_CONCURRENT.contains(outermost(type));
                return concurrent
                        || FORBIDDEN_TYPES.contains(outermost(type))
                        || FORBIDDEN_PACKAGES.stream()
                                .anyMatch(each -> packageName.equals(each) || packageName.startsWith(each + "."));
            });

    private static final DescribedPredicate<JavaAccess<?>> FORBIDDEN_ACCESS =
            DescribedPredicate.describe("the target reads a clock or an unseeded generator", access -> {
                AccessTarget target = access.getTarget();
                String owner = target.getOwner().getName();
                return readsNow(owner, target.getName())
                        || FORBIDDEN_METHODS.getOrDefault(owner, Set.of()).contains(target.getName())
                        || isUnseeded(owner, target);
            });

    private static boolean readsNow(String owner, String method) {
        return owner.startsWith("java.time.") && method.equals("now");
    }

    private static boolean isUnseeded(String owner, AccessTarget target) {
        if (!(target instanceof AccessTarget.CodeUnitAccessTarget code)) {
            return false;
        }
        int parameters = code.getRawParameterTypes().size();
        boolean newGenerator = GENERATORS.contains(owner) && code.getName().equals("<init>") && parameters == 0;
        boolean shuffle =
                owner.equals("java.util.Collections") && code.getName().equals("shuffle") && parameters == 1;
        return newGenerator || shuffle;
    }

    private static String outermost(JavaClass type) {
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
