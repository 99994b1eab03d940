package io.kad.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionTypeTest {

    @Test
    void itsNumbersAreThoseOfTheWire() {
        assertThat(ConnectionType.values())
                .containsExactly(
                        ConnectionType.NOT_CONNECTED,
                        ConnectionType.CONNECTED,
                        ConnectionType.CAN_CONNECT,
                        ConnectionType.CANNOT_CONNECT)
                .extracting(ConnectionType::number)
                .containsExactly(0, 1, 2, 3);
    }
}
