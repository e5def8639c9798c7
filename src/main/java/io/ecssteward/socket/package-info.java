/**
 * The {@code slack-socket:} component, by which Slack hands over what people do, through a WebSocket that we open.
 * {@link io.ecssteward.socket.SlackSocketEndpoint} says what a route gets, and
 * {@link io.ecssteward.socket.SocketClient} how a connection is kept. No class of it is loaded without an app-level
 * token.
 */
package io.ecssteward.socket;
