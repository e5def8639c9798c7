# Names

variable "name" {
  description = "What everything is called, before its own suffix"
  type        = string
  default     = "ecs-steward"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}$", var.name))
    error_message = "name begins everything's name; set 2 to 31 lower-case letters, digits and hyphens that begin with a letter: ecs-steward."
  }
}

variable "name_prefix" {
  description = "What stands before the name, with a hyphen, for several of them in one account and region: prod, staging"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([a-z][a-z0-9-]{0,15})?$", var.name_prefix))
    error_message = "name_prefix comes before the name; set up to 16 lower-case letters, digits and hyphens that begin with a letter, or nothing: prod."
  }
}

variable "tags" {
  description = "Tags for everything that takes tags"
  type        = map(string)
  default     = {}
}

# Events

variable "clusters" {
  description = "ARNs of the clusters to look after: only their events come in, and only their services may be updated. Empty: all clusters of this account and region"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.clusters : can(regex("^arn:[\\w-]+:ecs:[\\w-]+:\\d{12}:cluster/[\\w-]+$", arn))])
    error_message = "clusters takes ARNs, because events carry them; set arn:aws:ecs:eu-west-1:111122223333:cluster/prod and the like."
  }
}

variable "rules" {
  description = "Which of the files in patterns/ get a rule, without .json: [\"spot-interruption\", \"alarms\"]. Null: all of them. An empty list: none, for a queue that is fed already"
  type        = set(string)
  default     = null

  validation {
    condition     = alltrue([for name in coalesce(var.rules, []) : fileexists("${path.module}/patterns/${name}.json")])
    error_message = "rules names files in patterns/ without .json; set some of ${join(", ", [for file in fileset("${path.module}/patterns", "*.json") : trimsuffix(file, ".json")])}, and put patterns of your own into extra_patterns."
  }
}

variable "rule_state" {
  description = "Whether the rules work: ENABLED or DISABLED"
  type        = string
  default     = "ENABLED"

  validation {
    condition     = contains(["ENABLED", "DISABLED"], var.rule_state)
    error_message = "rule_state is a state of an EventBridge rule; set ENABLED or DISABLED."
  }
}

variable "rule_names" {
  description = "Other names for rules, by the name of their pattern: { spot-interruption = \"custom-spot-rule\" }"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in values(var.rule_names) : can(regex("^[\\w.-]{1,64}$", name))])
    error_message = "rule_names gives rules their names; set 1 to 64 letters, digits, dots, hyphens and underscores."
  }
}

variable "extra_patterns" {
  description = "More rules, by name, each an event pattern in JSON: { orders = jsonencode({ source = [\"shop.orders\"] }) }. They are not narrowed to the clusters"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for pattern in values(var.extra_patterns) : can(keys(jsondecode(pattern)))])
    error_message = "extra_patterns takes event patterns as JSON objects; set jsonencode({ source = [\"shop.orders\"] }) and the like."
  }

  validation {
    condition     = alltrue([for name in keys(var.extra_patterns) : can(regex("^[a-z][a-z0-9-]*$", name)) && !fileexists("${path.module}/patterns/${name}.json")])
    error_message = "extra_patterns names its rules; set lower-case names with hyphens that no file in patterns/ has."
  }
}

variable "service_events_info" {
  description = "Whether steady states and deployments that begin and complete come in and are told too"
  type        = bool
  default     = false
}

# Queues

variable "create_events_queue" {
  description = "Whether to make the queue of events. False: events_queue_arn is used, whose policy and redrive policy stay yours (output events_queue_policy_json)"
  type        = bool
  default     = true
}

variable "events_queue_arn" {
  description = "ARN of a standard queue that is there already, with create_events_queue = false"
  type        = string
  default     = null

  validation {
    condition     = var.create_events_queue || var.events_queue_arn != null
    error_message = "Without a queue of its own the steward needs yours; set events_queue_arn, or create_events_queue = true."
  }

  validation {
    condition     = !var.create_events_queue || var.events_queue_arn == null
    error_message = "events_queue_arn is not used while a queue is made; set create_events_queue = false, or leave it out."
  }

  validation {
    condition     = var.events_queue_arn == null ? true : can(regex("^arn:[\\w-]+:sqs:[\\w-]+:\\d{12}:[\\w-]+$", var.events_queue_arn))
    error_message = "events_queue_arn is the ARN of a standard queue, for a FIFO queue delays no single message; set arn:aws:sqs:eu-west-1:111122223333:events and the like."
  }
}

