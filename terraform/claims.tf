# Records of what is in progress and what is done, shared by the replicas.

locals {
  claims_table_arn = var.create_claims_table ? aws_dynamodb_table.claims[0].arn : var.claims_table_arn
  # The name where it is known before the table is there, so that a plan shows it.
  claims = var.create_claims_table ? "dynamodb:${local.name}" : var.claims_table_arn == null ? "memory" : "dynamodb:${var.claims_table_arn}"
}

resource "aws_dynamodb_table" "claims" {
  count = var.create_claims_table ? 1 : 0

  name         = local.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "key"

  attribute {
    name = "key"
    type = "S"
  }

  # Claims that have expired are deleted for nothing; without this the table only grows.
  ttl {
    attribute_name = "ttl"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  deletion_protection_enabled = var.claims_table_deletion_protection

  tags = var.tags
}
