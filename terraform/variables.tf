# Names

variable "name" {
  description = "Base name of all resources"
  type        = string
  default     = "ecs-steward"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "name is the first part of every name; set 2 to 31 lower-case letters, digits and hyphens that begin with a letter: ecs-steward."
  }
}

variable "name_prefix" {
  description = "Prefix for all names, to run several instances in one account and region: prod, staging"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([a-z][a-z0-9-]{0,15})?$", var.name_prefix))
    error_message = "name_prefix comes before the name; set up to 16 lower-case letters, digits and hyphens that begin with a letter, or nothing: prod."
  }
}

variable "tags" {
  description = "Tags for all resources that support them"
  type        = map(string)
  default     = {}
}

# Events

variable "clusters" {
  description = "ARNs of the clusters to handle: only their events are received, and only their services may be updated. Empty: all clusters of this account and region"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.clusters : can(regex("^arn:[\\w-]+:ecs:[\\w-]+:\\d{12}:cluster/[\\w-]+$", arn))])
    error_message = "clusters takes ARNs, as in events; set arn:aws:ecs:eu-west-1:111122223333:cluster/prod or similar."
  }
}

variable "rules" {
  description = "Which of the files in patterns/ get a rule, without .json: [\"spot-interruption\", \"alarms\"]. Null: all. An empty list: none, for a queue that already receives events"
  type        = set(string)
  default     = null

  validation {
    condition     = alltrue([for name in coalesce(var.rules, []) : fileexists("${path.module}/patterns/${name}.json")])
    error_message = "rules names files in patterns/ without .json; set some of ${join(", ", [for file in fileset("${path.module}/patterns", "*.json") : trimsuffix(file, ".json")])}, and put your own patterns into extra_patterns."
  }
}

variable "rule_state" {
  description = "State of the rules: ENABLED or DISABLED"
  type        = string
  default     = "ENABLED"

  validation {
    condition     = contains(["ENABLED", "DISABLED"], var.rule_state)
    error_message = "rule_state is a state of an EventBridge rule; set ENABLED or DISABLED."
  }
}

variable "rule_names" {
  description = "Custom names for rules, by the name of their pattern: { spot-interruption = \"custom-spot-rule\" }"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in values(var.rule_names) : can(regex("^[\\w.-]{1,64}$", name))])
    error_message = "rule_names gives rules their names; set 1 to 64 letters, digits, dots, hyphens and underscores."
  }
}

variable "extra_patterns" {
  description = "Additional rules, by name, each an event pattern in JSON: { orders = jsonencode({ source = [\"shop.orders\"] }) }. They are not narrowed to the clusters"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for pattern in values(var.extra_patterns) : can(keys(jsondecode(pattern)))])
    error_message = "extra_patterns takes event patterns as JSON objects; set jsonencode({ source = [\"shop.orders\"] }) or similar."
  }

  validation {
    condition     = alltrue([for name in keys(var.extra_patterns) : can(regex("^[a-z][a-z0-9-]*$", name)) && !fileexists("${path.module}/patterns/${name}.json")])
    error_message = "extra_patterns names its rules; set lower-case names with hyphens that no file in patterns/ has."
  }
}

variable "service_events_info" {
  description = "Whether to also receive and post steady states, and deployments that begin or complete"
  type        = bool
  default     = false
}

variable "drain_hosts" {
  description = "When to set a container instance to DRAINING; creates the EC2 event rules and the permissions: none; spot-interruption, when EC2 interrupts its Spot Instance; rebalance-recommendation, also when EC2 only recommends a rebalance"
  type        = string
  default     = "none"

  validation {
    condition     = contains(["none", "spot-interruption", "rebalance-recommendation"], var.drain_hosts)
    error_message = "drain_hosts is \"${var.drain_hosts}\"; set none, spot-interruption or rebalance-recommendation."
  }
}

variable "spot_policy" {
  description = "What to do about Fargate Spot interruptions: redeploy (the default), observe, or failover, which moves a service to on-demand while Spot has no capacity for it. A service's tag ecs-steward:spot overrides it"
  type        = string
  default     = null

  validation {
    condition     = var.spot_policy == null ? true : contains(["redeploy", "observe", "failover"], var.spot_policy)
    error_message = "spot_policy says what to do about Spot interruptions; set redeploy, observe or failover."
  }
}

