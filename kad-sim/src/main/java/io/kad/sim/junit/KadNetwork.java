package io.kad.sim.junit;

import io.kad.sim.TableInit;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Hands the tests of a class, or one test, a running {@link io.kad.sim.SimNetwork} as a parameter.
 *
 * <p>Each test has a network of its own, which is closed after it. When a test fails, its seed is printed.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KadNetworkExtension.class)
public @interface KadNetwork {

    /** How many peers there are. */
    int peers() default 20;

    /** The number that decides everything; 0 for another one each time. */
    long seed() default 1;

    /** How the routing tables come to be; joining by the protocol takes its time in a large network. */
    TableInit tables() default TableInit.IDEAL;

    /**
     * Options of every peer, each as {@code name=value}, by their names in a configuration file. With {@code bootstrap-delay=off} a large
     * network is faster: else every peer refreshes its table as soon as it listens.
     */
    String[] config() default {};
}
