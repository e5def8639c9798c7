# What is refused before anything is made. Each run gives each of its variables a value that one of its validations refuses.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  create_service = false
}

run "mistyped" {
  command = plan

  variables {
    name                      = "ECS Steward"
    name_prefix               = "prod-environment-of-ours"
    clusters                  = ["prod"]
    rules                     = ["spot"]
    rule_state                = "enabled"
    rule_names                = { alarms = "all alarms" }
    extra_patterns            = { orders = "{" }
    max_receive_count         = 3
    visibility_timeout        = 5
    message_retention_seconds = 60
    kms_key_arn               = "alias/queues"
    alarm_topic_publishers    = ["backup"]
    alarm_missing_data        = "notbreaching"
    alarm_actions             = ["paging"]
    events_age_threshold      = 1
    urgent_age_threshold      = 1
    alerts_age_threshold      = 1
    ecr_repository_arns       = ["ecs-steward"]
    service_cluster_arn       = "tools"
    architecture              = "arm64"
    cpu                       = 300
    backlog_per_task          = 0
    user                      = "root"
    management_port           = 80
    health_check_start_period = 600
    health_check_command      = ["java"]
    heartbeat_minutes         = 1
    log_level                 = "TRACE"
    log_retention_days        = 15
    slack_channels            = ["#ops"]
    slack_operators           = ["@alex"]
    drain_hosts               = "always"
    spot_policy               = "always"
    spot_policies             = ["prod/web"]
    spot_failover_after       = "soon"
    spot_calm_time            = "30"
    spot_sweep                = "1w"
    lifecycle_hooks           = ["drain me"]
    agent_drain_after         = "15"
    alerts_topic_arn          = "alerts"
    one_per_instance_services = ["prod/web/agent"]
    consumers                 = 0
    shutdown_timeout          = 120
    settings                  = { "steward.agent.grace-period" = "1" }
    slack_webhooks_secret_arn = "oncall=https://hooks.slack.com/services/T/B/X"
    slack_webhook_secret_arn  = "https://hooks.slack.com/services/T/B/X"
    tasks_min                 = 3
  }

  expect_failures = [
    var.name, var.name_prefix, var.clusters, var.rules, var.rule_state, var.rule_names, var.extra_patterns, var.max_receive_count,
    var.visibility_timeout, var.message_retention_seconds, var.kms_key_arn, var.alarm_topic_publishers, var.alarm_missing_data,
    var.alarm_actions, var.events_age_threshold, var.urgent_age_threshold, var.alerts_age_threshold, var.ecr_repository_arns,
    var.service_cluster_arn, var.architecture, var.cpu, var.backlog_per_task, var.user, var.health_check_command, var.management_port, var.health_check_start_period, var.heartbeat_minutes,
    var.log_level, var.log_retention_days, var.slack_channels, var.slack_operators, var.alerts_topic_arn, var.one_per_instance_services, var.consumers,
    var.shutdown_timeout, var.settings, var.slack_webhooks_secret_arn, var.slack_webhook_secret_arn,
    var.tasks_min, var.drain_hosts, var.spot_policy, var.spot_policies, var.spot_failover_after, var.spot_calm_time, var.spot_sweep, var.lifecycle_hooks, var.agent_drain_after,
  ]
}

run "failover_that_is_asked_for_and_forbidden" {
  command = plan

  variables {
    spot_policies = ["prod/web=failover"]
    spot_failover = false
  }

  expect_failures = [var.spot_failover]
}

run "a_service_without_what_it_needs" {
  command = plan

  variables {
    create_service = true
  }

  expect_failures = [var.image, var.service_cluster_arn, var.subnet_ids, var.slack_token_secret_arn]
}

run "numbers_that_do_not_go_together" {
  command = plan

  variables {
    cpu                           = 512
    memory                        = 512
    dead_letter_retention_seconds = 345600
    slack_token_secret_arn        = "xoxb-1"
    slack_channel                 = "#ops"
  }

  expect_failures = [var.memory, var.dead_letter_retention_seconds, var.slack_token_secret_arn]
}

run "an_image_in_ecr_without_permission" {
  command = plan

  variables {
    create_service           = true
    image                    = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecs-steward:1"
    service_cluster_arn      = "arn:aws:ecs:eu-west-1:111122223333:cluster/tools"
    subnet_ids               = ["subnet-1"]
    slack_webhook_secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf"
  }

  expect_failures = [var.ecr_repository_arns]
}

run "missing_parts" {
  command = plan

  variables {
    create_events_queue      = false
    create_dead_letter_queue = false
    create_claims_table      = false
  }

  expect_failures = [var.events_queue_arn, var.dead_letter_queue_arn, var.tasks_max]
}

run "parts_that_nobody_uses" {
  command = plan

  variables {
    events_queue_arn      = "arn:aws:sqs:eu-west-1:111122223333:events"
    dead_letter_queue_arn = "arn:aws:sqs:eu-west-1:111122223333:dead"
    claims_table_arn      = "arn:aws:dynamodb:eu-west-1:111122223333:table/claims"
  }

  expect_failures = [var.events_queue_arn, var.dead_letter_queue_arn, var.claims_table_arn]
}

