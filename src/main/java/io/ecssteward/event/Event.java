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
 * <p>The records that implement this are the list of what ECS Steward understands; whatever it does not understand is
 * an {@link UnknownEvent} or a {@link PlainText}, never an exception. Each keeps the JSON it was read from, so that a
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
     * The identity of the event: copies have the same, by whatever way they arrive. The SQS message id does not: two
     * copies of one event have different ones. Never null or empty.
     */
    String identity();

    /**
     * The default alert about this event, which a route can change. Every part of it can be overridden in the
     * {@code alert:} step.
     */
    Alert alert();

    /** The kind of event, in kebab-case, as logs and metrics name it: {@code task-state-change}. */
    default String type() {
        return EventTypes.nameOf(getClass());
    }

    /** The ongoing state that this event reports again and again; empty if each event is new. */
    default Optional<Ongoing> ongoing() {
        return Optional.empty();
    }

    /** The event that AWS sent: the one inside a follow-up, and any other itself. */
    default Event original() {
        return this;
    }

    /** The ECS cluster's name, or null when the event names none. */
    default String cluster() {
        return null;
    }

    /**
     * The ECS cluster's ARN, or null when the event has none: names alone are the same in many regions and accounts.
     */
    default String clusterArn() {
        return null;
    }

    /** The ECS service's name, or null when the event names none. */
    default String service() {
        return null;
    }

    /** The ECS task's id, or null when the event is about none. */
    default String task() {
        return null;
    }

    /** The resource and its version; empty if AWS sends no version. */
    default Optional<ResourceVersion> version() {
        return Optional.empty();
    }

    /** Whether it says that Fargate Spot has no capacity for a service's task. */
    default boolean spotPlacementFailure() {
        return false;
    }

    /** When it happened, as the event says; null when it does not say. */
    default Instant time() {
        return payload().instant("time");
    }

    /**
     * The name of an incident, and how the keys of its alerts begin: {@code service/111122223333/eu-west-1/prod/web}.
     *
     * @param kind of what it is about: {@code service}, {@code daemon} or {@code task-family}
     * @param name of that, in the cluster; the parts that are null are left out
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

    /** The region's code ({@code eu-west-1}), from the event or one of its ARNs; null when neither tells. */
    default String region() {
        return payload().region();
    }

    /** The twelve digits of the AWS account, from the event or one of its ARNs; null when neither tells. */
    default String account() {
        return payload().account();
    }

    /**
     * Any field of the event's JSON as text.
     *
     * @param path names joined by dots, numbers for places in a list: {@code detail.containers.0.name}
     * @return the value as text, objects and lists as JSON; null when there is no such field
     */
    default String field(String path) {
        return payload().text(path);
    }

    /** The same as JSON, a text in its quotes, for the body of a request; {@code null} when there is no such field. */
    default String json(String path) {
        return payload().written(path);
    }

    /** The same as {@link #field(String)}, or else this text when there is no such field or nothing in it. */
    default String field(String path, String otherwise) {
        String text = field(path);
        return text == null || text.isBlank() ? otherwise : text;
    }
}
