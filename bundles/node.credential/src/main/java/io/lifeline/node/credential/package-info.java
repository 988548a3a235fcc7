/** Enrolled key; ask the proxy; request a certificate and wait for approval. */
package io.lifeline.node.credential;
