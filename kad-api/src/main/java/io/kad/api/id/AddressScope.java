package io.kad.api.id;

import java.util.ArrayList;
import java.util.List;

/**
 * Scope of an IP address: from where it can be reached. An IPv6 address that stands for an IPv4 address (IPv4-mapped, NAT64, 6to4) has the
 * scope of that.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA, IPv4 special-purpose addresses</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry">IANA, IPv6 special-purpose addresses</a>
 */
public enum AddressScope {
    /** No address: {@code 0.0.0.0}, {@code ::}. On many machines it reaches the machine itself. */
    UNSPECIFIED,
    /** The machine itself. */
    LOOPBACK,
    /** The link of a machine, with the metadata services of clouds, such as {@code 169.254.169.254}. */
    LINK_LOCAL,
    /** Any number of machines: multicast and broadcast. */
    MULTICAST,
    /** A local network, or one behind the NAT of a provider, with the metadata services there, such as {@code fd00:ec2::254}. */
    PRIVATE,
    /** Addresses for documentation, benchmarks and protocols, and those that are not assigned. */
    RESERVED,
    /** The internet. */
    GLOBAL;

    private record Rule(AddressRange range, AddressScope scope) {}

    private static final AddressRange GLOBAL_IP6 = AddressRange.parse("2000::/3");
    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");
    private static final AddressRange SIX_TO_FOUR = AddressRange.parse("2002::/16");
    private static final List<Rule> RULES = rules();
    private static final List<AddressRange> LOOPBACKS = RULES.stream()
            .filter(rule -> rule.scope() == LOOPBACK)
            .map(Rule::range)
            .toList();

    private static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        add(rules, UNSPECIFIED, "0.0.0.0/32", "::/128");
        add(rules, LOOPBACK, "127.0.0.0/8", "::1/128");
        add(rules, LINK_LOCAL, "169.254.0.0/16", "fe80::/10");
        add(rules, MULTICAST, "224.0.0.0/4", "255.255.255.255/32", "ff00::/8");
        add(rules, PRIVATE, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10");
        add(rules, PRIVATE, "fc00::/7", "fec0::/10", "64:ff9b:1::/48");
        add(rules, RESERVED, "0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15");
        add(rules, RESERVED, "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4");
        // The metadata service of one cloud has an address of the internet
        add(rules, RESERVED, "168.63.129.16/32");
        add(rules, RESERVED, "2001::/23", "2001:db8::/32", "3fff::/20");
        return List.copyOf(rules);
    }

    private static void add(List<Rule> rules, AddressScope scope, String... ranges) {
        for (String range : ranges) {
            rules.add(new Rule(AddressRange.parse(range), scope));
        }
    }

    /**
     * Returns the scope of an IP address.
     *
     * @param ip the address, 4 or 16 bytes
     */
    public static AddressScope of(Bytes ip) {
        Bytes address = embedded(AddressRange.unmapped(ip));
        for (Rule rule : RULES) {
            if (rule.range().contains(address)) {
                return rule.scope();
            }
        }
        return address.size() == 4 || GLOBAL_IP6.contains(address) ? GLOBAL : RESERVED;
    }

    /**
     * Returns whether {@link #of} an IP address is {@link #LOOPBACK}, without a look at the other ranges.
     *
     * @param ip the address, 4 or 16 bytes
     */
    static boolean isLoopback(Bytes ip) {
        Bytes address = embedded(AddressRange.unmapped(ip));
        for (AddressRange range : LOOPBACKS) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the IPv4 address to which a gateway translates {@code ip}, or {@code ip}. */
    private static Bytes embedded(Bytes ip) {
        if (NAT64.contains(ip)) {
            return ip.slice(12, 16);
        }
        return SIX_TO_FOUR.contains(ip) ? ip.slice(2, 6) : ip;
    }
}
