package io.kad.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AccessRulesTest {

    private static final AccessToken TOKEN = AccessToken.parse("token", "0123456789abcdef");

    private static AccessRules rules(Optional<AccessToken> token, String address) throws UnknownHostException {
        return new AccessRules(token, new InetSocketAddress(InetAddress.getByName(address), 80));
    }

    @Test
    void withoutATokenProgramsOfTheMachineMayChangeSomething() throws Exception {
        AccessRules rules = rules(Optional.empty(), "127.0.0.1");
        assertThat(rules.allowChanges()).isTrue();
        assertThatCode(() -> rules.check("", "", "localhost:80")).doesNotThrowAnyException();
        assertThatCode(() -> rules.check("", "http://localhost:80", "localhost:80"))
                .doesNotThrowAnyException();
    }

    @Test
    void withoutATokenPagesOfOtherSitesMayNot() throws Exception {
        AccessRules rules = rules(Optional.empty(), "::1");
        for (String origin :
                new String[] {"https://example.org", "null", "http://localhost:81", "https://localhost:80"}) {
            assertThatThrownBy(() -> rules.check("", origin, "localhost:80"))
                    .isInstanceOf(HttpException.class)
                    .hasMessageContaining(origin);
        }
    }

    @Test
    void withoutATokenNobodyMayAtAnAddressOfTheNetwork() throws Exception {
        for (String address : new String[] {"0.0.0.0", "::", "192.0.2.1"}) {
            AccessRules rules = rules(Optional.empty(), address);
            assertThat(rules.allowChanges()).isFalse();
            assertThatThrownBy(() -> rules.check("Bearer 0123456789abcdef", "", "localhost"))
                    .isInstanceOf(HttpException.class)
                    .hasMessageContaining("--http-token");
        }
    }

    @Test
    void withATokenWhoeverHasItMay() throws Exception {
        AccessRules rules = rules(Optional.of(TOKEN), "0.0.0.0");
        assertThat(rules.allowChanges()).isTrue();
        assertThatCode(() -> rules.check("Bearer 0123456789abcdef", "https://example.org", "x"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> rules.check("Bearer 0123456789abcdee", "", "x"))
                .isInstanceOf(HttpException.class)
                .hasMessage("invalid token in the header Authorization");
    }
}