variable "spot_policies" {
  description = "The same for single services; the first match wins: [\"prod/batch-*=observe\", \"prod/web=failover\"]"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for policy in var.spot_policies : can(regex("^[^=,]+=(redeploy|observe|failover)$", policy))])
    error_message = "spot_policies takes a service's name, or cluster/name, and a policy; set prod/web=failover or similar."
  }
}

variable "spot_failover" {
  description = "Whether Steward gets the permissions to move services to on-demand and back. Null: if spot_policy or spot_policies says failover. True: also if only a service's tag ecs-steward:spot says so, or somebody asks in Slack. When you take failover out of the policies, keep this true until capacity list is empty: without it no service that is on-demand can go back"
  type        = bool
  default     = null

  validation {
    condition     = var.spot_failover == false ? !local.failover_in_policies : true
    error_message = "spot_failover = false forbids what spot_policy or spot_policies asks for; omit it, or remove failover from them."
  }
}

variable "spot_failover_after" {
  description = "How long a service may be short of tasks after a Spot interruption before it moves to on-demand: 10m. Null: 5 minutes"
  type        = string
  default     = null

  validation {
    condition     = var.spot_failover_after == null ? true : can(regex("^[1-9][0-9]*[smh]$", var.spot_failover_after))
    error_message = "spot_failover_after is a duration; set 90s, 5m or similar."
  }
}

variable "spot_calm_time" {
  description = "How long a service stays on-demand before it tries Spot again; doubles, up to 8 hours, each time Spot fails soon after: 1h. Null: 30 minutes"
  type        = string
  default     = null

  validation {
    condition     = var.spot_calm_time == null ? true : can(regex("^[1-9][0-9]*[smh]$", var.spot_calm_time))
    error_message = "spot_calm_time is a duration; set 30m, 2h or similar."
  }
}

variable "spot_sweep" {
  description = "How often Steward searches for services that were moved to on-demand and forgotten: 30m, 1d; 0s for never. Null: every hour, if services may be moved"
  type        = string
  default     = null

  validation {
    condition     = var.spot_sweep == null ? true : can(regex("^([0-9]{1,9}[smhd])+$", var.spot_sweep))
    error_message = "spot_sweep is a duration; set 1h or similar, or 0s for never."
  }
}

variable "lifecycle_hooks" {
  description = "Names of Auto Scaling lifecycle hooks, with * as a wildcard, to complete once the instance's tasks have moved; creates the event rule and the permissions. Name only hooks that nothing else completes"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.lifecycle_hooks : can(regex("^[\\w/*-]*[\\w/-][\\w/*-]*$", name))])
    error_message = "lifecycle_hooks takes the names of hooks, with *, but not * alone; set [\"drain-*\"] or similar."
  }
}

variable "agent_drain_after" {
  description = "How long an ECS agent has to stay disconnected before its container instance is set to DRAINING: 15m. Null: never"
  type        = string
  default     = null

  validation {
    condition     = var.agent_drain_after == null ? true : can(regex("^([1-9][0-9]*[smhd])+$", var.agent_drain_after))
    error_message = "agent_drain_after takes a duration; set 15m and the like, or null."
  }
}

variable "detail_logs" {
  description = "Whether to reply in an incident's thread with the last lines that a stopped task logged to CloudWatch Logs, and allow reading them. Everyone in the Slack channel can read what your applications log"
  type        = bool
  default     = false
}

variable "detail_graphs" {
  description = "Whether to reply in an incident's thread with the graph of an alarm, and allow drawing it. The Slack app needs the scope files:write"
  type        = bool
  default     = false
}

variable "detail_deployments" {
  description = "Whether to reply in an incident's thread with the last deployments of its service, and allow reading them"
  type        = bool
  default     = false
}

# Queues

variable "create_events_queue" {
  description = "Whether to create the events queue. False: use events_queue_arn, whose policy and redrive policy you manage (output events_queue_policy_json)"
  type        = bool
  default     = true
}

