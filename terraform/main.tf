data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  name = join("-", compact([var.name_prefix, var.name]))

  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  # "id" is the region's name in versions 5 and 6 of the provider alike; "name" and "region" are not.
  region = data.aws_region.current.id
}
