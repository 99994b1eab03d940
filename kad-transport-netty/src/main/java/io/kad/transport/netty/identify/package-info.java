/** Identify and identify-push: what peers tell each other of themselves. Specified by libp2p identify 1.0.0. */
@NullMarked
package io.kad.transport.netty.identify;

import org.jspecify.annotations.NullMarked;