variable "events_queue_arn" {
  description = "ARN of an existing standard queue, with create_events_queue = false"
  type        = string
  default     = null

  validation {
    condition     = var.create_events_queue || var.events_queue_arn != null
    error_message = "Without its own queue, Steward needs yours; set events_queue_arn, or create_events_queue = true."
  }

  validation {
    condition     = !var.create_events_queue || var.events_queue_arn == null
    error_message = "events_queue_arn is not used while the module creates a queue; set create_events_queue = false, or omit it."
  }

  validation {
    condition     = var.events_queue_arn == null ? true : can(regex("^arn:[\\w-]+:sqs:[\\w-]+:\\d{12}:[\\w-]+$", var.events_queue_arn))
    error_message = "events_queue_arn is the ARN of a standard queue, because a FIFO queue cannot delay single messages; set arn:aws:sqs:eu-west-1:111122223333:events or similar."
  }
}

variable "create_dead_letter_queue" {
  description = "Whether to create the dead-letter queue of the events queue. False: use dead_letter_queue_arn"
  type        = bool
  default     = true
}

variable "dead_letter_queue_arn" {
  description = "ARN of an existing standard queue for dead letters, with create_dead_letter_queue = false. Allow events.amazonaws.com to send to it"
  type        = string
  default     = null

  validation {
    condition     = var.create_dead_letter_queue || var.dead_letter_queue_arn != null
    error_message = "Without its own dead-letter queue, Steward needs yours; set dead_letter_queue_arn, or create_dead_letter_queue = true."
  }

  validation {
    condition     = !var.create_dead_letter_queue || var.dead_letter_queue_arn == null
    error_message = "dead_letter_queue_arn is not used while the module creates one; set create_dead_letter_queue = false, or omit it."
  }

  validation {
    condition     = var.dead_letter_queue_arn == null ? true : can(regex("^arn:[\\w-]+:sqs:[\\w-]+:\\d{12}:[\\w-]+$", var.dead_letter_queue_arn))
    error_message = "dead_letter_queue_arn is the ARN of a standard queue; set arn:aws:sqs:eu-west-1:111122223333:events-dead or similar."
  }
}

variable "create_urgent_queue" {
  description = "Whether Spot interruptions, and with failover the reports of missing Spot capacity, get their own queue and consumers, so that a flood of other events does not delay them"
  type        = bool
  default     = false
}

variable "create_alerts_queue" {
  description = "Whether alerts wait for Slack in a FIFO queue, so that all replicas together keep to a channel's rate limit and no alert is lost in a restart. False: they wait in memory"
  type        = bool
  default     = true
}

variable "max_receive_count" {
  description = "Deliveries after which SQS moves a message to the dead-letter queue. Each attempt while Slack or DynamoDB is down counts"
  type        = number
  default     = 10

  validation {
    condition     = var.max_receive_count >= 5 && var.max_receive_count <= 1000 && floor(var.max_receive_count) == var.max_receive_count
    error_message = "With fewer than 5 deliveries, a short outage fills the dead-letter queue; set max_receive_count to a whole number from 5 to 1000."
  }
}

variable "visibility_timeout" {
  description = "Seconds a message stays hidden while it is processed; extended as long as processing takes. After a crash, another replica can take over after half of it"
  type        = number
  default     = 60

  validation {
    condition     = var.visibility_timeout >= 10 && var.visibility_timeout <= 43200 && floor(var.visibility_timeout) == var.visibility_timeout
    error_message = "visibility_timeout is in seconds; set a whole number from 10 to 43200."
  }
}

variable "message_retention_seconds" {
  description = "Retention of messages in the queues, in seconds"
  type        = number
  default     = 345600

  validation {
    condition     = var.message_retention_seconds >= 3600 && var.message_retention_seconds <= 1209600
    error_message = "message_retention_seconds must outlast an outage; set 3600 (an hour) to 1209600 (14 days)."
  }
}

variable "dead_letter_retention_seconds" {
  description = "Retention of messages in the dead-letter queues, in seconds since they were first sent"
  type        = number
  default     = 1209600

  validation {
    condition     = var.dead_letter_retention_seconds > var.message_retention_seconds && var.dead_letter_retention_seconds <= 1209600
    error_message = "A message keeps its age when it moves to a dead-letter queue; set dead_letter_retention_seconds to more than message_retention_seconds, at most 1209600 (14 days)."
  }
}

variable "kms_key_arn" {
  description = "ARN of a KMS key for the queues and the topic. Its policy must contain the statements in the output kms_key_statements_json. Null: encryption by SQS, and none for the topic"
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[\\w-]+:kms:[\\w-]+:\\d{12}:key/[\\w-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is a key's ARN, because policies ignore aliases; set arn:aws:kms:eu-west-1:111122223333:key/1234abcd-... or null."
  }
}

