/** The libp2p formats: keys, signatures, messages and records, from bytes to API values and back. */
@NullMarked
package io.kad.wire;

import org.jspecify.annotations.NullMarked;
