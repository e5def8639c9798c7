# A schedule sends a message to the events queue each minute, and an alarm fires when nothing is processed.

resource "aws_cloudwatch_event_rule" "heartbeat" {
  count = var.create_heartbeat ? 1 : 0

  name                = "${local.name}-heartbeat"
  description         = "Sends ECS Steward a heartbeat each minute"
  schedule_expression = "rate(1 minute)"
  # Whatever rule_state is: while no events come in, nothing else shows that Steward works.
  state = "ENABLED"

  tags = var.tags
}

resource "aws_cloudwatch_event_target" "heartbeat" {
  count = var.create_heartbeat ? 1 : 0

  rule      = aws_cloudwatch_event_rule.heartbeat[0].name
  target_id = "steward"
  arn       = local.queue_arns.events

  # Steward recognizes it by its source and detail-type. EventBridge puts quotes around a text. By hand, because jsonencode escapes < and >.
  # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
  input_transformer {
    input_paths    = { time = "$.time" }
    input_template = "{\"source\": \"ecs-steward\", \"detail-type\": \"Heartbeat\", \"time\": <time>}"
  }

  # One that is late proves nothing, and the next is on its way. The alarm says it, so the dead letters need not.
  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 1
  }
}

# It watches the end of the path: a message is deleted when a task has received it, claimed it in the table and processed it. So it
# notices a disabled schedule, a policy or key that blocks EventBridge, and a task that is missing, hangs, or may not use the queue or
# the table. A filter on the log would see less: a heartbeat is logged before it is deleted, at DEBUG, and not at all if the
# container runs without CloudWatch Logs. In a busy queue, other processed events hide missing heartbeats; then Steward works.
#
# All of five minutes, because SQS's metrics may come a minute or two late.
resource "aws_cloudwatch_metric_alarm" "heartbeat" {
  count = var.create_heartbeat && var.create_steward_alarms ? 1 : 0

  alarm_name          = "${local.name}-steward-heartbeat"
  alarm_description   = "ECS Steward has processed nothing for ${var.heartbeat_minutes} minutes, although a heartbeat is sent each minute."
  namespace           = "AWS/SQS"
  metric_name         = "NumberOfMessagesDeleted"
  dimensions          = { QueueName = local.queue_names.events }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = var.heartbeat_minutes
  datapoints_to_alarm = var.heartbeat_minutes
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  # No figure is no heartbeat.
  treat_missing_data = "breaching"

  alarm_actions = local.alarm_actions
  ok_actions    = local.alarm_actions

  tags = var.tags
}
