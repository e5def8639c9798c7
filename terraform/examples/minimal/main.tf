# As little as it takes: a cluster to run in, a network, an image, and where Slack's webhook is kept.

provider "aws" {}

variable "image" {
  description = "The container image"
  type        = string
}

variable "service_cluster_arn" {
  description = "ARN of the cluster that Steward runs in"
  type        = string
}

variable "subnet_ids" {
  description = "Subnets with a way out to AWS and Slack"
  type        = list(string)
}

variable "slack_webhook_secret_arn" {
  description = "ARN of the secret that holds the webhook"
  type        = string
}

variable "ecr_repository_arns" {
  description = "ARNs of the ECR repositories that the image comes from"
  type        = list(string)
  default     = []
}

variable "assign_public_ip" {
  description = "Whether tasks get a public address: in public subnets without a NAT gateway"
  type        = bool
  default     = false
}

variable "architecture" {
  description = "The CPU that the image is built for: ARM64 or X86_64"
  type        = string
  default     = "ARM64"
}

variable "dry_run" {
  description = "Whether to change and post nothing, and say in the log what would be done"
  type        = bool
  default     = false
}

module "steward" {
  source = "../.."

  image                    = var.image
  ecr_repository_arns      = var.ecr_repository_arns
  service_cluster_arn      = var.service_cluster_arn
  subnet_ids               = var.subnet_ids
  assign_public_ip         = var.assign_public_ip
  architecture             = var.architecture
  dry_run                  = var.dry_run
  slack_webhook_secret_arn = var.slack_webhook_secret_arn
}

output "events_queue_url" {
  description = "URL of the queue to send events to"
  value       = module.steward.events_queue_url
}

output "log_group_name" {
  description = "Name of Steward's log group"
  value       = module.steward.log_group_name
}