# Alarms come in by a topic as well

variable "create_alarm_topic" {
  description = "Whether to create an SNS topic that alarms can notify and Steward receives"
  type        = bool
  default     = true
}

variable "alarm_topic_publishers" {
  description = "AWS services besides CloudWatch that may publish to the topic: backup.amazonaws.com"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for service in var.alarm_topic_publishers : can(regex("^[a-z0-9-]+\\.amazonaws\\.com$", service))])
    error_message = "alarm_topic_publishers takes the names of services; set backup.amazonaws.com or similar."
  }
}

# Claims

variable "create_claims_table" {
  description = "Whether to create the DynamoDB table of claims. False: use claims_table_arn, or memory"
  type        = bool
  default     = true
}

variable "claims_table_arn" {
  description = "ARN of an existing table, with the key `key` (S) and TTL on `ttl`, with create_claims_table = false"
  type        = string
  default     = null

  validation {
    condition     = !var.create_claims_table || var.claims_table_arn == null
    error_message = "claims_table_arn is not used while the module creates a table; set create_claims_table = false, or omit it."
  }

  validation {
    condition     = var.claims_table_arn == null ? true : can(regex("^arn:[\\w-]+:dynamodb:[\\w-]+:\\d{12}:table/[\\w.-]{3,255}$", var.claims_table_arn))
    error_message = "claims_table_arn is a table's ARN; set arn:aws:dynamodb:eu-west-1:111122223333:table/ecs-steward or similar."
  }
}

variable "claims_table_deletion_protection" {
  description = "Whether the table is protected against deletion"
  type        = bool
  default     = true
}

# Alarms

variable "alarm_targets" {
  description = "Clusters, and services in them, to watch. on_instances: the cluster runs on EC2 instances and has cluster metrics, which Fargate does not have. container_insights: it is enabled in the cluster, so containers and disks can be watched too. Thresholds are in percent, 0 disables the alarm; periods are in minutes"
  type = list(object({
    cluster            = string
    service            = optional(string)
    on_instances       = optional(bool, false)
    container_insights = optional(bool, true)
    cpu_threshold      = optional(number, 80)
    memory_threshold   = optional(number, 80)
    disk_threshold     = optional(number, 80)
    periods            = optional(number, 2)
  }))
  default = []

  validation {
    condition     = alltrue([for t in var.alarm_targets : can(regex("^[\\w-]+$", t.cluster)) && can(regex("^[\\w-]+$", coalesce(t.service, "none")))])
    error_message = "alarm_targets takes names, because metrics carry them, not ARNs; set cluster = \"prod\" and service = \"web\"."
  }

  validation {
    condition     = alltrue(flatten([for t in var.alarm_targets : [for threshold in [t.cpu_threshold, t.memory_threshold, t.disk_threshold] : threshold >= 0 && threshold <= 1000]]))
    error_message = "The thresholds of alarm_targets are in percent; set more than 0, or 0 to disable the alarm."
  }

  validation {
    condition     = length(distinct([for t in var.alarm_targets : "${t.cluster}/${coalesce(t.service, "-")}"])) == length(var.alarm_targets)
    error_message = "alarm_targets names a cluster or a service twice; keep one of them."
  }
}

variable "alarm_missing_data" {
  description = "How the alarms of clusters and services treat missing data. Container Insights sends no data while no task runs"
  type        = string
  default     = "missing"

  validation {
    condition     = contains(["missing", "ignore", "breaching", "notBreaching"], var.alarm_missing_data)
    error_message = "alarm_missing_data is CloudWatch's treat_missing_data; set missing (tell that there is no data), ignore, breaching or notBreaching."
  }
}

variable "alarm_actions" {
  description = "ARNs that all alarms notify in addition to the topic, for email or paging: Steward cannot tell Slack that it is down"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_actions : startswith(arn, "arn:")])
    error_message = "alarm_actions takes ARNs; set arn:aws:sns:eu-west-1:111122223333:paging or similar."
  }
}

variable "create_steward_alarms" {
  description = "Whether to create alarms for Steward itself: waiting messages, dead letters, no running task, no heartbeat"
  type        = bool
  default     = true
}

