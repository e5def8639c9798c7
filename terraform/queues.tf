# The queues. Each has a dead-letter queue, takes messages only from whom it should, and only over TLS.

locals {
  events_queue_arn      = var.create_events_queue ? aws_sqs_queue.events[0].arn : var.events_queue_arn
  dead_letter_queue_arn = var.create_dead_letter_queue ? aws_sqs_queue.dead_letter[0].arn : var.dead_letter_queue_arn

  # arn:aws:sqs:eu-west-1:111122223333:events is https://sqs.eu-west-1.amazonaws.com/111122223333/events
  events_queue_url = var.create_events_queue ? aws_sqs_queue.events[0].url : try(format(
    "https://sqs.%s.%s/%s/%s", split(":", var.events_queue_arn)[3], data.aws_partition.current.dns_suffix,
    split(":", var.events_queue_arn)[4], split(":", var.events_queue_arn)[5]
  ), null)
  dead_letter_queue_url = var.create_dead_letter_queue ? aws_sqs_queue.dead_letter[0].url : try(format(
    "https://sqs.%s.%s/%s/%s", split(":", var.dead_letter_queue_arn)[3], data.aws_partition.current.dns_suffix,
    split(":", var.dead_letter_queue_arn)[4], split(":", var.dead_letter_queue_arn)[5]
  ), null)

  rule_arns = {
    for name, rule in aws_cloudwatch_event_rule.this : name => rule.arn
  }
  urgent_rule_arns = [for name, arn in local.rule_arns : arn if name == "spot-interruption" && var.create_urgent_queue]
  events_rule_arns = [for name, arn in local.rule_arns : arn if !(name == "spot-interruption" && var.create_urgent_queue)]

  events_queue_statements = concat(
    local.only_over_tls.events,
    length(local.events_rule_arns) == 0 ? [] : [{
      Sid       = "Rules"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = local.events_queue_arn
      Condition = { ArnEquals = { "aws:SourceArn" = local.events_rule_arns } }
    }],
    [for arn in aws_sns_topic.alarms[*].arn : {
      Sid       = "AlarmTopic"
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = local.events_queue_arn
      Condition = { ArnEquals = { "aws:SourceArn" = [arn] } }
    }],
  )
  events_queue_policy = jsonencode({ Version = "2012-10-17", Statement = local.events_queue_statements })

  only_over_tls = {
    for queue, arn in {
      events             = local.events_queue_arn
      dead_letter        = local.dead_letter_queue_arn
      urgent             = one(aws_sqs_queue.urgent[*].arn)
      urgent_dead_letter = one(aws_sqs_queue.urgent_dead_letter[*].arn)
      alerts             = one(aws_sqs_queue.alerts[*].arn)
      alerts_dead_letter = one(aws_sqs_queue.alerts_dead_letter[*].arn)
      } : queue => [{
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "sqs:*"
        Resource  = arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  }
}

resource "aws_sqs_queue" "events" {
  count = var.create_events_queue ? 1 : 0

  name = "${local.name}-events"
  # The steward asks for its own timeout with each receive and puts it off while it works; this is for whoever else looks.
  visibility_timeout_seconds = var.visibility_timeout
  message_retention_seconds  = var.message_retention_seconds
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = var.kms_key_arn == null ? true : null
  kms_master_key_id          = var.kms_key_arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = local.dead_letter_queue_arn
    maxReceiveCount     = var.max_receive_count
  })

  tags = var.tags
}

resource "aws_sqs_queue_policy" "events" {
  count = var.create_events_queue ? 1 : 0

  queue_url = aws_sqs_queue.events[0].url
  policy    = local.events_queue_policy
}

# What cannot be done, with the reason as a message attribute, and what failed too often.
resource "aws_sqs_queue" "dead_letter" {
  count = var.create_dead_letter_queue ? 1 : 0

  name                      = "${local.name}-events-dead"
  message_retention_seconds = var.dead_letter_retention_seconds
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn

  tags = var.tags
}

