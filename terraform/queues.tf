# The queues. Each has a dead-letter queue, takes messages only from whom it should, and only over TLS.
#
# events   all events
# urgent   events of the Spot rule, so that a flood of notices does not delay a two-minute notice
# alerts   on their way to Slack, one message group per channel: replicas pace a channel together, and firing comes before resolved

locals {
  # Queues that the module creates: you can use your own for the events and their dead letters.
  queues       = toset([for name, made in { events = var.create_events_queue, urgent = var.create_urgent_queue, alerts = var.create_alerts_queue } : name if made])
  dead_letters = toset([for name, made in { events = var.create_dead_letter_queue, urgent = var.create_urgent_queue, alerts = var.create_alerts_queue } : name if made])

  # The dead-letter queue of a FIFO queue must be one too.
  # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
  fifo = { events = false, urgent = false, alerts = true }

  queue_arns       = merge({ events = var.events_queue_arn }, { for name, queue in aws_sqs_queue.this : name => queue.arn })
  dead_letter_arns = merge({ events = var.dead_letter_queue_arn }, { for name, queue in aws_sqs_queue.dead_letters : name => queue.arn })

  events_queue_url      = var.create_events_queue ? aws_sqs_queue.this["events"].url : local.urls_of_yours.events
  dead_letter_queue_url = var.create_dead_letter_queue ? aws_sqs_queue.dead_letters["events"].url : local.urls_of_yours.dead_letters
  # arn:aws:sqs:eu-west-1:111122223333:events is https://sqs.eu-west-1.amazonaws.com/111122223333/events
  urls_of_yours = {
    for queue, arn in { events = var.events_queue_arn, dead_letters = var.dead_letter_queue_arn } : queue => try(format(
      "https://sqs.%s.%s/%s/%s", split(":", arn)[3], data.aws_partition.current.dns_suffix, split(":", arn)[4], split(":", arn)[5]
    ), null)
  }

  queue_names       = { for name, arn in local.queue_arns : name => split(":", arn)[5] }
  dead_letter_names = { for name, arn in local.dead_letter_arns : name => split(":", arn)[5] }

  rule_arns = { for name in ["events", "urgent"] : name => [for pattern, rule in aws_cloudwatch_event_rule.this : rule.arn if local.targets[pattern] == name] }

  # Who may send, by the queue's policy. Steward itself may, by its own role.
  senders = {
    events = [
      { sid = "Rules", service = "events.amazonaws.com", arns = concat(local.rule_arns.events, aws_cloudwatch_event_rule.heartbeat[*].arn) },
      { sid = "AlarmTopic", service = "sns.amazonaws.com", arns = aws_sns_topic.alarms[*].arn },
    ]
    urgent = [{ sid = "Rules", service = "events.amazonaws.com", arns = local.rule_arns.urgent }]
    alerts = []
  }
  dead_letter_senders = {
    events = [{ sid = "WhatTheRulesCouldNotDeliver", service = "events.amazonaws.com", arns = [for rule in aws_cloudwatch_event_rule.this : rule.arn] }]
    urgent = []
    alerts = []
  }

  queue_policies = {
    for queue in concat(
      [for name, arn in local.queue_arns : { name = name, arn = arn, senders = local.senders[name] }],
      [for name, arn in local.dead_letter_arns : { name = "${name}-dead", arn = arn, senders = local.dead_letter_senders[name] }],
      ) : queue.name => jsonencode({
        Version = "2012-10-17"
        Statement = concat(
          [{
            Sid       = "OnlyOverTls"
            Effect    = "Deny"
            Principal = { AWS = "*" }
            Action    = "sqs:*"
            Resource  = queue.arn
            Condition = { Bool = { "aws:SecureTransport" = "false" } }
          }],
          [for sender in queue.senders : {
            Sid       = sender.sid
            Effect    = "Allow"
            Principal = { Service = sender.service }
            Action    = "sqs:SendMessage"
            Resource  = queue.arn
            Condition = { ArnEquals = { "aws:SourceArn" = sender.arns } }
          } if length(sender.arns) > 0],
        )
    })
  }
}

resource "aws_sqs_queue" "this" {
  for_each = local.queues

  name       = "${local.name}-${each.key}${local.fifo[each.key] ? ".fifo" : ""}"
  fifo_queue = local.fifo[each.key]
  # Steward sets its own timeout with each receive, and extends it while it works; this one is for other consumers.
  visibility_timeout_seconds = var.visibility_timeout
  message_retention_seconds  = var.message_retention_seconds
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = var.kms_key_arn == null ? true : null
  kms_master_key_id          = var.kms_key_arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = local.dead_letter_arns[each.key]
    maxReceiveCount     = var.max_receive_count
  })

  tags = var.tags
}

# Messages that cannot be processed, with the reason as a message attribute, and messages that failed too often.
resource "aws_sqs_queue" "dead_letters" {
  for_each = local.dead_letters

  name                      = "${local.name}-${each.key}-dead${local.fifo[each.key] ? ".fifo" : ""}"
  fifo_queue                = local.fifo[each.key]
  message_retention_seconds = var.dead_letter_retention_seconds
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn

  tags = var.tags
}

resource "aws_sqs_queue_policy" "this" {
  for_each = local.queues

  queue_url = aws_sqs_queue.this[each.key].url
  policy    = local.queue_policies[each.key]
}

resource "aws_sqs_queue_policy" "dead_letters" {
  for_each = local.dead_letters

  queue_url = aws_sqs_queue.dead_letters[each.key].url
  policy    = local.queue_policies["${each.key}-dead"]
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letters" {
  for_each = local.dead_letters

  queue_url = aws_sqs_queue.dead_letters[each.key].url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.queue_arns[each.key]]
  })
}