variable "create_heartbeat" {
  description = "Whether a schedule sends a message to the events queue each minute, and an alarm fires when no message is processed"
  type        = bool
  default     = true
}

variable "heartbeat_minutes" {
  description = "Minutes without a processed message until the alarm fires"
  type        = number
  default     = 5

  validation {
    condition     = var.heartbeat_minutes >= 3 && var.heartbeat_minutes <= 60 && floor(var.heartbeat_minutes) == var.heartbeat_minutes
    error_message = "SQS metrics are sometimes late; set heartbeat_minutes to a whole number from 3 to 60."
  }
}

variable "create_dashboard" {
  description = "Whether to create a CloudWatch dashboard, and write Steward's metrics to CloudWatch. CloudWatch charges per metric"
  type        = bool
  default     = false
}

variable "events_age_threshold" {
  description = "Age of a waiting event, in seconds, at which the alarm fires. Follow-ups wait up to 900 seconds by design"
  type        = number
  default     = 900

  validation {
    condition     = var.events_age_threshold >= 60
    error_message = "events_age_threshold is in seconds; set 60 or more."
  }
}

variable "urgent_age_threshold" {
  description = "Age of a waiting Spot interruption, in seconds, at which the alarm fires; the task is stopped after 120"
  type        = number
  default     = 60

  validation {
    condition     = var.urgent_age_threshold >= 10
    error_message = "urgent_age_threshold is in seconds; set 10 or more."
  }
}

variable "alerts_age_threshold" {
  description = "Age of an alert that waits for Slack, in seconds, at which the alarm fires"
  type        = number
  default     = 900

  validation {
    condition     = var.alerts_age_threshold >= 60
    error_message = "alerts_age_threshold is in seconds; set 60 or more."
  }
}

# The service

variable "create_service" {
  description = "Whether to run Steward on Fargate. False: create everything else; run the container yourself with the outputs environment and task_policy_arn"
  type        = bool
  default     = true
}

variable "image" {
  description = "The container image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecs-steward:0.1.0. Required with the service"
  type        = string
  default     = null

  validation {
    condition     = !var.create_service || var.image != null
    error_message = "The service needs an image; set image, or create_service = false."
  }
}

variable "ecr_repository_arns" {
  description = "ARNs of the ECR repositories of the image. Empty: the image is in a registry that needs no login"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.ecr_repository_arns : can(regex("^arn:[\\w-]+:ecr:[\\w-]+:\\d{12}:repository/.+$", arn))])
    error_message = "ecr_repository_arns takes ARNs; set arn:aws:ecr:eu-west-1:111122223333:repository/ecs-steward or similar."
  }

  validation {
    condition     = !var.create_service || !can(regex("^\\d{12}\\.dkr\\.ecr\\.", var.image)) || length(var.ecr_repository_arns) > 0
    error_message = "Pulling the image from ECR needs a permission; set ecr_repository_arns to its repository's ARN."
  }
}

variable "service_cluster_arn" {
  description = "ARN of the cluster that Steward runs in. Required with the service"
  type        = string
  default     = null

  validation {
    condition     = !var.create_service || var.service_cluster_arn != null
    error_message = "The service needs a cluster; set service_cluster_arn, or create_service = false."
  }

  validation {
    condition     = var.service_cluster_arn == null ? true : can(regex("^arn:[\\w-]+:ecs:[\\w-]+:\\d{12}:cluster/[\\w-]+$", var.service_cluster_arn))
    error_message = "service_cluster_arn is a cluster's ARN; set arn:aws:ecs:eu-west-1:111122223333:cluster/tools or similar."
  }
}

variable "subnet_ids" {
  description = "Subnets of the tasks, with outbound access to AWS and Slack: a NAT gateway, or public subnets with assign_public_ip. Required with the service"
  type        = list(string)
  default     = []

  validation {
    condition     = !var.create_service || length(var.subnet_ids) > 0
    error_message = "The service needs a network; set subnet_ids, or create_service = false."
  }
}

variable "security_group_ids" {
  description = "Security groups of the tasks. Empty: create one that allows only outbound HTTPS"
  type        = list(string)
  default     = []
}

variable "assign_public_ip" {
  description = "Whether tasks get a public IP address, which public subnets without a NAT gateway need"
  type        = bool
  default     = false
}

