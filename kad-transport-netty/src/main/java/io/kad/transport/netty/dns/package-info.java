/**
 * DNS for addresses: the servers that are asked, and the addresses that the TXT records of a {@code /dnsaddr} name lead to.
 *
 * <p>Threading: thread-safe; one lookup is confined to its event loop.
 *
 * @see <a href="https://github.com/multiformats/multiaddr/blob/master/protocols/DNSADDR.md">dnsaddr</a>
 */
@NullMarked
package io.kad.transport.netty.dns;

import org.jspecify.annotations.NullMarked;
