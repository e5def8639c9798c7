package io.ecssteward.event;

/**
 * A state that is reported repeatedly, such as a Security Hub finding every day. A report is new if the state differs
 * from the previous report.
 *
 * @param about its identity, such as a finding's id
 * @param state everything that matters about it; reports with an equal state say the same
 */
public record Ongoing(String about, String state) {}
