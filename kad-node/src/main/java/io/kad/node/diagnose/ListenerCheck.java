package io.kad.node.diagnose;

import io.kad.api.Kademlia;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import io.kad.api.message.PeerInfo;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Check of the listeners: those that could not be opened, and whether the others answer at their addresses. */
public final class ListenerCheck {

    /** Addresses that are dialled at most; a machine with many interfaces has many. Source: kad's choice. */
    static final int MAX_DIALLED = 8;

    private final Kademlia kad;
    private final NodeSetup setup;
    private final StepTimes times;
    private final RunningWork work;

    ListenerCheck(Kademlia kad, NodeSetup setup, StepTimes times, RunningWork work) {
        this.kad = kad;
        this.setup = setup;
        this.times = times;
        this.work = work;
    }

    /** Returns the failed check of a listener that could not be opened, because of {@code message}. */
    public static Check notOpened(Multiaddr address, String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        Fault fault;
        if (isOfNoInterface(address)) {
            fault = Fault.ADDRESS_NOT_LOCAL;
        } else if (lower.contains("in use")) {
            fault = Fault.PORT_IN_USE;
        } else if (lower.contains("permission")) {
            fault = Fault.PORT_NOT_ALLOWED;
        } else {
            fault = Fault.LISTENER_FAILED;
        }
        return Check.failed(fault, message).of(address);
    }

    private static boolean isOfNoInterface(Multiaddr address) {
        return AddressScopes.ip(address)
                .filter(ip -> !ip.isAnyLocalAddress() && !isOfThisMachine(ip))
                .isPresent();
    }

    private static boolean isOfThisMachine(InetAddress ip) {
        try {
            return ip.isLoopbackAddress() || NetworkInterface.getByInetAddress(ip) != null;
        } catch (SocketException unreadable) {
            return false;
        }
    }

    /** Dials the peer at its own addresses. */
    CompletableFuture<List<Check>> make() {
        List<Multiaddr> local = localOf(kad.addresses());
        List<Multiaddr> own =
                local.stream().filter(address -> !hasCertificate(address)).toList();
        List<CompletableFuture<Optional<Check>>> dials = new ArrayList<>();
        for (Multiaddr address : own) {
            dials.add(dialled(address));
        }
        return CompletableFuture.allOf(dials.toArray(CompletableFuture[]::new)).thenApply(all -> {
            List<Check> failed = new ArrayList<>(setup.notListening());
            dials.forEach(dial -> dial.join().ifPresent(failed::add));
            if (!failed.isEmpty()) {
                return failed;
            }
            return opened(local, own.size());
        });
    }

    /** Returns the checks of listeners of which none has failed, with {@code dialled} addresses. */
    static List<Check> opened(List<Multiaddr> local, int dialled) {
        List<Check> checks = new ArrayList<>();
        if (dialled > 0) {
            checks.add(
                    Check.passed(CheckName.LISTENERS, dialled + " local addresses accept connections of this machine"));
        }
        local.stream()
                .filter(ListenerCheck::hasCertificate)
                .map(address -> Check.skipped(
                                CheckName.LISTENERS,
                                "not dialled: the certificate of a listener on /tls/ws is for a name, and not for an IP address")
                        .of(address))
                .forEach(checks::add);
        return checks.isEmpty()
                ? List.of(Check.skipped(CheckName.LISTENERS, "this peer has no listener"))
                : List.copyOf(checks);
    }

    /** Returns the addresses of this machine, of which no more are checked than {@link #MAX_DIALLED}. */
    private static List<Multiaddr> localOf(List<Multiaddr> addresses) {
        return addresses.stream()
                .filter(address -> AddressScopes.ip(address)
                        .filter(ListenerCheck::isOfThisMachine)
                        .isPresent())
                .limit(MAX_DIALLED)
                .toList();
    }

    /** Returns whether a dialer checks a name in a certificate at that address, as it does for WebSocket in TLS. */
    static boolean hasCertificate(Multiaddr address) {
        return address.components().stream()
                .anyMatch(component ->
                        component.protocol() == MultiaddrProtocol.TLS || component.protocol() == MultiaddrProtocol.WSS);
    }

    private CompletableFuture<Optional<Check>> dialled(Multiaddr address) {
        PeerInfo self = PeerInfo.of(kad.peerId(), List.of(address));
        return Probe.with(
                kad.config(),
                work,
                probe -> probe.connect(self, times.step())
                        .handle((connection, failure) -> failure == null
                                ? Optional.empty()
                                : Optional.of(Check.failed(Fault.LISTENER_UNREACHABLE, Failures.text(failure))
                                        .of(address))));
    }
}
