package io.kad.transport.netty.stream;

import io.kad.api.id.PeerId;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Checks of keys and signatures of remote peers, which cost too much for an event loop. Those of costly keys (RSA and ECDSA, which a peer ID
 * contains as a hash) have a waiting line of their own, so that any number of them delays no peer with a cheap one. Thread-safe.
 */
public final class SignatureChecks {

    private final Executor cheap;
    private final Executor costly;

    /**
     * Creates checks on two executors, which reject a check when too many wait.
     *
     * @param cheap runs the checks of keys that a peer ID contains, Ed25519 and secp256k1
     * @param costly runs all others
     */
    public SignatureChecks(Executor cheap, Executor costly) {
        this.cheap = cheap;
        this.costly = costly;
    }

    /** Returns checks that run within the call. */
    public static SignatureChecks inCaller() {
        return new SignatureChecks(Runnable::run, Runnable::run);
    }

    /** Returns the executor of the costly checks, for other work of that kind. */
    public Executor costly() {
        return costly;
    }

    /** Returns whether the key of {@code peer} is a costly one. */
    public static boolean isCostly(PeerId peer) {
        return peer.inlinePublicKey().isEmpty();
    }

    /**
     * Runs {@code check} later; a cancelled one is not run.
     *
     * @param loop event loop on which listeners of the result are called
     * @throws RejectedExecutionException if too many checks wait
     */
    public <T> Future<T> run(boolean isCostly, Callable<T> check, EventExecutor loop) {
        Promise<T> result = loop.newPromise();
        (isCostly ? costly : cheap).execute(() -> {
            if (!result.setUncancellable()) {
                return;
            }
            try {
                result.setSuccess(check.call());
            } catch (Throwable e) {
                result.setFailure(e);
            }
        });
        return result;
    }
}
