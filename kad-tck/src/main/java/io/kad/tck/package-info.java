/**
 * Compatibility tests of the service provider interfaces: record stores, provider stores, peer snapshot stores and transports.
 *
 * <p>The author of a plug-in extends the class of its kind, creates the plug-in there, and runs the class as a JUnit 5 test. The name of
 * each test begins with the number of its rule in the documentation of the interface: {@code store07...} tests STORE-07. A rule may have
 * several tests. The tests do not wait for time to pass: expiry follows a {@link io.kad.tck.support.TestClock}, and threads meet at
 * barriers.
 *
 * <p>JUnit runs the tests of a class in one thread; tests of concurrency start further threads ({@link
 * io.kad.tck.support.ConcurrentCalls}).
 */
@NullMarked
package io.kad.tck;

import org.jspecify.annotations.NullMarked;
