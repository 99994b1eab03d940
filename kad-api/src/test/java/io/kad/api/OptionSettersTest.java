package io.kad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each option has a method of its name, and every way to set it gives the same value. */
class OptionSettersTest {

    private static final Set<String> GENERAL = Set.of("set", "build", "disable");

    static List<ConfigOption<?>> options() {
        return KademliaConfig.options();
    }

    static Stream<ConfigOption<?>> switchable() {
        return options().stream().filter(option -> option.defaultValue() instanceof Optional);
    }

    private static String methodName(ConfigOption<?> option) {
        return Pattern.compile("-(.)")
                .matcher(option.name())
                .replaceAll(match -> match.group(1).toUpperCase(java.util.Locale.ROOT));
    }

    private static Method method(ConfigOption<?> option) {
        List<Method> found = Arrays.stream(KademliaConfig.Builder.class.getMethods())
                .filter(method -> method.getName().equals(methodName(option)))
                .toList();
        assertThat(found).as("the method of %s", option).hasSize(1);
        return found.get(0);
    }

    /** Returns a value that is not the default. */
    private static Object otherValue(ConfigOption<?> option) {
        Object value =
                option.defaultValue() instanceof Optional<?> optional ? optional.orElseThrow() : option.defaultValue();
        if (value instanceof Integer number) {
            return isAccepted(option, number + 1) ? number + 1 : number - 1;
        } else if (value instanceof Long number) {
            return number + 1;
        } else if (value instanceof Duration duration) {
            return duration.plusSeconds(7);
        } else if (value instanceof Boolean flag) {
            return !flag;
        } else if (value instanceof Enum<?> constant) {
            return Arrays.stream(constant.getDeclaringClass().getEnumConstants())
                    .filter(other -> !other.equals(constant))
                    .findFirst()
                    .orElseThrow();
        } else if (value instanceof List<?> list) {
            return List.of(list.get(list.size() - 1));
        }
        return isAccepted(option, "/other") ? "/other" : "192.0.2.53:5353";
    }

    private static boolean isAccepted(ConfigOption<?> option, Object value) {
        try {
            set(option, value);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String text(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(OptionSettersTest::text).collect(Collectors.joining(","));
        }
        return value instanceof Enum<?> constant
                ? constant.name().toLowerCase(java.util.Locale.ROOT)
                : value.toString();
    }

    /** Calls the method of an option, which takes the values of a list one by one. */
    private static Object call(Method method, Object value) throws ReflectiveOperationException {
        KademliaConfig.Builder builder = KademliaConfig.builder();
        if (value instanceof List<?> list) {
            Class<?> type = method.getParameterTypes()[0];
            Object others = Array.newInstance(type, list.size() - 1);
            for (int i = 1; i < list.size(); i++) {
                Array.set(others, i - 1, list.get(i));
            }
            return method.invoke(builder, list.get(0), others);
        }
        return method.invoke(builder, value);
    }

    @SuppressWarnings("unchecked") // the value is of the option's type
    private static KademliaConfig set(ConfigOption<?> option, Object value) {
        return KademliaConfig.builder()
                .set((ConfigOption<Object>) option, value)
                .build();
    }

    @ParameterizedTest
    @MethodSource("options")
    void anOptionIsSetByItsMethodByItsConstantAndByItsNameAlike(ConfigOption<?> option) throws Exception {
        Object value = otherValue(option);
        boolean isOptional = option.defaultValue() instanceof Optional;
        Object stored = isOptional ? Optional.of(value) : value;

        var builder = (KademliaConfig.Builder) call(method(option), value);
        KademliaConfig byMethod = builder.build();

        assertThat(byMethod.<Object>get(cast(option))).isEqualTo(stored).isNotEqualTo(option.defaultValue());
        assertThat(byMethod).hasToString(set(option, stored).toString());
        assertThat(byMethod)
                .hasToString(KademliaConfig.builder()
                        .set(option.name(), text(value))
                        .build()
                        .toString());
    }

    @SuppressWarnings("unchecked") // only read
    private static ConfigOption<Object> cast(ConfigOption<?> option) {
        return (ConfigOption<Object>) option;
    }

    @ParameterizedTest
    @MethodSource("switchable")
    @SuppressWarnings("unchecked") // those are all of durations
    void anOptionWithADurationCanBeDisabled(ConfigOption<?> option) {
        ConfigOption<Optional<Duration>> duration = (ConfigOption<Optional<Duration>>) option;

        KademliaConfig disabled = KademliaConfig.builder().disable(duration).build();

        assertThat(disabled.get(duration)).isEmpty();
        assertThat(disabled)
                .hasToString(KademliaConfig.builder()
                        .set(option.name(), "off")
                        .build()
                        .toString());
    }

    @Test
    void everyMethodOfTheBuilderIsThatOfAnOption() {
        List<String> methods = Arrays.stream(KademliaConfig.Builder.class.getMethods())
                .filter(method -> method.getDeclaringClass() != Object.class)
                .map(Method::getName)
                .distinct()
                .filter(name -> !GENERAL.contains(name))
                .toList();

        assertThat(methods)
                .containsExactlyInAnyOrderElementsOf(
                        options().stream().map(OptionSettersTest::methodName).toList());
    }

    @Test
    void aValueOutOfRangeIsReportedWithTheOthers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KademliaConfig.builder()
                        .k(0)
                        .requestTimeout(Duration.ofHours(1))
                        .build())
                .withMessageContainingAll(
                        "k: expected an integer from 1 to 256, got '0'",
                        "request-timeout: expected a duration from 1ms to 10m, got '1h'");
    }
}