variable "create_dead_letter_queue" {
  description = "Whether to make the dead-letter queue of events. False: dead_letter_queue_arn is used"
  type        = bool
  default     = true
}

variable "dead_letter_queue_arn" {
  description = "ARN of a standard queue for what cannot be done, with create_dead_letter_queue = false. Let events.amazonaws.com send there, too"
  type        = string
  default     = null

  validation {
    condition     = var.create_dead_letter_queue || var.dead_letter_queue_arn != null
    error_message = "Without a dead-letter queue of its own the steward needs yours; set dead_letter_queue_arn, or create_dead_letter_queue = true."
  }

  validation {
    condition     = !var.create_dead_letter_queue || var.dead_letter_queue_arn == null
    error_message = "dead_letter_queue_arn is not used while a dead-letter queue is made; set create_dead_letter_queue = false, or leave it out."
  }

  validation {
    condition     = var.dead_letter_queue_arn == null ? true : can(regex("^arn:[\\w-]+:sqs:[\\w-]+:\\d{12}:[\\w-]+$", var.dead_letter_queue_arn))
    error_message = "dead_letter_queue_arn is the ARN of a standard queue; set arn:aws:sqs:eu-west-1:111122223333:events-dead and the like."
  }
}

variable "create_urgent_queue" {
  description = "Whether Spot interruptions get a queue and consumers of their own, so that a flood of other events is not before them"
  type        = bool
  default     = false
}

variable "create_alerts_queue" {
  description = "Whether alerts wait for Slack in a FIFO queue, so that replicas pace a channel together and a restart forgets none. False: they wait in memory"
  type        = bool
  default     = true
}

variable "max_receive_count" {
  description = "After so many deliveries a message moves to the dead-letter queue. Each attempt while Slack or DynamoDB is away is one"
  type        = number
  default     = 10

  validation {
    condition     = var.max_receive_count >= 5 && var.max_receive_count <= 1000 && floor(var.max_receive_count) == var.max_receive_count
    error_message = "With fewer than 5 deliveries a short outage fills the dead-letter queue; set max_receive_count to a whole number from 5 to 1000."
  }
}

variable "visibility_timeout" {
  description = "Seconds a message stays hidden while it is worked on; the steward puts it off as long as the work goes on, and a dead one's work is taken over after half of it"
  type        = number
  default     = 60

  validation {
    condition     = var.visibility_timeout >= 10 && var.visibility_timeout <= 43200 && floor(var.visibility_timeout) == var.visibility_timeout
    error_message = "visibility_timeout is in seconds; set a whole number from 10 to 43200."
  }
}

variable "message_retention_seconds" {
  description = "Seconds that messages are kept in the queues"
  type        = number
  default     = 345600

  validation {
    condition     = var.message_retention_seconds >= 3600 && var.message_retention_seconds <= 1209600
    error_message = "message_retention_seconds must outlast an outage; set 3600 (an hour) to 1209600 (14 days)."
  }
}

variable "dead_letter_retention_seconds" {
  description = "Seconds that messages are kept in the dead-letter queues, counted from when they were first sent"
  type        = number
  default     = 1209600

  validation {
    condition     = var.dead_letter_retention_seconds > var.message_retention_seconds && var.dead_letter_retention_seconds <= 1209600
    error_message = "A message keeps its age when it moves to a dead-letter queue; set dead_letter_retention_seconds to more than message_retention_seconds, at most 1209600 (14 days)."
  }
}

variable "kms_key_arn" {
  description = "ARN of a KMS key for the queues and the topic. Its policy must hold the statements in the output kms_key_statements_json. Null: SQS's own encryption, and none for the topic"
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[\\w-]+:kms:[\\w-]+:\\d{12}:key/[\\w-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is a key's ARN, for an alias says nothing in a policy; set arn:aws:kms:eu-west-1:111122223333:key/1234abcd-... or null."
  }
}

# Alarms come in by a topic as well

variable "create_alarm_topic" {
  description = "Whether to make an SNS topic that alarms can notify and the steward reads"
  type        = bool
  default     = true
}

variable "alarm_topic_publishers" {
  description = "AWS services that may publish to the topic beside CloudWatch: backup.amazonaws.com"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for service in var.alarm_topic_publishers : can(regex("^[a-z0-9-]+\\.amazonaws\\.com$", service))])
    error_message = "alarm_topic_publishers takes the names of services; set backup.amazonaws.com and the like."
  }
}

# Claims

