package io.kad.node.diagnose;

import static io.kad.node.diagnose.CheckName.DIAL;
import static io.kad.node.diagnose.CheckName.IDENTIFY;
import static io.kad.node.diagnose.CheckName.MUXER;
import static io.kad.node.diagnose.CheckName.PROTOCOL;
import static io.kad.node.diagnose.CheckName.SECURITY;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Quoting;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.DialFailure;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.TransportFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** Checks of one bootstrap peer, each step after the one before: dial, security protocol, muxer, identify, protocol. */
@SuppressWarnings("FutureReturnValueIgnored") // the future of a future is flattened at once
final class BootstrapChecks {

    private static final List<CheckName> STEPS = List.of(DIAL, SECURITY, MUXER, IDENTIFY, PROTOCOL);

    /** Any Kademlia protocol, whatever the network. */
    private static final Pattern KADEMLIA = Pattern.compile("/(?:[^/]+/)*kad/[0-9][^/]*");

    private final Kademlia kad;
    private final NodeSetup setup;
    private final StepTimes times;
    private final RunningWork work;

    BootstrapChecks(Kademlia kad, NodeSetup setup, StepTimes times, RunningWork work) {
        this.kad = kad;
        this.setup = setup;
        this.times = times;
        this.work = work;
    }

    /**
     * Findings about a bootstrap peer.
     *
     * @param checks the checks, in their order
     * @param identification what it has stated of itself; empty if identify has failed
     */
    record Found(List<Check> checks, Optional<PeerIdentification> identification) {

        Found {
            checks = List.copyOf(checks);
        }
    }

    /** Returns the checks of a peer that has none, as there is no bootstrap peer. */
    static List<Check> withoutPeer(String reason) {
        return STEPS.stream().map(step -> Check.skipped(step, reason)).toList();
    }

    /** Checks a bootstrap peer; the future never fails but by cancellation. */
    CompletableFuture<Found> of(PeerInfo peer) {
        if (setup.isLocal(peer.id(), kad)) {
            return CompletableFuture.completedFuture(end(
                    peer, List.of(), Check.failed(Fault.LOCAL_ADDRESS, "the address has the peer ID of this peer")));
        }
        return Probe.with(kad.config(), work, probe -> {
            CompletableFuture<ConnectionInfo> connected = probe.connect(peer, times.dial());
            // At once, so that it is about the same connection, which may not live long
            CompletableFuture<PeerIdentification> identified = probe.identify(peer, times.dialAndStep());
            return connected
                    .handle((connection, failure) -> failure == null
                            ? identify(probe, peer, connection, identified)
                            : notConnected(peer, failure))
                    .thenCompose(found -> found);
        });
    }

    /** Names why a dial has failed; a host that says nothing to libp2p is asked what it says else. */
    private CompletableFuture<Found> notConnected(PeerInfo peer, Throwable failure) {
        Check fault = dialFault(failure);
        boolean isSilent = fault.fault().filter(Fault.SILENT_HOST::equals).isPresent();
        CompletableFuture<Optional<String>> plain = isSilent
                ? work.start(() -> PlainResponse.of(peer.addresses().get(0), times.step(), work.threads()))
                : CompletableFuture.completedFuture(Optional.empty());
        return plain.thenApply(answer -> end(
                peer,
                List.of(),
                answer.map(text -> Check.failed(
                                Fault.NOT_LIBP2P, "the host responds " + Quoting.text(text) + " to a request of HTTP"))
                        .orElse(fault)));
    }

    /** Returns what was found if {@code last} is the last check that can be made. */
    private static Found end(PeerInfo peer, List<Check> before, Check last) {
        List<Check> checks = new ArrayList<>();
        for (CheckName step : STEPS) {
            Optional<Check> made =
                    before.stream().filter(check -> check.name() == step).findFirst();
            if (step == last.name()) {
                checks.add(last);
            } else if (made.isPresent()) {
                checks.add(made.get());
            } else if (step.compareTo(last.name()) < 0) {
                checks.add(Check.passed(step, "done, before '" + last.name().text() + "' has failed"));
            } else {
                checks.add(Check.skipped(step, "the check '" + last.name().text() + "' of this peer has failed"));
            }
        }
        return found(peer, checks, Optional.empty());
    }

    private static Found found(PeerInfo peer, List<Check> checks, Optional<PeerIdentification> identification) {
        Multiaddr address = peer.addresses().get(0).withPeerId(peer.id());
        return new Found(checks.stream().map(check -> check.of(address)).toList(), identification);
    }

