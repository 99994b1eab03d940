package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.event.DhtEvent;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModeTest {

    private static EngineFixture fixture(Mode mode) {
        EngineFixture fixture = new EngineFixture(EngineFixture.config().set(KademliaConfig.MODE, mode));
        fixture.advance(new EngineEvent.DeadlineReached());
        return fixture;
    }

    @Test
    void aServerServesFromTheFirstAdvanceOn() {
        EngineFixture fixture = fixture(Mode.SERVER);
        fixture.advance(new EngineEvent.DeadlineReached());

        assertThat(fixture.actions()).containsExactly(new EngineAction.Serve(true));
    }

    @Test
    void aClientDoesNotServe() {
        assertThat(fixture(Mode.CLIENT).actions()).isEmpty();
    }

    @Test
    void inAutomaticModeExternalAddressesDecide() {
        EngineFixture fixture = fixture(Mode.AUTO);
        assertThat(fixture.actions()).isEmpty();

        List<EngineAction> reachable = fixture.advance(new EngineEvent.SetExternalAddresses(Set.of(Peers.address(1))));
        List<EngineAction> more =
                fixture.advance(new EngineEvent.SetExternalAddresses(Set.of(Peers.address(1), Peers.address(2))));
        List<EngineAction> unreachable = fixture.advance(new EngineEvent.SetExternalAddresses(Set.of()));

        assertThat(reachable)
                .containsExactly(
                        new EngineAction.Announce(Set.of(Peers.address(1))),
                        new EngineAction.Serve(true),
                        new EngineAction.EmitDhtEvent(new DhtEvent.ModeChanged(Mode.SERVER)));
        assertThat(more).containsExactly(new EngineAction.Announce(Set.of(Peers.address(1), Peers.address(2))));
        assertThat(unreachable)
                .containsExactly(
                        new EngineAction.Announce(Set.of()),
                        new EngineAction.Serve(false),
                        new EngineAction.EmitDhtEvent(new DhtEvent.ModeChanged(Mode.CLIENT)));
    }

    @Test
    void addressesThatAreTheSameAreNotAnnouncedAgain() {
        EngineFixture fixture = fixture(Mode.CLIENT);
        fixture.advance(new EngineEvent.SetExternalAddresses(Set.of(Peers.address(1))));
        fixture.advance(new EngineEvent.SetExternalAddresses(Set.of(Peers.address(1))));

        assertThat(fixture.actions()).hasSize(1);
    }

    @Test
    void aConfiguredModeDoesNotDependOnAddresses() {
        EngineFixture fixture = fixture(Mode.CLIENT);
        fixture.advance(new EngineEvent.SetExternalAddresses(Set.of(Peers.address(1))));
        assertThat(fixture.all(EngineAction.Serve.class)).isEmpty();

        fixture.advance(new EngineEvent.SetMode(Mode.SERVER));
        fixture.advance(new EngineEvent.SetMode(Mode.AUTO));
        assertThat(fixture.all(EngineAction.Serve.class)).containsExactly(new EngineAction.Serve(true));

        fixture.advance(new EngineEvent.SetMode(Mode.CLIENT));
        assertThat(fixture.all(EngineAction.Serve.class))
                .containsExactly(new EngineAction.Serve(true), new EngineAction.Serve(false));
        assertThat(fixture.events(DhtEvent.ModeChanged.class)).hasSize(2);
    }
}