variable "create_claims_table" {
  description = "Whether to make the DynamoDB table that remembers what was done. False: claims_table_arn is used, or memory"
  type        = bool
  default     = true
}

variable "claims_table_arn" {
  description = "ARN of a table that is there already, with the key `key` (S) and TTL on `ttl`, with create_claims_table = false"
  type        = string
  default     = null

  validation {
    condition     = !var.create_claims_table || var.claims_table_arn == null
    error_message = "claims_table_arn is not used while a table is made; set create_claims_table = false, or leave it out."
  }

  validation {
    condition     = var.claims_table_arn == null ? true : can(regex("^arn:[\\w-]+:dynamodb:[\\w-]+:\\d{12}:table/[\\w.-]{3,255}$", var.claims_table_arn))
    error_message = "claims_table_arn is a table's ARN; set arn:aws:dynamodb:eu-west-1:111122223333:table/ecs-steward and the like."
  }
}

variable "claims_table_deletion_protection" {
  description = "Whether the table cannot be deleted"
  type        = bool
  default     = true
}

# Alarms

variable "alarm_targets" {
  description = "Clusters, and services in them, to watch. on_instances: it runs on EC2 instances, whose cluster metrics Fargate has not. container_insights: it is on in the cluster, so containers and disks can be watched too. Thresholds are in percent, 0 for no such alarm; periods are in minutes"
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
    error_message = "The thresholds of alarm_targets are in percent; set more than 0, or 0 for no such alarm."
  }

  validation {
    condition     = length(distinct([for t in var.alarm_targets : "${t.cluster}/${coalesce(t.service, "-")}"])) == length(var.alarm_targets)
    error_message = "alarm_targets names a cluster or a service twice; keep one of them."
  }
}

variable "alarm_missing_data" {
  description = "What the alarms of clusters and services make of missing data. Container Insights sends nothing where no task runs"
  type        = string
  default     = "missing"

  validation {
    condition     = contains(["missing", "ignore", "breaching", "notBreaching"], var.alarm_missing_data)
    error_message = "alarm_missing_data is CloudWatch's treat_missing_data; set missing (tell that there is no data), ignore, breaching or notBreaching."
  }
}

variable "alarm_actions" {
  description = "ARNs that all alarms notify beside the topic: mail or paging, because a steward that is down cannot tell Slack so"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_actions : startswith(arn, "arn:")])
    error_message = "alarm_actions takes ARNs; set arn:aws:sns:eu-west-1:111122223333:paging and the like."
  }
}

variable "create_steward_alarms" {
  description = "Whether to watch the steward itself: messages that wait, dead letters, no running task, no heartbeat"
  type        = bool
  default     = true
}

variable "create_heartbeat" {
  description = "Whether a schedule sends the queue of events a message each minute, and an alarm goes off when nothing is worked off any more"
  type        = bool
  default     = true
}

variable "heartbeat_minutes" {
  description = "Minutes without anything worked off until that is an alarm"
  type        = number
  default     = 5

  validation {
    condition     = var.heartbeat_minutes >= 3 && var.heartbeat_minutes <= 60 && floor(var.heartbeat_minutes) == var.heartbeat_minutes
    error_message = "SQS's figures come late now and then; set heartbeat_minutes to a whole number from 3 to 60."
  }
}

variable "create_dashboard" {
  description = "Whether to make a dashboard in CloudWatch, and have the steward write its metrics there. CloudWatch asks money for each metric"
  type        = bool
  default     = false
}

variable "events_age_threshold" {
  description = "Seconds after which an event that waits is an alarm. Reminders wait up to 900 by design"
  type        = number
  default     = 900

  validation {
    condition     = var.events_age_threshold >= 60
    error_message = "events_age_threshold is in seconds; set 60 or more."
  }
}

variable "urgent_age_threshold" {
  description = "Seconds after which a Spot interruption that waits is an alarm; there are 120 until the task is stopped"
  type        = number
  default     = 60

  validation {
    condition     = var.urgent_age_threshold >= 10
    error_message = "urgent_age_threshold is in seconds; set 10 or more."
  }
}

variable "alerts_age_threshold" {
  description = "Seconds after which an alert that waits for Slack is an alarm"
  type        = number
  default     = 900

  validation {
    condition     = var.alerts_age_threshold >= 60
    error_message = "alerts_age_threshold is in seconds; set 60 or more."
  }
}

# The service