    private static Check dialFault(Throwable failure) {
        Optional<TransportFailure> ofTransport = Failures.ofTransport(failure);
        Fault fault = ofTransport
                .flatMap(TransportFailure::dial)
                .map(BootstrapChecks::faultOf)
                .orElseGet(() -> ofTransport
                                .filter(timed -> timed.kind() == TransportFailure.Kind.TIMEOUT)
                                .isPresent()
                        ? Fault.NO_RESPONSE
                        : Fault.NOT_DIALLED);
        return Check.failed(fault, Failures.text(failure));
    }

    private static Fault faultOf(DialFailure failure) {
        return switch (failure) {
            case NAME_NOT_FOUND -> Fault.NAME_NOT_FOUND;
            case CONNECTION_REFUSED -> Fault.CONNECTION_REFUSED;
            case NO_RESPONSE -> Fault.NO_RESPONSE;
            case NO_ROUTE -> Fault.NO_ROUTE;
            case SILENT -> Fault.SILENT_HOST;
            case CLOSED -> Fault.CONNECTION_CLOSED;
            case OTHER_PROTOCOL -> Fault.NOT_LIBP2P;
            case NO_COMMON_SECURITY -> Fault.NO_COMMON_SECURITY;
            case HANDSHAKE_FAILED -> Fault.HANDSHAKE_FAILED;
            case WRONG_PEER, LOCAL_PEER -> Fault.WRONG_PEER_ID;
            case NO_COMMON_MUXER -> Fault.NO_COMMON_MUXER;
        };
    }

    private CompletableFuture<Found> identify(
            Kademlia probe,
            PeerInfo peer,
            ConnectionInfo connection,
            CompletableFuture<PeerIdentification> identified) {
        List<Check> done = new ArrayList<>(List.of(
                Check.passed(DIAL, "connected over " + connection.transport()),
                Check.passed(SECURITY, "secured by " + connection.security() + ", and the peer ID is right")));
        return identified
                .handle((stated, failure) -> {
                    if (failure == null) {
                        done.add(Check.passed(MUXER, "streams by " + connection.muxer()));
                        return CompletableFuture.completedFuture(identified(peer, done, stated));
                    }
                    return notIdentified(probe, peer, connection, done, failure);
                })
                .thenCompose(found -> found);
    }

    private Found identified(PeerInfo peer, List<Check> done, PeerIdentification stated) {
        done.add(Check.passed(
                IDENTIFY,
                stated.agent().isEmpty() ? "without an agent version" : "agent " + Quoting.text(stated.agent())));
        done.add(protocol(stated));
        return found(peer, done, Optional.of(stated));
    }

    private Check protocol(PeerIdentification stated) {
        String local = kad.config().get(KademliaConfig.PROTOCOL);
        if (stated.protocols().contains(local)) {
            return Check.passed(PROTOCOL, "serves " + local);
        }
        List<String> others = stated.protocols().stream()
                .filter(protocol -> KADEMLIA.matcher(protocol).matches())
                .sorted()
                .limit(4)
                .map(Quoting::text)
                .toList();
        return others.isEmpty()
                ? Check.failed(
                        Fault.CLIENT_ONLY,
                        "the peer is a client of the DHT, or none of it: it serves no Kademlia protocol")
                : Check.failed(
                        Fault.OTHER_NETWORK,
                        "the peer serves " + String.join(", ", others) + ", and this peer " + local);
    }

    /** Finds out whether it is the muxer that does not work, or identify alone. */
    private CompletableFuture<Found> notIdentified(
            Kademlia probe, PeerInfo peer, ConnectionInfo connection, List<Check> done, Throwable failure) {
        Optional<TransportFailure> cause = Failures.ofTransport(failure);
        if (cause.flatMap(TransportFailure::dial).isPresent()) {
            return CompletableFuture.completedFuture(end(peer, done, dialFault(failure)));
        }
        boolean isRefused = cause.filter(refused -> refused.kind() == TransportFailure.Kind.UNSUPPORTED)
                .isPresent();
        Check last = Check.failed(isRefused ? Fault.IDENTIFY_MISSING : Fault.IDENTIFY_FAILED, Failures.text(failure));
        if (isRefused) {
            done.add(Check.passed(MUXER, "streams by " + connection.muxer()));
            return CompletableFuture.completedFuture(end(peer, done, last));
        }
        return probe.ping(peer, times.step()).handle((rtt, silent) -> {
            done.add(
                    silent == null
                            ? Check.passed(MUXER, "streams by " + connection.muxer())
                            : Check.skipped(MUXER, "no stream of the connection had a response"));
            return end(peer, done, last);
        });
    }
}
