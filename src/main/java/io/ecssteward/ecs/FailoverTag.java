package io.ecssteward.ecs;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;

/**
 * The content of a service's tag {@value #KEY}: that the service was moved to on-demand, and its previous strategy. All
 * of it is in one value, so that it is written atomically: {@code on-demand FARGATE_SPOT:0:4/FARGATE:1:1 since
 * 2026-11-20T10:00:00Z until 2026-11-20T10:30:00Z calm 30}.
 *
 * @param phase where the service runs
 * @param kept its previous strategy, which it gets back
 * @param since when the phase began
 * @param until on-demand: the earliest time at which it moves back; returned: the earliest end of the watch
 * @param calm how long the service stays on-demand, in whole minutes
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TagResource.html">TagResource: 256
 *     characters; letters, numbers, spaces and + - = . _ : / @</a>
 */
public record FailoverTag(Phase phase, CapacityStrategy kept, Instant since, Instant until, Duration calm) {

    /** The tag's key. */
    public static final String KEY = "ecs-steward:failover";

    /** How long a service is watched after it moved back. */
    static final Duration WATCH = Duration.ofHours(1);

    /** The longest time that a service stays on-demand before Spot is tried again. */
    static final Duration MAX_CALM = Duration.ofHours(8);

    static final int MAX_LENGTH = 256;

    private static final Pattern VALUE =
            Pattern.compile("(on-demand|returned) (\\S+) since (\\S+) until (\\S+) calm (\\d{1,5})");

    /** Where the service runs. */
    public enum Phase {
        /** On demand, because there was no Spot capacity. */
        ON_DEMAND("on-demand"),
        /** Back on its own strategy, and watched. */
        RETURNED("returned");

        private final String word;

        Phase(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** The value of the service's tag; null when it has none. */
    static String on(Service service) {
        return service.tags().stream()
                .filter(tag -> KEY.equals(tag.key()))
                .map(Tag::value)
                .findFirst()
                .orElse(null);
    }

    /** Parses a tag's value; empty if it is invalid. */
    public static Optional<FailoverTag> parse(String value) {
        Matcher said = VALUE.matcher(value);
        if (!said.matches()) {
            return Optional.empty();
        }
        try {
            Instant since = Instant.parse(said.group(3));
            Instant until = Instant.parse(said.group(4));
            Duration calm = Duration.ofMinutes(Integer.parseInt(said.group(5)));
            Phase phase = said.group(1).equals(Phase.RETURNED.toString()) ? Phase.RETURNED : Phase.ON_DEMAND;
            return calm.isZero() || until.isBefore(since)
                    ? Optional.empty()
                    : CapacityStrategy.parse(said.group(2))
                            .filter(CapacityStrategy::spot)
                            .map(kept -> new FailoverTag(phase, kept, since, until, calm));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The tag of a service that is on-demand from now on, for the calm time. */
    static FailoverTag onDemand(CapacityStrategy kept, Instant now, Duration calm) {
        Duration minutes = Duration.ofMinutes(Math.max(1, calm.toMinutes()));
        Instant since = second(now);
        return new FailoverTag(Phase.ON_DEMAND, kept, since, since.plus(minutes), minutes);
    }

    /** The tag of a service that is on-demand again from now on, for twice as long, because its return failed. */
    FailoverTag again(Instant now) {
        Duration twice = calm.multipliedBy(2);
        return onDemand(
                kept, now, twice.compareTo(MAX_CALM) < 0 ? twice : calm.compareTo(MAX_CALM) < 0 ? MAX_CALM : calm);
    }

    /** The tag of a service that has its own strategy again from now on. */
    FailoverTag returned(Instant now) {
        Instant since = second(now);
        return new FailoverTag(Phase.RETURNED, kept, since, since.plus(WATCH), calm);
    }

    /**
     * When the watch after a return ends: an hour after the return began or, if that is later, an hour after the
     * service reached a steady state.
     */
    Instant watchedUntil(Service service) {
        return Deployments.steadySince(service, since)
                .map(steady -> steady.plus(WATCH))
                .filter(over -> over.isAfter(until))
                .orElse(until);
    }

    /** Rounds up to a full second: that is easier to read, and does not shorten the calm time. */
    private static Instant second(Instant now) {
        return now.plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
    }

    /** The tag's value. */
    @Override
    public String toString() {
        return phase + " " + kept + " since " + since + " until " + until + " calm " + calm.toMinutes();
    }
}