variable "create_service" {
  description = "Whether to run the steward on Fargate. False: everything else is made, and you run the container with the outputs environment and task_policy_arn"
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
  description = "ARNs of the ECR repositories that the image comes from. Empty: it comes from a registry without login"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.ecr_repository_arns : can(regex("^arn:[\\w-]+:ecr:[\\w-]+:\\d{12}:repository/.+$", arn))])
    error_message = "ecr_repository_arns takes ARNs; set arn:aws:ecr:eu-west-1:111122223333:repository/ecs-steward and the like."
  }

  validation {
    condition     = !var.create_service || !can(regex("^\\d{12}\\.dkr\\.ecr\\.", var.image)) || length(var.ecr_repository_arns) > 0
    error_message = "The image is in ECR, where pulling it needs a permission; set ecr_repository_arns to its repository's ARN."
  }
}

variable "service_cluster_arn" {
  description = "ARN of the cluster that the steward itself runs in. Required with the service"
  type        = string
  default     = null

  validation {
    condition     = !var.create_service || var.service_cluster_arn != null
    error_message = "The service needs a cluster; set service_cluster_arn, or create_service = false."
  }

  validation {
    condition     = var.service_cluster_arn == null ? true : can(regex("^arn:[\\w-]+:ecs:[\\w-]+:\\d{12}:cluster/[\\w-]+$", var.service_cluster_arn))
    error_message = "service_cluster_arn is a cluster's ARN; set arn:aws:ecs:eu-west-1:111122223333:cluster/tools and the like."
  }
}

variable "subnet_ids" {
  description = "Subnets of the tasks, with a way out to AWS and Slack: a NAT gateway, or public subnets with assign_public_ip. Required with the service"
  type        = list(string)
  default     = []

  validation {
    condition     = !var.create_service || length(var.subnet_ids) > 0
    error_message = "The service needs a network; set subnet_ids, or create_service = false."
  }
}

variable "security_group_ids" {
  description = "Security groups of the tasks. Empty: one is made that lets nobody in and only HTTPS out"
  type        = list(string)
  default     = []
}

variable "assign_public_ip" {
  description = "Whether tasks get a public address: in public subnets without a NAT gateway"
  type        = bool
  default     = false
}

variable "spot" {
  description = "Whether the steward itself runs on Fargate Spot. Its cluster must have the capacity provider FARGATE_SPOT"
  type        = bool
  default     = false
}

variable "architecture" {
  description = "The CPU that the image is built for: ARM64 or X86_64"
  type        = string
  default     = "ARM64"

  validation {
    condition     = contains(["ARM64", "X86_64"], var.architecture)
    error_message = "architecture is what the image is built for; set ARM64 or X86_64."
  }
}

variable "cpu" {
  description = "CPU units of a task: 256 is a quarter of one"
  type        = number
  default     = 256

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.cpu)
    error_message = "Fargate has sizes; set cpu to 256, 512, 1024, 2048 or 4096."
  }
}

variable "memory" {
  description = "MiB of memory of a task"
  type        = number
  default     = 512

  validation {
    condition     = var.memory >= 512 && var.memory >= 2 * var.cpu && var.memory <= 8 * var.cpu
    error_message = "Fargate takes from two to eight MiB of memory for each CPU unit; set memory so: cpu = 256 goes with 512, 1024 or 2048."
  }
}

variable "tasks_min" {
  description = "The least number of tasks"
  type        = number
  default     = 1

  validation {
    condition     = var.tasks_min >= 0 && var.tasks_min <= var.tasks_max
    error_message = "tasks_min is the least number of tasks; set 0 or more, and no more than tasks_max."
  }
}

variable "tasks_max" {
  description = "The greatest number of tasks. One is enough for thousands of events a second"
  type        = number
  default     = 2

  validation {
    condition     = var.tasks_max <= 1 || var.create_claims_table || var.claims_table_arn != null
    error_message = "Replicas need a table to remember together what was done; set create_claims_table = true or claims_table_arn, or tasks_max = 1."
  }
}

variable "backlog_per_task" {
  description = "With more events waiting for each running task, there are more tasks"
  type        = number
  default     = 1000

  validation {
    condition     = var.backlog_per_task >= 1
    error_message = "backlog_per_task is a number of events; set 1 or more."
  }
}

variable "container_insights" {
  description = "Whether Container Insights is on in the steward's own cluster: then RunningTaskCount counts its tasks, otherwise the samples of its CPU"
  type        = bool
  default     = false
}

variable "user" {
  description = "The user and group that the container runs as, by number"
  type        = string
  default     = "10001:10001"

  validation {
    condition     = can(regex("^[1-9]\\d*(:[1-9]\\d*)?$", var.user))
    error_message = "The steward does not run as root; set user to numbers that are not 0: 10001:10001."
  }
}

