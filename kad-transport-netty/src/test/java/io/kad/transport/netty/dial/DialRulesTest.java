package io.kad.transport.netty.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.DialPolicy;
import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.support.TestTransport;
import io.kad.transport.netty.transport.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DialRulesTest {

    private static DialTarget target(String address, boolean trusted) {
        Multiaddr parsed = Multiaddr.parse(address);
        return new SocketTarget(parsed, TestTransport.endpoint(address), trusted);
    }

    private static DialRules rules(DialPolicy policy, String... listeners) {
        List<Endpoint> endpoints =
                List.of(listeners).stream().map(TestTransport::endpoint).toList();
        return new DialRules(policy, () -> endpoints);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/0.0.0.0/tcp/1",
                "/ip6/::/tcp/1",
                "/ip6/::ffff:0.0.0.0/tcp/1",
                "/ip4/224.0.0.1/tcp/1",
                "/ip4/255.255.255.255/tcp/1",
                "/ip6/ff02::1/tcp/1",
                "/ip4/1.2.3.4/tcp/0",
                "/dns4/example.org/tcp/0"
            })
    void nobodyDialsWhereNobodyOrEverybodyIs(String address) {
        for (DialPolicy policy : DialPolicy.values()) {
            assertThat(rules(policy).snapshot().refusal(target(address, false)))
                    .contains(DialRules.Refusal.NOT_DIALABLE);
            assertThat(rules(policy).snapshot().refusal(target(address, true)))
                    .contains(DialRules.Refusal.NOT_DIALABLE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/127.0.0.1/tcp/80",
                "/ip6/::1/tcp/80",
                "/ip4/10.0.0.1/tcp/80",
                "/ip4/192.168.1.1/tcp/80",
                "/ip4/172.20.0.1/tcp/80",
                "/ip4/100.64.1.1/tcp/80",
                "/ip4/169.254.169.254/tcp/80",
                "/ip6/fd00:ec2::254/tcp/80",
                "/ip6/fe80::1/tcp/80",
                "/ip6/::ffff:127.0.0.1/tcp/80",
                "/ip6/::ffff:169.254.169.254/tcp/80",
                "/ip6/64:ff9b::10.0.0.1/tcp/80",
                "/ip4/192.0.2.1/tcp/80",
                "/ip4/0.1.2.3/tcp/80",
                "/ip4/240.0.0.1/tcp/80",
                "/ip6/2001:db8::1/tcp/80"
            })
    void thePublicPolicyForbidsWhatIsNotOfTheInternetUnlessTheUserHasGivenIt(String address) {
        assertThat(rules(DialPolicy.PUBLIC).snapshot().refusal(target(address, false)))
                .contains(DialRules.Refusal.POLICY);
        assertThat(rules(DialPolicy.PUBLIC).snapshot().refusal(target(address, true)))
                .isEmpty();
        assertThat(rules(DialPolicy.ALL).snapshot().refusal(target(address, false)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/1.1.1.1/tcp/1", "/ip6/2606:4700::1111/tcp/1", "/dns4/example.org/tcp/1"})
    void thePublicPolicyAllowsTheInternetAndNamesUntilTheyAreResolved(String address) {
        assertThat(rules(DialPolicy.PUBLIC).snapshot().refusal(target(address, false)))
                .isEmpty();
    }

    @Test
    void theLocalPeerDoesNotDialItself() {
        DialRules rules = rules(DialPolicy.ALL, "/ip4/10.0.0.1/tcp/4001");
        assertThat(rules.snapshot().refusal(target("/ip4/10.0.0.1/tcp/4001", true)))
                .contains(DialRules.Refusal.LISTENER);
        assertThat(rules.snapshot().refusal(target("/ip4/10.0.0.1/tcp/4002", false)))
                .isEmpty();
        assertThat(rules.snapshot().refusal(target("/ip4/10.0.0.2/tcp/4001", false)))
                .isEmpty();
    }
}
