/**
 * The HTTPS routes of the kubelet API, and who may call them.
 *
 * <p>One event loop reads and writes; whatever may block (who is calling, may they, opening a
 * session) runs on a small bounded pool. An upgraded connection is handed to a {@link
 * io.lifeline.kubelet.api.StreamingProtocol} and is not this room's any more.
 */
package io.lifeline.kubelet.server;
