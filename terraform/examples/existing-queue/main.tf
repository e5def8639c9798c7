# A queue that is there already, fed by whom you like, and a container that runs elsewhere: on Kubernetes, on EC2.

provider "aws" {}

data "aws_iam_policy_document" "queue" {
  source_policy_documents = [module.steward.events_queue_policy_json]

  # What else sends to your queue.
  statement {
    sid       = "Ours"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.events.arn]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.notices.arn]
    }
  }
}

resource "aws_sns_topic" "notices" {
  name = "notices"
}

resource "aws_sqs_queue" "events" {
  name = "ops-events"

  redrive_policy = jsonencode({
    deadLetterTargetArn = module.steward.dead_letter_queue_arn
    maxReceiveCount     = 10
  })
}

resource "aws_sqs_queue_policy" "events" {
  queue_url = aws_sqs_queue.events.url
  policy    = data.aws_iam_policy_document.queue.json
}

module "steward" {
  source = "../.."

  create_service = false

  create_events_queue = false
  events_queue_arn    = local.events_queue_arn

  rules              = ["spot-interruption", "stopped-tasks", "service-actions", "deployments"]
  create_alarm_topic = false
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  # By its name, because the queue needs the module's dead-letter queue first.
  events_queue_arn = "arn:${data.aws_partition.current.partition}:sqs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:ops-events"
}

output "environment" {
  description = "What to set in the container, beside the secrets"
  value       = module.steward.environment
}

output "task_policy_arn" {
  description = "What to attach to the container's role"
  value       = module.steward.task_policy_arn
}
