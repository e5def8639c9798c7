package io.ecssteward.cli;

import picocli.CommandLine;

/** A command with subcommands; without one it prints their list. */
abstract class CommandGroup implements Runnable {

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
