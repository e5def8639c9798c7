package io.ecssteward.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * Colors text on a terminal, through {@link TerminalWriter}, and does nothing elsewhere. Texts are printed literally:
 * picocli's markup in them has no effect.
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
