/**
 * OpenTelemetry traces, when the environment names an exporter: {@link io.ecssteward.trace.TraceExporter} reads its
 * standard variables, and {@link io.ecssteward.trace.RouteTracing} makes a span of each route that an event goes
 * through and of each call to the outside. Nothing else names a class of OpenTelemetry, so that nothing of it is loaded
 * while it is off.
 */
package io.ecssteward.trace;
