package io.kad.transport.netty.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.support.TestDnsServer;
import io.kad.transport.netty.support.TestIdentity;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class DnsaddrResolverTest {

    private static final String PEER = "/p2p/" + new TestIdentity(1).peerId();
    private static final String OTHER = "/p2p/" + new TestIdentity(2).peerId();

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final TestDnsServer server = new TestDnsServer();
    private final DnsaddrResolver resolver = new DnsaddrResolver(
            DnsServers.of(KademliaConfig.builder().resolver(server.option()).build()), 16);

    @AfterEach
    void stop() {
        resolver.close();
        server.close();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Future<List<Multiaddr>> lookup(String address, boolean trusted) {
        return loop.submit(() -> resolver.resolve(loop, Multiaddr.parse(address), trusted))
                .syncUninterruptibly()
                .getNow();
    }

    private List<String> resolve(String address) {
        return lookup(address, true).syncUninterruptibly().getNow().stream()
                .map(Multiaddr::toString)
                .toList();
    }

    private String failure(String address) {
        Future<List<Multiaddr>> lookup = lookup(address, true).awaitUninterruptibly();
        assertThat(lookup.isSuccess()).as("%s", lookup).isFalse();
        return String.valueOf(lookup.cause().getMessage());
    }

    private void add(String host, String address) {
        server.addText("_dnsaddr." + host + ".", "dnsaddr=" + address);
    }

    @Test
    void recordsOfTheDialledPeerAreUsedInTheirOrder() {
        add("a.example", "/ip4/198.18.0.1/tcp/1" + PEER);
        add("a.example", "/ip4/198.18.0.9/tcp/1" + OTHER);
        add("a.example", "/dns4/b.example/udp/2/quic-v1" + PEER);
        assertThat(resolve("/dnsaddr/a.example" + PEER))
                .containsExactly("/ip4/198.18.0.1/tcp/1" + PEER, "/dns4/b.example/udp/2/quic-v1" + PEER);
    }

    @Test
    void aRecordIsComparedAsAWhole() {
        add("a.example", "/ip4/198.18.0.1/tcp/1");
        add("a.example", "/ip4/198.18.0.2/tcp/4001" + PEER + "/p2p-circuit");
        add("a.example", "/ip4/198.18.0.3/udp/4001" + PEER);
        add("a.example", PEER);
        add("a.example", "/ip4/198.18.0.4/tcp/4001" + PEER);
        assertThat(resolve("/dnsaddr/a.example/tcp/4001" + PEER)).containsExactly("/ip4/198.18.0.4/tcp/4001" + PEER);
        assertThat(failure("/dnsaddr/a.example/tcp/4002" + PEER)).contains("_dnsaddr.a.example has no TXT record");
    }

    @Test
    void theStringsOfARecordAreOneText() {
        server.addText("_dnsaddr.a.example.", "dnsa", "ddr=/ip4/198.18.0.1", "/tcp/1", PEER);
        assertThat(resolve("/dnsaddr/a.example" + PEER)).containsExactly("/ip4/198.18.0.1/tcp/1" + PEER);
    }

    @Test
    void whatIsNoAddressIsSkipped() {
        String name = "_dnsaddr.a.example.";
        server.addText(name, "v=spf1 -all");
        server.addText(name, "dnsaddr=");
        server.addText(name, "dnsaddr=/ip4/999.0.0.1/tcp/1" + PEER);
        server.addText(name, "dnsaddr=/nonsense/1" + PEER);
        server.addRawText(name, new byte[0]);
        server.addRawText(name, new byte[] {(byte) 200, 'd', 'n', 's'});
        byte[] notUtf8 = ("xdnsaddr=/dns4/\u00e9/tcp/1" + PEER).getBytes(StandardCharsets.ISO_8859_1);
        notUtf8[0] = (byte) (notUtf8.length - 1);
        server.addRawText(name, notUtf8);
        server.addText(name, longStrings("dnsaddr=/dns4/" + "a".repeat(5000) + "/tcp/1" + PEER));
        add("a.example", "/ip4/198.18.0.1/tcp/1" + PEER);
        assertThat(resolve("/dnsaddr/a.example" + PEER)).containsExactly("/ip4/198.18.0.1/tcp/1" + PEER);
    }

    private static String[] longStrings(String text) {
        return IntStream.range(0, (text.length() + 199) / 200)
                .mapToObj(part -> text.substring(part * 200, Math.min(text.length(), part * 200 + 200)))
                .toArray(String[]::new);
    }

    @Test
    void fourNamesInARowAreFollowedAndNotFive() {
        for (int depth = 1; depth < 5; depth++) {
            add("n" + depth + ".example", "/dnsaddr/n" + (depth + 1) + ".example" + PEER);
        }
        add("n5.example", "/ip4/198.18.0.1/tcp/1" + PEER);
        assertThat(resolve("/dnsaddr/n2.example" + PEER)).containsExactly("/ip4/198.18.0.1/tcp/1" + PEER);
        assertThat(failure("/dnsaddr/n1.example" + PEER)).contains("more than 4 names in a row");
    }

    @Test
    void namesThatLeadToEachOtherEndTheLookup() {
        add("a.example", "/dnsaddr/b.example" + PEER);
        add("b.example", "/dnsaddr/a.example" + PEER);
        add("b.example", "/dnsaddr/b.example" + PEER);
        assertThat(failure("/dnsaddr/a.example" + PEER)).contains("name no address");
        assertThat(server.asked()).containsExactly("_dnsaddr.a.example.", "_dnsaddr.b.example.");
    }

    @Test
    void oneLookupAsksForALimitedNumberOfNames() {
        for (int number = 0; number < 60; number++) {
            add("many.example", "/dnsaddr/n" + number + ".example" + PEER);
        }
        server.truncate("_dnsaddr.many.example.");
        assertThat(failure("/dnsaddr/many.example" + PEER)).contains("32 names");
        assertThat(namesAsked()).isEqualTo(DnsaddrResolver.MAX_NAMES);
    }

    @Test
    void aLookupThatARemotePeerCausesAsksForFewerNames() {
        for (int number = 0; number < 60; number++) {
            add("many.example", "/dnsaddr/n" + number + ".example" + PEER);
        }
        server.truncate("_dnsaddr.many.example.");
        lookup("/dnsaddr/many.example" + PEER, false).awaitUninterruptibly();
        assertThat(namesAsked()).isEqualTo(DnsaddrResolver.MAX_UNTRUSTED_NAMES);
    }

    private long namesAsked() {
        return server.asked().stream().distinct().count();
    }

    @Test
    void aTruncatedAnswerIsReadOverTcpAndItsThousandsOfRecordsHaveALimit() {
        for (int number = 0; number < 450; number++) {
            add("many.example", "/ip4/198.18." + number / 250 + "." + number % 250 + "/tcp/1" + PEER);
        }
        server.truncate("_dnsaddr.many.example.");
        assertThat(resolve("/dnsaddr/many.example" + PEER))
                .hasSize(DnsaddrResolver.MAX_RESULTS)
                .startsWith("/ip4/198.18.0.0/tcp/1" + PEER);
        assertThat(server.askedOverTcp()).containsExactly("_dnsaddr.many.example.");
    }

    @Test
    void anAnswerIsRememberedForItsTime() {
        add("a.example", "/ip4/198.18.0.1/tcp/1" + PEER);
        add("a.example", "/ip4/198.18.0.2/tcp/1" + OTHER);
        resolve("/dnsaddr/a.example" + PEER);
        assertThat(resolve("/dnsaddr/A.example" + OTHER)).containsExactly("/ip4/198.18.0.2/tcp/1" + OTHER);
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void anAnswerWithoutATimeIsNotRemembered() {
        server.setTtl(0);
        add("a.example", "/ip4/198.18.0.1/tcp/1" + PEER);
        resolve("/dnsaddr/a.example" + PEER);
        resolve("/dnsaddr/a.example" + PEER);
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void thatThereIsNoRecordIsRememberedToo() {
        assertThat(failure("/dnsaddr/none.example" + PEER)).contains("_dnsaddr.none.example has no TXT record");
        failure("/dnsaddr/none.example" + PEER);
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void whatIsNoHostNameIsNotAskedFor() {
        for (String host : List.of("a b", "a..b", "a ", "a".repeat(64), "a.".repeat(130) + "b", ".", "*")) {
            assertThat(failure("/dnsaddr/" + host + PEER)).contains("not a host name");
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aNameOfAnotherScriptIsAskedForInAscii() {
        add("xn--bcher-kva.example", "/ip4/198.18.0.1/tcp/1" + PEER);
        assertThat(resolve("/dnsaddr/b\u00fccher.example" + PEER)).hasSize(1);
    }

    @Test
    void aSilentNameDoesNotHoldUpWhatIsFoundAndIsNotRemembered() {
        add("a.example", "/dnsaddr/silent.example" + PEER);
        add("a.example", "/ip4/198.18.0.1/tcp/1" + PEER);
        server.silence("_dnsaddr.silent.example.");
        long start = System.nanoTime();
        assertThat(resolve("/dnsaddr/a.example" + PEER)).containsExactly("/ip4/198.18.0.1/tcp/1" + PEER);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DnsaddrResolver.TIMEOUT.plusSeconds(15));
        server.addText("_dnsaddr.silent.example.", "dnsaddr=/ip4/198.18.0.2/tcp/1" + PEER);
        int before = server.asked().size();
        lookup("/dnsaddr/silent.example" + PEER, true);
        await().untilAsserted(() -> assertThat(server.asked()).hasSizeGreaterThan(before));
    }

    @Test
    void manySilentNamesTakeTheTimeOfOneLookup() {
        for (int number = 0; number < 6; number++) {
            add("slow.example", "/dnsaddr/s" + number + ".example" + PEER);
            server.silence("_dnsaddr.s" + number + ".example.");
        }
        long start = System.nanoTime();
        assertThat(failure("/dnsaddr/slow.example" + PEER)).isNotEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DnsaddrResolver.TIMEOUT.plusSeconds(15));
    }

    @Test
    void aDatagramOfGarbageIsNoAnswer() {
        byte[] garbage = new byte[6000];
        Arrays.fill(garbage, (byte) 0xff);
        server.answerWith("_dnsaddr.a.example.", garbage);
        assertThat(failure("/dnsaddr/a.example" + PEER)).contains("_dnsaddr.a.example");
        server.answerWith("_dnsaddr.b.example.", new byte[] {0, 1, 2});
        assertThat(failure("/dnsaddr/b.example" + PEER)).contains("_dnsaddr.b.example");
    }

    @Test
    void aLookupThatIsCancelledEndsItsQueryAndAsksForNoFurtherName() {
        add("a.example", "/dnsaddr/b.example" + PEER);
        server.silence("_dnsaddr.a.example.");
        Future<List<Multiaddr>> lookup = lookup("/dnsaddr/a.example" + PEER, true);
        await().until(() -> server.asked().size() == 1);
        assertThat(lookup.cancel(false)).isTrue();
        assertThatNobodyHearsTheLateAnswer("a.example");
    }

    @Test
    void aLookupWhoseTimeIsUpEndsItsQuery() {
        add("slow.example", "/dnsaddr/first.example" + PEER);
        add("slow.example", "/dnsaddr/second.example" + PEER);
        server.silence("_dnsaddr.first.example.");
        server.silence("_dnsaddr.second.example."); // asked after the 5 s of the first one
        failure("/dnsaddr/slow.example" + PEER);
        assertThatNobodyHearsTheLateAnswer("second.example");
    }

    /** Asserts that no query for {@code host} is in progress: what is answered now is neither followed nor remembered. */
    private void assertThatNobodyHearsTheLateAnswer(String host) {
        String name = "_dnsaddr." + host + ".";
        loop.submit(() -> {}).syncUninterruptibly(); // what the end of the lookup causes
        server.answerLate(name);
        add("other.example", "/ip4/198.18.0.1/tcp/1" + PEER);
        resolve("/dnsaddr/other.example" + PEER); // answered after that
        assertThat(server.asked()).doesNotContain("_dnsaddr.b.example.");
        int before = Collections.frequency(server.asked(), name);
        lookup("/dnsaddr/" + host + PEER, true).awaitUninterruptibly();
        assertThat(Collections.frequency(server.asked(), name)).isEqualTo(before + 1);
    }

    @Test
    void aClosedResolverFails() {
        resolver.close();
        assertThat(failure("/dnsaddr/a.example" + PEER)).contains("_dnsaddr.a.example");
        assertThat(server.asked()).isEmpty();
    }
}
