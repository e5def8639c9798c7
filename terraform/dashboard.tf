# A dashboard: the queues as SQS sees them, and Steward's own metrics, which it then writes to its log, where CloudWatch
# reads them (STEWARD_METRICS_EMF). A JUnit test compares the names with the real ones.

locals {
  # Three to a row, in this order.
  widgets = concat(
    [
      { title = "Age of the oldest message, in seconds", stat = "Maximum", metrics = [for queue in values(local.queue_names) : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue]] },
      { title = "Waiting messages", stat = "Maximum", metrics = [for queue in values(local.queue_names) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue]] },
      { title = "Messages processed", stat = "Sum", metrics = [for queue in values(local.queue_names) : ["AWS/SQS", "NumberOfMessagesDeleted", "QueueName", queue]] },
      { title = "Dead letters", stat = "Maximum", metrics = [for queue in values(local.dead_letter_names) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue]] },
    ],
    [for widget in [
      {
        title = "Events by outcome", stat = "Sum", metrics = [
          "steward_events.performed", "steward_events.duplicate", "steward_events.ignored", "steward_events.retried", "steward_events.failed",
        ]
      },
      {
        title = "Services", stat = "Sum", metrics = [
          "steward_actions.redeploy.updated", "steward_actions.redeploy.cooldown", "steward_actions.redeploy.failed",
          "steward_actions.match-instances.updated",
        ]
      },
      {
        title = "Services moved to on-demand, and back to Spot", stat = "Sum", metrics = [
          "steward_actions.to-on-demand.updated", "steward_actions.back-to-spot.updated",
        ]
      },
      {
        title = "Services on-demand because Spot was short", stat = "Maximum", metrics = [
          "steward_failover_services.on-demand", "steward_failover_services.watched", "steward_failover_services.overdue",
        ]
      },
      {
        title = "Alerts", stat = "Sum", metrics = [
          "steward_alerts.sent.slack.firing", "steward_alerts.sent.slack.resolved", "steward_alerts.sent.slack.info",
        ]
      },
      {
        title = "Reaction time, in seconds", stat = "Maximum", metrics = [
          "steward_reaction.ecs.mean", "steward_reaction.ecs.max", "steward_reaction.slack.mean", "steward_reaction.slack.max",
        ]
      },
      {
        title = "Failed calls and dead letters", stat = "Sum", metrics = [
          "steward_failures.transient.ecs", "steward_failures.transient.slack", "steward_failures.transient.sns", "steward_failures.transient.sqs",
          "steward_failures.throttled.ecs", "steward_failures.throttled.slack",
          "steward_failures.permanent.ecs", "steward_failures.permanent.slack", "steward_failures.permanent.sns", "steward_failures.permanent.sqs",
          "steward_failures.transient.dynamodb", "steward_failures.permanent.dynamodb",
          "steward_failures.transient.autoscaling", "steward_failures.permanent.autoscaling", "steward_dead_letters",
        ]
      },
      {
        title = "Incidents", stat = "Sum", metrics = [
          "steward_incidents.opened", "steward_incidents.reopened", "steward_incidents.acknowledged", "steward_incidents.unacknowledged",
          "steward_incidents.resolved", "steward_alerts_silenced",
        ]
      },
      {
        title = "Open incidents, and seconds until resolved", stat = "Maximum", metrics = ["steward_incidents_open", "steward_incident_resolve.mean"]
      },
      {
        title = "Messages, replies and edits in Slack", stat = "Sum", metrics = [
          "steward_slack_requests.posted.chat.postMessage", "steward_slack_requests.posted.chat.update", "steward_slack_requests.posted.webhook",
          "steward_slack_requests.refused.chat.postMessage", "steward_slack_requests.refused.chat.update",
          "steward_slack_requests.failed.chat.postMessage", "steward_slack_requests.failed.chat.update",
        ]
      },
      {
        title = "Claims and route reloads", stat = "Sum", metrics = [
          "steward_claims.claimed", "steward_claims.held", "steward_claims.recorded",
          "steward_config_reloads.success", "steward_config_reloads.failure", "steward_config_last_reload_successful",
        ]
      },
      {
        title = "In flight", stat = "Maximum", metrics = [
          "steward_messages_in_flight.events", "steward_messages_in_flight.urgent", "steward_messages_in_flight.alerts", "steward_slack_waiting",
          "steward_queue_message_age_seconds.events",
        ]
      },
      # Several installations in one account and region share these metrics: this dimension is the same for each.
    ] : merge(widget, { metrics = [for name in widget.metrics : ["ECSSteward", name, "Application", "ecs-steward"]] })],
    [for cluster in var.create_service ? [local.service_cluster] : [] : {
      title   = "CPU and memory of the tasks, in percent", stat = "Average",
      metrics = [for metric in ["CPUUtilization", "MemoryUtilization"] : ["AWS/ECS", metric, "ClusterName", cluster, "ServiceName", local.name]]
    }],
  )
}

resource "aws_cloudwatch_dashboard" "steward" {
  count = var.create_dashboard ? 1 : 0

  dashboard_name = local.name
  dashboard_body = jsonencode({
    widgets = concat(
      # From one to a hundred.
      [for alarms in [values(local.alarm_arns)] : {
        type       = "alarm"
        x          = 0
        y          = 0
        width      = 24
        height     = 3
        properties = { title = "Alarms", alarms = slice(alarms, 0, min(100, length(alarms))) }
      } if length(alarms) > 0],
      [for i, widget in local.widgets : {
        type   = "metric"
        x      = 8 * (i % 3)
        y      = 3 + 6 * floor(i / 3)
        width  = 8
        height = 6
        properties = {
          title   = widget.title
          region  = local.region
          stat    = widget.stat
          period  = 60
          metrics = widget.metrics
        }
      }],
    )
  })
}
