/**
 * Names and places: peers, keys, contents, addresses, and the key space they share. All types are immutable values and safe
 * for use by several threads. Specified by the libp2p peer-ids and addressing specifications, and by multiformats.
 */
@NullMarked
package io.kad.api.id;

import org.jspecify.annotations.NullMarked;
