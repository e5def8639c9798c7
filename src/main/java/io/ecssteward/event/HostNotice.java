package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * EC2 will interrupt a Spot Instance in two minutes, or recommends rebalancing because it may do so soon. The event
 * does not mention ECS: only ECS's API tells whether the instance is in a cluster.
 *
 * <pre>
 * {"source": "aws.ec2", "detail-type": "EC2 Spot Instance Interruption Warning",
 *  "resources": ["arn:aws:ec2:eu-west-1b:instance/i-0abc"],
 *  "detail": {"instance-id": "i-0abc", "instance-action": "terminate"}}
 * </pre>
 *
 * @param payload the message that it was read from
 * @param instanceId the EC2 instance: {@code i-0abc}
 * @param action what EC2 does with it: {@code terminate}, {@code stop} or {@code hibernate}; null for a recommendation
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html">Spot
 *     Instance interruption notices</a>
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html">EC2 instance
 *     rebalance recommendations</a>
 */
public record HostNotice(Payload payload, String instanceId, String action) implements Event {

    static final String INTERRUPTION = "EC2 Spot Instance Interruption Warning";
    static final String REBALANCE = "EC2 Instance Rebalance Recommendation";

    /** How long after its warning EC2 interrupts an instance. */
    private static final Duration NOTICE = Duration.ofMinutes(2);

    /** Our own choice: EC2 may interrupt a little later than announced. */
    private static final Duration LATE = Duration.ofMinutes(1);

    /** Our own choice: how long a recommendation is valid. */
    private static final Duration RECOMMENDED = Duration.ofHours(1);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private static final Map<String, String> ACTION_VERBS =
            Map.of("terminate", "terminates it", "stop", "stops it", "hibernate", "hibernates it");

    static boolean recognizes(Payload payload) {
        return "aws.ec2".equals(payload.source())
                && (INTERRUPTION.equals(payload.detailType()) || REBALANCE.equals(payload.detailType()));
    }

    static HostNotice read(Payload payload) {
        payload.require("a notice about a Spot Instance", "detail.instance-id");
        return new HostNotice(payload, payload.text("detail.instance-id"), payload.firstText("detail.instance-action"));
    }

    /** Whether it is an interruption rather than a rebalance recommendation. */
    public boolean interruption() {
        return INTERRUPTION.equals(payload.detailType());
    }

    /**
     * Whether to drain the container instance.
     *
     * @param when {@code none}, {@code spot-interruption}, or {@code rebalance-recommendation} for both
     */
    public boolean drained(String when) {
        return when.equals("rebalance-recommendation") || when.equals("spot-interruption") && interruption();
    }

    /** When EC2 interrupts the instance; null if unknown. */
    public Instant until() {
        return interruption() && time() != null ? time().plus(NOTICE) : null;
    }

    /** Whether it is so old that the instance is gone, is back, or was not interrupted after all. */
    public boolean stale(Instant now) {
        return time() != null && now.isAfter(time().plus(interruption() ? NOTICE.plus(LATE) : RECOMMENDED));
    }

    /** A sentence about what EC2 will do: {@code EC2 terminates it at about 06:32:00 UTC.} */
    public String outlook() {
        if (!interruption()) {
            return "EC2 may interrupt it soon, with two minutes' notice.";
        }
        return "EC2 " + ACTION_VERBS.getOrDefault(String.valueOf(action), "interrupts it")
                + (until() == null ? " in two minutes." : " at about " + TIME.format(until()) + ".");
    }

    @Override
    public String identity() {
        return payload.fallbackIdentity();
    }

    @Override
    public Alert alert() {
        return Alert.about("host/" + instanceId + "/" + (interruption() ? "interruption" : "rebalance"))
                .resource(payload.resource())
                .severity(Severity.WARNING)
                .title(
                        interruption()
                                ? "EC2 interrupts Spot Instance " + instanceId
                                : "EC2 recommends replacing Spot Instance " + instanceId)
                .text(outlook())
                .field("EC2 instance", instanceId)
                .field("Action", action)
                .field("Account", account())
                .field("Region", region())
                .link("View EC2 instance", ConsoleLinks.ec2Instance(region(), instanceId))
                .resolveAfter(Alert.NO_NEWS)
                .build();
    }
}
