package io.ecssteward.event;

import java.util.List;

/** The list of event types; the first match counts. */
final class EventTypes {
    private EventTypes() {}

    static final List<EventType> ALL = List.of(
            EventType.of(
                    "task-state-change",
                    TaskStateChange.class,
                    "aws.ecs",
                    "ECS Task State Change",
                    TaskStateChange::read),
            EventType.of(
                    "container-instance-state-change",
                    ContainerInstanceStateChange.class,
                    "aws.ecs",
                    "ECS Container Instance State Change",
                    ContainerInstanceStateChange::read),
            EventType.of(
                    "container-instance-health-change",
                    ContainerInstanceHealthChange.class,
                    "aws.ecs",
                    ContainerInstanceHealthChange.DETAIL_TYPE,
                    ContainerInstanceHealthChange::read),
            EventType.of(
                    "service-action", ServiceAction.class, "aws.ecs", ServiceAction.DETAIL_TYPE, ServiceAction::read),
            EventType.of(
                    "deployment-state-change",
                    DeploymentStateChange.class,
                    "aws.ecs",
                    DeploymentStateChange.DETAIL_TYPE,
                    DeploymentStateChange::read),
            EventType.of(
                    "hook-state-change",
                    HookStateChange.class,
                    "aws.ecs",
                    HookStateChange.DETAIL_TYPE,
                    HookStateChange::read),
            EventType.of(
                    "daemon-service-action",
                    DaemonServiceAction.class,
                    "aws.ecs",
                    DaemonServiceAction.DETAIL_TYPE,
                    DaemonServiceAction::read),
            EventType.of(
                    "daemon-deployment-state-change",
                    DaemonDeploymentStateChange.class,
                    "aws.ecs",
                    DaemonDeploymentStateChange.DETAIL_TYPE,
                    DaemonDeploymentStateChange::read),
            EventType.of(
                    "lifecycle-action",
                    LifecycleAction.class,
                    "aws.autoscaling",
                    LifecycleAction.DETAIL_TYPE,
                    LifecycleAction::read),
            EventType.of("host-notice", HostNotice.class, HostNotice::recognizes, HostNotice::read),
            EventType.of("follow-up", FollowUp.class, FollowUp.SOURCE, FollowUp.DETAIL_TYPE, FollowUp::read),
            EventType.of("incident-event", IncidentEvent.class, IncidentEvent::recognizes, IncidentEvent::read),
            EventType.of(
                    "slack-action", SlackAction.class, FollowUp.SOURCE, SlackAction.DETAIL_TYPE, SlackAction::read),
            EventType.of("heartbeat", Heartbeat.class, FollowUp.SOURCE, Heartbeat.DETAIL_TYPE, Heartbeat::new),
            EventType.of(
                    "alarm-state-change", AlarmStateChange.class, AlarmStateChange::recognizes, AlarmStateChange::read),
            EventType.of(
                    "guardduty-malware-scan",
                    GuardDutyMalwareScan.class,
                    GuardDutyMalwareScan::recognizes,
                    GuardDutyMalwareScan::new),
            EventType.of(
                    "guardduty-finding", GuardDutyFinding.class, GuardDutyFinding::recognizes, GuardDutyFinding::new),
            EventType.of(
                    "inspector-finding", InspectorFinding.class, InspectorFinding::recognizes, InspectorFinding::new),
            EventType.of(
                    "security-hub-finding",
                    SecurityHubFinding.class,
                    SecurityHubFinding::recognizes,
                    SecurityHubFinding::new),
            EventType.of("health-event", HealthEvent.class, HealthEvent::recognizes, HealthEvent::new),
            EventType.of(
                    "backup-notification",
                    BackupNotification.class,
                    BackupNotification::recognizes,
                    BackupNotification::new),
            EventType.of(
                    "subscription-confirmation",
                    SubscriptionConfirmation.class,
                    SubscriptionConfirmation::recognizes,
                    SubscriptionConfirmation::new),
            EventType.of(
                    "chat-notification", ChatNotification.class, ChatNotification::recognizes, ChatNotification::new),
            EventType.of("slack-payload", SlackPayload.class, SlackPayload::recognizes, SlackPayload::new),
            EventType.of("plain-text", PlainText.class, PlainText::recognizes, PlainText::new),
            EventType.of("unknown-event", UnknownEvent.class, UnknownEvent::recognizes, UnknownEvent::new));

    static String nameOf(Class<? extends Event> record) {
        return ALL.stream()
                .filter(t -> t.record() == record)
                .findFirst()
                .orElseThrow()
                .name();
    }
}
