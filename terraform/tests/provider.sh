# Sourced by test and e2e: finds an AWS provider on this machine, so that nothing is downloaded, and points Terraform to it by a
# configuration in the folder given. Fails when there is none and TERRAFORM_DOWNLOAD=1 does not allow to get one.

use_provider() {
  local provider
  # <mirror>/registry.terraform.io/hashicorp/aws/<version>/<platform>/terraform-provider-aws_v<version>_x5
  provider=$(timeout 60 find / -xdev -path /proc -prune -o -path '*/registry.terraform.io/hashicorp/aws/*' -name 'terraform-provider-aws*' -print -quit 2> /dev/null || true)
  : > "$1/terraformrc"
  if [ -n "$provider" ]; then
    cat > "$1/terraformrc" << CONFIG
provider_installation {
  filesystem_mirror {
    path = "${provider%/registry.terraform.io/*}"
  }
}
CONFIG
  elif [ "${TERRAFORM_DOWNLOAD:-}" != 1 ]; then
    return 1
  fi
  export TF_CLI_CONFIG_FILE="$1/terraformrc" TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
}

# Without what a terraform init by hand leaves in the tree.
copy_module() {
  mkdir "$1/module"
  tar -c --exclude .terraform --exclude .terraform.lock.hcl --exclude '*.tfstate*' . | tar -x -C "$1/module"
}
