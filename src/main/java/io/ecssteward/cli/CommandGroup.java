package io.ecssteward.cli;

/** A command with subcommands; without one it prints their list. */
abstract class CommandGroup extends BaseCommand implements Runnable {

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
