package io.ecssteward.event;

import io.ecssteward.alert.Alert;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An event, read from a message. Routes see it as their body: {@code ${body.cluster}}, {@code ${body.service}}, and any
 * field as {@code ${field(detail.anything)}}.
 *
 * <p>The records that implement this interface are the event types that ECS Steward supports; any other message is an
 * {@link UnknownEvent} or a {@link PlainText}, never an exception. Each keeps the JSON it was read from, so that a
 * pattern or an alert can use fields that no record models. docs/architecture.md says how to add one.
 */
public sealed interface Event
        permits AlarmStateChange,
                BackupNotification,
                ChatNotification,
                ContainerInstanceHealthChange,
                ContainerInstanceStateChange,
                GuardDutyFinding,
                GuardDutyMalwareScan,
                HealthEvent,
                Heartbeat,
                HostNotice,
                IncidentEvent,
                InspectorFinding,
                FollowUp,
                LifecycleAction,
                PlainText,
                SecurityHubFinding,
                ServiceEvent,
                SlackAction,
                SlackPayload,
                SubscriptionConfirmation,
                TaskStateChange,
                UnknownEvent {

    /** The event's JSON, without its envelopes. */
    Payload payload();

    /**
     * The identity of the event, the same for all its copies, however they arrive. An SQS message id would not do,
     * since each copy has another one. Never null or empty.
     */
    String identity();

    /** The default alert about this event. The {@code alert:} step of a route can override every part of it. */
    Alert alert();

    /** The kind of event, in kebab-case, as logs and metrics name it: {@code task-state-change}. */
    default String type() {
        return EventTypes.nameOf(getClass());
    }

    /** The ongoing state that this event reports repeatedly; empty if each event is new. */
    default Optional<Ongoing> ongoing() {
        return Optional.empty();
    }

    /** The event that AWS sent: the one inside a follow-up, and any other itself. */
    default Event original() {
        return this;
    }

    /** The ECS cluster's name, or null if the event names none. */
    default String cluster() {
        return null;
    }

    /** The ECS cluster's ARN, or null if the event has none. A name alone is not unique across regions and accounts. */
    default String clusterArn() {
        return null;
    }

    /** The ECS service's name, or null if the event names none. */
    default String service() {
        return null;
    }

    /** The ECS task's id, or null if the event is about none. */
    default String task() {
        return null;
    }

    /** The resource and its version; empty if AWS sends no version. */
    default Optional<ResourceVersion> version() {
        return Optional.empty();
    }

    /** Whether it reports that Fargate Spot has no capacity for a service's task. */
    default boolean spotPlacementFailure() {
        return false;
    }

    /** When it happened, according to the event; null if unknown. */
    default Instant time() {
        return payload().instant("time");
    }

    /**
     * The name of an incident, with which the keys of its alerts begin:
     * {@code service/111122223333/eu-west-1/prod/web}.
     *
     * @param kind of the resource: {@code service}, {@code daemon} or {@code task-family}
     * @param name of the resource in its cluster; parts that are null are left out
     */
    default String subject(String kind, String name) {
        return Stream.of(kind, account(), region(), cluster(), name)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("/"));
    }

    /** The day on which it happened, or else today, in UTC: {@code 2026-11-20}. */
    default String day() {
        Instant time = time() == null ? Instant.now() : time();
        return LocalDate.ofInstant(time, ZoneOffset.UTC).toString();
    }

    /** The region's code ({@code eu-west-1}), from the event or one of its ARNs; null if neither has it. */
    default String region() {
        return payload().region();
    }

    /** The twelve digits of the AWS account, from the event or one of its ARNs; null if neither has it. */
    default String account() {
        return payload().account();
    }

    /**
     * Any field of the event's JSON as text.
     *
     * @param path names joined by dots, zero-based numbers for list elements: {@code detail.containers.0.name}
     * @return the value as text, objects and lists as JSON; null if there is no such field
     */
    default String field(String path) {
        return payload().text(path);
    }

    /** The same as JSON, with text in quotes, for the body of a request; {@code null} if there is no such field. */
    default String json(String path) {
        return payload().written(path);
    }

    /** The same as {@link #field(String)}, or this text if the field is absent or empty. */
    default String field(String path, String otherwise) {
        String text = field(path);
        return text == null || text.isBlank() ? otherwise : text;
    }
}
