/**
 * The Terraform module says the same as the routes, the code and its README. What Terraform itself can test is in
 * terraform/tests.
 */
package io.ecssteward.terraform;
