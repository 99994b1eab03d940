package io.kad.api;

/**
 * Policy of which addresses a transport dials when remote peers have stated them, in identify or in a response. An address that the user has
 * given is exempt from it.
 *
 * <p>Whatever the policy, nobody dials port 0, the unspecified address, multicast, broadcast, or an address at which the local peer listens.
 */
public enum DialPolicy {

    /** All addresses are dialled. Right for a network whose peers are in local networks, or all on one machine. */
    ALL,

    /**
     * Only addresses of the internet are dialled, and host names that resolve to one: no loopback, private, link-local or reserved addresses,
     * among which are the metadata services of clouds. Otherwise any peer of a public network can make the local peer connect to services
     * behind its firewall.
     */
    PUBLIC
}
