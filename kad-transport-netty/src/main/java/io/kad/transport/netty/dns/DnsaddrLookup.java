package io.kad.transport.netty.dns;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import io.kad.api.text.DurationText;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lookup of one {@code /dnsaddr} address, one name after the other, in the order in which they are named. Its end, whatever it is, also ends the
 * query that is in progress. Confined to its event loop.
 */
final class DnsaddrLookup {

    private final EventLoop loop;
    private final TxtResolver records;
    private final int maxNames;
    private final Promise<List<Multiaddr>> result;
    private final Deque<Name> untried = new ArrayDeque<>();
    private final Set<Multiaddr> seen = new HashSet<>();
    private final Set<Multiaddr> found = new LinkedHashSet<>();
    private int names;
    private @Nullable Future<?> timer;
    private @Nullable Future<?> query;
    private @Nullable String problem;

    /**
     * Name to look up.
     *
     * @param suffix components that its records must end in
     * @param depth number of names that have led to it, with itself
     */
    private record Name(String host, List<Multiaddr.Component> suffix, int depth) {

        static Name of(Multiaddr address, int depth) {
            List<Multiaddr.Component> components = address.components();
            return new Name(components.get(0).text(), components.subList(1, components.size()), depth);
        }

        /** Returns whether {@code address} has the suffix behind at least one component. */
        boolean matches(Multiaddr address) {
            List<Multiaddr.Component> components = address.components();
            int start = components.size() - suffix.size();
            return start > 0 && components.subList(start, components.size()).equals(suffix);
        }
    }

    DnsaddrLookup(EventLoop loop, TxtResolver records, int maxNames) {
        this.loop = loop;
        this.records = records;
        this.maxNames = maxNames;
        this.result = loop.newPromise();
    }

    /** Starts the lookup; its result may be cancelled. */
    Future<List<Multiaddr>> start(Multiaddr address) {
        result.addListener(done -> end());
        seen.add(address);
        untried.add(Name.of(address, 1));
        timer = loop.schedule(this::timeOut, DnsaddrResolver.TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        next();
        return result;
    }

    private void timeOut() {
        problem("no result within " + DurationText.of(DnsaddrResolver.TIMEOUT));
        finish();
    }

    /** Looks up the next name. */
    private void next() {
        Name name = untried.poll();
        if (name == null || found.size() >= DnsaddrResolver.MAX_RESULTS) {
            finish();
        } else {
            names++;
            Future<List<Multiaddr>> answer = records.resolve(loop, name.host());
            query = answer;
            answer.addListener(done -> recordsReceived(name, answer));
        }
    }

    private void recordsReceived(Name name, Future<List<Multiaddr>> answer) {
        if (result.isDone()) {
            return;
        }
        if (answer.isSuccess()) {
            List<Multiaddr> matching =
                    answer.getNow().stream().filter(name::matches).toList();
            if (matching.isEmpty()) {
                problem("_dnsaddr." + name.host() + " has no TXT record dnsaddr=... that ends as the address does");
            }
            matching.forEach(address -> add(address, name.depth()));
        } else {
            problem("_dnsaddr." + name.host() + ": " + answer.cause().getMessage());
        }
        next();
    }

    private void add(Multiaddr address, int depth) {
        if (address.components().get(0).protocol() != MultiaddrProtocol.DNSADDR) {
            if (found.size() < DnsaddrResolver.MAX_RESULTS) {
                found.add(address);
            }
        } else if (depth == DnsaddrResolver.MAX_DEPTH) {
            problem("more than " + DnsaddrResolver.MAX_DEPTH + " names in a row lead to each other");
        } else if (names + untried.size() >= maxNames) {
            problem("its records name more than " + maxNames + " names");
        } else if (seen.add(address)) {
            untried.add(Name.of(address, depth + 1));
        }
    }

    /** Keeps the first problem, for the case that nothing is found. */
    private void problem(String text) {
        if (problem == null) {
            problem = text;
        }
    }

    private void finish() {
        if (found.isEmpty()) {
            result.tryFailure(new UnknownHostException(problem == null ? "its records name no address" : problem));
        } else {
            result.trySuccess(List.copyOf(found));
        }
    }

    /** Called when there is a result. */
    private void end() {
        cancel(timer);
        cancel(query);
    }

    private static void cancel(@Nullable Future<?> running) {
        if (running != null) {
            running.cancel(false);
        }
    }
}
