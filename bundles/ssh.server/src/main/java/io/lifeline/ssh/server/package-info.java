/**
 * The SSH front end: a door into the same sessions as the kubelet API's, for keys of {@code
 * authorized_keys} and for OpenSSH certificates of a trusted authority.
 *
 * <p>Apache MINA SSHD speaks the protocol. Everything it could find by itself (services, files in a
 * home folder, system properties) is given to it explicitly. Nothing is forwarded, nothing copied,
 * and no password is asked for.
 */
package io.lifeline.ssh.server;