variable "management_port" {
  description = "The port of health and metrics in the container. 0: none, and no health check"
  type        = number
  default     = 8080

  validation {
    condition     = var.management_port == 0 || (var.management_port >= 1024 && var.management_port <= 65535 && floor(var.management_port) == var.management_port)
    error_message = "management_port is opened by a user who is not root; set 1024 to 65535, or 0 for none."
  }
}

variable "health_check_start_period" {
  description = "Seconds that a task gets to start before a failed health check counts. With 256 CPU units it reads its queues after about 10"
  type        = number
  default     = 60

  validation {
    condition     = var.health_check_start_period >= 0 && var.health_check_start_period <= 300 && floor(var.health_check_start_period) == var.health_check_start_period
    error_message = "health_check_start_period is in seconds; set a whole number from 0 to 300, the most that ECS takes."
  }
}

variable "health_check_command" {
  description = "Another health check, for an image of your own: [\"CMD\", \"java\", \"...\"]. Null: the jar's, by management_port. Empty: none, and ECS looks only at whether the process runs"
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
  description = "How much the steward logs: DEBUG, INFO, WARN or ERROR"
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level is how much to log; set DEBUG, INFO, WARN or ERROR."
  }
}

variable "log_retention_days" {
  description = "Days that the log is kept"
  type        = number
  default     = 14

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps logs for certain numbers of days; set log_retention_days to 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

# Settings of the steward

variable "slack_webhook_secret_arn" {
  description = "ARN of the Secrets Manager secret that holds an incoming webhook. With :key:: behind it, a key of a JSON secret"
  type        = string
  default     = null

  validation {
    condition     = var.slack_webhook_secret_arn == null ? true : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?$", var.slack_webhook_secret_arn))
    error_message = "slack_webhook_secret_arn is a secret's ARN and never the webhook itself, which would stand in the state; set arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf and the like."
  }
}

variable "slack_webhooks_secret_arn" {
  description = "ARN of the secret that holds more webhooks, one a channel, as oncall=https://hooks.slack.com/...,team-web=https://... says"
  type        = string
  default     = null

  validation {
    condition     = var.slack_webhooks_secret_arn == null ? true : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?$", var.slack_webhooks_secret_arn))
    error_message = "slack_webhooks_secret_arn is a secret's ARN and never the webhooks themselves, which would stand in the state; set arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf and the like."
  }
}

variable "slack_token_secret_arn" {
  description = "ARN of the secret that holds a bot token with chat:write, in place of webhooks"
  type        = string
  default     = null

  validation {
    condition     = !var.create_service || var.dry_run || var.slack_webhook_secret_arn != null || var.slack_webhooks_secret_arn != null || var.slack_token_secret_arn != null || anytrue([for name in keys(var.settings) : endswith(name, "_SECRET")])
    error_message = "The steward needs a way into Slack; set slack_webhook_secret_arn, slack_webhooks_secret_arn or slack_token_secret_arn, or dry_run = true to see what it would do."
  }

  validation {
    condition     = var.slack_token_secret_arn == null || (var.slack_webhook_secret_arn == null && var.slack_webhooks_secret_arn == null)
    error_message = "A token posts to every channel by itself; set slack_token_secret_arn, or the webhooks, not both."
  }

  validation {
    condition     = var.slack_token_secret_arn == null || var.slack_channel != ""
    error_message = "With a token there is no channel by itself; set slack_channel to where goes what no rule sends elsewhere: #ops."
  }

  validation {
    condition     = var.slack_token_secret_arn == null ? true : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?$", var.slack_token_secret_arn))
    error_message = "slack_token_secret_arn is a secret's ARN and never the token itself, which would stand in the state; set arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf and the like."
  }
}

variable "secrets_kms_key_arn" {
  description = "ARN of the KMS key that the secrets are encrypted with. Null: AWS's own"
  type        = string
  default     = null
}

variable "read_secret_arns" {
  description = "ARNs of the secrets that the steward itself reads, where a setting names one as {{aws:name}}"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.read_secret_arns : can(regex("^arn:[\\w-]+:secretsmanager:[\\w-]+:\\d{12}:secret:.+$", arn))])
    error_message = "read_secret_arns are ARNs; set arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf and the like."
  }
}

variable "slack_channel" {
  description = "The channel for what no rule sends elsewhere"
  type        = string
  default     = ""
}

