package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import io.ecssteward.alert.ConsoleLinks;
import io.ecssteward.alert.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A task changed its state. Most changes are routine; some are Spot interruptions, or tasks that fail to start or keep
 * running.
 *
 * <pre>
 * {"source": "aws.ecs", "detail-type": "ECS Task State Change",
 *  "resources": ["arn:aws:ecs:eu-west-1:111122223333:task/prod/b99d"],
 *  "detail": {"clusterArn": "arn:...:cluster/prod", "taskArn": "arn:...", "group": "service:web", "version": 5,
 *             "lastStatus": "STOPPED", "stopCode": "EssentialContainerExited", "stoppedReason": "...",
 *             "containers": [{"name": "app", "exitCode": 137, "reason": "OutOfMemoryError: ..."}]}}
 * </pre>
 *
 * <p>The documented Spot interruption event has neither {@code taskArn} nor {@code version}: only the resources contain
 * the ARN.
 *
 * @param payload the message that it was read from
 * @param arn the task's ARN
 * @param clusterArn the cluster's ARN
 * @param group {@code service:NAME} or {@code family:NAME}; null if absent
 * @param stopCode ECS's code for why it stops; null while it runs, and sometimes later
 * @param stoppedReason ECS's sentence about why it stops; null if absent
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html">Task state change
 *     events</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html">Fargate
 *     capacity providers: Spot interruptions</a>
 */
public record TaskStateChange(
        Payload payload, String arn, String clusterArn, String group, String stopCode, String stoppedReason)
        implements Event {

    private static final String SERVICE_GROUP = "service:";

    /** ECS restarts a service's failing task repeatedly, which is one alert; each failed run of a job is a new one. */
    private static final Duration CRASH_LOOP = Duration.ofHours(1);

    static TaskStateChange read(Payload payload) {
        payload.require("a task state change", "detail.clusterArn");
        String arn = payload.firstText("detail.taskArn", "resources.0");
        if (arn == null) {
            throw new MalformedEventException("reading a task state change: no usable detail.taskArn or resources[0]");
        }
        return new TaskStateChange(
                payload,
                arn,
                payload.firstText("detail.clusterArn"),
                payload.firstText("detail.group"),
                payload.firstText("detail.stopCode"),
                payload.firstText("detail.stoppedReason"));
    }

    @Override
    public String identity() {
        return version().map(v -> "task/" + v.arn() + "/" + v.version()).orElseGet(payload::fallbackIdentity);
    }

    @Override
    public Optional<ResourceVersion> version() {
        return Optional.ofNullable(payload.number("detail.version")).map(v -> new ResourceVersion(arn, v));
    }

    /** The task's id: the last part of its ARN. */
    public String id() {
        return Arn.nameOf(arn);
    }

    @Override
    public String cluster() {
        return Arn.nameOf(clusterArn);
    }

    @Override
    public String task() {
        return id();
    }

    /** The service the task belongs to; null for a standalone task. */
    @Override
    public String service() {
        return group != null
                        && group.startsWith(SERVICE_GROUP)
                        && !group.substring(SERVICE_GROUP.length()).isBlank()
                ? group.substring(SERVICE_GROUP.length())
                : null;
    }

    /**
     * Whether this is a Fargate Spot interruption: by the stop code, or by the reason if there is no code. A Spot task
     * names its capacity provider; only the abridged event in AWS's documentation omits both it and the launch type.
     * With any other capacity, the code is about a container instance, or about a problem that a redeployment would not
     * solve.
     */
    public boolean spotInterruption() {
        String provider = payload.firstText("detail.capacityProviderName");
        boolean fargateSpot =
                provider == null ? payload.firstText("detail.launchType") == null : provider.equals("FARGATE_SPOT");
        return fargateSpot
                && ("SpotInterruption".equals(stopCode)
                        || "TerminationNotice".equals(stopCode)
                        || stoppedReason != null && stoppedReason.startsWith("Your Spot Task was interrupted"));
    }

    /**
     * Whether a service's task did not start because Fargate Spot has no capacity: ECS placed the task, and then found
     * no capacity for it.
     *
     * @see <a href="https://repost.aws/knowledge-center/ecs-fargate-runtask-capacity">Capacity is unavailable at this
     *     time</a>
     */
    @Override
    public boolean spotPlacementFailure() {
        return service() != null
                && "FARGATE_SPOT".equals(payload.firstText("detail.capacityProviderName"))
                && "STOPPED".equals(payload.text("detail.lastStatus"))
                && "TaskFailedToStart".equals(stopCode)
                && stoppedReason != null
                && stoppedReason.startsWith("Capacity is unavailable");
    }

    /**
     * When ECS began to stop the task, which is the same in every event about its end; before that, the event's time. A
     * deployment that began later has already replaced the task, whichever event reports the stop.
     */
    @Override
    public Instant time() {
        Instant stopping = payload.instant("detail.stoppingAt");
        return stopping == null ? payload.instant("time") : stopping;
    }

    /**
     * The containers that failed or never ran, one per line, the one that ended first at the top; empty if none failed.
     */
    public String containers() {
        return new StoppedTask(this).failedContainers();
    }

    /** The name of the container that ended first, if it can be inferred; null otherwise. */
    public String firstContainer() {
        return new StoppedTask(this).first();
    }

    /**
     * Whether the task stops for a routine reason, which needs no alert: its service scales in or is deployed, a user
     * stopped it, its job is done. Meaningless for a task that does not stop.
     */
    public boolean routine() {
        return new StoppedTask(this).cause().severity() == null;
    }

    @Override
    public Alert alert() {
        return spotInterruption() ? spotAlert() : stoppedAlert();
    }

    private Alert spotAlert() {
        boolean standalone = service() == null;
        return about(standalone ? "spot/" + id() : "spot")
                .severity(standalone ? Severity.ERROR : Severity.WARNING)
                .title("Fargate Spot interrupts " + name())
                .text(standalone ? "The task belongs to no service, so nothing starts it again by itself." : "")
                .coolDown(Duration.ofMinutes(2))
                .build();
    }

    private Alert stoppedAlert() {
        StoppedTask stopped = new StoppedTask(this);
        return stopped.addTo(about("stopped/" + stopped.cause().id()), name())
                .coolDown(stopped.standalone() ? Alert.DEFAULT_COOL_DOWN : CRASH_LOOP)
                .build();
    }

    private Alert.Builder about(String what) {
        String incident = service() == null ? subject("task-family", family()) : subject("service", service());
        return Alert.about(incident + "/" + what)
                .incident(incident)
                .resolveAfter(service() == null ? Alert.NO_NEWS : Alert.NO_NEWS_OF_SERVICE)
                .resource(arn)
                .field("Cluster", cluster())
                .field("Service", service())
                .field("Task", id())
                .field("Task definition", Arn.nameOf(payload.firstText("detail.taskDefinitionArn")))
                .field("Capacity", payload.firstText("detail.capacityProviderName", "detail.launchType"))
                .field("Account", account())
                .field("Region", region())
                .link("View task", ConsoleLinks.task(region(), cluster(), id()))
                .link("View service", ConsoleLinks.service(region(), cluster(), service()));
    }

    private String name() {
        if (service() != null) {
            return cluster() + "/" + service();
        }
        return "task " + cluster() + "/" + family();
    }

    /** The task definition family of a standalone task; its id if the event has none. */
    private String family() {
        return group == null ? id() : group.substring(group.indexOf(':') + 1);
    }
}
