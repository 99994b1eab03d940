/** What the handlers of streams share: cutting bytes into messages, what may be held of them, and time limits. Each object belongs to one event loop. */
@NullMarked
package io.kad.transport.netty.stream;

import org.jspecify.annotations.NullMarked;