variable "spot" {
  description = "Whether Steward itself runs on Fargate Spot. Its cluster must have the capacity provider FARGATE_SPOT"
  type        = bool
  default     = false
}

variable "architecture" {
  description = "The CPU architecture of the image: ARM64 or X86_64"
  type        = string
  default     = "ARM64"

  validation {
    condition     = contains(["ARM64", "X86_64"], var.architecture)
    error_message = "architecture is what the image is built for; set ARM64 or X86_64."
  }
}

variable "cpu" {
  description = "CPU units per task: 256 are a quarter of a vCPU"
  type        = number
  default     = 256

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.cpu)
    error_message = "Fargate has fixed sizes; set cpu to 256, 512, 1024, 2048 or 4096."
  }
}

variable "memory" {
  description = "Memory per task, in MiB"
  type        = number
  default     = 512

  validation {
    condition     = var.memory >= 512 && var.memory >= 2 * var.cpu && var.memory <= 8 * var.cpu
    error_message = "Fargate takes two to eight MiB of memory per CPU unit; set memory to match: cpu = 256 goes with 512, 1024 or 2048."
  }
}

variable "tasks_min" {
  description = "Minimum number of tasks"
  type        = number
  default     = 1

  validation {
    condition     = var.tasks_min >= 0 && var.tasks_min <= var.tasks_max
    error_message = "tasks_min is the minimum number of tasks; set 0 or more, and no more than tasks_max."
  }
}

variable "tasks_max" {
  description = "Maximum number of tasks. One is enough for thousands of events per second"
  type        = number
  default     = 2

  validation {
    condition     = var.tasks_max <= 1 || var.create_claims_table || var.claims_table_arn != null
    error_message = "Replicas need a shared table of claims; set create_claims_table = true or claims_table_arn, or tasks_max = 1."
  }
}

variable "backlog_per_task" {
  description = "Waiting events per running task above which the service scales out"
  type        = number
  default     = 1000

  validation {
    condition     = var.backlog_per_task >= 1
    error_message = "backlog_per_task is a number of events; set 1 or more."
  }
}

variable "container_insights" {
  description = "Whether Container Insights is enabled in Steward's own cluster: then RunningTaskCount counts its tasks, otherwise the samples of its CPU metric do"
  type        = bool
  default     = false
}

variable "user" {
  description = "The user and group that the container runs as, by number"
  type        = string
  default     = "10001:10001"

  validation {
    condition     = can(regex("^[1-9]\\d*(:[1-9]\\d*)?$", var.user))
    error_message = "Steward does not run as root; set user to numbers that are not 0: 10001:10001."
  }
}

variable "management_port" {
  description = "The management port in the container, for health and metrics. 0: disabled, and no health check"
  type        = number
  default     = 8080

  validation {
    condition     = var.management_port == 0 || (var.management_port >= 1024 && var.management_port <= 65535 && floor(var.management_port) == var.management_port)
    error_message = "management_port is opened by a user who is not root; set 1024 to 65535, or 0 for none."
  }
}

variable "health_check_start_period" {
  description = "Seconds after the start in which failed health checks are ignored. With 256 CPU units it reads its queues after about 10"
  type        = number
  default     = 60

  validation {
    condition     = var.health_check_start_period >= 0 && var.health_check_start_period <= 300 && floor(var.health_check_start_period) == var.health_check_start_period
    error_message = "health_check_start_period is in seconds; set a whole number from 0 to 300, the most that ECS takes."
  }
}

variable "health_check_command" {
  description = "A custom health check, for your own image: [\"CMD\", \"java\", \"...\"]. Null: the jar's, by management_port. Empty: none; ECS then checks only that the process runs"
  type        = list(string)
  default     = null

  validation {
    condition     = length(coalesce(var.health_check_command, [])) == 0 || contains(["CMD", "CMD-SHELL"], try(var.health_check_command[0], ""))
    error_message = "health_check_command begins as in a task definition; set CMD or CMD-SHELL first, then the command."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of the permissions boundary of both roles. Null: none"
  type        = string
  default     = null
}

# Logs

variable "log_level" {
  description = "Log level: DEBUG, INFO, WARN or ERROR"
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level is how much to log; set DEBUG, INFO, WARN or ERROR."
  }
}

