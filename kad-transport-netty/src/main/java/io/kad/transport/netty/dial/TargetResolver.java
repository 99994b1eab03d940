package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Resolver of the targets that are names. Thread-safe. */
final class TargetResolver implements DialContext.Resolver {

    private final NameResolvers resolvers;
    private final DialTargets targets;

    TargetResolver(NameResolvers resolvers, DialTargets targets) {
        this.resolvers = resolvers;
        this.targets = targets;
    }

    @Override
    public Future<List<DialTarget>> resolve(
            EventExecutor executor, PeerId peer, DialTarget target, BooleanSupplier isNeeded) {
        return target instanceof DnsaddrTarget dnsaddr
                ? resolve((EventLoop) executor, peer, dnsaddr, isNeeded)
                : resolve(executor, (SocketTarget) target);
    }

    private Future<List<DialTarget>> resolve(EventExecutor executor, SocketTarget target) {
        return map(
                executor,
                resolvers.hosts().resolve(executor, target),
                ips -> ips.stream().<DialTarget>map(target::at).toList());
    }

    /** Records name the addresses of several peers, so that those of {@code peer} are needed, whatever the stated address ends in. */
    private Future<List<DialTarget>> resolve(
            EventLoop loop, PeerId peer, DnsaddrTarget target, BooleanSupplier isNeeded) {
        Multiaddr address;
        try {
            address = target.address().withPeerId(peer);
        } catch (IllegalArgumentException e) {
            return loop.newFailedFuture(new UnknownHostException(e.getMessage()));
        }
        return map(loop, resolvers.dnsaddrs().resolve(loop, address, target.trusted(), isNeeded), found -> {
            List<DialTarget> dialable = found.stream()
                    .flatMap(each -> targets.of(target, each).stream())
                    .toList();
            if (dialable.isEmpty()) {
                throw new UnknownHostException("none of its " + found.size() + " addresses can be dialled; transports: "
                        + targets.transports().names());
            }
            return dialable;
        });
    }

    /** Function that may find that there is no result. */
    private interface Mapper<T, R> {
        R apply(T value) throws UnknownHostException;
    }

    private static <T, R> Future<R> map(EventExecutor executor, Future<T> future, Mapper<T, R> mapper) {
        Promise<R> mapped = executor.newPromise();
        future.addListener(done -> {
            if (!future.isSuccess()) {
                mapped.setFailure(future.cause());
                return;
            }
            try {
                mapped.setSuccess(mapper.apply(future.getNow()));
            } catch (UnknownHostException e) {
                mapped.setFailure(e);
            }
        });
        return mapped;
    }
}
