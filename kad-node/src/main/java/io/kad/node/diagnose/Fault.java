package io.kad.node.diagnose;

import java.util.Locale;

/** Faults that the checks name, each with what to do about it. */
public enum Fault {
    /** Another program listens at the address. */
    PORT_IN_USE(CheckName.LISTENERS, "stop the other program, or choose another port with --listen"),
    /** The system does not let this user listen at the port. */
    PORT_NOT_ALLOWED(CheckName.LISTENERS, "choose a port of 1024 or more with --listen"),
    /** No network interface of this machine has the address. */
    ADDRESS_NOT_LOCAL(
            CheckName.LISTENERS,
            "listen on an address of this machine or on /ip4/0.0.0.0, and name others by --announce"),
    /** The address cannot be listened on for another reason. */
    LISTENER_FAILED(CheckName.LISTENERS, "correct --listen"),
    /** A listener is open, but a connection to it from this machine fails. */
    LISTENER_UNREACHABLE(CheckName.LISTENERS, "look at the firewall of this machine, and at the limits of connections"),
    /** The host name of the address has no address. */
    NAME_NOT_FOUND(CheckName.DIAL, "correct the host name, or look at the DNS server"),
    /** Nothing listens at the port of the host. */
    CONNECTION_REFUSED(CheckName.DIAL, "start the peer there, or correct the port of the address"),
    /** Nothing has answered at the address in time. */
    NO_RESPONSE(CheckName.DIAL, "check that the host runs, and that no firewall drops packets to that port"),
    /** This machine has no route to the host. */
    NO_ROUTE(CheckName.DIAL, "check the network of this machine, and whether it has IPv4 or IPv6 as the address needs"),
    /** The host accepts the connection and says nothing. */
    SILENT_HOST(CheckName.DIAL, "check that a libp2p peer listens at that port, and is not overloaded"),
    /** The host accepts the connection and ends it before it is secured. */
    CONNECTION_CLOSED(CheckName.DIAL, "check that a libp2p peer listens at that port, and its limits of connections"),
    /** Another protocol than libp2p answers at the port. */
    NOT_LIBP2P(CheckName.DIAL, "give the port of a listener of the peer, not one of HTTP or of another program"),
    /** The address is one of the local peer itself. */
    LOCAL_ADDRESS(CheckName.DIAL, "give another peer of the network as bootstrap peer"),
    /** The address was not dialled, as this peer does not support it or a limit of it was reached. */
    NOT_DIALLED(CheckName.DIAL, "use an address such as /ip4/192.0.2.1/tcp/4001/p2p/PEERID"),
    /** The peer supports none of the local security protocols. */
    NO_COMMON_SECURITY(
            CheckName.SECURITY, "allow a security protocol of the other peer with --security, or the other way round"),
    /** The handshake has failed. */
    HANDSHAKE_FAILED(CheckName.SECURITY, "update the older of the two peers, and look at the log of the other one"),
    /** Another peer than that of the address answers. */
    WRONG_PEER_ID(
            CheckName.SECURITY,
            "correct /p2p/PEERID at the end of the address, or find out which peer has taken over that address"),
    /** The peer supports no stream muxer of the local one. */
    NO_COMMON_MUXER(CheckName.MUXER, "let the other peer support /yamux/1.0.0"),
    /** The peer does not support identify. */
    IDENTIFY_MISSING(CheckName.IDENTIFY, "let the other peer serve /ipfs/id/1.0.0"),
    /** The peer has not answered identify, or not rightly. */
    IDENTIFY_FAILED(CheckName.IDENTIFY, "look at the log of the other peer; it may be overloaded"),
    /** The peer serves the Kademlia protocol of another network. */
    OTHER_NETWORK(CheckName.PROTOCOL, "use the --protocol of that network, or a bootstrap peer of your network"),
    /** The peer serves no Kademlia protocol. */
    CLIENT_ONLY(CheckName.PROTOCOL, "run that peer with --mode server, or join through another one"),
    /** The routing table has no peer. */
    TABLE_EMPTY(CheckName.TABLE, "repair what the checks of the bootstrap peers name, or add a bootstrap peer"),
    /** No peer of the routing table responds. */
    TABLE_SILENT(
            CheckName.TABLE, "check that the peers of the routing table still run, and the network of this machine"),
    /** The peer serves others and has no address. */
    NO_ADDRESS(CheckName.ADDRESSES, "listen with --listen, or run with --mode client"),
    /** The peer tells only addresses of the machine itself, though other machines are in its network. */
    LOOPBACK_ONLY(CheckName.ADDRESSES, "listen on /ip4/0.0.0.0/tcp/4001 or on an address of the network"),
    /** The peer tells only private addresses, though its network has public ones. */
    PRIVATE_ONLY(
            CheckName.ADDRESSES,
            "forward a port of the router to this peer, and name its public address by --announce"),
    /** Peers have signed something at a time that is more than 10 min ahead of the local clock. */
    CLOCK_BEHIND(
            CheckName.CLOCK,
            "set the local clock (NTP), or that of the others: records that are more than 10 min ahead are refused"),
    /** The data directory is a file. */
    DATA_NOT_DIRECTORY(CheckName.DISK, "name a directory by --data"),
    /** The data directory cannot be written. */
    DATA_NOT_WRITABLE(CheckName.DISK, "give the directory to the user of the node, and mount its disk writable"),
    /** The disk of the data directory is full, or almost. */
    DATA_FULL(CheckName.DISK, "make room on that disk, or name a directory on another one by --data"),
    /** Another process uses the data directory. */
    DATA_IN_USE(CheckName.DISK, "stop that node, or check it with --api"),
    /** Limits of the peer have refused connections, streams or requests. */
    LIMITS_REACHED(CheckName.LIMITS, "raise the options that are named, or find out who causes that (docs/LIMITS.md)");

    private final CheckName check;
    private final String advice;

    Fault(CheckName check, String advice) {
        this.check = check;
        this.advice = advice;
    }

    /** Returns the check that names this fault. */
    public CheckName check() {
        return check;
    }

    /** Returns what to do, in one line. */
    public String advice() {
        return advice;
    }

    /** Returns the fault as it stands in output. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
