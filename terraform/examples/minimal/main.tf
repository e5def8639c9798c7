# As little as it takes: a cluster to run in, a network, an image, and where Slack's webhook is kept.

provider "aws" {}

variable "image" {
  description = "The container image"
  type        = string
}

variable "service_cluster_arn" {
  description = "ARN of the cluster that the steward runs in"
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

module "steward" {
  source = "../.."

  image                    = var.image
  ecr_repository_arns      = var.ecr_repository_arns
  service_cluster_arn      = var.service_cluster_arn
  subnet_ids               = var.subnet_ids
  slack_webhook_secret_arn = var.slack_webhook_secret_arn
}

output "log_group_name" {
  description = "Where the steward logs"
  value       = module.steward.log_group_name
}