run "fifo_queues_and_no_table" {
  command = plan

  variables {
    create_events_queue      = false
    events_queue_arn         = "arn:aws:sqs:eu-west-1:111122223333:events.fifo"
    create_dead_letter_queue = false
    dead_letter_queue_arn    = "arn:aws:sqs:eu-west-1:111122223333:dead.fifo"
    create_claims_table      = false
    claims_table_arn         = "claims"
  }

  expect_failures = [var.events_queue_arn, var.dead_letter_queue_arn, var.claims_table_arn]
}

run "token_and_webhook" {
  command = plan

  variables {
    slack_webhook_secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hook-AbCdEf"
    slack_token_secret_arn   = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:token-AbCdEf"
    slack_channel            = "#ops"
    extra_patterns           = { alarms = "{}" }
  }

  expect_failures = [var.slack_token_secret_arn, var.extra_patterns]
}

run "buttons_without_a_bot" {
  command = plan

  variables {
    slack_webhook_secret_arn   = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hook-AbCdEf"
    slack_app_token_secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:app-AbCdEf"
  }

  expect_failures = [var.slack_app_token_secret_arn]
}

run "an_app_token_itself" {
  command = plan

  variables {
    slack_token_secret_arn     = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:token-AbCdEf"
    slack_app_token_secret_arn = "xapp-1"
    slack_channel              = "#ops"
  }

  expect_failures = [var.slack_app_token_secret_arn]
}

run "a_secret_in_settings" {
  command = plan

  variables {
    settings         = { STEWARD_SLACK_TOKEN_SECRET = "xoxb-1" }
    read_secret_arns = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf"]
  }

  expect_failures = [var.settings]
}

run "a_secret_beside_a_reference" {
  command = plan

  variables {
    settings         = { STEWARD_SLACK_WEBHOOKS_SECRET = "oncall={{aws:slack}},web=https://hooks.slack.com/services/T/B/X" }
    read_secret_arns = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf"]
  }

  expect_failures = [var.settings]
}

run "a_reference_that_may_not_be_read" {
  command = plan

  variables {
    settings = { STEWARD_SLACK_WEBHOOK_SECRET = "{{aws:slack}}" }
  }

  expect_failures = [var.settings]
}

run "headers_with_a_key" {
  command = plan

  variables {
    settings = { OTEL_EXPORTER_OTLP_HEADERS = "api-key=hush" }
  }

  expect_failures = [var.settings]
}

run "secrets_that_the_steward_reads_and_traces" {
  command = plan

  variables {
    create_service      = true
    image               = "ghcr.io/example/ecs-steward:1"
    service_cluster_arn = "arn:aws:ecs:eu-west-1:111122223333:cluster/tools"
    subnet_ids          = ["subnet-1"]
    secrets_kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/5678abcd-12ab-34cd-56ef-1234567890ab"
    read_secret_arns    = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf"]
    settings = {
      STEWARD_SLACK_WEBHOOKS_SECRET = "oncall={{aws:slack#oncall}}, web={{aws:slack#web}}"
      OTEL_EXPORTER_OTLP_ENDPOINT   = "https://otel.example.com"
    }
  }

  assert {
    condition = { for s in local.task_statements : s.Sid => s.Resource if startswith(s.Sid, "ReadSecrets") } == {
      ReadSecrets = var.read_secret_arns, ReadSecretsKey = [var.secrets_kms_key_arn]
    }
    error_message = "The steward may not read the secret, or not use its key."
  }
}

run "a_token_without_a_channel" {
  command = plan

  variables {
    slack_token_secret_arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:token-AbCdEf"
  }

  expect_failures = [var.slack_token_secret_arn]
}

run "arns_for_alarms" {
  command = plan

  variables {
    alarm_targets = [{ cluster = "arn:aws:ecs:eu-west-1:111122223333:cluster/prod" }]
  }

  expect_failures = [var.alarm_targets]
}

run "thresholds_out_of_bounds" {
  command = plan

  variables {
    alarm_targets = [{ cluster = "prod", cpu_threshold = -1 }]
  }

  expect_failures = [var.alarm_targets]
}

run "an_alarm_target_twice" {
  command = plan

  variables {
    alarm_targets = [{ cluster = "prod" }, { cluster = "prod", cpu_threshold = 90 }]
  }

  expect_failures = [var.alarm_targets]
}

run "a_rule_with_too_long_a_name" {
  command = plan

  variables {
    name           = "ecs-steward-of-all-our-clusters"
    extra_patterns = { a-pattern-with-a-name-that-is-far-too-long-for-it = "{\"source\": [\"shop.orders\"]}" }
  }

  expect_failures = [aws_cloudwatch_event_rule.this]
}

run "more_clusters_than_a_pattern_holds" {
  command = plan

  variables {
    clusters = [for i in range(40) : "arn:aws:ecs:eu-west-1:111122223333:cluster/cluster-number-${i}"]
  }

  expect_failures = [check.pattern_size]
}
