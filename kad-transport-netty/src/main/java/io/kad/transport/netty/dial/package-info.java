/** Dialing: which addresses are tried, in which order, and which one wins. */
@NullMarked
package io.kad.transport.netty.dial;

import org.jspecify.annotations.NullMarked;
