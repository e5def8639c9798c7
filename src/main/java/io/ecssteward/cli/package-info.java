/**
 * The command line, one class per command. {@link io.ecssteward.cli.Main} is the entry point, and {@code Commands}
 * lists the commands. A command is a class, named after it: {@code replay} is {@code Replay}, {@code dlq show} is
 * {@code DlqShow}. The subcommands of {@code routes}, {@code incident}, {@code silence} and {@code capacity} are
 * methods of {@code Routes}, {@code IncidentCommand}, {@code SilenceCommand} and {@code CapacityCommand}; {@code test}
 * is {@code TestRoutes}. {@code BaseCommand} is the base of all. {@code TerminalWriter} prints, {@code UsageErrors}
 * reports an invalid command line, and {@code StoreAccess} opens the table of incidents and silences. The other
 * packages implement what a command does.
 */
package io.ecssteward.cli;
