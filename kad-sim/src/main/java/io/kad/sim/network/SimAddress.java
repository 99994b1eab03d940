package io.kad.sim.network;

import io.kad.api.id.Multiaddr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Addresses of simulated peers: {@code /memory/NUMBER}. The lower 32 bits are the number of the peer plus 1, those from 32 on tell its
 * addresses apart, and bit 48 marks a dead one.
 */
final class SimAddress {

    private static final String PREFIX = "/memory/";
    private static final Pattern DIALABLE = Pattern.compile(PREFIX + "[0-9]{1,18}");
    private static final int INDEX_SHIFT = 32;
    private static final long DEAD = 1L << 48;
    private static final long NUMBERS = (1L << INDEX_SHIFT) - 1;

    private SimAddress() {}

    /** Returns the address of the peer with that number that always lives. */
    static Multiaddr of(long number) {
        return Multiaddr.parse(PREFIX + (number + 1));
    }

    /** Returns all addresses of the peer with that number, in the order in which they are dialled; the same at each call. */
    static List<Multiaddr> all(long number, Reachability reachability) {
        if (reachability.addresses() == 1) {
            return List.of(of(number));
        }
        Random random = new Random(number);
        List<Multiaddr> all = new ArrayList<>();
        for (long index = 0; index < reachability.addresses(); index++) {
            boolean dead = index > 0 && random.nextDouble() < reachability.deadAddresses();
            all.add(Multiaddr.parse(PREFIX + ((number + 1) + (index << INDEX_SHIFT) + (dead ? DEAD : 0))));
        }
        Collections.shuffle(all, random);
        return List.copyOf(all);
    }

    /** Returns whether {@code address} is one of a simulated network. */
    static boolean isDialable(Multiaddr address) {
        return DIALABLE.matcher(address.toString()).matches();
    }

    /** Returns the number of the peer that would be reached at {@code address}; negative if none can be. */
    static long numberAt(Multiaddr address) {
        if (!isDialable(address)) {
            return -1;
        }
        long value = Long.parseLong(address.toString().substring(PREFIX.length()));
        return (value & DEAD) != 0 ? -1 : (value & NUMBERS) - 1;
    }
}
