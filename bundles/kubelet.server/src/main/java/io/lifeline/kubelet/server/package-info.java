/** HTTPS routes of the kubelet API, and who may call them. */
package io.lifeline.kubelet.server;
