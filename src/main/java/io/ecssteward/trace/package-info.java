/**
 * OpenTelemetry traces, if the environment names an exporter: {@link io.ecssteward.trace.TraceExporter} reads
 * OpenTelemetry's standard variables, and {@link io.ecssteward.trace.RouteTracing} makes a span for each route that an
 * event passes and for each external call. No other package refers to OpenTelemetry's classes, so that none is loaded
 * while tracing is off.
 */
package io.ecssteward.trace;
