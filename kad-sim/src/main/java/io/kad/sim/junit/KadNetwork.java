package io.kad.sim.junit;

import io.kad.sim.TableInit;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Annotation of a test, or of a class of tests, that takes a running {@link io.kad.sim.SimNetwork} as a parameter.
 *
 * <p>Each test has a separate network, which is closed after it. If a test fails, its seed is printed.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KadNetworkExtension.class)
public @interface KadNetwork {

    /** Returns the number of peers, from 1. Default: 20. */
    int peers() default 20;

    /** Returns the seed of all random choices; 0 for a random seed per test. Default: 1. */
    long seed() default 1;

    /** Returns the initial content of the routing tables; {@link TableInit#JOINED} is slow in a large network. Default: ideal tables. */
    TableInit tables() default TableInit.IDEAL;

    /**
     * Returns the options of every peer, each as {@code name=value}, with the names of a configuration file. Default: none. {@code
     * bootstrap-throttle=off} makes a large network faster: without it, every peer refreshes its routing table when it starts.
     */
    String[] config() default {};
}
