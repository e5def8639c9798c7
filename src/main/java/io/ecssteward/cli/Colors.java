package io.ecssteward.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * Colors on a terminal, by {@link TerminalWriter}, and nothing elsewhere. Texts are taken as they are: what looks like
 * picocli's markup is none.
 */
record Colors(boolean on) {

    static Colors of(CommandLine.Model.CommandSpec spec) {
        Ansi ansi = spec.commandLine().getColorScheme().ansi();
        return new Colors(ansi.enabled());
    }

    String strong(String text) {
        return with(Style.bold, text);
    }

    String good(String text) {
        return with(Style.fg_green, text);
    }

    String bad(String text) {
        return with(Style.fg_red, text);
    }

    String faint(String text) {
        return with(Style.faint, text);
    }

    private String with(IStyle style, String text) {
        return on ? TerminalWriter.color(style.on()) + text + TerminalWriter.color(style.off()) : text;
    }
}
