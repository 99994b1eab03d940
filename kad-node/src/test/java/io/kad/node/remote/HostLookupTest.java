package io.kad.node.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.Bytes;
import io.kad.node.api.CommandPath;
import io.kad.node.option.ApiOptions;
import io.kad.node.option.UsageException;
import io.kad.node.output.ErrorCode;
import io.kad.node.task.Deadline;
import io.kad.node.task.TaskFailure;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The host of {@code --api} is looked up within the time of the command. */
@Timeout(60)
class HostLookupTest {

    private static final RemoteCall CALL =
            new RemoteCall(CommandPath.of("get"), List.of("/app/x"), Map.of(), Bytes.EMPTY);

    private static int run(HostLookup.Resolver resolver, String address, Duration timeout) throws TaskFailure {
        return RemoteNode.at(address, new ApiOptions(), resolver).run(CALL, Deadline.after(timeout), line -> {});
    }

    @Test
    void aLookupThatDoesNotEndTakesNoMoreThanTheTimeOfTheCommand() {
        CountDownLatch never = new CountDownLatch(1);
        HostLookup.Resolver silent = host -> {
            try {
                never.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        };
        assertThatThrownBy(() -> run(silent, "name.example:5001", Duration.ofMillis(300)))
                .isInstanceOfSatisfying(
                        TaskFailure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT))
                .hasMessageStartingWith("the host name.example of --api was not looked up within 300 ms;");
        never.countDown();
    }

    @Test
    void aHostWithoutAnAddressIsNamed() {
        HostLookup.Resolver none = host -> {
            throw new UnknownHostException(host);
        };
        assertThatThrownBy(() -> run(none, "name.example:5001", Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(
                        TaskFailure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNREACHABLE))
                .hasMessage(
                        "the host name.example of --api has no address; check the name and the DNS server, or give an"
                                + " IP address");
    }

    @Test
    void anAddressIsCheckedBeforeAnyLookup() {
        HostLookup.Resolver forbidden = host -> {
            throw new AssertionError("a lookup of " + host);
        };
        for (String address : List.of("name.example", "name.example:0", "name.example:65536", "[::1:5001")) {
            assertThatThrownBy(() -> RemoteNode.at(address, new ApiOptions(), forbidden))
                    .isInstanceOf(UsageException.class);
        }
        assertThat(RemoteNode.at("name.example:5001", new ApiOptions(), forbidden))
                .isNotNull();
    }
}
