/** The Kademlia streams: length-prefixed messages, requests of ours and of others. Each handler belongs to the event loop of its stream. */
@NullMarked
package io.kad.transport.netty.kad;

import org.jspecify.annotations.NullMarked;