resource "aws_sqs_queue_policy" "dead_letter" {
  count = var.create_dead_letter_queue ? 1 : 0

  queue_url = aws_sqs_queue.dead_letter[0].url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      local.only_over_tls.dead_letter,
      length(local.rule_arns) == 0 ? [] : [{
        Sid       = "WhatTheRulesCouldNotDeliver"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = local.dead_letter_queue_arn
        Condition = { ArnEquals = { "aws:SourceArn" = values(local.rule_arns) } }
      }],
    )
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead_letter" {
  count = var.create_dead_letter_queue && var.create_events_queue ? 1 : 0

  queue_url = aws_sqs_queue.dead_letter[0].url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.events[0].arn]
  })
}

# The Spot rule's own queue, so that a flood of notices is not in the way of a two-minute notice.
resource "aws_sqs_queue" "urgent" {
  count = var.create_urgent_queue ? 1 : 0

  name                       = "${local.name}-urgent"
  visibility_timeout_seconds = var.visibility_timeout
  message_retention_seconds  = var.message_retention_seconds
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = var.kms_key_arn == null ? true : null
  kms_master_key_id          = var.kms_key_arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.urgent_dead_letter[0].arn
    maxReceiveCount     = var.max_receive_count
  })

  tags = var.tags
}

resource "aws_sqs_queue_policy" "urgent" {
  count = var.create_urgent_queue ? 1 : 0

  queue_url = aws_sqs_queue.urgent[0].url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      local.only_over_tls.urgent,
      length(local.urgent_rule_arns) == 0 ? [] : [{
        Sid       = "Rules"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.urgent[0].arn
        Condition = { ArnEquals = { "aws:SourceArn" = local.urgent_rule_arns } }
      }],
    )
  })
}

resource "aws_sqs_queue" "urgent_dead_letter" {
  count = var.create_urgent_queue ? 1 : 0

  name                      = "${local.name}-urgent-dead"
  message_retention_seconds = var.dead_letter_retention_seconds
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn

  tags = var.tags
}

resource "aws_sqs_queue_policy" "urgent_dead_letter" {
  count = var.create_urgent_queue ? 1 : 0

  queue_url = aws_sqs_queue.urgent_dead_letter[0].url
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.only_over_tls.urgent_dead_letter
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "urgent_dead_letter" {
  count = var.create_urgent_queue ? 1 : 0

  queue_url = aws_sqs_queue.urgent_dead_letter[0].url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.urgent[0].arn]
  })
}

# Alerts on their way to Slack, a message group a channel: replicas pace a channel together, and firing comes before resolved.
resource "aws_sqs_queue" "alerts" {
  count = var.create_alerts_queue ? 1 : 0

  name       = "${local.name}-alerts.fifo"
  fifo_queue = true
  # The steward says which alerts are copies; two with the same words need not be.
  content_based_deduplication = false
  visibility_timeout_seconds  = var.visibility_timeout
  message_retention_seconds   = var.message_retention_seconds
  receive_wait_time_seconds   = 20
  sqs_managed_sse_enabled     = var.kms_key_arn == null ? true : null
  kms_master_key_id           = var.kms_key_arn

  # The dead-letter queue of a FIFO queue must be one too.
  # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.alerts_dead_letter[0].arn
    maxReceiveCount     = var.max_receive_count
  })

  tags = var.tags
}

resource "aws_sqs_queue_policy" "alerts" {
  count = var.create_alerts_queue ? 1 : 0

  queue_url = aws_sqs_queue.alerts[0].url
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.only_over_tls.alerts
  })
}

resource "aws_sqs_queue" "alerts_dead_letter" {
  count = var.create_alerts_queue ? 1 : 0

  name                      = "${local.name}-alerts-dead.fifo"
  fifo_queue                = true
  message_retention_seconds = var.dead_letter_retention_seconds
  sqs_managed_sse_enabled   = var.kms_key_arn == null ? true : null
  kms_master_key_id         = var.kms_key_arn

  tags = var.tags
}

resource "aws_sqs_queue_policy" "alerts_dead_letter" {
  count = var.create_alerts_queue ? 1 : 0

  queue_url = aws_sqs_queue.alerts_dead_letter[0].url
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.only_over_tls.alerts_dead_letter
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "alerts_dead_letter" {
  count = var.create_alerts_queue ? 1 : 0

  queue_url = aws_sqs_queue.alerts_dead_letter[0].url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.alerts[0].arn]
  })
}
