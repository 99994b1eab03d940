/**
 * Records of the DHT and their rules: records, provider records, validators and quorums. All types except validators are immutable values.
 * Specified by the sections on value storage, content providers and entry validation of the libp2p kad-dht specification.
 */
@NullMarked
package io.kad.api.record;

import org.jspecify.annotations.NullMarked;
