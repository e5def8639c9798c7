package io.ecssteward.cli;

import picocli.CommandLine;

/** A command that has commands of its own; by itself it shows which. */
abstract class CommandGroup implements Runnable {

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
