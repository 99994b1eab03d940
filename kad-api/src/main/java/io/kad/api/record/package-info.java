/**
 * Records of the DHT and the rules they obey: values, providers, validators and quorums. All types are immutable
 * values. Specified by the records and entry-validation sections of the libp2p kad-dht specification.
 */
@NullMarked
package io.kad.api.record;

import org.jspecify.annotations.NullMarked;
