/**
 * The {@code /noise} secure channel of libp2p: {@code Noise_XX_25519_ChaChaPoly_SHA256} with an empty prologue; each
 * payload of the handshake carries the identity of its sender.
 *
 * <p>{@link io.kad.transport.netty.noise.NoiseHandshake} is the handshake as a state machine over byte arrays. {@link
 * io.kad.transport.netty.noise.NoiseHandshakeHandler} runs it on a channel, authenticates the remote peer, and replaces
 * itself by the encrypting handler.
 *
 * <p>Threading: each object is confined to one connection and its event loop, except {@link
 * io.kad.transport.netty.noise.NoiseIdentity}, which all connections share.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md">noise-libp2p</a>
 * @see <a href="https://noiseprotocol.org/noise.html">The Noise Protocol Framework</a>
 */
@NullMarked
package io.kad.transport.netty.noise;

import org.jspecify.annotations.NullMarked;
