/**
 * Encoding of protobuf fields; reads within limits, writes without reflection.
 *
 * <p>Threading: readers and writers are confined to one thread; static methods are thread-safe.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers encoding</a>
 */
@NullMarked
package io.kad.wire.encoding;

import org.jspecify.annotations.NullMarked;
