/** Tests of the libp2p formats: against vectors, generated protobuf classes, and garbage. */
@NullMarked
package io.kad.wire;

import org.jspecify.annotations.NullMarked;
