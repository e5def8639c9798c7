/** The command line, the settings, and how everything is put together ({@code Steward}). */
package io.ecssteward.cli;
