# The other way in for alarms: a topic to name in an alarm's actions, also in stacks that have no EventBridge rule. An alarm
# that comes both ways causes one alert, because both copies have the same identity.

locals {
  alarm_topic_publishers = toset(concat(["cloudwatch.amazonaws.com"], var.alarm_topic_publishers))
}

resource "aws_sns_topic" "alarms" {
  count = var.create_alarm_topic ? 1 : 0

  name = "${local.name}-alarms"
  # AWS's own key, alias/aws/sns, would not do: CloudWatch may not use it.
  # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
  kms_master_key_id = var.kms_key_arn

  tags = var.tags
}

resource "aws_sns_topic_policy" "alarms" {
  count = var.create_alarm_topic ? 1 : 0

  arn = aws_sns_topic.alarms[0].arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for service in sort(local.alarm_topic_publishers) : {
        Sid       = join("", [for word in split("-", split(".", service)[0]) : title(word)])
        Effect    = "Allow"
        Principal = { Service = service }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.alarms[0].arn
        # Otherwise an alarm in anybody's account could publish here.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
        Condition = merge(
          { StringEquals = { "aws:SourceAccount" = local.account } },
          service == "cloudwatch.amazonaws.com" ? {
            ArnLike = { "aws:SourceArn" = "arn:${local.partition}:cloudwatch:${local.region}:${local.account}:alarm:*" }
          } : null,
        )
      }
    ]
  })
}

# With the envelope, not raw: the subject and the message attributes are in it.
resource "aws_sns_topic_subscription" "alarms" {
  count = var.create_alarm_topic ? 1 : 0

  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "sqs"
  endpoint  = local.queue_arns.events

  depends_on = [aws_sqs_queue_policy.this]
}
