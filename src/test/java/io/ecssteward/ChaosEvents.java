package io.ecssteward;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ecssteward.alert.Alert;
import io.ecssteward.event.Event;
import io.ecssteward.testing.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whatever can happen in a day of ECS, made up at random from a seed, in rounds of a few thousand events, with what it
 * must lead to. Each round has services, alarms and instances of its own, so that its alerts are not silenced by those
 * of the round before.
 */
final class ChaosEvents {

    static final int CLUSTERS = 24;
    static final int MAX_IN_A_ROUND = 5_000;

    /** One task on each container instance, in every cluster. */
    static final String AGENT_SERVICE = "agent";

    private static final double COPIES = 0.3;
    private static final String REGION = "eu-west-1";
    private static final String ACCOUNT = "111122223333";
    private static final List<String> TROUBLE =
            List.of("SERVICE_TASK_START_IMPAIRED", "SERVICE_DEPLOYMENT_FAILED", "ECS_OPERATION_THROTTLED");

    /**
     * Events of all the interrupted services: before the process began, as a deployment that was started since replaces
     * their tasks.
     */
    private final Instant happened = Instant.now().minus(Duration.ofMinutes(10));

    private final Random random;
    private final List<Round> rounds = new ArrayList<>();
    private final Map<String, Expected> alerts = new LinkedHashMap<>();
    private final Set<String> never = new HashSet<>();
    private final Set<String> interrupted = new HashSet<>();
    private final Set<String> malformed = new HashSet<>();
    private final Map<String, Boolean> instances = new LinkedHashMap<>();
    private int events;
    private long ids;

    /**
     * A message.
     *
     * @param cluster whose instances became another number just before; null for all other messages
     * @param instances that number
     */
    record Sent(String body, String cluster, int instances) {
        Sent(String body) {
            this(body, null, 0);
        }
    }

    /**
     * An alarm that ends when it is known that its beginning was dealt with: {@code begun} is that event's identity.
     */
    record AlarmsEnd(String begun, List<Sent> messages) {}

    /** What is sent together, in this order, and then the ends of its alarms. */
    record Round(List<Sent> messages, List<AlarmsEnd> ends) {}

    /**
     * An alert that must be in Slack.
     *
     * @param after the title of the one that must come before it; null when none has to
     */
    record Expected(String title, String channel, Duration coolDown, String after) {}

    /** So many events or a few less, without their copies. */
    ChaosEvents(long seed, int count) {
        random = new Random(seed);
        int howMany = (count + MAX_IN_A_ROUND - 1) / MAX_IN_A_ROUND;
        for (int round = 0; round < howMany; round++) {
            rounds.add(round(round, count / howMany));
        }
    }

    List<Round> rounds() {
        return rounds;
    }

    /** How many events there are, without copies. */
    int count() {
        return events;
    }

    /** How many messages there are, with copies. */
    int messages() {
        return rounds.stream()
                .mapToInt(r -> r.messages().size()
                        + r.ends().stream().mapToInt(e -> e.messages().size()).sum())
                .sum();
    }

    /** The alerts that must be in Slack, by title. */
    Map<String, Expected> alerts() {
        return alerts;
    }

    /** The titles of alerts that must not be in Slack. */
    Set<String> never() {
        return never;
    }

    /** The services, as cluster/service, each of which must be redeployed once. */
    Set<String> interrupted() {
        return interrupted;
    }

    /** The messages that must end in the dead-letter queue. */
    Set<String> malformed() {
        return malformed;
    }

    /** The container instances that ECS must know, as cluster/id, and whether their agent is connected. */
    Map<String, Boolean> instances() {
        return instances;
    }

    static List<String> clusters() {
        return IntStream.range(0, CLUSTERS).mapToObj(ChaosEvents::cluster).toList();
    }

    private static String cluster(int number) {
        return "c%02d".formatted(number);
    }

    private static String channel(String cluster) {
        return "#team-" + cluster;
    }

    /** For steward.slack.channels. */
    static String channelRules() {
        return clusters().stream().map(c -> "cluster:" + c + "=" + channel(c)).collect(Collectors.joining(","));
    }

    private Round round(int round, int count) {
        List<Sent> all = new ArrayList<>();
        List<AlarmsEnd> ends = new ArrayList<>();
        int before = events;
        for (String cluster : clusters()) {
            interruptions(all, cluster, round, count * 48 / 100 / CLUSTERS / 10);
            troubles(all, cluster, round, Math.max(1, count * 12 / 100 / CLUSTERS / 6));
            stops(all, cluster, round, Math.max(1, count * 8 / 100 / CLUSTERS / 2));
            alarms(all, ends, cluster, round, 5);
            instanceChanges(all, cluster, round, Math.max(1, count * 5 / 100 / CLUSTERS));
            agents(all, cluster, round);
        }
        repeat(30, i -> notice(all, round, i));
        repeat(Math.max(2, count / 200), i -> malformed(all, round, i));
        int chatter = count - (events - before);
        repeat(Math.max(0, chatter), i -> chatter(all, round, i));
        List<Sent> messages = new ArrayList<>(all);
        all.stream()
                .filter(m -> random.nextDouble() < COPIES)
                .map(m -> new Sent(m.body()))
                .forEach(messages::add);
        Collections.shuffle(messages, random);
        return new Round(messages, ends);
    }

