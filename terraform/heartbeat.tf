# A schedule sends the queue of events a message each minute, and an alarm goes off when nothing is processed any more.

resource "aws_cloudwatch_event_rule" "heartbeat" {
  count = var.create_heartbeat ? 1 : 0

  name                = "${local.name}-heartbeat"
  description         = "Sends ECS Steward a heartbeat each minute"
  schedule_expression = "rate(1 minute)"
  # Whatever rule_state is: while no events come in, nothing else shows that the steward is there.
  state = "ENABLED"

  tags = var.tags
}

resource "aws_cloudwatch_event_target" "heartbeat" {
  count = var.create_heartbeat ? 1 : 0

  rule      = aws_cloudwatch_event_rule.heartbeat[0].name
  target_id = "steward"
  arn       = local.queue_arns.events

  # The steward knows it by its source and detail-type. EventBridge puts quotes around a text. By hand, as jsonencode escapes < and >.
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

# It looks at the far end of the way: a message is deleted when a task has received it, has claimed it in the table and has done what
# it leads to. So a schedule that is off, a policy or a key that lets EventBridge send no more, a task that is not there, or hangs, or
# may not read or use the table, all end in this. A filter on the log would see less: a heartbeat is logged before it is deleted, at DEBUG,
# and not at all where the container runs without CloudWatch Logs. In a busy queue other events hide that
# heartbeats alone are missing; then the steward is well.
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
