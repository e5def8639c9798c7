/**
 * The {@code slack-socket:} component, which receives clicks and commands from Slack through a WebSocket that we open.
 * {@link io.ecssteward.socket.SlackSocketEndpoint} describes the exchanges, and
 * {@link io.ecssteward.socket.SocketClient} keeps the connection. No class of this package is loaded without an
 * app-level token.
 */
package io.ecssteward.socket;