variable "slack_channels" {
  description = "Which alert goes where, first match first: [\"service:prod/web=#web\", \"severity:critical=#oncall\"]"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for rule in var.slack_channels : can(regex("^(severity|cluster|service):[^=,]+=.+$", rule))])
    error_message = "slack_channels takes rules; set severity:critical=#oncall, cluster:staging=#staging, service:prod/web=#web and the like."
  }
}

variable "alerts_topic_arn" {
  description = "ARN of an SNS topic that gets every alert too, for mail or paging. Null: none. The policy of its key, if it has one, must allow the task role kms:Decrypt and kms:GenerateDataKey"
  type        = string
  default     = null

  validation {
    condition     = var.alerts_topic_arn == null ? true : can(regex("^arn:[\\w-]+:sns:[\\w-]+:\\d{12}:[\\w-]+$", var.alerts_topic_arn))
    error_message = "alerts_topic_arn is the ARN of a standard topic; set arn:aws:sns:eu-west-1:111122223333:paging and the like, but never this module's own topic of alarms, which the steward reads."
  }
}

variable "one_per_instance_services" {
  description = "Services that run one task on each container instance: [\"logging-agent\", \"prod/metrics-agent\"]"
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for name in var.one_per_instance_services : can(regex("^[\\w-]+(/[\\w-]+)?$", name))])
    error_message = "one_per_instance_services takes names, or cluster/name; set logging-agent, prod/metrics-agent and the like."
  }
}

variable "consumers" {
  description = "How many threads of a task read the queue of events"
  type        = number
  default     = 4

  validation {
    condition     = var.consumers >= 1 && var.consumers <= 64 && floor(var.consumers) == var.consumers
    error_message = "consumers is a number of threads; set a whole number from 1 to 64."
  }
}

variable "shutdown_timeout" {
  description = "Seconds that events at work get to finish when a task is stopped; ECS kills it 5 seconds later"
  type        = number
  default     = 25

  validation {
    condition     = var.shutdown_timeout >= 1 && var.shutdown_timeout <= 115 && floor(var.shutdown_timeout) == var.shutdown_timeout
    error_message = "Fargate waits 120 seconds at most until it kills a task; set shutdown_timeout to a whole number from 1 to 115."
  }
}

variable "dry_run" {
  description = "Whether to change and post nothing, and say in the log what would be done. It takes its messages off the queue, and may not update services"
  type        = bool
  default     = false
}

variable "settings" {
  description = "Further settings of the steward by their environment variables: { STEWARD_AGENT_GRACE_PERIOD = \"120\" }, and OpenTelemetry's and Java's: { OTEL_EXPORTER_OTLP_ENDPOINT = \"https://otel.example.com\" }. They win over what the module sets. A secret only by its name in Secrets Manager, which read_secret_arns must list: { STEWARD_SLACK_WEBHOOK_SECRET = \"{{aws:prod/slack}}\" }"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.settings) : can(regex("^(STEWARD_[A-Z_]+|OTEL_[A-Z0-9_]+|JAVA_TOOL_OPTIONS)$", name))])
    error_message = "settings are environment variables of the steward; set names from its docs/settings.md, STEWARD_AGENT_GRACE_PERIOD, or of OpenTelemetry, OTEL_EXPORTER_OTLP_ENDPOINT, or JAVA_TOOL_OPTIONS."
  }

  validation {
    # One {{aws:name}}, or channel={{aws:name}} and so on with commas.
    condition     = alltrue([for name, value in var.settings : can(regex("^\\s*([\\w-]+=)?\\{\\{aws:[^{}]+\\}\\}\\s*(,\\s*[\\w-]+=\\{\\{aws:[^{}]+\\}\\}\\s*)*$", value)) if endswith(name, "_SECRET")])
    error_message = "A secret in settings would stand in the state and in the task definition; put it into Secrets Manager and set slack_webhook_secret_arn, slack_webhooks_secret_arn or slack_token_secret_arn, or name it here as {{aws:name}}."
  }

  validation {
    condition     = !anytrue([for name in keys(var.settings) : endswith(name, "_SECRET")]) || length(var.read_secret_arns) > 0
    error_message = "The steward may not read the secret that settings name; list its ARN in read_secret_arns."
  }

  validation {
    condition     = alltrue([for name in keys(var.settings) : !startswith(name, "OTEL_") || !endswith(name, "_HEADERS")])
    error_message = "OpenTelemetry's headers hold a key, which would stand in the state and in the task definition; send to a collector of yours that adds it."
  }
}
