/** Protobuf fields and length-prefixed frames, read within limits and written without reflection. Confined to one thread, except the static methods. */
@NullMarked
package io.kad.wire.encoding;

import org.jspecify.annotations.NullMarked;
