/** The libp2p connection stack on Netty. */
@NullMarked
package io.kad.transport.netty;

import org.jspecify.annotations.NullMarked;
