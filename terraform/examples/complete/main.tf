# Everything enabled: two clusters, alarms for both, an urgent queue for Spot interruptions, and your own key.

provider "aws" {}

variable "image" {
  description = "The container image"
  type        = string
}

variable "subnet_ids" {
  description = "Subnets with a way out to AWS and Slack"
  type        = list(string)
}

variable "slack_token_secret_arn" {
  description = "ARN of the secret that holds the bot token"
  type        = string
}

variable "ecr_repository_arns" {
  description = "ARNs of the ECR repositories that the image comes from"
  type        = list(string)
  default     = []
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  arn = "arn:${data.aws_partition.current.partition}:%s:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:%s"
}

resource "aws_ecs_cluster" "tools" {
  name = "tools"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "tools" {
  cluster_name       = aws_ecs_cluster.tools.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

# The person to page if Steward itself is down.
resource "aws_sns_topic" "paging" {
  name = "paging"
}

resource "aws_kms_key" "queues" {
  description         = "ECS Steward's queues"
  enable_key_rotation = true
}

resource "aws_kms_key_policy" "queues" {
  key_id = aws_kms_key.queues.key_id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      }],
      jsondecode(module.steward.kms_key_statements_json),
    )
  })
}

module "steward" {
  source = "../.."

  name_prefix = "prod"

  clusters = [
    format(local.arn, "ecs", "cluster/prod"),
    format(local.arn, "ecs", "cluster/batch"),
  ]
  service_events_info = true
  extra_patterns = {
    order-imports = jsonencode({
      source      = ["shop.orders"]
      detail-type = ["Order Import Failed"]
    })
  }

  create_urgent_queue = true
  kms_key_arn         = aws_kms_key.queues.arn

  alarm_targets = [
    { cluster = "prod", on_instances = true },
    { cluster = "prod", service = "web", cpu_threshold = 70 },
    { cluster = "batch", memory_threshold = 90, disk_threshold = 85 },
  ]
  create_dashboard       = true
  alarm_actions          = [aws_sns_topic.paging.arn]
  alarm_topic_publishers = ["backup.amazonaws.com"]

  image               = var.image
  ecr_repository_arns = var.ecr_repository_arns
  service_cluster_arn = format(local.arn, "ecs", "cluster/${aws_ecs_cluster_capacity_providers.tools.cluster_name}")
  container_insights  = true
  spot                = true
  subnet_ids          = var.subnet_ids
  tasks_min           = 1
  tasks_max           = 4

  slack_token_secret_arn    = var.slack_token_secret_arn
  slack_channel             = "#ops"
  slack_channels            = ["service:prod/web=#web", "severity:critical=#oncall"]
  one_per_instance_services = ["prod/logging-agent"]
  settings                  = { STEWARD_AGENT_GRACE_PERIOD = "120" }

  log_level          = "DEBUG"
  log_retention_days = 30

  tags = {
    Environment = "production"
    Team        = "platform"
  }
}

output "steward" {
  description = "All that the module says"
  value       = module.steward
}
