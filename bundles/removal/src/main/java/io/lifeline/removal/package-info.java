/**
 * What has to be done before the objects of the manifests are deleted, so that nothing is left: a
 * Job in the cluster does it and ends. Helm runs it before {@code helm uninstall} deletes anything.
 */
package io.lifeline.removal;
