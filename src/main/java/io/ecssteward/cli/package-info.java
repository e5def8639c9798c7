/**
 * The command line: {@link io.ecssteward.cli.Main} is the entry point, {@code Commands} lists the commands, and each
 * command is a class of its own. What a command does is in the other packages.
 */
package io.ecssteward.cli;
