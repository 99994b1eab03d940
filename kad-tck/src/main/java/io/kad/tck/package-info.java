/**
 * The compatibility tests: what any record store, provider store and transport must pass.
 *
 * <p>The author of a plug-in extends the class of its kind, says how one is made, and runs it as a JUnit 5 test. Each test
 * carries the number of the rule it checks, as the interface's documentation counts them: {@code store07...} checks STORE-07.
 * A rule may have several tests. The tests take no time to pass: expiry follows a {@link io.kad.tck.support.TestClock}, and threads
 * meet at barriers.
 */
@NullMarked
package io.kad.tck;

import org.jspecify.annotations.NullMarked;
