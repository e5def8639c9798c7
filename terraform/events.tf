# EventBridge: one rule for each pattern. The patterns match what the routes want, without the routine events that Steward
# would ignore, so that nobody pays for these. JUnit tests match them against the samples.

locals {
  pattern_files = merge(
    { for file in fileset("${path.module}/patterns", "*.json") : trimsuffix(file, ".json") => "patterns/${file}" },
    var.service_events_info ? { for file in fileset("${path.module}/patterns/opt-in", "*.json") : trimsuffix(file, ".json") => "patterns/opt-in/${file}" } : {},
  )

  patterns = merge(
    {
      for name, file in local.pattern_files : name => jsondecode(file("${path.module}/${file}"))
      if var.rules == null ? true : contains(var.rules, trimsuffix(name, "-info"))
    },
    local.host_patterns,
    local.failover_patterns,
    { for name, pattern in var.extra_patterns : name => jsondecode(pattern) },
  )

  # Events of services that do not name a cluster; only if hosts are to be drained.
  host_patterns = merge(
    var.drain_hosts == "none" ? {} : {
      spot-hosts = merge(
        jsondecode(file("${path.module}/patterns/hosts/spot-hosts.json")),
        var.drain_hosts == "rebalance-recommendation" ? {} : { detail-type = ["EC2 Spot Instance Interruption Warning"] },
      )
    },
    # Wildcards in hook names work differently in patterns, so Steward matches them; hosts do not terminate every second.
    length(var.lifecycle_hooks) == 0 ? {} : {
      lifecycle-actions = jsondecode(file("${path.module}/patterns/hosts/lifecycle-actions.json"))
    },
  )

  # The rules for service actions and stopped tasks match these too. A copy goes to the urgent queue, because the Spot shortage they
  # report floods the other queue with tasks that stop and start; whichever comes second is dropped as a duplicate.
  failover_patterns = {
    for name in ["spot-capacity", "spot-starts"] : name => jsondecode(file("${path.module}/patterns/failover/${name}.json"))
    if local.fails_over && var.create_urgent_queue
  }

  # Where an event carries its cluster. Deployment state changes have no clusterArn, only their service's ARN.
  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
  in_clusters = {
    "ECS Task State Change"                = { detail = { clusterArn = var.clusters } }
    "ECS Container Instance State Change"  = { detail = { clusterArn = var.clusters } }
    "ECS Container Instance Health Change" = { detail = { clusterArn = var.clusters } }
    "ECS Service Action"                   = { detail = { clusterArn = var.clusters } }
    "ECS Hook State Change"                = { detail = { clusterArn = var.clusters } }
    "ECS Daemon Service Action"            = { detail = { clusterArn = var.clusters } }
    # Of types that are not known yet: those that carry no cluster may be about any.
    other-ecs-events = { detail = { clusterArn = concat(var.clusters, [{ exists = false }]) } }
    "ECS Deployment State Change" = {
      detail    = {}
      resources = [for arn in var.clusters : { prefix = "${replace(arn, ":cluster/", ":service/")}/" }]
    }
  }

  # Only our own patterns are narrowed: what somebody adds is said in full by them.
  narrowing = {
    for name, pattern in local.patterns : name => try(local.in_clusters[pattern["detail-type"][0]], local.in_clusters[name], {})
    if length(var.clusters) > 0 && !contains(keys(var.extra_patterns), name)
  }

  # JSON, because one conditional cannot have objects of different shapes.
  event_patterns = {
    for name, pattern in local.patterns : name => jsonencode(merge(
      pattern,
      try(local.narrowing[name], {}),
      try({ detail = merge(try(pattern.detail, {}), local.narrowing[name].detail) }, {}),
    ))
  }

  targets = {
    for name in keys(local.patterns) : name => contains(concat(["spot-interruption", "spot-hosts"], keys(local.failover_patterns)), name) && var.create_urgent_queue ? "urgent" : "events"
  }
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.event_patterns

  name          = lookup(var.rule_names, each.key, join("-", compact([local.name, each.key])))
  description   = "Sends to ECS Steward: ${replace(each.key, "-", " ")}"
  event_pattern = each.value
  state         = var.rule_state

  tags = var.tags

  lifecycle {
    precondition {
      condition     = length(lookup(var.rule_names, each.key, "${local.name}-${each.key}")) <= 64
      error_message = "The rule for ${each.key} would have a name of more than 64 characters, the most that EventBridge takes; choose a shorter name or name_prefix, or name the rule in rule_names."
    }
  }
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.event_patterns

  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = "steward"
  arn       = local.queue_arns[local.targets[each.key]]

  # What EventBridge cannot deliver, because somebody broke the queue's policy or its key's, waits where it is noticed.
  dead_letter_config {
    arn = local.dead_letter_arns.events
  }

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 185
  }
}

# A warning and no error, because the quota can be raised.
check "pattern_size" {
  assert {
    condition     = alltrue([for pattern in values(local.event_patterns) : length(pattern) <= 2048])
    error_message = "With so many clusters the event patterns of ${join(", ", [for name, pattern in local.event_patterns : name if length(pattern) > 2048])} are longer than 2,048 characters, EventBridge's default quota; name fewer clusters, name none, or have the quota raised: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"
  }
}
