package io.ecssteward.cli;

import picocli.CommandLine;

/** Colours for a person at a terminal: picocli finds out whether there is one, and obeys NO_COLOR. */
final class Colour {
    private Colour() {}

    /** Text of whatever origin, which is not looked at for markup. */
    static String bold(CommandLine.Help.Ansi ansi, String text) {
        return ansi.enabled() ? "\u001b[1m" + text + "\u001b[0m" : text;
    }
}
