/** SPDY and WebSocket channels to session streams and back. */
package io.lifeline.kubelet.streaming;