variable "log_retention_days" {
  description = "Retention of the log, in days"
  type        = number
  default     = 14

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps logs for certain numbers of days; set log_retention_days to 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

# Settings of Steward

variable "slack_webhook_secret_arn" {
  description = "ARN of the Secrets Manager secret that holds an incoming webhook. Append :key:: for a key of a JSON secret"
  type        = string
  default     = null

  validation {
    condition     = var.slack_webhook_secret_arn == null ? true : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?$", var.slack_webhook_secret_arn))
    error_message = "slack_webhook_secret_arn is a secret's ARN and never the webhook itself, which would be in the state; set arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf or similar."
  }
}

variable "slack_webhooks_secret_arn" {
  description = "ARN of the secret that holds more webhooks, in the form oncall=https://hooks.slack.com/...,team-web=https://..., one per channel"
  type        = string
  default     = null

  validation {
    condition     = var.slack_webhooks_secret_arn == null ? true : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?$", var.slack_webhooks_secret_arn))
    error_message = "slack_webhooks_secret_arn is a secret's ARN and never the webhooks themselves, which would be in the state; set arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf or similar."
  }
}

variable "slack_token_secret_arn" {
  description = "ARN of the secret that holds a bot token with chat:write, instead of webhooks"
  type        = string
  default     = null

  validation {
    condition     = !var.create_service || var.dry_run || var.slack_webhook_secret_arn != null || var.slack_webhooks_secret_arn != null || var.slack_token_secret_arn != null || anytrue([for name in keys(var.settings) : endswith(name, "_SECRET")])
    error_message = "Steward needs access to Slack; set slack_webhook_secret_arn, slack_webhooks_secret_arn or slack_token_secret_arn, or dry_run = true to see what it would do."
  }

  validation {
    condition     = var.slack_token_secret_arn == null || (var.slack_webhook_secret_arn == null && var.slack_webhooks_secret_arn == null)
    error_message = "A token can post to every channel; set slack_token_secret_arn or the webhooks, not both."
  }

  validation {
    condition     = var.slack_token_secret_arn == null || var.slack_channel != ""
    error_message = "A token has no channel; set slack_channel to the default channel: #ops."
  }

  validation {
    condition     = var.slack_token_secret_arn == null ? true : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?$", var.slack_token_secret_arn))
    error_message = "slack_token_secret_arn is a secret's ARN and never the token itself, which would be in the state; set arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf or similar."
  }
}

variable "slack_app_token_secret_arn" {
  description = "ARN of the secret that holds an app-level token with connections:write, for buttons and /steward. Null: none"
  type        = string
  default     = null

  validation {
    condition     = var.slack_app_token_secret_arn == null || var.slack_token_secret_arn != null
    error_message = "No webhook posts messages with buttons; set slack_token_secret_arn as well."
  }

  validation {
    condition     = var.slack_app_token_secret_arn == null ? true : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?$", var.slack_app_token_secret_arn))
    error_message = "slack_app_token_secret_arn is a secret's ARN and never the token itself, which would be in the state; set arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-app-AbCdEf or similar."
  }
}

variable "secrets_kms_key_arn" {
  description = "ARN of the KMS key that encrypts the secrets. Null: the AWS managed key"
  type        = string
  default     = null
}

variable "read_secret_arns" {
  description = "ARNs of the secrets that Steward itself reads, because a setting names one as {{aws:name}}"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.read_secret_arns : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:.+$", arn))])
    error_message = "read_secret_arns are ARNs; set arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf or similar."
  }
}

variable "slack_channel" {
  description = "Default channel, used when no routing rule matches"
  type        = string
  default     = ""
}

variable "slack_channels" {
  description = "Routing rules for alerts; the first match wins: [\"service:prod/web=#web\", \"severity:critical=#oncall\"]"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for rule in var.slack_channels : can(regex("^(severity|cluster|service|account|region):[^=,]+=.+$", rule))])
    error_message = "slack_channels takes rules; set severity:critical=#oncall, cluster:staging=#staging, service:prod/web=#web, account:111122223333=#shop, region:us-east-1=#us or similar."
  }
}

