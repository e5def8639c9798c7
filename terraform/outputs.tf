# Events

output "rule_arns" {
  description = "ARNs of the EventBridge rules, by the name of their pattern"
  value       = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.arn }
}

output "rule_names" {
  description = "Names of the EventBridge rules, by the name of their pattern"
  value       = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.name }
}

output "event_patterns" {
  description = "The event patterns of the rules in JSON, by name, narrowed to the clusters"
  value       = local.event_patterns
}

output "heartbeat_rule_arn" {
  description = "ARN of the schedule that sends a heartbeat each minute; null without one"
  value       = one(aws_cloudwatch_event_rule.heartbeat[*].arn)
}

# Queues

output "events_queue_arn" {
  description = "ARN of the events queue"
  value       = local.queue_arns.events
}

output "events_queue_url" {
  description = "URL of the events queue"
  value       = local.events_queue_url
}

output "events_queue_policy_json" {
  description = "The policy of the events queue; if you bring your own queue, add the statements to its policy"
  value       = local.queue_policies.events
}

output "dead_letter_queue_arn" {
  description = "ARN of the dead-letter queue of the events queue"
  value       = local.dead_letter_arns.events
}

output "dead_letter_queue_url" {
  description = "URL of the dead-letter queue of the events queue"
  value       = local.dead_letter_queue_url
}

output "urgent_queue_arn" {
  description = "ARN of the urgent queue; null without one"
  value       = lookup(local.queue_arns, "urgent", null)
}

output "urgent_queue_url" {
  description = "URL of the urgent queue; null without one"
  value       = try(aws_sqs_queue.this["urgent"].url, null)
}

output "urgent_dead_letter_queue_arn" {
  description = "ARN of the dead-letter queue of the urgent queue; null without one"
  value       = lookup(local.dead_letter_arns, "urgent", null)
}

output "alerts_queue_arn" {
  description = "ARN of the FIFO queue of alerts; null without one"
  value       = lookup(local.queue_arns, "alerts", null)
}

output "alerts_queue_url" {
  description = "URL of the FIFO queue of alerts; null without one"
  value       = try(aws_sqs_queue.this["alerts"].url, null)
}

output "alerts_dead_letter_queue_arn" {
  description = "ARN of the FIFO dead-letter queue of alerts; null without one"
  value       = lookup(local.dead_letter_arns, "alerts", null)
}

# Without conditions: which of them these services fill in when they use a key is not documented for all of them, and the
# queues' own policies say already which rules and which topic may send.
output "kms_key_statements_json" {
  description = "Statements for the policy of the KMS key, so that EventBridge, SNS and CloudWatch can send to the encrypted queues and topic; null without a key"
  value = var.kms_key_arn == null ? null : jsonencode([for service in ["cloudwatch", "events", "sns"] : {
    Sid       = "EcsSteward${title(service)}"
    Effect    = "Allow"
    Principal = { Service = "${service}.amazonaws.com" }
    Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
    # In a key's own policy the star is that key.
    Resource = "*"
  }])
}

# Alarms

output "alarm_topic_arn" {
  description = "ARN of the topic that alarms can notify; null without one"
  value       = one(aws_sns_topic.alarms[*].arn)
}

output "alarm_arns" {
  description = "ARNs of all alarms, by name"
  value       = local.alarm_arns
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard; null without one"
  value       = one(aws_cloudwatch_dashboard.steward[*].dashboard_name)
}

# Claims

output "claims_table_arn" {
  description = "ARN of the table of claims; null when claims are in memory"
  value       = local.claims_table_arn
}

output "claims_table_name" {
  description = "Name of the table of claims; null when claims are in memory"
  value       = local.claims_table_arn == null ? null : split("/", local.claims_table_arn)[1]
}

# The service

output "environment" {
  description = "The settings as environment variables, without secrets, for a container that runs elsewhere"
  value       = local.environment
}

output "task_policy_arn" {
  description = "ARN of the policy that Steward needs, wherever it runs"
  value       = aws_iam_policy.task.arn
}

output "task_policy_json" {
  description = "The policy that Steward needs, as JSON"
  value       = aws_iam_policy.task.policy
}

output "task_role_arn" {
  description = "ARN of the task role; null without the service"
  value       = one(aws_iam_role.task[*].arn)
}

output "task_role_name" {
  description = "Name of the task role; null without the service"
  value       = one(aws_iam_role.task[*].name)
}

output "task_role_unique_id" {
  description = "Unique ID of the task role; null without the service"
  value       = one(aws_iam_role.task[*].unique_id)
}

output "execution_role_arn" {
  description = "ARN of the execution role; null without the service"
  value       = one(aws_iam_role.execution[*].arn)
}

output "execution_role_name" {
  description = "Name of the execution role; null without the service"
  value       = one(aws_iam_role.execution[*].name)
}

output "task_definition_arn" {
  description = "ARN of the task definition; null without the service"
  value       = one(aws_ecs_task_definition.steward[*].arn)
}

output "service_arn" {
  description = "ARN of the service; null without the service"
  value       = one(aws_ecs_service.steward[*].id)
}

output "service_name" {
  description = "Name of the service; null without the service"
  value       = one(aws_ecs_service.steward[*].name)
}

output "security_group_id" {
  description = "ID of the created security group; null without one"
  value       = one(aws_security_group.steward[*].id)
}

output "log_group_arn" {
  description = "ARN of the log group; null without the service"
  value       = one(aws_cloudwatch_log_group.steward[*].arn)
}

output "log_group_name" {
  description = "Name of the log group; null without the service"
  value       = one(aws_cloudwatch_log_group.steward[*].name)
}