    private interface Each {
        void make(int number);
    }

    private static void repeat(int times, Each each) {
        IntStream.range(0, times).forEach(each::make);
    }

    private Sent add(List<Sent> to, String body) {
        events++;
        Sent sent = new Sent(body);
        to.add(sent);
        return sent;
    }

    private void addAlerting(List<Sent> to, String body) {
        add(to, body);
        expect(body, null);
    }

    private Expected expect(String body, String after) {
        Event event = Events.read(body);
        Alert alert = event.alert();
        String channel = event.cluster() == null ? "#ops" : channel(event.cluster());
        Expected expected = new Expected(alert.title(), channel, alert.coolDown(), after);
        alerts.put(alert.title(), expected);
        return expected;
    }

    private String id() {
        return new UUID(random.nextLong(), ids++).toString();
    }

    private String task() {
        return "%016x%016x".formatted(random.nextLong(), ids++);
    }

    private static String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + REGION + ":" + ACCOUNT + ":" + resource;
    }

    /** An EventBridge event, to which its detail is added. */
    private ObjectNode event(String source, String type, String resource) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", "0").put("id", id()).put("detail-type", type).put("source", source);
        json.put("account", ACCOUNT).put("time", happened.toString()).put("region", REGION);
        json.putArray("resources").add(resource);
        return json;
    }

    private ObjectNode task(String cluster, String service, String task, int version, String lastStatus) {
        ObjectNode json = event("aws.ecs", "ECS Task State Change", arn("ecs", "task/" + cluster + "/" + task));
        json.putObject("detail")
                .put("clusterArn", arn("ecs", "cluster/" + cluster))
                .put("taskArn", arn("ecs", "task/" + cluster + "/" + task))
                .put("group", "service:" + service)
                .put("launchType", "FARGATE")
                .put("lastStatus", lastStatus)
                .put("version", version);
        return json;
    }

    private static ObjectNode detail(ObjectNode event) {
        return (ObjectNode) event.get("detail");
    }

    private void interruptions(List<Sent> all, String cluster, int round, int tasks) {
        for (String service : List.of("web-%02d".formatted(round), "api-%02d".formatted(round))) {
            interrupted.add(cluster + "/" + service);
            for (int i = 0; i < Math.max(1, tasks); i++) {
                String task = task();
                int version = 4;
                for (String status : List.of("RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED")) {
                    ObjectNode json = task(cluster, service, task, version++, status);
                    detail(json)
                            .put("capacityProviderName", "FARGATE_SPOT")
                            .put("stoppedReason", "Your Spot Task was interrupted.")
                            .put("stoppingAt", happened.toString());
                    if (random.nextInt(4) > 0) {
                        detail(json).put("stopCode", "SpotInterruption");
                    }
                    addAlerting(all, json.toString());
                }
            }
        }
    }

    private void troubles(List<Sent> all, String cluster, int round, int times) {
        for (String service : List.of("shop-%02d".formatted(round), "mail-%02d".formatted(round))) {
            for (String name : TROUBLE) {
                for (int i = 0; i < times; i++) {
                    ObjectNode json =
                            event("aws.ecs", "ECS Service Action", arn("ecs", "service/" + cluster + "/" + service));
                    json.putObject("detail")
                            .put("eventType", "WARN")
                            .put("eventName", name)
                            .put("clusterArn", arn("ecs", "cluster/" + cluster))
                            .put("createdAt", happened.plusMillis(i).toString());
                    addAlerting(all, json.toString());
                }
            }
        }
    }

    private void stops(List<Sent> all, String cluster, int round, int times) {
        for (int i = 0; i < times; i++) {
            ObjectNode exited = task(cluster, "batch-%02d".formatted(round), task(), 6, "STOPPED");
            detail(exited)
                    .put("stopCode", "EssentialContainerExited")
                    .put("stoppedReason", "Essential container in task exited")
                    .putArray("containers")
                    .addObject()
                    .put("name", "app")
                    .put("exitCode", 137);
            addAlerting(all, exited.toString());
            ObjectNode neverRan = task(cluster, "jobs-%02d".formatted(round), task(), 3, "STOPPED");
            detail(neverRan)
                    .put("stopCode", "TaskFailedToStart")
                    .put("stoppedReason", "CannotPullContainerError: no such image");
            addAlerting(all, neverRan.toString());
        }
    }

    private void alarms(List<Sent> all, List<AlarmsEnd> ends, String cluster, int round, int count) {
        for (int i = 0; i < count; i++) {
            String name = "cpu-" + cluster + "-%02d-%02d".formatted(round, i);
            String began = alarm(name, cluster, "OK", "ALARM", happened);
            add(all, began);
            Expected firing = expect(began, null);
            String ended = alarm(name, cluster, "ALARM", "OK", happened.plusSeconds(120));
            List<Sent> messages = new ArrayList<>();
            add(messages, ended);
            if (random.nextDouble() < COPIES) {
                messages.add(new Sent(ended));
            }
            expect(ended, firing.title());
            ends.add(new AlarmsEnd(Events.read(began).identity(), messages));
        }
    }

    private String alarm(String name, String cluster, String from, String to, Instant at) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("AlarmName", name)
                .put("AWSAccountId", ACCOUNT)
                .put("OldStateValue", from)
                .put("NewStateValue", to);
        json.put("NewStateReason", "Threshold Crossed").put("StateChangeTime", at.toString());
        json.put("Region", "EU (Ireland)").put("AlarmArn", arn("cloudwatch", "alarm:" + name));
        json.putObject("Trigger")
                .put("MetricName", "CPUUtilization")
                .put("Namespace", "AWS/ECS")
                .putArray("Dimensions")
                .addObject()
                .put("name", "ClusterName")
                .put("value", cluster);
        return bySns(null, json.toString());
    }

    private String bySns(String subject, String message) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("Type", "Notification").put("MessageId", id()).put("TopicArn", arn("sns", "alarms"));
        if (subject != null) {
            json.put("Subject", subject);
        }
        return json.put("Message", message)
                .put("Timestamp", happened.toString())
                .toString();
    }

    private void instanceChanges(List<Sent> all, String cluster, int round, int times) {
        for (int i = 0; i < times; i++) {
            ObjectNode json = instance(cluster, "came-%02d-%03d".formatted(round, i), 2, true);
            events++;
            all.add(new Sent(json.toString(), cluster, 1 + random.nextInt(9)));
        }
    }

    private void agents(List<Sent> all, String cluster, int round) {
        for (boolean back : List.of(false, true)) {
            String id = (back ? "back-" : "gone-") + "%02d".formatted(round);
            String body = instance(cluster, id, 9, false).toString();
            instances.put(cluster + "/" + id, back);
            add(all, body);
            if (back) {
                never.add(Events.read(body).alert().title());
            } else {
                expect(body, null);
            }
        }
    }

    private ObjectNode instance(String cluster, String id, int version, boolean connected) {
        String arn = arn("ecs", "container-instance/" + cluster + "/" + id);
        ObjectNode json = event("aws.ecs", "ECS Container Instance State Change", arn);
        json.putObject("detail")
                .put("clusterArn", arn("ecs", "cluster/" + cluster))
                .put("containerInstanceArn", arn)
                .put("ec2InstanceId", "i-" + cluster + "-" + id)
                .put("status", "ACTIVE")
                .put("agentConnected", connected)
                .put("version", version);
        return json;
    }

    private void notice(List<Sent> all, int round, int number) {
        String name = "%02d-%02d".formatted(round, number);
        addAlerting(
                all,
                number % 2 == 0
                        ? bySns("Backup of disk " + name, "It took longer than usual.")
                        : bySns(
                                "Import of file " + name,
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("lines", number)
                                        .toString()));
    }

    private void malformed(List<Sent> all, int round, int number) {
        ObjectNode json = number % 2 == 0
                ? event("aws.ecs", "ECS Task State Change", arn("ecs", "task/c00/" + task()))
                : event("aws.ecs", "ECS Container Instance State Change", arn("ecs", "container-instance/c00/x"));
        json.putObject("detail").put("lastStatus", "RUNNING").put("number", round + "/" + number);
        add(all, json.toString());
        malformed.add(json.toString());
    }

    private void chatter(List<Sent> all, int round, int number) {
        String cluster = cluster(random.nextInt(CLUSTERS));
        String service = "quiet-%02d".formatted(round);
        ObjectNode json;
        switch (number % 3) {
            case 0 -> json = task(cluster, service, task(), 2, "RUNNING");
            case 1 -> {
                json = event("aws.ecs", "ECS Service Action", arn("ecs", "service/" + cluster + "/" + service));
                json.putObject("detail")
                        .put("eventType", "INFO")
                        .put("eventName", "SERVICE_STEADY_STATE")
                        .put("clusterArn", arn("ecs", "cluster/" + cluster))
                        .put("createdAt", happened.plusMillis(number).toString());
            }
            default -> {
                json = event("aws.ec2", "EC2 Instance State-change Notification", arn("ec2", "instance/i-0123"));
                json.putObject("detail").put("instance-id", "i-0123").put("state", "running");
            }
        }
        add(all, json.toString());
    }
}
