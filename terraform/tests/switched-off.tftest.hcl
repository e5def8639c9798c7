# What is not made when it is switched off, and what stands in for it.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  create_service = false
}

run "no_service" {
  assert {
    condition = (
      length(aws_ecs_service.steward) + length(aws_ecs_task_definition.steward) + length(aws_iam_role.task) + length(aws_iam_role.execution)
      + length(aws_cloudwatch_log_group.steward) + length(aws_security_group.steward) + length(aws_appautoscaling_target.steward)
      + length(aws_cloudwatch_metric_alarm.no_task) == 0
    )
    error_message = "Something of the service is made although there is none."
  }

  assert {
    condition     = output.environment.STEWARD_EVENTS_QUEUE_URL == aws_sqs_queue.this["events"].url && output.task_policy_arn == aws_iam_policy.task.arn && output.service_name == null
    error_message = "Whoever runs the container elsewhere is not told with what."
  }
}

run "existing_queues" {
  variables {
    create_events_queue      = false
    events_queue_arn         = "arn:aws:sqs:eu-west-1:111122223333:ops-events"
    create_dead_letter_queue = false
    dead_letter_queue_arn    = "arn:aws:sqs:eu-west-1:111122223333:ops-dead"
    create_alerts_queue      = false
    create_alarm_topic       = false
    rules                    = ["spot-interruption", "alarms"]
  }

  assert {
    condition     = length(aws_sqs_queue.this) + length(aws_sqs_queue.dead_letters) + length(aws_sqs_queue_policy.this) + length(aws_sqs_queue_redrive_allow_policy.dead_letters) == 0
    error_message = "A queue or its policy is made beside the one that is there."
  }

  assert {
    condition = (
      output.environment.STEWARD_EVENTS_QUEUE_URL == "https://sqs.eu-west-1.amazonaws.com/111122223333/ops-events"
      && output.environment.STEWARD_DEAD_LETTER_QUEUE_URL == "https://sqs.eu-west-1.amazonaws.com/111122223333/ops-dead"
      && !contains(keys(output.environment), "STEWARD_ALERTS_QUEUE_URL")
    )
    error_message = "The steward does not read the queue that is there."
  }

  assert {
    condition     = keys(aws_cloudwatch_event_rule.this) == ["alarms", "spot-interruption"] && alltrue([for target in aws_cloudwatch_event_target.this : target.arn == var.events_queue_arn && target.dead_letter_config[0].arn == var.dead_letter_queue_arn])
    error_message = "The rules are not those asked for, or do not deliver to the queue that is there."
  }

  assert {
    condition     = [for s in jsondecode(output.events_queue_policy_json).Statement : s.Sid] == ["OnlyOverTls", "Rules"]
    error_message = "The policy for the queue that is there leaves the rules out, or lets a topic send that is not there."
  }

  assert {
    condition     = toset(flatten([for s in jsondecode(aws_iam_policy.task.policy).Statement : s.Resource if startswith(s.Sid, "Send")])) == toset([var.events_queue_arn, var.dead_letter_queue_arn])
    error_message = "The steward may not send to the queues that are there."
  }
}

run "no_rules" {
  variables {
    rules                 = []
    create_alarm_topic    = false
    create_steward_alarms = false
    create_heartbeat      = false
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.this) + length(aws_cloudwatch_event_rule.heartbeat) == 0 && length(aws_sns_topic.alarms) == 0 && length(output.alarm_arns) == 0
    error_message = "Rules, a topic or alarms are made although they are switched off."
  }

  assert {
    condition     = [for s in jsondecode(aws_sqs_queue_policy.this["events"].policy).Statement : s.Effect] == ["Deny"]
    error_message = "Somebody may send to a queue that nobody delivers to."
  }
}

run "claims_in_memory" {
  variables {
    create_claims_table = false
    tasks_max           = 1
  }

  assert {
    condition = (
      output.environment.STEWARD_CLAIMS == "memory" && output.claims_table_arn == null
      && length([for s in jsondecode(aws_iam_policy.task.policy).Statement : s if s.Sid == "Claims"]) == 0
    )
    error_message = "Claims are not in memory, or the steward may use a table that is not there."
  }
}

run "claims_in_an_existing_table" {
  variables {
    create_claims_table = false
    claims_table_arn    = "arn:aws:dynamodb:eu-west-1:111122223333:table/claims"
  }

  assert {
    condition = (
      output.environment.STEWARD_CLAIMS == "dynamodb:arn:aws:dynamodb:eu-west-1:111122223333:table/claims" && output.claims_table_name == "claims"
      && [for s in jsondecode(aws_iam_policy.task.policy).Statement : s.Resource if s.Sid == "Claims"] == [[var.claims_table_arn]]
    )
    error_message = "Claims are not in the table that is there."
  }
}

run "dry_run" {
  variables {
    dry_run = true
  }

  assert {
    condition = (
      output.environment.STEWARD_DRY_RUN == "true"
      && !contains(flatten([for s in jsondecode(aws_iam_policy.task.policy).Statement : s.Action]), "ecs:UpdateService")
    )
    error_message = "A dry run may update services."
  }
}

run "heartbeat_without_alarm" {
  variables {
    create_steward_alarms = false
  }

  assert {
    condition     = length(aws_cloudwatch_event_rule.heartbeat) == 1 && length(aws_cloudwatch_metric_alarm.heartbeat) == 0
    error_message = "An alarm is made although they are switched off, or the heartbeat is switched off with it."
  }
}

run "dashboard_without_alarms" {
  variables {
    create_steward_alarms = false
    create_dashboard      = true
  }

  assert {
    condition     = toset([for widget in jsondecode(aws_cloudwatch_dashboard.steward[0].dashboard_body).widgets : widget.type]) == toset(["metric"])
    error_message = "The dashboard shows alarms that are not there, which CloudWatch refuses."
  }

  assert {
    condition     = !strcontains(aws_cloudwatch_dashboard.steward[0].dashboard_body, "AWS/ECS")
    error_message = "The dashboard shows a service that is not there."
  }
}

run "no_management_port" {
  variables {
    create_service           = true
    image                    = "registry.example.com/ecs-steward:1"
    service_cluster_arn      = "arn:aws:ecs:eu-west-1:111122223333:cluster/tools"
    subnet_ids               = ["subnet-1"]
    slack_webhook_secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf"
    management_port          = 0
  }

  assert {
    condition     = length(setintersection(keys(jsondecode(aws_ecs_task_definition.steward[0].container_definitions)[0]), ["healthCheck", "portMappings"])) == 0
    error_message = "A port is asked for its health that is not open."
  }
}
