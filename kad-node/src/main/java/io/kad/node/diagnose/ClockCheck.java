package io.kad.node.diagnose;

import static io.kad.node.diagnose.CheckName.CLOCK;

import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.text.DurationText;
import io.kad.node.output.TextFormatter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Check of the local clock by signed peer records, whose numbers are times of signing. Such a time is in the past of its signer, so that one in the
 * local future proves that the local clock is behind, or that of the signer ahead: the local one is blamed if more than half of the signers are ahead of
 * it. A local clock that is ahead cannot be found that way.
 */
final class ClockCheck {

    /** Difference that matters: records that are further ahead are refused. Source: {@code RecordRules.MAX_AHEAD}. */
    static final Duration MAX_AHEAD = Duration.ofMinutes(10);

    /** Seconds since 1970 at 2001-09-09 and at 2100-01-01: a number of seconds, milliseconds or nanoseconds outside is taken for no time. */
    private static final long FIRST = 1_000_000_000L;

    private static final long END = 4_102_444_800L;

    /** How many of each unit are a second. */
    private static final List<Long> UNITS = List.of(1L, 1_000L, 1_000_000_000L);

    private ClockCheck() {}

    /** Checks the clock, which says {@code now}, by what peers have stated. */
    static Check of(List<PeerIdentification> stated, Instant now) {
        List<Duration> ahead = new ArrayList<>();
        stated.forEach(peer -> signedAt(peer).ifPresent(time -> ahead.add(Duration.between(now, time))));
        if (ahead.isEmpty()) {
            return Check.skipped(CLOCK, "no bootstrap peer has signed its addresses with a time");
        }
        List<Duration> tooFar = ahead.stream()
                .filter(difference -> difference.compareTo(MAX_AHEAD) > 0)
                .sorted()
                .toList();
        String signers = TextFormatter.peers(ahead.size());
        if (tooFar.isEmpty()) {
            return Check.passed(
                    CLOCK,
                    "no record was signed in the future of the local clock, by " + signers
                            + "; whether that is ahead was not tested");
        }
        String seen = tooFar.size() + " of " + signers + " signed their addresses up to "
                + DurationText.of(tooFar.get(tooFar.size() - 1).truncatedTo(ChronoUnit.MINUTES))
                + " ahead of the local clock";
        return 2 * tooFar.size() > ahead.size()
                ? Check.failed(Fault.CLOCK_BEHIND, seen)
                : Check.passed(CLOCK, seen + ", no more than half, so that their clocks are taken to be wrong");
    }

    /** Returns the time of signing; empty if the number is none in a known unit. */
    private static Optional<Instant> signedAt(PeerIdentification peer) {
        long number = peer.recordSequence().orElse(0);
        return UNITS.stream()
                .map(unit -> number / unit)
                .filter(seconds -> seconds >= FIRST && seconds < END)
                .map(Instant::ofEpochSecond)
                .findFirst();
    }
}
