/**
 * The lookup: finds the peers closest to a key, by one of three strategies and over one path or several disjoint paths. Sans-IO:
 * a lookup returns the next peer to query and takes the results. Confined to one thread at a time.
 *
 * <p>Source: Kademlia paper, section 2.3; S/Kademlia (Baumgart and Mies 2007), section 4.4, for disjoint paths.
 */
@NullMarked
package io.kad.core.lookup;

import org.jspecify.annotations.NullMarked;
