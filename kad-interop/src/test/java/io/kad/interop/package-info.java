/** Tests against real libp2p peers of other languages. */
@NullMarked
package io.kad.interop;

import org.jspecify.annotations.NullMarked;
