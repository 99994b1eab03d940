/** Tests of the formats, against vectors, against generated protobuf classes, and against garbage. */
@NullMarked
package io.kad.wire;

import org.jspecify.annotations.NullMarked;
