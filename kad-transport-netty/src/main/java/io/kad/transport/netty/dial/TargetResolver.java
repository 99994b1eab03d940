package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.UnknownHostException;
import java.util.List;

/** Resolver of the targets that are names. Thread-safe. */
final class TargetResolver implements DialContext.Resolver {

    private final NameResolvers resolvers;
    private final DialTargets targets;

    TargetResolver(NameResolvers resolvers, DialTargets targets) {
        this.resolvers = resolvers;
        this.targets = targets;
    }

    @Override
    public Future<List<DialTarget>> resolve(EventExecutor executor, PeerId peer, DialTarget target) {
        return target instanceof DnsaddrTarget dnsaddr
                ? resolve((EventLoop) executor, peer, dnsaddr)
                : resolve(executor, (SocketTarget) target);
    }

    /** The lookup of a host name cannot be cancelled, as Netty shares it with others who look up the same name. */
    private Future<List<DialTarget>> resolve(EventExecutor executor, SocketTarget target) {
        Promise<List<DialTarget>> result = executor.newPromise();
        result.setUncancellable();
        complete(
                result,
                resolvers.hosts().resolve(executor, target),
                ips -> ips.stream().<DialTarget>map(target::at).toList());
        return result;
    }

    /** Records name the addresses of several peers, so that those of {@code peer} are needed, whatever the stated address ends in. */
    private Future<List<DialTarget>> resolve(EventLoop loop, PeerId peer, DnsaddrTarget target) {
        Multiaddr address;
        try {
            address = target.address().withPeerId(peer);
        } catch (IllegalArgumentException e) {
            return loop.newFailedFuture(new UnknownHostException(e.getMessage()));
        }
        Promise<List<DialTarget>> result = loop.newPromise();
        Future<List<Multiaddr>> lookup = resolvers.dnsaddrs().resolve(loop, address, target.trusted());
        complete(result, lookup, found -> {
            List<DialTarget> dialable = found.stream()
                    .flatMap(each -> targets.of(target, each).stream())
                    .toList();
            if (dialable.isEmpty()) {
                throw new UnknownHostException("none of its " + found.size() + " addresses can be dialled; transports: "
                        + targets.transports().names());
            }
            return dialable;
        });
        result.addListener(done -> lookup.cancel(false)); // has no effect on one that has ended
        return result;
    }

    /** Function that may find that there is no result. */
    private interface Mapper<T, R> {
        R apply(T value) throws UnknownHostException;
    }

    /** Completes {@code result}, unless it is cancelled, once {@code future} is done. */
    private static <T, R> void complete(Promise<R> result, Future<T> future, Mapper<T, R> mapper) {
        future.addListener(done -> {
            if (!future.isSuccess()) {
                result.tryFailure(future.cause());
                return;
            }
            try {
                result.trySuccess(mapper.apply(future.getNow()));
            } catch (UnknownHostException e) {
                result.tryFailure(e);
            }
        });
    }
}