variable "slack_operators" {
  description = "Who may change ECS from Slack: ids of members and of user groups, as in [\"U012AB3CD\", \"S0604QSJC\"]. Empty: nobody"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.slack_operators : can(regex("^[UWS][A-Z0-9]{2,}$", id))])
    error_message = "slack_operators takes Slack's ids, not names; set U012AB3CD for a member or S0604QSJC for a user group."
  }
}

variable "alerts_topic_arn" {
  description = "ARN of an SNS topic that also receives every alert, for email or paging. Null: none. If it has a KMS key, the key's policy must allow the task role kms:Decrypt and kms:GenerateDataKey"
  type        = string
  default     = null

  validation {
    condition     = var.alerts_topic_arn == null ? true : can(regex("^arn:[\\w-]+:sns:[\\w-]+:\\d{12}:[\\w-]+$", var.alerts_topic_arn))
    error_message = "alerts_topic_arn is the ARN of a standard topic; set arn:aws:sns:eu-west-1:111122223333:paging and the like, but never this module's own alarm topic, which Steward reads."
  }
}

variable "one_per_instance_services" {
  description = "Services that run one task on each container instance: [\"logging-agent\", \"prod/metrics-agent\"]"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.one_per_instance_services : can(regex("^[\\w-]+(/[\\w-]+)?$", name))])
    error_message = "one_per_instance_services takes names, or cluster/name; set logging-agent, prod/metrics-agent or similar."
  }
}

variable "consumers" {
  description = "Threads per task that read the events queue"
  type        = number
  default     = 4

  validation {
    condition     = var.consumers >= 1 && var.consumers <= 64 && floor(var.consumers) == var.consumers
    error_message = "consumers is a number of threads; set a whole number from 1 to 64."
  }
}

variable "shutdown_timeout" {
  description = "Seconds to finish events in flight when a task is stopped; ECS kills it 5 seconds later"
  type        = number
  default     = 25

  validation {
    condition     = var.shutdown_timeout >= 1 && var.shutdown_timeout <= 115 && floor(var.shutdown_timeout) == var.shutdown_timeout
    error_message = "Fargate kills a task after 120 seconds at most; set shutdown_timeout to a whole number from 1 to 115."
  }
}

variable "dry_run" {
  description = "Dry run: change and post nothing, and log what would be done. It deletes its messages from the queue, and has no permission to update services"
  type        = bool
  default     = false
}

variable "settings" {
  description = "More settings, by their environment variables: { STEWARD_AGENT_GRACE_PERIOD = \"120\" }, and OpenTelemetry's and Java's: { OTEL_EXPORTER_OTLP_ENDPOINT = \"https://otel.example.com\" }. They override the module's own. Give secrets only by their names in Secrets Manager, and list them in read_secret_arns: { STEWARD_SLACK_WEBHOOK_SECRET = \"{{aws:prod/slack}}\" }"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.settings) : can(regex("^(STEWARD_[A-Z_]+|OTEL_[A-Z0-9_]+|JAVA_TOOL_OPTIONS)$", name))])
    error_message = "settings are Steward's environment variables; set names from docs/settings.md, STEWARD_AGENT_GRACE_PERIOD, or of OpenTelemetry, OTEL_EXPORTER_OTLP_ENDPOINT, or JAVA_TOOL_OPTIONS."
  }

  validation {
    # One {{aws:name}}, or channel={{aws:name}} and so on with commas.
    condition     = alltrue([for name, value in var.settings : can(regex("^\\s*([\\w-]+=)?\\{\\{aws:[^{}]+\\}\\}\\s*(,\\s*[\\w-]+=\\{\\{aws:[^{}]+\\}\\}\\s*)*$", value)) if endswith(name, "_SECRET")])
    error_message = "A secret in settings would be in the state and in the task definition; put it into Secrets Manager and set slack_webhook_secret_arn, slack_webhooks_secret_arn or slack_token_secret_arn, or name it here as {{aws:name}}."
  }

  validation {
    condition     = !anytrue([for name in keys(var.settings) : endswith(name, "_SECRET")]) || length(var.read_secret_arns) > 0
    error_message = "Steward may not read the secret that settings name; list its ARN in read_secret_arns."
  }

  validation {
    condition     = alltrue([for name in keys(var.settings) : !startswith(name, "OTEL_") || !endswith(name, "_HEADERS")])
    error_message = "OpenTelemetry's headers contain a key, which would be in the state and in the task definition; send to your own collector, which adds it."
  }
}
