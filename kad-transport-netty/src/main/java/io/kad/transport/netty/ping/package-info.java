/** The liveness check: 32 bytes and their echo. Specified by libp2p ping 1.0.0. */
@NullMarked
package io.kad.transport.netty.ping;

import org.jspecify.annotations.NullMarked;
